using System.Text.Json;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Phiếu chấm điểm as a caller may see it.</summary>
/// <param name="Version">Grows with every change.</param>
/// <param name="StateName">The state in Vietnamese.</param>
/// <param name="Total">Official total: only of the final layer, absent until the result is decided.</param>
public sealed record SheetView(
    Guid Id, string Season, Guid ClusterId, string Cluster, string Unit, SheetState State, string StateName, int Version, TableReference Table,
    IReadOnlyList<LineView> Lines, IReadOnlyList<GroupView>? Groups, IReadOnlyDictionary<string, decimal> Bonus, decimal? BonusPoints,
    IReadOnlyDictionary<string, decimal> Deductions, decimal? DeductionPoints, decimal? Total,
    IReadOnlyList<string> OpenCriteria, IReadOnlyList<ExchangeView> Exchanges, DateTimeOffset? SubmittedAt, DateTimeOffset ChangedAt)
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
            sheet.BonusCounts, sheet.Bonus?.Result, sheet.DeductionCounts, sheet.Deductions?.Result, total?.Total,
            sheet.OpenCriteria,
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
        var reviewed = sight.Review && sheet.IsReviewed;
        var appraised = sight.Final && sheet.State is SheetState.UnderAppraisal or SheetState.ReturnedForEvidence or SheetState.Locked;
        return new LineView(
            criterion.Code, criterion.Title, criterion.Kind, criterion.Max, line?.Input is { } input ? JsonElement.Parse(input) : null, line?.Note, evidence,
            line?.Self, reviewed ? line?.ReviewPoints : null, sight.Final && appraised ? line?.Final ?? line?.AppraisalPoints : null,
            sight.Review && line is { Disputed: true },
            sight.Review ? SetPointsView.Of(line?.LeaderPoints, line?.LeaderReason) : null,
            sight.Review ? SetPointsView.Of(line?.DeputyPoints, line?.DeputyReason) : null,
            sight.Final && appraised ? SetPointsView.Of(line?.AppraisedPoints, line?.AppraisedReason) : null);
    }
}

/// <summary>Points that somebody set instead of confirming, with the reason.</summary>
public sealed record SetPointsView(decimal Points, string? Reason)
{
    internal static SetPointsView? Of(decimal? points, string? reason) => points is { } set ? new SetPointsView(set, reason) : null;
}

/// <summary>One turn between the unit and those who check its sheet.</summary>
public sealed record ExchangeView(ExchangeKind Kind, string Text, IReadOnlyList<string> Criteria, string ByName, DateTimeOffset At);

/// <summary>A sheet in a list.</summary>
public sealed record SheetSummary(Guid Id, string Season, Guid ClusterId, string Unit, SheetState State, string StateName, int Version, decimal? Total, DateTimeOffset? SubmittedAt);
