namespace ThiDua.Clusters.Domain;

/// <summary>Việc xảy ra với một phiếu chấm điểm.</summary>
public enum SheetStepKind
{
    /// <summary>Nộp.</summary>
    Submitted,

    /// <summary>Trả lại.</summary>
    Returned,

    /// <summary>Giải trình.</summary>
    Explained,

    /// <summary>Rà soát xong.</summary>
    Reviewed,
}

/// <summary>Bước: what happened to a sheet.</summary>
/// <param name="Version">Of the sheet, which grows with every change: steps are put in order by it, in whatever order they are told.</param>
/// <param name="Kind">What.</param>
/// <param name="At">When.</param>
/// <param name="ByStandingAgency">Returned by the standing agency, not by leader or deputy.</param>
public sealed record SheetStep(int Version, SheetStepKind Kind, DateTimeOffset At, bool ByStandingAgency = false);

/// <summary>Quá trình của phiếu chấm điểm: what Scoring told of one sheet.</summary>
public sealed class SheetHistory
{
    /// <summary>The sheet's.</summary>
    public required Guid Id { get; init; }

    public required string Season { get; init; }

    public required Guid ClusterId { get; init; }

    public required string Unit { get; init; }

    public IReadOnlyList<SheetStep> Steps { get; private set; } = [];

    public DateTimeOffset? SubmittedAt => First(SheetStepKind.Submitted, after: 0)?.At;

    /// <summary>When leader and deputy were done with it; null while they are not, or have returned it since.</summary>
    public DateTimeOffset? ReviewedAt =>
        First(SheetStepKind.Reviewed, after: Steps.Where(step => step is { Kind: SheetStepKind.Returned, ByStandingAgency: false }).Select(step => step.Version).DefaultIfEmpty().Max())?.At;

    /// <summary>Every return, with the moment at which the unit answered it.</summary>
    public IEnumerable<(SheetStep Return, DateTimeOffset? ExplainedAt)> Returns =>
        Steps.Where(step => step.Kind == SheetStepKind.Returned).OrderBy(step => step.Version).Select(step => (step, First(SheetStepKind.Explained, step.Version)?.At));

    /// <summary>Takes a step, however often and in whatever order it is told.</summary>
    public void Take(SheetStep step)
    {
        if (Steps.All(known => known.Version != step.Version))
        {
            Steps = [.. Steps.Append(step).OrderBy(known => known.Version)];
        }
    }

    private SheetStep? First(SheetStepKind kind, int after) => Steps.Where(step => step.Kind == kind && step.Version > after).MinBy(step => step.Version);
}
