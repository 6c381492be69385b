using System.Globalization;
using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Scoring;

/// <summary>Every number of the sample seasons, computed by the engine alone and compared with the independent results.</summary>
public sealed class SampleSeasonTests
{
    public static TheoryData<string> Seasons =>
    [
        "01-seed-cluster", "02-hue-2021-departments", "03-central-clusters-2013", "03-central-clusters-2015",
        "04-hcmc-2025-communes", "05-mixed-province",
    ];

    [Theory]
    [MemberData(nameof(Seasons))]
    public void The_engine_gives_every_number_of_the_expected_result(string name)
    {
        var season = Samples.Read($"season/{name}.json");
        var expected = Samples.Read($"season/{name}.expected.json").GetProperty("clusters");
        var tables = season.GetProperty("tables").EnumerateArray().Select(Samples.Table).ToDictionary(table => table.Id);
        var published = new PublishedValues(season.GetProperty("published").EnumerateArray().Select(value => new PublishedValue(
            Text(value, "index"), Text(value, "unit"), Value(value.GetProperty("value")), Text(value, "document"), 1)));
        var clusters = season.GetProperty("clusters").EnumerateArray().OrderBy(cluster => Text(cluster, "code"), StringComparer.Ordinal).ToList();
        Assert.Equal(expected.GetArrayLength(), clusters.Count);

        foreach (var (cluster, result) in clusters.Zip(expected.EnumerateArray()))
        {
            var table = tables[Text(cluster, "table")];
            List<string> members = [.. cluster.GetProperty("members").EnumerateArray().Select(member => member.GetString()!)];
            Assert.Empty(CriteriaTableLinter.Errors(table, [new ClusterSize(Text(cluster, "code"), members.Count)]));
            Assert.Empty(published.Check(table, members));
            var actual = Play(season, table, members, published);
            Assert.Equal(JsonSerializer.Serialize(result.GetProperty("ranking")), JsonSerializer.Serialize(actual));
        }
    }

    private static IEnumerable<object> Play(JsonElement season, CriteriaTable table, List<string> members, PublishedValues published)
    {
        var cards = new Dictionary<string, ScoreCard>();
        foreach (var json in season.GetProperty("cards").EnumerateArray().Where(card => members.Contains(Text(card, "unit"))))
        {
            var errors = new List<Violation>();
            var reader = new StrictJson(json, "/cards/0", errors);
            var unit = reader.Text("unit")!;
            cards[unit] = ScoreCardReader.Read(reader, table);
            reader.RefuseUnknown();
            Assert.Empty(errors);
            Assert.Empty(cards[unit].MissingInputs(table));
        }

        var context = new ScoringContext(table, members, published, cards);
        var sheets = members.ToDictionary(unit => unit, unit => Layers(season, table, ScoringEngine.Score(context, unit)));
        return Ranking.Of(sheets.Select(sheet => (sheet.Key, sheet.Value.Total))).Select(ranked => new
        {
            unit = ranked.Unit,
            rank = ranked.Rank,
            total = Amount(ranked.Total),
            groups = sheets[ranked.Unit].Groups,
            bonus = sheets[ranked.Unit].Bonus,
            deductions = sheets[ranked.Unit].Deductions,
            lines = sheets[ranked.Unit].Lines,
        });
    }

    private static (decimal? Total, Dictionary<string, string?> Groups, string? Bonus, string? Deductions, Dictionary<string, object> Lines) Layers(
        JsonElement season, CriteriaTable table, ScoredCard card)
    {
        var reviews = Overrides(season, "reviews", card.Unit);
        var appraisals = Overrides(season, "appraisals", card.Unit);
        var lines = card.Lines.ToDictionary(line => line.Criterion, line =>
        {
            var review = reviews.TryGetValue(line.Criterion, out var reviewed) ? ScoringEngine.AsSet(reviewed) : line.Points;
            var final = appraisals.TryGetValue(line.Criterion, out var appraised) ? ScoringEngine.AsSet(appraised) : review;
            return (Self: line.Points, Review: review, Final: final);
        });
        var total = ScoringEngine.Total(
            table, lines.ToDictionary(line => line.Key, line => line.Value.Final), card.Bonus.Result!.Value, card.Deductions.Result!.Value);
        return (
            total.Total, total.Groups.ToDictionary(group => group.Code, group => Amount(group.Points)), Amount(card.Bonus.Result), Amount(card.Deductions.Result),
            lines.ToDictionary(line => line.Key, line => (object)new { self = Amount(line.Value.Self), review = Amount(line.Value.Review), final = Amount(line.Value.Final) }));
    }

    private static Dictionary<string, decimal> Overrides(JsonElement season, string list, string unit) =>
        season.TryGetProperty(list, out var changes)
            ? changes.EnumerateArray().Where(change => Text(change, "unit") == unit)
                .ToDictionary(change => Text(change, "criterion"), change => change.GetProperty("points").GetDecimal())
            : [];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Value(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();

    private static string? Amount(decimal? amount) => amount?.ToString("0.00", CultureInfo.InvariantCulture);
}
