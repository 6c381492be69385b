namespace ThiDua.Awards.Domain;

/// <summary>An exclusion as it was registered, with who placed it: the same person cannot alone release it (SoD-4).</summary>
public sealed class RegisteredExclusion
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Type { get; init; }
    public required ExclusionStatus Status { get; init; }

    /// <summary>Lý do: the matter, in words.</summary>
    public string? Ground { get; init; }

    public required string Document { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public required string PlacedBy { get; init; }
    public required string PlacedByName { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    public Exclusion ToFact() => new() { Unit = Unit, Type = Type, Status = Status, Document = Document, From = From, To = To };
}
