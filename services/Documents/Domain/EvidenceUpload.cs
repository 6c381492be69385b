namespace ThiDua.Documents.Domain;

/// <summary>Trạng thái lần gửi tệp.</summary>
public enum UploadState
{
    /// <summary>Bytes come; or all are there and the checks are not done.</summary>
    Receiving,

    /// <summary>It has become evidence.</summary>
    Finished,

    /// <summary>Its content was refused.</summary>
    Refused,

    /// <summary>Given up by its unit.</summary>
    Terminated,

    /// <summary>Nobody went on with it in time.</summary>
    Expired,
}

/// <summary>
/// Gửi tệp nhiều lần: an upload that goes on over several requests. <see cref="Received"/> says how much of it is durable, and never more
/// than that: it is written after the file was flushed.
/// </summary>
public sealed class EvidenceUpload
{
    private EvidenceUpload()
    {
    }

    public Guid Id { get; private init; }
    public string Season { get; private init; } = "";
    public string Unit { get; private init; } = "";
    public string Criterion { get; private init; } = "";
    public string FileName { get; private init; } = "";

    /// <summary>Name of its <see cref="FileKind"/>.</summary>
    public string Kind { get; private init; } = "";

    public string? PaperNumber { get; private init; }
    public DateOnly? PaperDate { get; private init; }
    public string? PaperIssuer { get; private init; }

    /// <summary>Upload-Metadata as it was sent, to be given back.</summary>
    public string Metadata { get; private init; } = "";

    /// <summary>Bytes that it will have.</summary>
    public long Length { get; private init; }

    /// <summary>Bytes that are durable: where the next request begins.</summary>
    public long Received { get; private init; }

    /// <summary>The hash that the unit announced; null: none.</summary>
    public string? Announced { get; private init; }

    /// <summary>The hash that it has, once it is whole and was checked.</summary>
    public string? Sha256 { get; private init; }

    public string? TextNumber { get; private init; }
    public DateOnly? TextDate { get; private init; }
    public string? TextIssuer { get; private init; }
    public string CreatedBy { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }
    public UploadState State { get; private set; }
    public Guid? EvidenceId { get; private set; }

    /// <summary>The refusal's code, and its details as JSON.</summary>
    public string? RefusedWith { get; private set; }

    public string? Refusal { get; private set; }

    public EvidencePlace Place => new(Season, Unit, Criterion);

    public PaperReference Paper => new(PaperNumber, PaperDate, PaperIssuer);

    public PaperReference InText => new(TextNumber, TextDate, TextIssuer);

    public bool IsWhole => Received == Length;

    public static EvidenceUpload Begin(EvidencePlace place, string fileName, FileKind kind, PaperReference paper, long length, string? announced, string metadata, string by, DateTimeOffset now, TimeSpan keep) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = place.Season,
        Unit = place.Unit,
        Criterion = place.Criterion,
        FileName = fileName,
        Kind = kind.Name,
        PaperNumber = paper.Number,
        PaperDate = paper.Date,
        PaperIssuer = paper.Issuer,
        Metadata = metadata,
        Length = length,
        Announced = announced,
        CreatedBy = by,
        CreatedAt = now,
        ExpiresAt = now + keep,
    };

    public void Finish(Guid evidence) => (State, EvidenceId) = (UploadState.Finished, evidence);

    public void Refuse(string code, string details) => (State, RefusedWith, Refusal) = (UploadState.Refused, code, details);

    public void Terminate() => State = UploadState.Terminated;

    public void Expire() => State = UploadState.Expired;
}
