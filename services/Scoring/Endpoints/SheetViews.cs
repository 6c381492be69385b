using System.Text.Json;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Phiếu chấm điểm as a caller may see it.</summary>
/// <param name="Version">Grows with every change.</param>
/// <param name="StateName">The state in Vietnamese.</param>
/// <param name="Total">Official total: only of the final layer, absent until the result is decided.</param>
/// <param name="Warnings">What is weak and refuses nothing: notes that prove nothing (WEAK_EVIDENCE).</param>
public sealed record SheetView(
    Guid Id, string Season, Guid ClusterId, string Cluster, string Unit, SheetState State, string StateName, int Version, TableReference Table,
    IReadOnlyList<LineView> Lines, IReadOnlyList<GroupView>? Groups, CountedView Bonus, CountedView Deductions, decimal? Total,
    IReadOnlyList<SheetWarning> Warnings, IReadOnlyList<string> OpenCriteria, IReadOnlyList<ExchangeView> Exchanges, DateTimeOffset? SubmittedAt, DateTimeOffset ChangedAt)
{
    internal static SheetView Of(
        ScoreSheet sheet, ClusterCopy cluster, CriteriaTable table, int tableVersion, SheetSight sight, IReadOnlyDictionary<string, int> evidence)
    {
        var total = sight.Final && sheet.State == SheetState.Locked ? sheet.TotalOf(table) : null;
        return new SheetView(
            sheet.Id, sheet.Season, sheet.ClusterId, cluster.Code, sheet.Unit, sheet.State, SheetStates.Name(sheet.State), sheet.Version,
            new TableReference(sheet.TableId, table.Id, tableVersion),
            [.. table.Criteria.Select(criterion => LineView.Of(criterion, sheet, sight, evidence.GetValueOrDefault(criterion.Code)))],
            total?.Groups.Select(group => new GroupView(group.Code, group.Tag, group.Points)).ToList(),
            CountedView.Of(sheet.Bonus, table.Bonus.Items.Select(item => (item.Label, sheet.BonusItems.Of(item.Key))), sheet, sight),
            CountedView.Of(sheet.Deductions, table.Deductions.Items.Select(item => (item.Label, sheet.DeductionItems.Of(item.Key))), sheet, sight),
            total?.Total, SheetWarning.Of(sheet, table, evidence), sheet.OpenCriteria,
            [.. sheet.Exchanges.OrderBy(exchange => exchange.At).Select(exchange => new ExchangeView(exchange.Kind, exchange.Text, exchange.Criteria, exchange.ByName, exchange.At))],
            sheet.SubmittedAt, sheet.ChangedAt);
    }
}

public sealed record TableReference(Guid Id, string Code, int Version);

public sealed record GroupView(string Code, GroupTag Tag, decimal? Points);

/// <summary>One criterion in its three layers.</summary>
/// <param name="Input">What the unit declared, in the shape of the criterion's kind.</param>
/// <param name="EvidenceCount">Files of evidence that count.</param>
/// <param name="Disputed">Leader and deputy set different values; the standing agency decides.</param>
public sealed record LineView(
    string Criterion, string Title, CriterionKind Kind, decimal Max, JsonElement? Input, string? Note, int EvidenceCount,
    decimal? Self, decimal? Review, decimal? Final, bool Disputed, SetPointsView? Leader, SetPointsView? Deputy, SetPointsView? Appraisal)
{
    internal static LineView Of(Criterion criterion, ScoreSheet sheet, SheetSight sight, int evidence)
    {
        var line = sheet.Line(criterion.Code);
        var (reviewed, appraised) = (sight.ShowsReviewOf(sheet), sight.ShowsFinalOf(sheet));
        return new LineView(
            criterion.Code, criterion.Title, criterion.Kind, criterion.Max, line?.Input is { } input ? JsonElement.Parse(input) : null, line?.Note, evidence,
            line?.Self, reviewed ? line?.ReviewPoints : null, appraised ? line?.Final ?? line?.AppraisalPoints : null,
            sight.Review && line is { Disputed: true },
            sight.Review ? SetPointsView.Of(line?.LeaderPoints, line?.LeaderReason) : null,
            sight.Review ? SetPointsView.Of(line?.DeputyPoints, line?.DeputyReason) : null,
            appraised ? SetPointsView.Of(line?.AppraisedPoints, line?.AppraisedReason) : null);
    }
}

/// <summary>Points that somebody set instead of confirming, with the reason.</summary>
public sealed record SetPointsView(decimal Points, string? Reason)
{
    internal static SetPointsView? Of(decimal? points, string? reason) => points is { } set ? new SetPointsView(set, reason) : null;
}

/// <summary>Điểm thưởng hoặc điểm trừ: points of the three layers, and every item of the table with its counts.</summary>
/// <param name="Self">Points of what the unit declared.</param>
/// <param name="Review">Points of what leader and deputy confirmed or set; absent while they disagree.</param>
/// <param name="Final">Points of what the standing agency confirmed or set; these go into the total.</param>
public sealed record CountedView(decimal? Self, decimal? Review, decimal? Final, IReadOnlyList<CountedItemView> Items)
{
    internal static CountedView Of(CountedPoints points, IEnumerable<(string Label, CountedItem Item)> items, ScoreSheet sheet, SheetSight sight)
    {
        var (reviewed, appraised) = (sight.ShowsReviewOf(sheet), sight.ShowsFinalOf(sheet));
        return new CountedView(
            points.Self?.Result, reviewed ? points.Review?.Result : null, appraised ? points.Final?.Result : null,
            [.. items.Select(row => new CountedItemView(
                row.Item.Key, row.Label, row.Item.Self, reviewed ? row.Item.Review : null, appraised ? row.Item.Final : null, sight.Review && row.Item.Disputed,
                sight.Review ? row.Item.Leader : null, sight.Review ? row.Item.Deputy : null, appraised ? row.Item.Appraisal : null))]);
    }
}

/// <summary>One item of bonus or deductions: how often it counts in each layer, and who set that and why.</summary>
/// <param name="Disputed">Leader and deputy set different counts; the standing agency decides.</param>
public sealed record CountedItemView(
    string Key, string Label, decimal Self, decimal? Review, decimal? Final, bool Disputed, SetCount? Leader, SetCount? Deputy, SetCount? Appraisal);

/// <summary>One turn between the unit and those who check its sheet.</summary>
public sealed record ExchangeView(ExchangeKind Kind, string Text, IReadOnlyList<string> Criteria, string ByName, DateTimeOffset At);

/// <summary>A sheet in a list.</summary>
public sealed record SheetSummary(Guid Id, string Season, Guid ClusterId, string Unit, SheetState State, string StateName, int Version, decimal? Total, DateTimeOffset? SubmittedAt);
