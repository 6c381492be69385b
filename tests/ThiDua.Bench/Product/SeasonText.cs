using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Bench.Product;

/// <summary>A season as a season file: clusters of ten units, one table of 60 criteria of seven kinds, a full card a unit. The same numbers give the same season.</summary>
internal sealed class SeasonText(string code, int clusters)
{
    public const int UnitsPerCluster = 10;

    public const int Criteria = Groups * CriteriaPerGroup;

    private const int Groups = 6;
    private const int CriteriaPerGroup = 10;
    private const int Year = 2026;

    /// <summary>The text goes on the wire as people write it, not as escapes.</summary>
    public static JsonSerializerOptions Wire { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IEnumerable<string> Units => Enumerable.Range(1, clusters).SelectMany(Members);

    public static string ClusterCode(int cluster) => string.Create(CultureInfo.InvariantCulture, $"C{cluster:000}");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["season"] = new JsonObject { ["code"] = code, ["type"] = "CALENDAR_YEAR", ["year"] = Year },
            ["units"] = Array(Units.Select(unit => new JsonObject { ["code"] = unit, ["name"] = $"Đơn vị {unit}", ["category"] = "HC", ["level"] = "TINH" })),
            ["tables"] = new JsonArray(Table()),
            ["clusters"] = Array(Enumerable.Range(1, clusters).Select(cluster => new JsonObject
            {
                ["code"] = ClusterCode(cluster), ["name"] = $"Cụm thi đua số {cluster}", ["kind"] = "CUM", ["table"] = "T60",
                ["leader"] = Members(cluster).First(), ["deputy"] = Members(cluster).ElementAt(1),
                ["members"] = Array(Members(cluster).Select(unit => JsonValue.Create(unit))),
            })),
            ["cards"] = Array(Units.Select((unit, index) =>
            {
                var card = JsonNode.Parse(Fill(Lines(Enumerable.Range(0, Criteria)), index))!.AsObject();
                card["unit"] = unit;
                return card;
            })),
        },
        Wire);

    /// <summary>What a clerk sends for these lines. @n and @d stand for a number and a digit that are filled in at each writing.</summary>
    public static string Lines(IEnumerable<int> criteria)
    {
        var lines = criteria.ToList();
        return new JsonObject
        {
            ["inputs"] = new JsonObject(lines.Select(line => KeyValuePair.Create<string, JsonNode?>(Code(line), Input(line)))),
            ["notes"] = new JsonObject(lines.Select(line => KeyValuePair.Create<string, JsonNode?>(
                Code(line), $"Báo cáo số @n/BC-VP ngày 12/11/2026 về kết quả thực hiện tiêu chí {Code(line)}, đạt 9@d %. https://vanban.tinh.gov.vn/van-ban/2026/bao-cao/@n"))),
        }.ToJsonString(Wire).Replace("\"@d\"", "@d", StringComparison.Ordinal).Replace("\"10@d\"", "10@d", StringComparison.Ordinal);
    }

    public static string Fill(string lines, int number) => lines
        .Replace("@n", (1000 + (number % 9000)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@d", (number % 10).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string Code(int line) => string.Create(CultureInfo.InvariantCulture, $"{(line / CriteriaPerGroup) + 1}.{(line % CriteriaPerGroup) + 1:00}");

    private static IEnumerable<string> Members(int cluster) => Enumerable.Range(1, UnitsPerCluster).Select(unit => string.Create(CultureInfo.InvariantCulture, $"U{cluster:000}-{unit:00}"));

    private static JsonObject Table() => new()
    {
        ["id"] = "T60",
        ["title"] = "Bảng chấm điểm 60 tiêu chí",
        ["total_max"] = 2 * Criteria,
        ["groups"] = Array(Enumerable.Range(0, Groups).Select(group => new JsonObject
        {
            ["code"] = $"{group + 1}",
            ["title"] = $"Nhóm nhiệm vụ {group + 1}",
            ["tag"] = "POLITICAL_TASK",
            ["max"] = 2 * CriteriaPerGroup,
            ["criteria"] = Array(Enumerable.Range(group * CriteriaPerGroup, CriteriaPerGroup).Select(Criterion)),
        })),
    };

    private static JsonObject Criterion(int line)
    {
        var criterion = JsonNode.Parse(Kind(line) switch
        {
            0 => """{"kind":"COUNT","per_item":0.2,"cap":2}""",
            1 => """{"kind":"PERCENT_BAND","baseline":"PLAN","bands":[{"gte":100,"points":2},{"gte":90,"lt":100,"points":1.5},{"lt":90,"points":1}]}""",
            2 => """{"kind":"RATIO","i":2}""",
            3 => """{"kind":"CHECKLIST","items":[{"key":"KH","label":"Có kế hoạch","points":1},{"key":"BC","label":"Có báo cáo","points":1}]}""",
            4 => """{"kind":"LEVEL","levels":[{"key":"TOT","label":"Tốt","points":2},{"key":"KHA","label":"Khá","points":1.5},{"key":"TB","label":"Trung bình","points":1}]}""",
            5 => """{"kind":"DEDUCT_FROM_MAX","per_unit":[{"key":"CHAM","label":"Mỗi lần chậm","minus":0.1}]}""",
            _ => """{"kind":"TIMELINESS","obligations":["QUY_1","QUY_2"],"scale":[{"late_wd_lte":0,"points":1},{"late_wd_lte":5,"points":0.5},{"points":0}]}""",
        })!.AsObject();
        criterion["code"] = Code(line);
        criterion["title"] = $"Kết quả thực hiện nhiệm vụ {Code(line)}";
        criterion["max"] = 2;
        return criterion;
    }

    private static JsonObject Input(int line) => Kind(line) switch
    {
        0 => new JsonObject { ["count"] = "@d" },
        1 => new JsonObject { ["actual"] = "10@d", ["base"] = 104 },
        2 => new JsonObject { ["n"] = "@d", ["N"] = 10 },
        3 => new JsonObject { ["done"] = new JsonArray("KH", "BC") },
        4 => new JsonObject { ["level"] = "KHA" },
        5 => new JsonObject { ["counts"] = new JsonObject { ["CHAM"] = "@d" } },
        _ => new JsonObject { ["late"] = new JsonObject { ["QUY_1"] = 0, ["QUY_2"] = "@d" } },
    };

    /// <summary>Of ten criteria three are counted, two compared, one of each of the others.</summary>
    private static int Kind(int line) => (line % CriteriaPerGroup) switch { 0 or 1 or 2 => 0, 3 or 4 => 1, var other => other - 3 };

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);
}
