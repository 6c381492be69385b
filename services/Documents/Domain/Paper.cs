using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Trạng thái của văn bản.</summary>
public enum PaperState
{
    /// <summary>Dự thảo: made from the facts, without number and date.</summary>
    Draft,

    /// <summary>Đã ban hành: number and date given, content made again with them.</summary>
    Issued,

    /// <summary>Đã ký số: the signed file is kept and never changes.</summary>
#pragma warning disable CA1720 // the word of the procedure, not a type
    Signed,
#pragma warning restore CA1720

    /// <summary>Đã được thay thế by a later paper of the same subject.</summary>
    Superseded,

    /// <summary>Đã thu hồi, with the reason; a draft that was given up, too.</summary>
    Withdrawn,
}

/// <summary>Nội dung đã in: what a paper says, and by which template and which hash it does so.</summary>
/// <param name="Content">Every value as it is printed; the record of the paper.</param>
/// <param name="TemplateVersion">0 is the template that the product comes with.</param>
/// <param name="TemplateSha256">Of the template's file.</param>
/// <param name="Hash">Of content and template; it stands in the footer.</param>
/// <param name="Docx">SHA-256 of the file, under which it is kept.</param>
/// <param name="Warnings">What the composition found worth a look, for people.</param>
public sealed record PrintedPaper(PaperContent Content, int TemplateVersion, string TemplateSha256, string Hash, string Docx, IReadOnlyList<string> Warnings);

/// <summary>Số, ký hiệu và ngày ban hành, as the register gave them.</summary>
/// <param name="Abbreviation">Chữ viết tắt of the issuing agency.</param>
/// <param name="Letters">Chữ viết tắt of the kind, such as TTr; null for annexes, which have the number of another paper.</param>
/// <param name="Number">Within agency, kind and year; null for annexes.</param>
/// <param name="Symbol">For people: 05/TTr-SNV, or of which paper it is an annex.</param>
/// <param name="Date">Ngày ban hành.</param>
public sealed record PaperRegistration(string Abbreviation, string? Letters, int? Number, string Symbol, DateOnly Date);

/// <summary>Chữ ký số: the files of a signature and what a person wants to know of it.</summary>
/// <param name="SignedPdf">SHA-256 of the signed file.</param>
/// <param name="Detached">SHA-256 of the detached signature.</param>
/// <param name="CertificateSubject">Whose certificate.</param>
/// <param name="CertificateIssuer">Who vouches for it.</param>
/// <param name="SerialNumber">Of the certificate.</param>
/// <param name="IsTest">The certificate is not one of an official authority.</param>
/// <param name="At">When.</param>
public sealed record PaperSignature(string SignedPdf, string Detached, string CertificateSubject, string CertificateIssuer, string SerialNumber, bool IsTest, DateTimeOffset At);

/// <summary>Văn bản: one paper of a season from its draft to its signature. What was issued stays what it was.</summary>
public sealed class Paper
{
    public const int LongestReason = 1000;
    public const int LongestName = 200;

    public required Guid Id { get; init; }
    public required PaperKind Kind { get; init; }
    public required string Season { get; init; }
    public Guid? ClusterId { get; init; }

    /// <summary>Code of the cluster, for people.</summary>
    public string? Cluster { get; init; }

    public string? Unit { get; init; }
    public string? Award { get; init; }

    /// <summary>See <see cref="PaperSubject.Key"/>.</summary>
    public required string Subject { get; init; }

    /// <summary>Code of the letterhead that it is made with.</summary>
    public required string Letterhead { get; init; }

    /// <summary>Version of the letterhead.</summary>
    public required int LetterheadVersion { get; set; }

    /// <summary>Code of the signer in the letterhead; null for a paper of a cluster.</summary>
    public string? Signer { get; init; }

    /// <summary>Who signs for a cluster.</summary>
    public string? SignerName { get; init; }

    /// <summary>Who keeps the minutes.</summary>
    public string? SecretaryName { get; init; }

    /// <summary>Cơ quan ban hành, for people.</summary>
    public required string Agency { get; set; }

    /// <summary>Hash of the draft: what the same facts, template and letterhead give again.</summary>
    public required string Fingerprint { get; init; }

