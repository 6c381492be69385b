using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Hồ sơ đề nghị khen thưởng: when it was received, and the law that was chosen for it by that day. The choice is kept with the versions
/// of the register that it was made from; a later change of the register is shown beside it and changes nothing in it.
/// </summary>
public sealed class Dossier
{
    private Dossier()
    {
    }

    public Guid Id { get; private init; }
    public string Season { get; private init; } = "";
    public AwardKind Award { get; private init; }

    /// <summary>Codes of the clusters whose units it proposes.</summary>
    public string[] Clusters { get; private init; } = [];

    /// <summary>The nomination that it carries, when it is one.</summary>
    public Guid? NominationId { get; private init; }

    /// <summary>Ngày tiếp nhận: the server's, or that of the stamp on a dossier that came on paper.</summary>
    public DateOnly ReceivedOn { get; private init; }

    /// <summary>Number of the incoming document; null when the dossier came through the system.</summary>
    public string? Document { get; private init; }

    public string ReceivedBy { get; private init; } = "";
    public DateTimeOffset RecordedAt { get; private init; }

    /// <summary>One choice of each line of instruments.</summary>
    public IReadOnlyList<DossierLaw> Laws { get; private set; } = [];

    public uint RowVersion { get; private set; }

    public static Dossier Receive(
        string season, AwardKind award, string[] clusters, Guid? nomination, DateOnly receivedOn, string? document, IReadOnlyCollection<Instrument> register, string by, DateTimeOffset now, DateOnly today) => new()
        {
            Id = Guid.CreateVersion7(now),
            Season = season,
            Award = award,
            Clusters = clusters,
            NominationId = nomination,
            ReceivedOn = receivedOn,
            Document = document,
            ReceivedBy = by,
            RecordedAt = now,
            Laws = [.. ApplicableLaw.FamiliesOf(register).Select(family => new DossierLaw(ApplicableLaw.Choose(register, family, receivedOn, today), null))],
        };

    /// <summary>Records that a newer law is more favourable and takes it, where its transition rule allows that.</summary>
    /// <exception cref="AccessDeniedException"><c>receiver-decides</c>: the one who received the dossier.</exception>
    /// <exception cref="RuleViolationException"><c>UNKNOWN_FAMILY</c>, <c>exception-recorded</c>, <c>no-favourable-law</c>.</exception>
    public void TakeMoreFavourable(string family, FavourableException exception, IReadOnlyCollection<Instrument> register, DateOnly today)
    {
        if (exception.By == ReceivedBy)
        {
            throw new AccessDeniedException("receiver-decides", "Người tiếp nhận hồ sơ không được quyết định áp dụng quy định có lợi hơn cho hồ sơ đó.");
        }

        var law = Laws.FirstOrDefault(known => known.Choice.Family == family);
        if (law is null)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("UNKNOWN_FAMILY", "/family", $"Hồ sơ không có dòng văn bản {family}.")]);
        }

        if (law.Exception is not null)
        {
            throw new RuleViolationException("exception-recorded", $"Hồ sơ đã ghi nhận ngoại lệ có lợi hơn cho dòng văn bản {family}.");
        }

        var choice = ApplicableLaw.Choose(register, family, ReceivedOn, today, moreFavourable: true);
        if (!choice.IsMoreFavourable)
        {
            throw new RuleViolationException("no-favourable-law", $"{choice.Derivation.Statement} Không có văn bản mới nào cho phép áp dụng quy định có lợi hơn.");
        }

        Laws = [.. Laws.Select(known => known == law ? new DossierLaw(choice, exception) : known)];
    }

    /// <summary>What the register says now of the same receipt, with the same exception.</summary>
    public LawChoice AsRegisteredNow(DossierLaw law, IReadOnlyCollection<Instrument> register, DateOnly today) =>
        ApplicableLaw.Choose(register, law.Choice.Family, ReceivedOn, law.Exception?.On ?? today, law.Exception is not null);
}

/// <summary>Văn bản áp dụng của một hồ sơ, in one line of instruments.</summary>
/// <param name="Choice">As it was made.</param>
/// <param name="Exception">Who recorded that a newer law is more favourable, and why; null: nobody.</param>
public sealed record DossierLaw(LawChoice Choice, FavourableException? Exception);

/// <summary>Ngoại lệ “có lợi hơn”: the decision to take the newer law.</summary>
/// <param name="Reason">In what it is more favourable.</param>
/// <param name="Document">The document of the decision.</param>
/// <param name="Provision">Điều khoản of the newer law.</param>
/// <param name="By">Account.</param>
/// <param name="On">Day in Việt Nam by which newer law was looked for.</param>
/// <param name="At">When.</param>
public sealed record FavourableException(string Reason, string Document, string Provision, string By, DateOnly On, DateTimeOffset At);
