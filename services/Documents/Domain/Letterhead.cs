using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Thể thức của cơ quan ban hành: what stands at the head and the foot of its papers, from one day to another. A version never changes.</summary>
public sealed class Letterhead
{
    public const int LongestCode = 60;

    public required Guid Id { get; init; }

    /// <summary>Chosen by the agency; the same for all versions.</summary>
    public required string Code { get; init; }

    /// <summary>1, 2, …; of those that hold on a day the latest counts.</summary>
    public required int Version { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    public required LetterheadProfile Profile { get; init; }
    public required string RegisteredBy { get; init; }
    public required DateTimeOffset RegisteredAt { get; init; }
    public uint RowVersion { get; private init; }

    /// <summary>What stands for a cluster in the symbol of its papers: its code, as far as that may stand there.</summary>
    public static string AbbreviationOf(string code, bool isKhoi)
    {
        var letters = string.Concat(code.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        return letters.Length > 0 && char.IsLetter(letters[0]) ? letters : (isKhoi ? "KTĐ" : "CTĐ") + letters;
    }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidTo ?? day) >= day;

    /// <summary>The issuer's part of a paper that the agency itself issues.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-letterhead</c>; <c>validation-failed</c>: UNKNOWN_SIGNER.</exception>
    public PaperIssue IssueFor(PaperKind kind, string? signer, string? secretaryName, DateOnly draftedOn)
    {
        if (Profile.Scope != LetterheadScope.Agency)
        {
            throw new RuleViolationException("wrong-letterhead", $"Thể thức {Code} dành cho văn bản của cụm, khối.");
        }

        var found = Profile.Signers.SingleOrDefault(known => known.Code == signer)
            ?? throw new RuleViolationException(
                "validation-failed", "Dữ liệu gửi lên chưa đúng.",
                [new Violation("UNKNOWN_SIGNER", "/signer", $"Người ký phải là một trong {string.Join(", ", Profile.Signers.Select(known => known.Code))} của thể thức {Code}.")]);
        return new PaperIssue(
            Profile.SuperiorAgency, Profile.Agency!, Profile.Abbreviation!, Profile.Place, null, null, draftedOn,
            found.Authority.Lines.SkipLast(1).ToList(), found.Authority.Lines[^1], found.Name, Profile.RecipientsOf(kind), secretaryName);
    }

    /// <summary>The issuer's part of a paper of a cluster: the cluster is the issuer, its leader signs.</summary>
    /// <param name="kind">Loại văn bản.</param>
    /// <param name="code">Of the cluster.</param>
    /// <param name="name">Of the cluster.</param>
    /// <param name="isKhoi">Khối, not cụm.</param>
    /// <param name="signerName">The head of the leader; null: blank, to be written by hand.</param>
    /// <param name="secretaryName">Who keeps the minutes; null: blank.</param>
    /// <param name="draftedOn">The day on which it is drawn up.</param>
    /// <exception cref="RuleViolationException"><c>wrong-letterhead</c>.</exception>
    public PaperIssue IssueForCluster(PaperKind kind, string code, string name, bool isKhoi, string? signerName, string? secretaryName, DateOnly draftedOn) => Profile.Scope == LetterheadScope.Clusters
        ? new PaperIssue(
            Profile.SuperiorAgency, name, AbbreviationOf(code, isKhoi), Profile.Place, null, null, draftedOn,
            [], isKhoi ? "KHỐI TRƯỞNG" : "CỤM TRƯỞNG", signerName ?? "", Profile.RecipientsOf(kind), secretaryName ?? "")
        : throw new RuleViolationException("wrong-letterhead", $"Thể thức {Code} không dành cho văn bản của cụm, khối.");
}

/// <summary>Phạm vi của thể thức.</summary>
public enum LetterheadScope
{
    /// <summary>One agency, with its signers.</summary>
    Agency,

