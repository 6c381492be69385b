namespace ThiDua.Scoring.Domain;

/// <summary>
/// Một dòng của phiếu: one criterion in three layers that stand beside each other and are never written over one another (R-23 … R-25).
/// </summary>
public sealed class ScoreLine
{
    public Guid SheetId { get; private init; }

    public required string Criterion { get; init; }

    /// <summary>What the unit declared, as JSON of the criterion's kind; null for a published criterion.</summary>
    public string? Input { get; private set; }

    /// <summary>Ghi chú, minh chứng .</summary>
    public string? Note { get; private set; }

    /// <summary>Điểm tự chấm; null: not scored yet, which is not zero.</summary>
    public decimal? Self { get; private set; }

    public Derivation? Derivation { get; private set; }

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

    internal void Enter(string input) => Input = input;

    internal void Explain(string note) => Note = note;

    /// <summary>Takes the engine's points; leaves the derivation alone where nothing changed.</summary>
    /// <returns>Whether something changed.</returns>
    internal bool Score(ScoredLine scored)
    {
        if (Self == scored.Points && Derivation is not null && Derivation.Steps.SequenceEqual(scored.Derivation.Steps)
            && Derivation.Inputs.SequenceEqual(scored.Derivation.Inputs))
        {
            return false;
        }

        Self = scored.Points;
        Derivation = scored.Derivation;
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

public enum ExchangeKind
{
    Return,
    Explanation,
}
