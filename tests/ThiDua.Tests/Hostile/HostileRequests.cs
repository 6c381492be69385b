using System.Text;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.Hostile;

/// <summary>A good request, of which bad ones are made.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Token">Of a caller who has the role.</param>
/// <param name="Body">JSON text, or another content with its type; null for none.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="EtagOf">Where the state that it changes is read; null when it needs none.</param>
internal sealed record Example(string Target, string Token, byte[]? Body = null, string ContentType = "application/json", string? EtagOf = null)
{
    /// <summary>Names of bad requests made of it that are sent in any case.</summary>
    public IReadOnlyList<string> Always { get; init; } = [];

    /// <summary>Headers that the good request has too.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>What even the good request works on is not there: it would not come back in time for the next one.</summary>
    public bool FindsNothing { get; init; }

    public string? Json => Body is not null && ContentType == "application/json" ? Encoding.UTF8.GetString(Body) : null;
}

/// <summary>A request that is not good, and what was done to it.</summary>
/// <param name="What">Names it in a failure.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">Written only when the request is sent: of the longest examples there are thousands.</param>
/// <param name="Headers">Beside those of every request, or instead of them.</param>
internal sealed record HostileRequest(string What, string Target, Func<byte[]?> Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>What may be said to it beside what the operation describes.</summary>
    public Wrongness WrongnessBeside(Example good) =>
        Target.Split('?')[0] != good.Target.Split('?')[0] ? Wrongness.Address
        : Target != good.Target || Headers.Count > 0 ? Wrongness.Head
        : Wrongness.None;
}

/// <summary>Bad requests out of a good one: each differs in one place.</summary>
internal static class HostileRequests
{
    private const string Here = "-here-";