    /// <summary>All clusters: each issues under its own name.</summary>
    Clusters,
}

/// <summary>Nội dung của thể thức.</summary>
/// <param name="Scope">Phạm vi.</param>
/// <param name="SuperiorAgency">Cơ quan chủ quản trực tiếp; null: none is named.</param>
/// <param name="Agency">Tên cơ quan; null for clusters, which have names of their own.</param>
/// <param name="Abbreviation">Chữ viết tắt in the paper's symbol; null for clusters, which have their code.</param>
/// <param name="Place">Địa danh.</param>
/// <param name="Signers">Người ký; none for clusters.</param>
/// <param name="Recipients">Nơi nhận, by kind of paper.</param>
public sealed record LetterheadProfile(
    LetterheadScope Scope,
    string? SuperiorAgency,
    string? Agency,
    string? Abbreviation,
    string Place,
    IReadOnlyList<LetterheadSigner> Signers,
    IReadOnlyDictionary<PaperKind, IReadOnlyList<string>> Recipients)
{
    private const int LongestText = 200;
    private const int LongestAbbreviation = 20;
    private const int MostSigners = 50;
    private const int MostRecipients = 30;

    public IReadOnlyList<string> RecipientsOf(PaperKind kind) => Recipients.GetValueOrDefault(kind) ?? [];

    /// <summary>Everything that is wrong with it, at once.</summary>
    public IReadOnlyList<Violation> Problems()
    {
        var problems = new List<Violation>();
        Text("/place", Place);
        if (SuperiorAgency is not null)
        {
            Text("/superior_agency", SuperiorAgency);
        }

        if (Scope == LetterheadScope.Agency)
        {
            Text("/agency", Agency);
            Text("/abbreviation", Abbreviation, LongestAbbreviation);
            if (Signers.Count is 0 or > MostSigners)
            {
                problems.Add(new Violation(Signers.Count == 0 ? "MISSING_PROPERTY" : "TOO_MANY", "/signers", $"Cần từ 1 đến {MostSigners} người ký."));
            }
        }
        else
        {
            Unused("/agency", Agency is null);
            Unused("/abbreviation", Abbreviation is null);
            Unused("/signers", Signers.Count == 0);
        }

        if (!string.IsNullOrEmpty(Abbreviation) && !DocumentNumber.IsAbbreviation(Abbreviation))
        {
            problems.Add(new Violation("WRONG_TYPE", "/abbreviation", "Chữ viết tắt bắt đầu bằng chữ cái, chỉ gồm chữ cái, chữ số và dấu nối giữa các nhóm chữ."));
        }

        for (var index = 0; index < Signers.Count; index++)
        {
            Signer(Signers[index], $"/signers/{index}");
        }

        if (Signers.Select(signer => signer.Code).Distinct(StringComparer.Ordinal).Count() < Signers.Count)
        {
            problems.Add(new Violation("DUPLICATE", "/signers", "Hai người ký có cùng mã."));
        }

        foreach (var (kind, lines) in Recipients)
        {
            var path = $"/recipients/{UpperSnake.Of(kind)}";
            if (lines.Count > MostRecipients)
            {
                problems.Add(new Violation("TOO_MANY", path, $"Tối đa {MostRecipients} dòng nơi nhận."));
            }

            for (var index = 0; index < lines.Count; index++)
            {
                Text($"{path}/{index}", lines[index]);
            }
        }

        return problems;

        void Text(string path, string? value, int longest = LongestText)
        {
            if (string.IsNullOrEmpty(value))
            {
                problems.Add(new Violation("MISSING_PROPERTY", path, "Thiếu giá trị."));
            }
            else if (value.Length > longest || value.Contains('\n', StringComparison.Ordinal))
            {
                problems.Add(new Violation("TOO_LONG", path, $"Một dòng, tối đa {longest} ký tự."));
            }
        }

        void Unused(string path, bool isUnused)
        {
            if (!isUnused)
            {
                problems.Add(new Violation("NOT_TAKEN", path, "Cụm, khối ban hành dưới tên và mã của mình."));
            }
        }

        void Signer(LetterheadSigner signer, string path)
        {
            Text($"{path}/code", signer.Code, Letterhead.LongestCode);
            Text($"{path}/name", signer.Name);
            Text($"{path}/head_title", signer.Authority.HeadTitle);
            foreach (var (member, value) in new[] { ("own_title", signer.Authority.OwnTitle), ("collective", signer.Authority.Collective), ("delegation", signer.Delegation) })
            {
                if (value is not null)
                {
                    Text($"{path}/{member}", value);
                }
            }

            if (signer.Delegation is null && signer.Authority.Capacity is SigningCapacity.ByOrder or SigningCapacity.ByAuthorisation)
            {
                problems.Add(new Violation("MISSING_PROPERTY", $"{path}/delegation", "Ký thừa lệnh, thừa ủy quyền cần văn bản giao quyền."));
            }

            try
            {
                _ = signer.Authority.Lines;
            }
            catch (RuleViolationException wrong)
            {
                problems.Add(new Violation("WRONG_AUTHORITY", $"{path}/capacity", wrong.Message));
            }
        }
    }
}

/// <summary>Người ký.</summary>
/// <param name="Code">Within the letterhead.</param>
/// <param name="Name">Họ và tên.</param>
/// <param name="Authority">Thẩm quyền ký.</param>
/// <param name="Delegation">The document that gives the authority; needed to sign by order or by authorisation.</param>
public sealed record LetterheadSigner(string Code, string Name, SigningAuthority Authority, string? Delegation);
