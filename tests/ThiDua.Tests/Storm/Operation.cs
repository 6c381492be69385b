namespace ThiDua.Tests.Storm;

/// <summary>What a client sees of a sheet: the text of one line, and whether the sheet was handed in, after which nobody may write any more.</summary>
public readonly record struct SheetValue(string Text, bool IsSubmitted = false)
{
    public override string ToString() => IsSubmitted ? $"“{Text}” handed in" : $"“{Text}”";
}

/// <summary>What a client did.</summary>
public enum OperationKind
{
    /// <summary>Read the sheet and saw <see cref="Operation.To"/>.</summary>
    Read,

    /// <summary>Asked to make <see cref="Operation.To"/> of <see cref="Operation.From"/> (If-Match).</summary>
    Change,

    /// <summary>Asked that no sheet be changed any more: the next phase of the season, or the freeze.</summary>
    Close,
}

/// <summary>What the client was told in the end.</summary>
public enum Outcome
{
    Done,

    /// <summary>Refused: the sheet had moved on (412).</summary>
    Stale,

    /// <summary>Refused: the sheet was handed in, or all sheets were closed (409).</summary>
    Locked,

    /// <summary>Never told: it may have taken effect or not, and may do so at any time later.</summary>
    Unknown,
}

/// <summary>One operation of a client from its first request to its final answer, however often it had to ask.</summary>
/// <param name="Kind">What it asked for.</param>
/// <param name="Client">Who.</param>
/// <param name="Invoked">When the first request left, in ticks of one clock.</param>
/// <param name="Answered">When the final answer had come.</param>
/// <param name="Outcome">What the answer said.</param>
/// <param name="From">The value that a change started from.</param>
/// <param name="To">The value that a read saw, or that a change makes.</param>
public sealed record Operation(OperationKind Kind, string Client, long Invoked, long Answered, Outcome Outcome, SheetValue From, SheetValue To)
{
    public override string ToString() => Kind switch
    {
        OperationKind.Read => $"{Client} [{Invoked}–{Answered}] read {To}",
        OperationKind.Close => $"{Client} [{Invoked}–{Answered}] closed: {Outcome}",
        _ => $"{Client} [{Invoked}–{Answered}] {From} to {To}: {Outcome}",
    };
}
