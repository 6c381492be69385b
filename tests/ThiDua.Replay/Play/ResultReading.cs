using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Play;

/// <summary>Reads back what the system has decided and arranges it as a season result. It computes nothing.</summary>
public sealed class ResultReading(SeasonFile file, string season, Cast cast, GatewayClient gateway, Progress progress)
{
    private static readonly string[] _awards = ["PROVINCIAL_FLAG", "CHAIRMAN_MERIT"];

    public async Task<JsonObject> ReadAsync(IReadOnlyDictionary<string, string> clusterIds, CancellationToken ct)
    {
        progress.Phase("result", file.Clusters.Count);
        return new JsonObject
        {
            ["season"] = file.Code,
            ["clusters"] = await ClustersAsync(clusterIds, ct),
            ["nominations"] = await NominationsAsync(ct),
            ["government_flag"] = await GovernmentFlagAsync(ct),
            ["rotation"] = await RotationAsync(ct),
        };
    }

    private async Task<JsonArray> ClustersAsync(IReadOnlyDictionary<string, string> clusterIds, CancellationToken ct)
    {
        var clusters = file.Clusters.OrderBy(cluster => cluster.Code, StringComparer.Ordinal).ToList();
        var read = new JsonObject[clusters.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, clusters.Count), SheetPlay.Bounded(ct), async (index, cancel) =>
        {
            read[index] = await ClusterAsync(clusters[index], clusterIds[clusters[index].Code], cancel);
            progress.Step();
        });
        return new JsonArray([.. read]);
    }

    private async Task<JsonObject> ClusterAsync(ClusterEntry cluster, string id, CancellationToken ct)
    {
        var decided = file.Cards.Any(card => cluster.Members.Any(member => member.Unit == card.Unit));
        if (!decided)
        {
            // Nobody scored itself, so there is nothing to decide and no ranking to read.
            return new JsonObject
            {
                ["code"] = cluster.Code,
                ["size"] = cluster.Members.Count,
                ["ranking"] = new JsonArray([.. cluster.Members.Select(member => member.Unit).Order(StringComparer.Ordinal).Select(Unscored)]),
            };
        }

        var ranking = (await gateway.GetAsync(cast.Head, $"/rankings/{id}", ct)).Body;
        var rows = ranking.GetProperty("ranking").EnumerateArray().ToList();
        return new JsonObject
        {
            ["code"] = cluster.Code,
            ["size"] = ranking.GetProperty("size").GetInt32(),
            ["ranking"] = new JsonArray([.. rows
                .OrderBy(row => WholeOrNull(row, "rank") ?? int.MaxValue)
                .ThenBy(row => row.GetProperty("unit").GetString(), StringComparer.Ordinal)
                .Select(row => RankedUnit(row, Order(cluster.Table)))]),
        };
    }

    private static JsonObject RankedUnit(JsonElement row, List<string> order) => WholeOrNull(row, "rank") is not { } rank
        ? Unscored(row.GetProperty("unit").GetString()!)
        : new JsonObject
        {
            ["unit"] = row.GetProperty("unit").GetString(),
            ["rank"] = rank,
            ["total"] = Amount(row.GetProperty("total")),
            ["groups"] = Members(row.GetProperty("groups"), order, amount => JsonValue.Create(Amount(amount))),
            ["bonus"] = Amount(row.GetProperty("bonus")),
            ["deductions"] = Amount(row.GetProperty("deductions")),
            ["lines"] = Members(row.GetProperty("lines"), order, line => new JsonObject
            {
                ["self"] = Amount(line.GetProperty("self")),
                ["review"] = Amount(line.GetProperty("review")),
                ["final"] = Amount(line.GetProperty("final")),
            }),
        };

    /// <summary>A unit without a final sheet has no total and no rank.</summary>
    private static JsonObject Unscored(string unit) => new() { ["unit"] = unit, ["rank"] = null, ["total"] = null };

    private async Task<JsonArray> NominationsAsync(CancellationToken ct)
    {
        var nominations = await gateway.ListAsync(cast.Appraiser, $"/nominations?season={Uri.EscapeDataString(season)}&limit=200", ct);
        return new JsonArray([.. nominations
            .OrderBy(nomination => nomination.GetProperty("cluster").GetString(), StringComparer.Ordinal)
            .ThenBy(nomination => Array.IndexOf(_awards, nomination.GetProperty("award").GetString()))
            .ThenBy(nomination => nomination.GetProperty("position").GetInt32())
            .Select(Nomination)]);
    }

    private static JsonObject Nomination(JsonElement nomination)
    {
        var view = new JsonObject
        {
            ["cluster"] = nomination.GetProperty("cluster").GetString(),
            ["award"] = nomination.GetProperty("award").GetString(),
            ["position"] = nomination.GetProperty("position").GetInt32(),
            ["unit"] = TextOrNull(nomination, "unit"),
            ["status"] = nomination.GetProperty("status").GetString(),
        };
        if (nomination.TryGetProperty("tied", out var tied) && tied.ValueKind == JsonValueKind.Array && tied.GetArrayLength() > 0)
        {
            view["tied"] = new JsonArray([.. tied.EnumerateArray().Select(unit => unit.GetString()!).Order(StringComparer.Ordinal).Select(unit => JsonValue.Create(unit))]);
        }

        return view;
    }

    private async Task<JsonObject> GovernmentFlagAsync(CancellationToken ct)
    {
        var proposal = (await gateway.GetAsync(cast.Head, $"/government-flag-proposals/{Uri.EscapeDataString(season)}", ct)).Body;
        var view = new JsonObject
        {
            ["base"] = proposal.GetProperty("base").GetInt32(),
            ["quota"] = proposal.GetProperty("quota").GetInt32(),
            ["proposed"] = Proposed(proposal.GetProperty("proposed")),
        };
        if (proposal.TryGetProperty("unresolved", out var unresolved) && unresolved.ValueKind == JsonValueKind.Array && unresolved.GetArrayLength() > 0)
        {
            view["unresolved"] = Proposed(unresolved);
        }

        return view;
    }

    private static JsonArray Proposed(JsonElement units) => new([.. units.EnumerateArray()
        .OrderByDescending(unit => unit.GetProperty("yes").GetInt32())
        .ThenBy(unit => unit.GetProperty("cluster").GetString(), StringComparer.Ordinal)
        .Select(unit => new JsonObject
        {
            ["cluster"] = unit.GetProperty("cluster").GetString(),
            ["unit"] = unit.GetProperty("unit").GetString(),
            ["yes"] = unit.GetProperty("yes").GetInt32(),
        })]);

    private async Task<JsonArray> RotationAsync(CancellationToken ct)
    {
        var answer = await gateway.GetAsync(cast.Appraiser, $"/rotation-signals?season={Uri.EscapeDataString(season)}", ct);
        return new JsonArray([.. answer.Body.GetProperty("rotation").EnumerateArray()
            .OrderBy(cluster => cluster.GetProperty("cluster").GetString(), StringComparer.Ordinal)
            .Select(cluster => new JsonObject
            {
                ["cluster"] = cluster.GetProperty("cluster").GetString(),
                ["level"] = cluster.GetProperty("level").GetString(),
                ["signals"] = new JsonArray([.. cluster.GetProperty("signals").EnumerateArray().Select(signal => JsonValue.Create(signal.GetString()))]),
            })]);
    }

    /// <summary>Groups and criteria in the order of the table, so that the same result is the same text.</summary>
    private static JsonObject Members(JsonElement values, List<string> order, Func<JsonElement, JsonNode?> read) =>
        new(values.EnumerateObject()
            .OrderBy(member => order.IndexOf(member.Name))
            .Select(member => KeyValuePair.Create(member.Name, read(member.Value))));

    private List<string> Order(string table)
    {
        var groups = file.Tables.First(entry => entry.Id == table).At.Element.GetProperty("groups").EnumerateArray().ToList();
        return [.. groups.Select(CodeOf), .. groups.SelectMany(group => group.GetProperty("criteria").EnumerateArray()).Select(CodeOf)];
    }

    private static string CodeOf(JsonElement entry) => entry.GetProperty("code").GetString()!;

    /// <summary>An amount with two decimals. More than two would have been rounded by no rule, so they are not hidden.</summary>
    internal static string? Amount(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return ExactDecimal.TryParse(text, out var amount) && decimal.Round(amount, 2) == amount
            ? amount.ToString("F2", CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"“{text}” is not an amount with at most two decimals.");
    }

    private static int? WholeOrNull(JsonElement row, string member) =>
        row.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static string? TextOrNull(JsonElement row, string member) =>
        row.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
