using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Trạng thái minh chứng.</summary>
public enum EvidenceState
{
    /// <summary>Counts for its line.</summary>
    Stored,

    /// <summary>Cách ly: waits for the scanner; nobody can read it and it counts for nothing yet.</summary>
    Quarantined,

    /// <summary>Taken back by its unit before submission; its content is kept.</summary>
    Withdrawn,

    /// <summary>The scanner found malware in it; its content is removed, its row stays.</summary>
    Rejected,
}

/// <summary>Kết quả quét mã độc.</summary>
public enum ScanState
{
    /// <summary>No scanner was set when it came: it counts, and the state says what was not done.</summary>
    NotScanned,

    /// <summary>Not scanned yet, or the scanner was away.</summary>
    Waiting,

    /// <summary>Scanned; nothing was found.</summary>
    Clean,

    /// <summary>Scanned; something was found.</summary>
    Infected,
}

/// <summary>Số, ngày và cơ quan ban hành: what the paper itself says it is; all optional.</summary>
public sealed record PaperReference(string? Number, DateOnly? Date, string? Issuer)
{
    public static PaperReference None { get; } = new(null, null, null);
}

/// <summary>Tệp minh chứng as it was received.</summary>
/// <param name="Name">For people.</param>
/// <param name="MediaType">What it is served as.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
/// <param name="Text">What the text of the file says of the paper.</param>
public sealed record EvidenceFile(string Name, string MediaType, long Size, string Sha256, PaperReference Text);

/// <summary>Minh chứng: a file that a unit hands in for one line of its sheet. What was stored never changes; what is said of the paper can be corrected.</summary>
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

    public string? PaperNumber { get; private set; }
    public DateOnly? PaperDate { get; private set; }
    public string? PaperIssuer { get; private set; }

    /// <summary>What the text of the file says: proposals, as those from its name.</summary>
    public string? TextNumber { get; private init; }

    public DateOnly? TextDate { get; private init; }
    public string? TextIssuer { get; private init; }
    public string StoredBy { get; private init; } = "";
    public DateTimeOffset StoredAt { get; private init; }
    public EvidenceState State { get; private set; }
    public ScanState Scan { get; private set; }
    public DateTimeOffset? ScannedAt { get; private set; }

    /// <summary>What the scanner calls the thing that it found.</summary>
    public string? Malware { get; private set; }

    /// <summary>Why it still waits: the scanner's last fault.</summary>
    public string? ScanFault { get; private set; }

    public DateTimeOffset? WithdrawnAt { get; private set; }
    public string? WithdrawnBecause { get; private set; }

    /// <summary>When its content was given up because its retention period was over.</summary>
    public DateTimeOffset? ContentDeletedAt { get; private set; }

    public uint RowVersion { get; private init; }

    /// <summary>Whether somebody could read it now.</summary>
    public bool HasContent => ContentDeletedAt is null && State is (EvidenceState.Stored or EvidenceState.Withdrawn);

    public PaperReference Declared => new(PaperNumber, PaperDate, PaperIssuer);

    public PaperReference InText => new(TextNumber, TextDate, TextIssuer);

    public static Evidence Store(EvidencePlace place, EvidenceFile file, PaperReference paper, bool scan, string storedBy, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = place.Season,
        Unit = place.Unit,
        Criterion = place.Criterion,
        FileName = file.Name,
        ContentType = file.MediaType,
        Size = file.Size,
        Sha256 = file.Sha256,
        PaperNumber = paper.Number,
        PaperDate = paper.Date,
        PaperIssuer = paper.Issuer,
        TextNumber = file.Text.Number,
        TextDate = file.Text.Date,
        TextIssuer = file.Text.Issuer,
        StoredBy = storedBy,
        StoredAt = now,
        State = scan ? EvidenceState.Quarantined : EvidenceState.Stored,
        Scan = scan ? ScanState.Waiting : ScanState.NotScanned,
    };

    /// <exception cref="RuleViolationException"><c>wrong-state</c>: withdrawn already, or refused.</exception>
    public void Withdraw(string reason, DateTimeOffset now)
    {
        if (State is EvidenceState.Withdrawn or EvidenceState.Rejected)
        {
            throw new RuleViolationException("wrong-state", State == EvidenceState.Withdrawn ? "Minh chứng này đã được rút." : "Minh chứng này đã bị từ chối.");
        }

        State = EvidenceState.Withdrawn;
        WithdrawnAt = now;
        WithdrawnBecause = reason;
    }

    /// <summary>Says anew what the paper is.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-state</c>: it no longer counts.</exception>
    public void Correct(PaperReference paper)
    {
        if (State is EvidenceState.Withdrawn or EvidenceState.Rejected)
        {
            throw new RuleViolationException("wrong-state", "Minh chứng này đã được rút hoặc bị từ chối.");
        }

        (PaperNumber, PaperDate, PaperIssuer) = (paper.Number, paper.Date, paper.Issuer);
    }

    /// <summary>The scanner found nothing: from now on it counts.</summary>
    public void Release(DateTimeOffset now)
    {
        (State, Scan, ScannedAt, ScanFault) = (EvidenceState.Stored, ScanState.Clean, now, null);
    }

    /// <summary>The scanner found something.</summary>
    public void Reject(string malware, DateTimeOffset now)
    {
        (State, Scan, ScannedAt, Malware, ScanFault) = (EvidenceState.Rejected, ScanState.Infected, now, malware, null);
    }

    /// <summary>The scanner gave no answer.</summary>
    public void StillWaits(string fault) => ScanFault = fault;

    /// <summary>Its content goes: every period that kept it is over.</summary>
    public void GiveUpContent(DateTimeOffset now) => ContentDeletedAt ??= now;
}

/// <summary>The line of a sheet that a piece of evidence is for.</summary>
public sealed record EvidencePlace(string Season, string Unit, string Criterion);
