namespace ThiDua.Contracts.Documents;

/// <summary>Minh chứng: a file was stored for a line of a unit's sheet.</summary>
public sealed record EvidenceStored
{
    public required Guid EvidenceId { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Criterion { get; init; }
    public required string FileName { get; init; }
    public required string ContentType { get; init; }
    public required long Size { get; init; }

    /// <summary>SHA-256 of the content, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>A piece of evidence no longer counts: withdrawn by its unit before submission, or refused, with the reason.</summary>
public sealed record EvidenceRejected
{
    public required Guid EvidenceId { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Criterion { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset At { get; init; }
}
