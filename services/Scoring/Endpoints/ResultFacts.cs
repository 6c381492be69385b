using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What others are told of a decided result: what awards depend on, and the points line by line for the papers that print them.</summary>
internal static class ResultFacts
{
    private const string StandingAgency = "STANDING_AGENCY";

    public static ClusterResultDecided ToResultFact(this ClusterScope scope, SeasonCopy season, ClusterDecision decision)
    {
        var tags = scope.Table.Groups.ToDictionary(group => group.Code, group => UpperSnake.Of(group.Tag));
        var members = scope.Cluster.Members.ToDictionary(member => member.Unit, StringComparer.Ordinal);
        return new ClusterResultDecided
        {
            ClusterId = scope.Cluster.Id,
            Season = season.Code,
            Year = season.Year,
            Code = scope.Cluster.Code,
            Name = scope.Cluster.Name,
            Size = scope.Cluster.Members.Count,
            Leader = scope.Cluster.Leader,
            Deputy = scope.Cluster.Deputy,
            CriteriaTable = scope.Table.Id,
            CriteriaTableVersion = scope.TableVersion,
            Max = scope.Table.TotalMax,
            Ranking = [.. decision.Ranking.Select(row => new UnitResult
            {
                Unit = row.Unit,
                Name = row.Name,
                Rank = row.Rank,
                Total = row.Total,
                Groups = [.. row.Groups.Select(group => new GroupPoints { Code = group.Key, Tag = tags[group.Key], Points = group.Value ?? 0 })],
                Bonus = row.Bonus,
                Deductions = row.Deductions,
                FemaleShare = members[row.Unit].FemaleShare,
                SelfTotal = SheetOf(scope, row)?.SelfTotalOf(scope.Table),
                ReviewTotal = SheetOf(scope, row)?.ReviewTotalOf(scope.Table),
            })],
            Version = decision.Version,
            DecidedAt = decision.DecidedAt,
        };
    }

    public static ClusterScoresDecided ToScoresFact(this ClusterScope scope, ClusterDecision decision) => new()
    {
        ClusterId = scope.Cluster.Id,
        Season = scope.Cluster.Season,
        Code = scope.Cluster.Code,
        TableTitle = scope.Table.Title,
        TableBasis = scope.Table.Basis ?? "",
        Document = decision.Document ?? "",
        Groups = [.. scope.Table.Groups.Select(group => new ScoredGroup
        {
            Code = group.Code,
            Title = group.Title,
            Max = group.Max,
            Criteria = [.. group.Criteria.Select(criterion => new ScoredCriterion { Code = criterion.Code, Title = criterion.Title, Max = criterion.Max })],
        })],
        Units = [.. decision.Ranking.Select(row => UnitOf(scope.Table, row, SheetOf(scope, row)))],
        Version = decision.Version,
        DecidedAt = decision.DecidedAt,
    };

    private static ScoreSheet? SheetOf(ClusterScope scope, RankedSheet row) => scope.Sheets.FirstOrDefault(sheet => sheet.Id == row.SheetId);

    private static ScoredUnit UnitOf(CriteriaTable table, RankedSheet row, ScoreSheet? sheet) => new()
    {
        Unit = row.Unit,
        Name = row.Name,
        Rank = row.Rank,
        SelfTotal = sheet?.SelfTotalOf(table),
        ReviewTotal = sheet?.ReviewTotalOf(table),
        FinalTotal = row.Total,
        Lines = sheet is null ? [] : [.. table.Criteria.Select(criterion => LineOf(criterion, row.Lines[criterion.Code], sheet.Line(criterion.Code)))],
        Bonus = sheet is null ? null : ExtraOf("BONUS", sheet.Bonus, sheet.BonusItems, table.Bonus.Items.ToDictionary(item => item.Key, item => item.Label, StringComparer.Ordinal)),
        Deductions = sheet is null ? null : ExtraOf("DEDUCTIONS", sheet.Deductions, sheet.DeductionItems, table.Deductions.Items.ToDictionary(item => item.Key, item => item.Label, StringComparer.Ordinal)),
    };

    private static LinePoints LineOf(Criterion criterion, RankedLine points, ScoreLine? line) => new()
    {
        Criterion = criterion.Code,
        Self = points.Self,
        Review = points.Review,
        Final = points.Final,
        Changes =
        [
            .. ChangeBy(UpperSnake.Of(Reviewer.Leader), line?.LeaderPoints, line?.LeaderReason),
            .. ChangeBy(UpperSnake.Of(Reviewer.Deputy), line?.DeputyPoints, line?.DeputyReason),
            .. ChangeBy(StandingAgency, line?.AppraisedPoints, line?.AppraisedReason),
        ],
    };

    /// <summary>Bonus or deductions: the points of each layer, and the reason of every count that somebody set.</summary>
    private static LinePoints ExtraOf(string code, CountedPoints points, CountedItems items, Dictionary<string, string> labels)
    {
        IEnumerable<LineChange> By(string office, Func<CountedItem, SetCount?> layer) =>
            items.Items.SelectMany(item => ChangeBy(office, layer(item)?.Count, layer(item)?.Reason, labels[item.Key]));

        return new LinePoints
        {
            Criterion = code,
            Self = Amount(points.Self?.Result),
            Review = Amount(points.Review?.Result),
            Final = Amount(points.Final?.Result),
            Changes =
            [
                .. By(UpperSnake.Of(Reviewer.Leader), item => item.Leader),
                .. By(UpperSnake.Of(Reviewer.Deputy), item => item.Deputy),
                .. By(StandingAgency, item => item.Appraisal),
            ],
        };
    }

    private static IEnumerable<LineChange> ChangeBy(string office, decimal? value, string? reason, string? of = null) =>
        value is { } set ? [new LineChange { By = office, Of = of, Value = set, Reason = reason ?? "" }] : [];

    /// <summary>As a decision shows amounts: two decimals, whatever the table rounds to.</summary>
    private static decimal? Amount(decimal? value) => value is { } amount ? amount + 0.00m : null;
}
