using System.Text;

namespace ThiDua.Tests.Hostile;

/// <summary>What nobody should send, by kind. Each stands in the place of a good value.</summary>
internal static class HostileValues
{
    private static readonly string s_long = new('x', 100_000);

    /// <summary>JSON text to put in the place of a value; not all of it is JSON.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        // Other types, and none
        "null", "true", "false", "[]", "{}", "[null]", "[[]]", "[{}]", """{"a":1}""", "\"\"", "\" \"",

        // Numbers beyond what holds them
        "0", "-1", "-0", "1.5", "1e5", "-1e400", "1e400", "1e-400", "1E+28", "2147483647", "2147483648", "-2147483648", "9223372036854775808",
        "79228162514264337593543950335", "79228162514264337593543950336", "99999999999999999999999999999", "9999999999999999999999999999",
        "\"9999999999999999999999999999\"", "\"9999999999.999\"", "0.0000000000000000000000000001", "\"0.0000000000000000000000000001\"", "10000000000", "\"1,5\"", "\"1e20\"", "\"-1\"", "\"-9999999999999999999999999999\"",
        "\"NaN\"", "\"Infinity\"", "NaN", "Infinity", "01", "+1", "0x10", "\"١٢\"", "2026", "-2147483649",

        // Text that is none, or too much of it
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"a\\udc00b\"", "\"\\ud83d\\ude00\"", "\"\\u202e\\u200b\"", "\"\\u0007\\u001b\"", "\"\\uffff\"", "\"\u00ff\"", "\"e\\u0301\\u0323\"",
        $"\"{s_long}\"", $"\"{new string('ạ', 1100)}\"", $"\"{new string('a', 61)}\"", $"\"{new string('a', 65)}\"", $"\"{new string('a', 301)}\"", $"\"{Repeat("\\u0323", 3000)}\"", $"\"{Repeat("\\ufdfa", 300)}\"",
        "\"' OR 1=1; DROP TABLE journal;--\"", "\"<script>alert(1)</script>\"", "\"%_\\\\\"", "\"../../etc/passwd\"", "\"{0} {{}} $1\"", "\"a\\nb\\tc/~d\"",
        "\"=cmd|' /C calc'!A0\"", "\"@SUM(1+1)*9\"", "\"-2+3\"", "\"1; select pg_sleep(9)--\"", "\"${jndi:ldap://127.0.0.1/a}\"", "\"https://169.254.169.254/latest\"", "\"file:///etc/passwd\"", "\"\\u2066a\\u2069\\ufeff\"", "\"\\ufb01\\u1e9b\\u0323\"",

        // Days that are none
        "\"0000-00-00\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"10000-01-01\"", "\"2026-02-30\"", "\"2026-13-01\"", "\"03/04/2026\"", "\"2026-01-01T00:00:00Z\"", "\"-2026-01-01\"",