    /// <param name="example">The good one.</param>
    /// <param name="route">Its path with parameters in braces.</param>
    /// <param name="query">Names of the parameters that its address may have.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="count">How many of all that can be made.</param>
    public static IEnumerable<HostileRequest> Of(Example example, string route, IReadOnlyList<string> query, Random random, int count)
    {
        List<List<HostileRequest>> kinds = [InBody(example), InBody(example), InBody(example), InQuery(example, query), InPath(example, route), InHeaders(example), Whole(example)];
        foreach (var kind in kinds)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kind));
        }

        var always = example.Always.Select(what => kinds.SelectMany(kind => kind).FirstOrDefault(request => request.What == what) ?? throw new InvalidOperationException($"No request “{what}” is made for {route}."));
        var rounds = kinds.Max(kind => kind.Count);
        return Enumerable.Range(0, rounds).SelectMany(round => kinds.Where(kind => round < kind.Count).Select(kind => kind[round])).Take(count).Concat(always).DistinctBy(request => request.What);
    }

    private static HostileRequest With(Example example, string what, string? target = null, byte[]? body = null, params (string, string)[] headers) => new(what, target ?? example.Target, () => body ?? example.Body, headers);

    private static HostileRequest With(Example example, string what, Func<string> json) => new(what, example.Target, () => Encoding.UTF8.GetBytes(json()), []);

    private static List<HostileRequest> InBody(Example example)
    {
        if (example.Json is not { } json)
        {
            return [];
        }

        var requests = new List<HostileRequest>();
        var root = JsonNode.Parse(json)!;
        foreach (var path in Places(root, []).Where(path => path.Length > 0).ToList())
        {
            var pointer = string.Join('/', path);
            requests.AddRange(HostileValues.Json.Select(value => With(example, $"/{pointer} = {Shown(value)}", () => Changed(root, path, Here).Replace($"\"{Here}\"", value, StringComparison.Ordinal))));
            if (path[^1] is string name)
            {
                requests.Add(With(example, $"/{pointer} left out", () => Changed(root, path, null)));
                requests.AddRange(HostileValues.Names.Append(name).Select(added =>
                    With(example, $"{Shown(added)} beside /{pointer}", () => Changed(root, [.. path[..^1], Here], "1").Replace(Here, added, StringComparison.Ordinal))));
            }
        }

        return requests;
    }

    private static List<HostileRequest> InQuery(Example example, IReadOnlyList<string> query)
    {
        var at = example.Target.IndexOf('?', StringComparison.Ordinal);
        var (path, given) = at < 0 ? (example.Target, []) : (example.Target[..at], example.Target[(at + 1)..].Split('&'));
        return
        [
            .. from name in query
               let others = given.Where(pair => !pair.StartsWith(name + "=", StringComparison.Ordinal))
               from value in HostileValues.Encoded
               select With(example, $"?{name}={Shown(value)}", $"{path}?{string.Join('&', others.Append($"{name}={value}"))}"),
            .. query.Select(name => With(example, $"?{name} twice", $"{path}?{string.Join('&', given.Append($"{name}=1").Append($"{name}=2"))}")),
            .. query.Select(name => With(example, $"?{name} left out", $"{path}?{string.Join('&', given.Where(pair => !pair.StartsWith(name + "=", StringComparison.Ordinal)))}")),
            With(example, "?nonsense", $"{path}?{string.Join('&', given.Append("nonsense=%FF&&&=&%00=%00"))}"),
        ];
    }

    private static List<HostileRequest> InPath(Example example, string route)
    {
        var at = example.Target.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = at < 0 ? (example.Target, "") : (example.Target[..at], example.Target[at..]);
        var (segments, names) = (path.Split('/'), route.Split('/'));
        return
        [
            .. from index in Enumerable.Range(0, names.Length)
               where names[index].StartsWith('{')
               from value in HostileValues.Encoded
               select With(example, $"{names[index]} = {Shown(value)}", string.Join('/', [.. segments[..index], value, .. segments[(index + 1)..]]) + rest),
            With(example, "a slash more", path + "/" + rest), With(example, "two slashes", "/" + path + rest), With(example, "NUL after it", path + "%00" + rest),
        ];
    }

    private static List<HostileRequest> InHeaders(Example example) =>
    [
        .. HostileValues.Headers.Where(header => example.Body is not null || header.Name is not ("Content-Length" or "Transfer-Encoding")).Select(header => With(example, $"{header.Name}: {Shown(header.Value)}", headers: header)),
        With(example, "two Idempotency-Key", null, null, ("Idempotency-Key", "a"), ("Idempotency-Key", "b")),
        With(example, "two If-Match", null, null, ("If-Match", "\"a\""), ("If-Match", "nonsense")),
    ];

    private static List<HostileRequest> Whole(Example example) =>
        example.Body is null ? [With(example, "a body where none is read", body: "{\"a\":"u8.ToArray())] : [.. HostileValues.Bodies.Select((body, index) => With(example, $"body {index} {Shown(Encoding.Latin1.GetString(body))}", body: body))];

    /// <summary>Ways to every value of a document, the root's among them.</summary>
    private static IEnumerable<object[]> Places(JsonNode? node, object[] path) => node switch
    {
        JsonObject item => item.SelectMany(member => Places(member.Value, [.. path, member.Key])).Prepend(path),
        JsonArray list => list.SelectMany((value, index) => Places(value, [.. path, index])).Prepend(path),
        _ => [path],
    };

    private static string Changed(JsonNode root, object[] path, string? value)
    {
        var copy = root.DeepClone();
        var parent = path[..^1].Aggregate(copy, (node, step) => step is string name ? node[name]! : node[(int)step]!);
        switch (parent, path[^1])
        {
            case (JsonObject item, string name) when value is null: item.Remove(name); break;
            case (JsonObject item, string name): item[name] = value; break;
            case (JsonArray list, int index): list[index] = value; break;
        }

        return copy.ToJsonString();
    }

    private static string Shown(string value)
    {
        var shown = string.Concat(value.Take(40).Select(character => character is < ' ' or > '~' ? $"\\x{(int)character:x2}" : character.ToString()));
        return value.Length > 40 ? $"{shown}… ({value.Length})" : shown;
    }
}
