namespace ThiDua.Gateway.Operations;

/// <summary>How the seasons stand, out of what the services count in their databases.</summary>
public static class SeasonReading
{
    public static IReadOnlyList<SeasonView> Seasons(Answers answers)
    {
        string[] perSeason = ["sheets", "overdue", "deadline", "appraisals", "nominations"];
        var codes = perSeason.SelectMany(answers.Of).Select(series => series["season"]).Distinct();
        return [.. codes.Select(code => Season(code, answers)).OrderBy(season => season.IsOver).ThenBy(season => season.Code, StringComparer.Ordinal)];
    }

    public static WorkView Work(Answers answers) => new()
    {
        SheetsSavedPerMinute = answers.Number("saved"),
        SubmittedInHour = answers.Number("submitted"),
        ReturnedInHour = answers.Number("returned"),
        EvidenceWaiting = answers.Number("evidence"),
        EvidenceOldestSeconds = answers.Number("evidence-oldest"),
    };

    private static SeasonView Season(string code, Answers answers)
    {
        IEnumerable<Series> Of(string query) => answers.Of(query).Where(series => series["season"] == code);

        return new SeasonView(
            code,
            [.. Of("deadline").Select(series => new DeadlineView(series["phase"], series.Last)).OrderBy(deadline => deadline.Seconds)],
            [.. Of("sheets").GroupBy(series => series["cluster"]).OrderBy(cluster => cluster.Key, StringComparer.Ordinal).Select(cluster => new ClusterView(cluster.Key, ByState(cluster)))],
            Of("overdue").Any() ? [.. Of("overdue").Where(series => series.Last > 0).Select(series => new CountView(series["what"], series.Last)).OrderByDescending(count => count.Count)] : null,
            [.. Of("appraisals").Select(series => new CountView(series["age"], series.Last)).OrderBy(count => Array.IndexOf(Words.Ages, count.What))],
            [.. Of("nominations").GroupBy(series => series["award"]).OrderBy(award => award.Key, StringComparer.Ordinal).Select(award => new NominationView(award.Key, ByState(award)))]);
    }

    private static Dictionary<string, double> ByState(IEnumerable<Series> series) =>
        series.GroupBy(one => one["state"]).ToDictionary(state => state.Key, state => state.Sum(one => one.Last), StringComparer.Ordinal);
}
