using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>One who asks about both worlds.</summary>
/// <param name="Name">Role and unit.</param>
/// <param name="Role">One role alone.</param>
/// <param name="Client">With the account's token.</param>
internal sealed record WorldCaller(string Name, string Role, HttpClient Client);

/// <summary>
/// Every GET of the document, as often as it can be put differently: about things of others and about nothing, with each filter by
/// itself, and page by page.
/// </summary>
/// <param name="document">The merged document.</param>
/// <param name="scene">Whose things are asked about.</param>
/// <param name="seasons">Of which lists are asked for.</param>
/// <param name="isWhole">With every value that a filter names, and further pages.</param>
internal sealed partial class WorldQuestions(JsonObject document, MatrixScene scene, IReadOnlyList<SmallSeason> seasons, bool isWhole)
{
    private readonly int _pages = isWhole ? 4 : 2;
    private readonly int _values = isWhole ? int.MaxValue : 1;

    // Said of the request or of the moment, not of the world.
    private static readonly HashSet<string> s_passing = new(["Date", "RateLimit", "traceparent", "tracestate", "Server-Timing"], StringComparer.OrdinalIgnoreCase);

    private readonly List<DescribedOperation> _reads = [.. DescribedOperation.All(document).Where(operation => operation.Method == "GET" && operation.Path.StartsWith("/api/v1/", StringComparison.Ordinal))];

    public int Operations => _reads.Count;

    /// <summary>The noun of an address that was asked for.</summary>
    public static string NounOf(string question) => question.Split('/', '?', ',')[3];

    /// <summary>What the caller hears to every question, or to those about these nouns.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AskAsync(WorldCaller caller, IReadOnlyCollection<string>? nouns = null)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var operation in _reads.Where(operation => nouns is null || nouns.Contains(NounOf(operation.Path))))
        {
            // Whoever is refused for the role alone is asked once.
            foreach (var address in Addresses(operation).Take(operation.Roles.Count == 0 || operation.Roles.Contains(caller.Role) ? int.MaxValue : 1))
            {
                answers[address] = Said(await caller.Client.GetJson(address));
            }

            if (operation.Roles.Contains(caller.Role) && operation.Named("query").Contains("cursor"))
            {
                await TurnPagesAsync(caller, Addresses(operation).First(), answers);
            }
        }

        return answers;
    }

    /// <summary>Reads of a thing that the caller may not know of, by the id that it has and by one that nothing has.</summary>
    public async Task<IReadOnlyList<string>> ToldApartAsync(WorldCaller caller, IReadOnlyDictionary<string, string> ids)
    {
        var apart = new List<string>();
        foreach (var operation in _reads.Where(operation => operation.Path.EndsWith('}') || operation.Path.Contains("}/", StringComparison.Ordinal)).Where(operation => ids.ContainsKey(operation.Path.Split("/{")[0]["/api/v1/".Length..].Split('/')[^1])))
        {
            var noun = operation.Path.Split("/{")[0].Split('/')[^1];
            var (id, nothing) = (ids[noun], Guid.CreateVersion7().ToString());
            var (there, notThere) = (await AboutAsync(id), await AboutAsync(nothing));
            if (there.Replace(id, "ID", StringComparison.Ordinal) != notThere.Replace(nothing, "ID", StringComparison.Ordinal))
            {
                apart.Add($"{caller.Name} can tell what is there from what is not by {operation}:\n{there}\n{notThere}");
            }

            async Task<string> AboutAsync(string about) => Said(await caller.Client.GetJson(new Operation("GET", operation.Path, null).With(new Dictionary<string, string>(scene.Things) { [noun] = about })));
        }

        return apart;
    }

    private IEnumerable<string> Addresses(DescribedOperation operation)
    {
        var path = new Operation("GET", operation.Path, null);
        var parameters = operation.Parameters.Where(parameter => (string?)parameter["in"] == "query").ToDictionary(parameter => (string)parameter["name"]!, parameter => parameter["schema"]!.AsObject(), StringComparer.Ordinal);
        var required = operation.Parameters.Where(parameter => (string?)parameter["in"] == "query" && (bool?)parameter["required"] == true).Select(parameter => (string)parameter["name"]!).ToList();
        foreach (var season in parameters.ContainsKey("season") ? seasons : [scene.Season])
        {
            var always = required.Union(parameters.ContainsKey("season") ? ["season"] : []).Select(name => $"{name}={Values(name, parameters[name], season).First()}").ToList();
            yield return Address(always);
            foreach (var (name, schema) in parameters.Where(parameter => parameter.Key is not ("cursor" or "limit" or "season")))
            {
                foreach (var value in Values(name, schema, season).Take(_values))
                {
                    yield return Address([.. always.Where(given => !given.StartsWith($"{name}=", StringComparison.Ordinal)), $"{name}={Uri.EscapeDataString(value)}"]);
                }
            }
        }

        if (operation.Path.Contains('{', StringComparison.Ordinal))
        {
            yield return path.With(scene.Nothings);
        }

        string Address(IReadOnlyCollection<string> query) => path.With(scene.Things) + (query.Count > 0 ? $"?{string.Join('&', query)}" : "");
    }

    private static IEnumerable<string> Values(string name, JsonObject schema, SmallSeason season) => name switch
    {
        _ when schema["enum"] is JsonArray named => named.Select(value => (string)value!),
        "season" => [season.Code],
        "unit" => [season.Member, season.Leader],
        "cluster" => [(string?)schema["format"] == "uuid" ? season.ClusterId : season.ClusterCode],
        "criterion" => ["I.1"],
        "subject" => [$"unit-{season.Member}"],
        "search" => [season.Code],
        "as_of" or "from" or "to" => ["2026-11-25"],
        "state" => ["SUBMITTED", "RETURNED", "DRAFT"],
        "topic" => ["TAX"],
        "category" => ["HC"],
        "level" => ["TINH"],
        _ => ["1"],
    };

    private async Task TurnPagesAsync(WorldCaller caller, string address, Dictionary<string, string> answers)
    {
        string? cursor = null;
        for (var page = 1; page <= _pages && (page == 1 || cursor is not null); page++)
        {
            var answer = await caller.Client.GetJson($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            answers[string.Create(CultureInfo.InvariantCulture, $"{address}, page {page}")] = Said(answer);
            cursor = answer.Status == 200 ? (string?)answer.Json?["next"] : null;
        }
    }

    private static string Said(ApiAnswer answer)
    {
        if (answer.ContentType == WorkbookBuilder.ContentType)
        {
            return $"{answer.Status}"; // it is packed with the time at which it was; the same figures are asked for as CSV
        }

        var headers = answer.Headers.Where(header => !s_passing.Contains(header.Key)).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}");
        return $"{answer.Status} {string.Join("; ", headers)}\n{Trace().Replace(answer.Text, "")}";
    }

    [GeneratedRegex(",?\"traceId\":\"[0-9a-f]*\"")]
    private static partial Regex Trace();
}
