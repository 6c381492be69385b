using ThiDua.Scoring.Domain;

namespace ThiDua.Tests.Scoring;

/// <summary>The two cards that the domain reference works out line by line (E.2).</summary>
internal static class FullCards
{
    public static object? Commune(string id)
    {
        var (lines, groups, total) = Score("T2_COMMUNE_100", ("PARTY_RESULT", "HTTNV"), """
            {"inputs": {
              "I.1": {"actual": 45360, "base": 48000}, "I.2": {"actual": 20100, "base": 22000}, "I.3": {"n": 40, "N": 42},
              "I.4": {"actual": "0.9", "base": "1.0"}, "I.5": {"actual": "95.1", "base": "95.5"}, "I.6": {"n": 17, "N": 19},
              "I.7": {"actual": 12461, "base": 12540}, "I.8": {"actual": "71.2", "base": 80}, "I.9": {"level": "DAT"}, "I.10": {"n": 8, "N": 9},
              "II.2": {"n": 5, "N": 6}, "II.3": {"counts": {"KL": 1}},
              "III.1": {"done": ["DK", "GU"]}, "III.2": {"count": 2}, "III.3": {"late": {"MIDYEAR": 0, "YEAREND": 3}},
              "III.4": {"n": 3, "N": 4}, "III.5": {"count": 1}},
             "bonus": {"BK_TTG": 1, "SK_TINH": 2}, "deductions": {"HS_CHAM": 1}}
            """);
        return id switch
        {
            "EX-10.1" => lines.Where(line => line.Criterion.StartsWith("I.", StringComparison.Ordinal)).Select(line => line.Points),
            "EX-10.2" => groups["I"],
            "EX-10.3" => groups["II"],
            "EX-10.4" => groups["III"],
            _ => total,
        };
    }

    public static object? Enterprise(string id)
    {
        var (lines, groups, total) = Score("T3_ENTERPRISE_100", ("SOCIAL_INSURANCE", "KHONG_NO"), """
            {"inputs": {
              "I.1": {"actual": "871.5", "base": 820}, "I.2": {"actual": "58.2", "base": 60}, "I.3": {"actual": "42.7", "base": 45},
              "I.4": {"actual": "11.9", "base": "11.2"}, "I.5": {"n": 22, "N": 24}, "I.6": {"counts": {"NANG": 0, "NHE": 1}},
              "II.2": {"done": ["HNNLD", "DT"]}, "II.3": {"n": 430, "N": 500},
              "III.1": {"done": ["DK", "GU"]}, "III.2": {"late": {"MIDYEAR": 0, "YEAREND": 0}}, "III.3": {"n": 3, "N": 3}, "III.4": {"count": 3}}}
            """);
        return id switch
        {
            "EX-11.1" => lines.Where(line => line.Criterion.StartsWith("I.", StringComparison.Ordinal)).Select(line => line.Points),
            "EX-11.2" => groups.Values,
            _ => total,
        };
    }

    private static (IReadOnlyList<ScoredLine> Lines, Dictionary<string, decimal?> Groups, decimal? Total) Score(
        string tableId, (string Index, string Value) published, string json)
    {
        var table = Samples.Table(tableId);
        var (card, errors) = Samples.Card(table, json);
        Assert.Empty(errors);
        var context = new ScoringContext(
            table, ["X"], new PublishedValues([new PublishedValue(published.Index, "X", published.Value, "QĐ", 1)]), new Dictionary<string, ScoreCard> { ["X"] = card });
        var scored = ScoringEngine.Score(context, "X");
        var total = ScoringEngine.Total(
            table, scored.Lines.ToDictionary(line => line.Criterion, line => line.Points), scored.Bonus.Result!.Value, scored.Deductions.Result!.Value);
        return (scored.Lines, total.Groups.ToDictionary(group => group.Code, group => group.Points), total.Total);
    }
}
