using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Replay.SeasonFiles;
using ThiDua.Tests.Scoring;

namespace ThiDua.Tests.Replay;

/// <summary>A sample season with something changed in it, and what the check says about it.</summary>
internal static class PlantedSeason
{
    public const string Seed = "01-seed-cluster";
    public const string Central = "03-central-clusters-2013";
    public const string Mixed = "05-mixed-province";

    private static readonly Dictionary<string, string> s_samples = new[] { Seed, Central, Mixed }.ToDictionary(name => name, name => File.ReadAllText(PathOf($"{name}.json")));

    public static string PathOf(string file) => Path.Combine(Samples.Root, "samples", "season", file);

    public static byte[] Plant(string sample, Action<JsonObject> change)
    {
        var season = JsonNode.Parse(s_samples[sample])!.AsObject();
        change(season);
        return Encoding.UTF8.GetBytes(season.ToJsonString());
    }

    public static string Codes(byte[] content) =>
        string.Join(' ', SeasonFileCheck.Check(content).Errors.Select(error => error.Code).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The first criterion of a kind in the season's tables.</summary>
    public static JsonObject Criterion(this JsonObject season, string kind) => Criteria(season).First(criterion => (string?)criterion["kind"] == kind);

    /// <summary>The first input that a card has for a criterion of a kind.</summary>
    public static JsonObject Input(this JsonObject season, string kind)
    {
        var (card, code) = CardWith(season, kind);
        return card["inputs"]![code]!.AsObject();
    }

    public static (JsonObject Card, string Criterion) CardWith(this JsonObject season, string kind)
    {
        var tableOf = season["clusters"]!.AsArray().SelectMany(cluster => cluster!["members"]!.AsArray().Select(member => ((string)member!, (string)cluster["table"]!))).ToDictionary();
        foreach (var card in season["cards"]!.AsArray().Select(card => card!.AsObject()))
        {
            var table = season["tables"]!.AsArray().Single(table => (string?)table!["id"] == tableOf[(string)card["unit"]!])!.AsObject();
            if (Criteria(table).FirstOrDefault(criterion => (string?)criterion["kind"] == kind && card["inputs"]![(string)criterion["code"]!] is not null) is { } found)
            {
                return (card, (string)found["code"]!);
            }
        }

        throw new InvalidOperationException($"No card has an input of the kind {kind}.");
    }

    public static JsonObject At(this JsonObject season, string list, int index) => season[list]![index]!.AsObject();

    private static IEnumerable<JsonObject> Criteria(JsonObject owner) => owner.ContainsKey("tables")
        ? owner["tables"]!.AsArray().SelectMany(table => Criteria(table!.AsObject()))
        : owner["groups"]!.AsArray().SelectMany(group => group!["criteria"]!.AsArray()).Select(criterion => criterion!.AsObject());
}
