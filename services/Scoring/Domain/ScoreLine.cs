using System.Text.Json;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Một dòng của phiếu: one criterion in three layers that stand beside each other and are never written over one another (R-23 … R-25).
/// </summary>
public sealed class ScoreLine
{
    private bool _inputChanged;

    public Guid SheetId { get; private init; }

    public required string Criterion { get; init; }

    /// <summary>What the unit declared, as JSON of the criterion's kind; null for a published criterion.</summary>
    public string? Input { get; private set; }

    /// <summary>Ghi chú, minh chứng .</summary>
    public string? Note { get; private set; }

    /// <summary>Điểm tự chấm; null: not scored yet, which is not zero.</summary>
    public decimal? Self { get; private set; }

    /// <summary>How the first layer's points came about. Longer than all the rest of the line, it is read only by who explains or rescores.</summary>
    public LineDerivation? SelfDerivation { get; private set; }

    /// <summary>What leader and deputy set; null: confirmed as it stood.</summary>
    public decimal? LeaderPoints { get; private set; }

    public string? LeaderReason { get; private set; }

    public decimal? DeputyPoints { get; private set; }

    public string? DeputyReason { get; private set; }

    /// <summary>Leader and deputy disagree: the standing agency must set the final value.</summary>
    public bool Disputed => LeaderPoints is not null && DeputyPoints is not null && LeaderPoints != DeputyPoints;

    /// <summary>What the standing agency set; null: the reviewed value was confirmed.</summary>
    public decimal? AppraisedPoints { get; private set; }

    public string? AppraisedReason { get; private set; }

    /// <summary>Điểm cụm rà soát, fixed when the review was answered by new evidence or the result was decided.</summary>
    public decimal? Review { get; private set; }

    /// <summary>Điểm thẩm định, fixed when the result was decided.</summary>
    public decimal? Final { get; private set; }

    /// <summary>The review layer as it stands; null while leader and deputy disagree.</summary>
    public decimal? ReviewPoints => Review ?? (Disputed ? null : DeputyPoints ?? LeaderPoints ?? Self);

    /// <summary>The final layer as the appraiser drafted it.</summary>
    public decimal? AppraisalPoints => AppraisedPoints ?? ReviewPoints;

    /// <summary>Takes what the unit declares; what says the same as before stays as it is written.</summary>
    internal void Enter(string input)
    {
        if (Input is null || !SaysTheSame(Input, input))
        {
            (Input, _inputChanged) = (input, true);
        }
    }

    internal void Explain(string note) => Note = note;

    /// <summary>
    /// Takes the engine's points; leaves the derivation alone where nothing changed. A derivation that was not read is as it was when
    /// neither the line's input nor its points have changed.
    /// </summary>
    /// <returns>Whether something changed.</returns>
    internal bool Score(ScoredLine scored)
    {
        var same = Self == scored.Points && (SelfDerivation is { Value: var known }
            ? known.Steps.SequenceEqual(scored.Derivation.Steps) && known.Inputs.SequenceEqual(scored.Derivation.Inputs)
            : Self is not null && !_inputChanged);
        if (same)
        {
            return false;
        }

        Self = scored.Points;
        if (SelfDerivation is null)
        {
            SelfDerivation = new LineDerivation { SheetId = SheetId, Criterion = Criterion, Value = scored.Derivation };
        }
        else
        {
            SelfDerivation.Value = scored.Derivation;
        }

        _inputChanged = false;
        return true;
    }

    internal void SetReview(Reviewer reviewer, decimal? points, string? reason)
    {
        if (reviewer == Reviewer.Leader)
        {
            (LeaderPoints, LeaderReason) = (points, reason);
        }
        else
        {
            (DeputyPoints, DeputyReason) = (points, reason);
        }
    }

    internal void SetAppraisal(decimal? points, string? reason) => (AppraisedPoints, AppraisedReason) = (points, reason);

    internal void KeepReview() => Review = ReviewPoints;

    internal void Fix() => (Review, Final) = (ReviewPoints, AppraisalPoints);

    internal void Reopen() => Final = null;

    private static bool SaysTheSame(string one, string other)
    {
        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }
}

/// <summary>Diễn giải của một dòng: a part of the line's own row, so that reading a sheet does not read it.</summary>
public sealed class LineDerivation
{
    public Guid SheetId { get; init; }
    public required string Criterion { get; init; }
    public required Derivation Value { get; set; }
}

/// <summary>Who of the cluster reviews: cụm trưởng or cụm phó.</summary>
public enum Reviewer
{
    Leader,
    Deputy,
}

/// <summary>Trả lại hoặc giải trình: one turn of the exchange between a unit and those who check its sheet (F-09).</summary>
public sealed class SheetExchange
{
    public required Guid Id { get; init; }
    public required Guid SheetId { get; init; }
    public required ExchangeKind Kind { get; init; }
    public required string Text { get; init; }

    /// <summary>Criteria that a return opens to new inputs and evidence.</summary>
    public required string[] Criteria { get; init; }

    public required string By { get; init; }
    public required string ByName { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Trả lại, or giải trình.</summary>
public enum ExchangeKind
{
    Return,
    Explanation,
}