    public required PaperContent Content { get; set; }
    public required int TemplateVersion { get; set; }
    public required string TemplateSha256 { get; set; }
    public required string Hash { get; set; }
    public required string Docx { get; set; }
    public required IReadOnlyList<string> Warnings { get; set; }

    public PaperState State { get; private set; }
    public string? Abbreviation { get; private set; }
    public string? Letters { get; private set; }
    public int? Year { get; private set; }
    public int? Number { get; private set; }
    public string? Symbol { get; private set; }
    public DateOnly? Date { get; private set; }
    public PaperSignature? Signature { get; private set; }

    public required string DraftedBy { get; init; }
    public required DateTimeOffset DraftedAt { get; init; }
    public string? IssuedBy { get; private set; }
    public DateTimeOffset? IssuedAt { get; private set; }
    public string? SignedBy { get; private set; }
    public string? WithdrawnBy { get; private set; }
    public DateTimeOffset? WithdrawnAt { get; private set; }
    public string? WithdrawnBecause { get; private set; }
    public Guid? SupersededBy { get; private set; }
    public uint RowVersion { get; private init; }

    /// <summary>It went out once: those whom it concerns know of it, whatever became of it.</summary>
    public bool WasIssued => IssuedAt is not null;

    /// <summary>In force: what the open verification confirms.</summary>
    public bool IsPublished => State is PaperState.Issued or PaperState.Signed;

    /// <summary>What it is about.</summary>
    public PaperSubject About => new(Kind, Season, ClusterId, Unit, Award);

    /// <summary>The letterhead of the day on which it is issued.</summary>
    public void Follow(int letterheadVersion, string agency) => (LetterheadVersion, Agency) = (letterheadVersion, agency);

    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void RequireDraft()
    {
        if (State != PaperState.Draft)
        {
            throw new RuleViolationException("wrong-state", $"Văn bản đang ở trạng thái {UpperSnake.Of(State)}; chỉ ban hành được dự thảo.");
        }
    }

    /// <summary>Ban hành: the register gave number and date, and the paper says so.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void Issue(PaperRegistration registration, PrintedPaper printed, string by, DateTimeOffset at)
    {
        RequireDraft();
        (Content, TemplateVersion, TemplateSha256, Hash, Docx, Warnings) = (printed.Content, printed.TemplateVersion, printed.TemplateSha256, printed.Hash, printed.Docx, printed.Warnings);
        (Abbreviation, Letters, Year, Number, Symbol, Date) = (registration.Abbreviation, registration.Letters, registration.Date.Year, registration.Number, registration.Symbol, registration.Date);
        (State, IssuedBy, IssuedAt) = (PaperState.Issued, by, at);
    }

    /// <exception cref="RuleViolationException"><c>already-signed</c>, <c>wrong-state</c>.</exception>
    public void RequireSignable()
    {
        if (Signature is not null)
        {
            throw new RuleViolationException("already-signed", "Văn bản đã được ký số; tệp đã ký không thay đổi.");
        }

        if (State != PaperState.Issued)
        {
            throw new RuleViolationException("wrong-state", $"Văn bản đang ở trạng thái {UpperSnake.Of(State)}; chỉ ký được văn bản đã có số và ngày ban hành.");
        }
    }

    /// <summary>Ký số: once, and never again.</summary>
    /// <exception cref="RuleViolationException"><c>already-signed</c>, <c>wrong-state</c>.</exception>
    public void Sign(PaperSignature signature, string by)
    {
        RequireSignable();
        (State, Signature, SignedBy) = (PaperState.Signed, signature, by);
    }

    /// <summary>A later paper of the same subject was issued.</summary>
    public void Supersede(Guid by)
    {
        if (State is PaperState.Draft or PaperState.Issued or PaperState.Signed)
        {
            (State, SupersededBy) = (PaperState.Superseded, by);
        }
    }

    /// <summary>Thu hồi. Its number is not given again.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-state</c>.</exception>
    public void Withdraw(string reason, string by, DateTimeOffset at)
    {
        if (State is PaperState.Superseded or PaperState.Withdrawn)
        {
            throw new RuleViolationException("wrong-state", $"Văn bản đang ở trạng thái {UpperSnake.Of(State)}, không còn hiệu lực để thu hồi.");
        }

        (State, WithdrawnBecause, WithdrawnBy, WithdrawnAt) = (PaperState.Withdrawn, reason, by, at);
    }
}
