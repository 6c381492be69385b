namespace ThiDua.Documents.Domain;

/// <summary>Who asks for a paper, as far as it matters here.</summary>
/// <param name="Unit">Code of the caller's unit, when he acts for it; null for agencies.</param>
/// <param name="Head">Thủ trưởng of the unit.</param>
/// <param name="Appraiser">Chuyên viên cơ quan thường trực.</param>
/// <param name="AppraisalHead">Lãnh đạo cơ quan thường trực.</param>
/// <param name="Secretary">Thư ký Hội đồng.</param>
/// <param name="Council">Hội đồng: secretary, member or chair.</param>
/// <param name="Auditor">Kiểm tra, giám sát.</param>
public sealed record PaperActor(string? Unit, bool Head, bool Appraiser, bool AppraisalHead, bool Secretary, bool Council, bool Auditor)
{
    public bool StandingAgency => Appraiser || AppraisalHead;

    /// <summary>A caller without a unit belongs to none.</summary>
    public bool BelongsTo(string? unit) => Unit is not null && Unit == unit;
}

/// <summary>Thẩm quyền đối với văn bản: who may see a paper and who may take its next step. What is not named is refused.</summary>
/// <param name="About">What the paper is about.</param>
/// <param name="WasIssued">Whether it ever went out.</param>
/// <param name="Leader">The cluster's leader; null for papers that are not a cluster's.</param>
/// <param name="Members">The cluster's members.</param>
public sealed record PaperAccess(PaperSubject About, bool WasIssued, string? Leader, IReadOnlyList<string> Members)
{
    /// <summary>What is put before the council, or comes from it.</summary>
    public static IReadOnlyList<PaperKind> ForCouncil { get; } =
    [
        PaperKind.VoteCountMinutes, PaperKind.ProvincialFlagSubmission, PaperKind.GovernmentFlagSubmission, PaperKind.CertificateSubmission,
        PaperKind.NominationList, PaperKind.DraftDecision,
    ];

    private static bool IsOfCouncil(PaperKind kind) => kind == PaperKind.VoteCountMinutes;

    private bool IsLedBy(PaperActor actor) => PaperSubject.IsOfCluster(About.Kind) && actor.BelongsTo(Leader);

    /// <summary>
    /// The standing agency and auditors always; whoever draws it up; once it was issued the council (what is put before it), the members of
    /// its cluster (papers of the cluster) and the unit that it is addressed to.
    /// </summary>
    public bool MayBeSeenBy(PaperActor actor) =>
        actor.StandingAgency
        || actor.Auditor
        || IsLedBy(actor)
        || (IsOfCouncil(About.Kind) && actor.Secretary)
        || (WasIssued && ForCouncil.Contains(About.Kind) && actor.Council)
        || (WasIssued && PaperSubject.IsOfCluster(About.Kind) && actor.Unit is not null && Members.Contains(actor.Unit))
        || (WasIssued && About.Kind == PaperKind.UnitNotice && actor.BelongsTo(About.Unit));

    /// <summary>The standing agency drafts any paper of the season, a cluster's leader those of the cluster, the council's secretary the vote count.</summary>
    public bool MayBeDraftedBy(PaperActor actor) => actor.StandingAgency || IsLedBy(actor) || (IsOfCouncil(About.Kind) && actor.Secretary);

    /// <summary>Papers of a cluster: the head of its leader. The vote count: the council's secretary. All others: the head of the standing agency.</summary>
    public bool MayBeIssuedBy(PaperActor actor) =>
        PaperSubject.IsOfCluster(About.Kind) ? IsLedBy(actor) && actor.Head
        : IsOfCouncil(About.Kind) ? actor.Secretary
        : actor.AppraisalHead;

    /// <summary>Who issues takes back; a draft may be given up by whoever may draft it.</summary>
    public bool MayBeWithdrawnBy(PaperActor actor) => MayBeIssuedBy(actor) || (!WasIssued && MayBeDraftedBy(actor));
}