        // Shapes
        Repeat("[", 60) + Repeat("]", 60), Repeat("[", 500) + Repeat("]", 500), Repeat("{\"a\":", 62) + "1" + Repeat("}", 62),
        $"[{string.Join(',', Enumerable.Repeat("1", 6000))}]", $"[{string.Join(',', Enumerable.Repeat("null", 300))}]", $"{{{string.Join(',', Enumerable.Range(0, 2000).Select(n => $"\"k{n}\":1"))}}}",
        "{\"\":\"\"}", "{\"\\u0000\":1}", "{\"\\ud800\":1}", "{\"a\":1,\"a\":2}", "", ",", "\"",
    ];

    /// <summary>Names of members that no format has, as JSON text.</summary>
    public static IReadOnlyList<string> Names { get; } = ["unknown", "", "\\u0000", "\\ud800", "a/b~c", "__proto__", "\\u202e", new('n', 10_000)];

    /// <summary>Already encoded for an address.</summary>
    public static IReadOnlyList<string> Encoded { get; } =
    [
        "", "%20", "%00", "a%00b", "%FF%FE", "%C0%80", "%ED%A0%80", "%F0%9F%98%80", "%E2%80%AE", "%", "%zz", "%25", "%5F%25%5C", "%27%3B%20DROP%20TABLE%20journal--", "%3Cscript%3E", "a%0D%0AX-Injected:%201", "..%2F..%2Fetc", "%2F", "%2e%2e", "+", "a=b", "null",
        "0", "-1", "1", "200", "201", "1.5", "1e3", "2147483647", "2147483648", "99999999999999999999", "NaN", "true",
        "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "03/04/2026", "2026-01-01T00:00:00Z",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{00000000-0000-0000-0000-000000000000}", "DRAFT", "draft", "TINH", "7",
        "!!!!", "A", "AAAA", Cursor("\0"), Cursor("a\0b\nc\0"), Cursor("\n"), Cursor("\n\n\n"), Cursor("99999999999999999999"), Cursor("-1"), Cursor("x\t1"), Cursor("x\t99999999999"), Cursor("99999999999\nx"), Cursor("\t"),
        Convert.ToBase64String([0xff, 0xfe, 0x0a, 0xff]).TrimEnd('='), Convert.ToBase64String([0xed, 0xa0, 0x80]).TrimEnd('='), "%3D%3D%3D%3D", "%0A",
        new('a', 61), new('a', 301), new('a', 2000), new('a', 6000), string.Concat(Enumerable.Repeat("a%20", 1500)), string.Concat(Enumerable.Repeat("%E1%BA%A1", 600)), string.Concat(Enumerable.Repeat("%25", 1000)),
    ];

    public static IReadOnlyList<(string Name, string Value)> Headers { get; } =
    [
        ("If-Match", ""), ("If-Match", "*"), ("If-Match", "W/\"1\""), ("If-Match", "1"), ("If-Match", "\"1"), ("If-Match", "\"\""), ("If-Match", "\"a\", \"b\", W/\"c\""), ("If-Match", "\"a\",,"), ("If-Match", "\"\xff\""),
        ("If-Match", "\"99999999999999999999\""), ("If-Match", new('"', 999)), ("If-Match", string.Join(", ", Enumerable.Repeat("\"a\"", 2000))), ("If-Match", $"\"{new string('a', 8000)}\""), ("If-Match", "\"a\0b\""),
        ("If-None-Match", "*"), ("If-None-Match", "garbage, \""), ("If-None-Match", "\"\xff\""),
        ("Idempotency-Key", ""), ("Idempotency-Key", "   "), ("Idempotency-Key", new('k', 256)), ("Idempotency-Key", new('k', 9000)), ("Idempotency-Key", "a\0b"), ("Idempotency-Key", "\xed\xa0\x80"), ("Idempotency-Key", "\xff\xfe"), ("Idempotency-Key", "kh\xc3\xb3a"),
        ("Idempotency-Key", "a,b"), ("Idempotency-Key", "';--"), ("Idempotency-Key", "\u0001\u0002"),
        ("Content-Type", ""), ("Content-Type", "text/plain"), ("Content-Type", "application/xml"), ("Content-Type", "application/json; charset=utf-16"), ("Content-Type", "application/json; charset=nonsense"), ("Content-Type", "multipart/form-data"), ("Content-Type", "nonsense"), ("Content-Type", "application/json, text/html"),
        ("Content-Encoding", "gzip"), ("Content-Encoding", "nonsense"), ("Accept", "image/png"), ("Accept", "nonsense"), ("Accept-Language", "\xff\xff"), ("Accept-Encoding", "nonsense;q=9"),
        ("traceparent", "00-nonsense"), ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"), ("baggage", "a=\xff,=,;"), ("tracestate", new(',', 500)), ("Range", "bytes=9999999999999999999-"), ("Range", "bytes=-0"), ("Range", "lines=1-2"), ("If-Modified-Since", "nonsense"), ("If-Range", "\"x"),
        ("Content-Length", "99999999999"), ("Content-Length", "-1"), ("Content-Length", "x"), ("Transfer-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Expect", "nonsense"), ("X-Long", new('a', 40_000)), ("X-Forwarded-For", "nonsense"), ("X-Forwarded-Host", "<>"),
    ];

    /// <summary>Bodies that are wrong as a whole.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        [], " "u8.ToArray(), "null"u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(), "1"u8.ToArray(), "\"x\""u8.ToArray(), "{"u8.ToArray(), "{\"a\":1}}"u8.ToArray(), "{'a':1}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(), "/**/{}"u8.ToArray(),
        [0xff, 0xfe, 0x7b, 0x00], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], [.. "{\"season\":\""u8, 0xff, 0xc0, .. "\"}"u8], [.. "{\"season\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8], [0], new byte[10_000],
        Encoding.UTF8.GetBytes(Repeat("[", 100_000)), Encoding.UTF8.GetBytes(Repeat("{\"a\":", 10_000)), Encoding.Unicode.GetBytes("{\"season\":\"x\"}"), "<?xml version=\"1.0\"?>"u8.ToArray(), "a=b&c=d"u8.ToArray(), "{\"\\ud800\":1}"u8.ToArray(), "{\"__proto__\":{}}"u8.ToArray(),
    ];

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Cursor(string key) => ThiDua.ServiceDefaults.Cursor.Encode(key);
}
