using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Scoring;

/// <summary>The part of the invalid season files that tables, cards and published results decide: exactly the codes expected, no others.</summary>
public sealed class InvalidSeasonTests
{
    private static readonly string[] Mine =
    [
        "L-01", "L-02", "L-03", "L-04", "L-05", "L-06", "L-07", "BASELINE_ZERO", "NOT_APPLICABLE", "MISSING_INPUT", "PUBLISHED_VALUE_TYPED",
        "MISSING_PUBLISHED", "UNKNOWN_LEVEL",
    ];

    public static TheoryData<string> Files => [.. Samples.Read("season/invalid/expected.json").EnumerateObject().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Is_refused_with_its_codes(string name)
    {
        var season = Samples.Read($"season/invalid/{name}.json");
        var errors = new List<Violation>();
        var json = new StrictJson(season, string.Empty, errors);
        var tables = json.List("tables").Select(CriteriaTableReader.Read).ToDictionary(table => table!.Id, table => table!);
        var published = new PublishedValues(season.GetProperty("published").EnumerateArray().Select(value => new PublishedValue(
            value.GetProperty("index").GetString()!, value.GetProperty("unit").GetString()!, value.GetProperty("value").GetString()!, string.Empty, 1)));
        var cards = json.List("cards").ToDictionary(card => card.Text("unit")!);
        foreach (var cluster in season.GetProperty("clusters").EnumerateArray())
        {
            var table = tables[cluster.GetProperty("table").GetString()!];
            List<string> members = [.. cluster.GetProperty("members").EnumerateArray().Select(member => member.GetString()!)];
            errors.AddRange(CriteriaTableLinter.Violations(table, [new ClusterSize("C", members.Count)], "/tables/0"));
            errors.AddRange(published.Check(table, members).Select(problem => new Violation(problem.Code, "/published", problem.Message)));
            foreach (var card in members.Where(cards.ContainsKey).Select(unit => cards[unit]))
            {
                var read = ScoreCardReader.Read(card, table);
                errors.AddRange(read.MissingInputs(table).Where(criterion => !card.Element.GetProperty("inputs").TryGetProperty(criterion.Code, out _))
                    .Select(criterion => new Violation("MISSING_INPUT", card.Path, criterion.Code)));
            }
        }

        var expected = Samples.Read("season/invalid/expected.json").GetProperty(name).EnumerateArray().Select(code => code.GetString()!).Where(Mine.Contains);
        Assert.Equal(expected.Order(StringComparer.Ordinal), errors.Select(error => error.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.All(errors, error => Assert.StartsWith("/", error.Path, StringComparison.Ordinal));
    }
}
