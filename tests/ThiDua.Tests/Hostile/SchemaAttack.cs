using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Spreadsheets;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>Requests out of the document alone: what an operation's description allows, with the words of a running season.</summary>
internal sealed class SchemaAttack(JsonObject document, AttackWorld world)
{
    private static readonly string[] s_methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "\x01", "GET/"];
    private static readonly HashSet<string> s_afterDecision = ["papers", "paper-jobs", "paper-letterheads", "nominations", "councils", "council-sessions", "dossiers", "public-comments", "revocations"];
    private static readonly byte[] s_pdf = "%PDF-1.4 minh chứng\n%%EOF"u8.ToArray();

    private readonly Dictionary<string, DescribedOperation> _reads = DescribedOperation.All(document).Where(operation => operation.Method == "GET").ToDictionary(operation => operation.Path, StringComparer.Ordinal);

    public IReadOnlyList<DescribedOperation> Operations { get; } = [.. DescribedOperation.All(document).Where(operation => operation.Path.StartsWith("/api/v1/", StringComparison.Ordinal))];

    /// <summary>What stands in an address.</summary>
    public IReadOnlyDictionary<string, string> Things => world.Things;

    /// <summary>Mostly those of the season that the operation's things are of.</summary>
    public Words WordsFor(DescribedOperation operation, Random random) =>
        world.Seasons[random.Next(5) == 0 ? random.Next(world.Seasons.Count) : s_afterDecision.Contains(operation.Path.Split('/')[3]) ? 1 : 0];

    /// <summary>A request as the description allows it.</summary>
    /// <param name="operation">Whose.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="words">Of the season that it is about.</param>
    /// <param name="things">What stands in its address.</param>
    /// <param name="known">Values of members seen in answers before.</param>
    /// <param name="variety">Of a hundred members, how many change.</param>
    public AttackRequest Allowed(DescribedOperation operation, Random random, Words words, IReadOnlyDictionary<string, string> things, Func<string, string?>? known = null, int variety = 15)
    {
        var bodies = new SchemaBodies(document, random);
        var role = operation.Roles.Count > 0 && random.Next(100) < 88 ? bodies.One(operation.Roles) : bodies.One(Roles.All);
        var query = operation.Parameters
            .Where(parameter => (string?)parameter["in"] == "query" && ((bool?)parameter["required"] == true || ((string)parameter["name"]! is var name && random.Next(100) < (name is "season" or "unit" ? 50 : 20))))
            .Select(parameter => $"{(string)parameter["name"]!}={Uri.EscapeDataString(bodies.Parameter((string)parameter["name"]!, parameter["schema"]!.AsObject(), words))}")
            .ToList();
        var target = new Operation(operation.Method, operation.Path, null).With(things) + (query.Count > 0 ? $"?{string.Join('&', query)}" : "");
        var headers = new List<(string Name, string Value)>();
        if (operation.Path.StartsWith("/api/v1/documents/uploads", StringComparison.Ordinal))
        {
            headers.Add(("Tus-Resumable", "1.0.0"));
            headers.Add(operation.Path.EndsWith('}') ? ("Upload-Offset", "0") : ("Upload-Length", "24"));
            headers.Add(("Upload-Metadata", TusClient.Metadata(words.Units[^1], "a.pdf", "application/pdf", words.Criteria[0], words.Season)));
        }

        var fresh = operation.Method == "POST" && !operation.Path.EndsWith('}') ? string.Create(CultureInfo.InvariantCulture, $"Q{random.Next():X}{(random.Next(8) == 0 ? "Đ" : "")}") : null;
        var (body, type, mark) = BodyOf(operation, bodies, words, known ?? (_ => null), fresh, variety);
        if (body is not null)
        {
            headers.Add(("Content-Type", type));
        }

        return new AttackRequest(operation, AttackWorld.Caller(role, words, random), "as described", Wrongness.None, operation.Method, target, body, headers) { Mark = mark };
    }

    /// <summary>Requests that are wrong in one place each.</summary>
    public static IEnumerable<AttackRequest> Wrong(AttackRequest good, Random random, int count)
    {
        var operation = good.Operation;
        var example = new Example(good.Target, "", good.Body, good.Headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? "application/json") { Headers = good.Headers };
        var method = s_methods[random.Next(s_methods.Length)];
        if (method != operation.Method && random.Next(5) == 0)
        {
            yield return (good with { What = $"method {method}", Wrongness = Wrongness.Method, Method = method }).Marked(good.Body);
        }

        foreach (var request in HostileRequests.Of(example, operation.Path, [.. operation.Named("query")], random, count))
        {
            var headers = good.Headers.Where(header => request.Headers.All(other => other.Name != header.Name)).Concat(request.Headers).ToList();
            yield return (good with { What = request.What, Wrongness = request.WrongnessBeside(example), Target = request.Target, Headers = headers }).Marked(request.Body());
        }
    }

    /// <summary>Where the state is read that the operation changes: its own address, or the nearest one above it.</summary>
    public AttackRequest? ReadBefore(AttackRequest change)
    {
        var (path, target) = (change.Operation.Path, change.Target.Split('?')[0]);
        while (path.Count(character => character == '/') > 3)
        {
            if (path.EndsWith('}') && _reads.TryGetValue(path, out var read))
            {
                return new AttackRequest(read, change.Caller, "read before it is changed", Wrongness.None, "GET", target, null, []);
            }

            (path, target) = (path[..path.LastIndexOf('/')], target[..target.LastIndexOf('/')]);
        }

        return null;
    }

    private static (byte[]? Body, string Type, string? Mark) BodyOf(DescribedOperation operation, SchemaBodies bodies, Words words, Func<string, string?> known, string? fresh, int variety)
    {
        if (operation.Bodies.Count == 0)
        {
            return (null, "", null);
        }

        if (!operation.Bodies.TryGetValue("application/json", out var media))
        {
            var type = operation.Bodies.Keys.FirstOrDefault(type => type == "application/pdf") ?? operation.Bodies.Keys.First();
            return (type.EndsWith("spreadsheetml.sheet", StringComparison.Ordinal) ? WorkbookFiles.WithRows("") : s_pdf, type, null);
        }

        var body = bodies.Body(media, words, known, fresh, variety);
        if (body is JsonObject members)
        {
            if (members.ContainsKey("read_only"))
            {
                members["read_only"] = false; // it is for everybody
            }

            members.Remove("at_once"); // it ends all tokens, those of the attack too
        }

        var mark = AttackWorld.Mark();
        var isMarked = SchemaBodies.Mark(body, mark);
        return (Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", isMarked ? mark : null);
    }
}
