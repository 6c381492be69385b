using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Trạng thái minh chứng.</summary>
public enum EvidenceState
{
    /// <summary>Counts for its line.</summary>
    Stored,

    /// <summary>Taken back by its unit before submission; its content is kept.</summary>
    Withdrawn,
}

/// <summary>Số, ngày và cơ quan ban hành: what the paper itself says it is; all optional.</summary>
public sealed record PaperReference(string? Number, DateOnly? Date, string? Issuer);

/// <summary>Minh chứng: a file that a unit hands in for one line of its sheet. What was stored never changes; it can only be withdrawn.</summary>
public sealed class Evidence
{
    public const int LongestReason = 1000;

    private Evidence()
    {
    }

    public Guid Id { get; private init; }
    public string Season { get; private init; } = "";
    public string Unit { get; private init; } = "";
    public string Criterion { get; private init; } = "";
    public string FileName { get; private init; } = "";
    public string ContentType { get; private init; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; private init; }

    /// <summary>SHA-256 of the content, lower-case hexadecimal: also where it lies.</summary>
    public string Sha256 { get; private init; } = "";

    public string? PaperNumber { get; private init; }
    public DateOnly? PaperDate { get; private init; }
    public string? PaperIssuer { get; private init; }
    public string StoredBy { get; private init; } = "";
    public DateTimeOffset StoredAt { get; private init; }
    public EvidenceState State { get; private set; }
    public DateTimeOffset? WithdrawnAt { get; private set; }
    public string? WithdrawnBecause { get; private set; }
    public uint RowVersion { get; private init; }

    public static Evidence Store(EvidencePlace place, string fileName, string contentType, long size, string sha256, PaperReference paper, string storedBy, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = place.Season,
        Unit = place.Unit,
        Criterion = place.Criterion,
        FileName = fileName,
        ContentType = contentType,
        Size = size,
        Sha256 = sha256,
        PaperNumber = paper.Number,
        PaperDate = paper.Date,
        PaperIssuer = paper.Issuer,
        StoredBy = storedBy,
        StoredAt = now,
        State = EvidenceState.Stored,
    };

    /// <exception cref="RuleViolationException"><c>wrong-state</c>: withdrawn already.</exception>
    public void Withdraw(string reason, DateTimeOffset now)
    {
        if (State == EvidenceState.Withdrawn)
        {
            throw new RuleViolationException("wrong-state", "Minh chứng này đã được rút.");
        }

        State = EvidenceState.Withdrawn;
        WithdrawnAt = now;
        WithdrawnBecause = reason;
    }
}

/// <summary>The line of a sheet that a piece of evidence is for.</summary>
public sealed record EvidencePlace(string Season, string Unit, string Criterion);
