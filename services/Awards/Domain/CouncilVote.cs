using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Biểu quyết của Hội đồng: counted against all members, present or not (F-20).</summary>
public sealed record CouncilVote
{
    private CouncilVote(int members, int yes, int needed) => (Members, Yes, Needed) = (members, yes, needed);

    /// <summary>Size of the council.</summary>
    public int Members { get; }

    /// <summary>Votes in favour, written opinions included.</summary>
    public int Yes { get; }

    /// <summary>Votes that it took: ⌈members · threshold⌉.</summary>
    public int Needed { get; }

    public bool Passed => Yes >= Needed;

    /// <summary>Votes needed of <paramref name="members"/>, rounded up.</summary>
    public static int NeededOf(int members, Fraction threshold) => threshold.CeilingOf(members);

    /// <summary>Counts a vote.</summary>
    /// <param name="members">Size of the council.</param>
    /// <param name="yes">Votes in favour.</param>
    /// <param name="switches">The policy's switches, for the threshold.</param>
    public static CouncilVote Count(int members, int yes, AwardSwitches switches) =>
        new(members, yes, NeededOf(members, Fraction.Percent(switches.VoteThresholdPercent)));

    /// <summary>A vote as it was counted at the time, by the policy of its list.</summary>
    public static CouncilVote Recorded(Ballot ballot) => new(ballot.Members, ballot.Yes, ballot.Needed);

    /// <summary>
    /// What is wrong with a ballot. <c>VOTES_EXCEED_MEMBERS</c>: more votes than the council has members;
    /// <c>NEGATIVE</c>: fewer than none; <c>BALLOT_NOT_CANDIDATE</c>: there is no such candidate to vote on.
    /// </summary>
    /// <param name="award">What is voted on. The certificate needs no ballot, so there is none to record.</param>
    /// <param name="members">Size of the council.</param>
    /// <param name="yes">Votes in favour.</param>
    /// <param name="flag">Where the cluster's nomination for the provincial flag stands now; null: there is none.</param>
    /// <param name="alreadyVoted">This very award of this cluster has been voted on.</param>
    public static IReadOnlyList<Violation> Check(AwardKind award, int members, int yes, NominationStatus? flag, bool alreadyVoted)
    {
        List<Violation> errors = [];
        if (members < 1)
        {
            errors.Add(new Violation("NEGATIVE", "/members", "Số thành viên Hội đồng phải lớn hơn 0."));
        }

        if (yes < 0)
        {
            errors.Add(new Violation("NEGATIVE", "/yes", "Số phiếu đồng ý không được âm."));
        }

        if (yes > members)
        {
            errors.Add(new Violation("VOTES_EXCEED_MEMBERS", "/yes", $"Số phiếu đồng ý ({yes}) nhiều hơn số thành viên Hội đồng ({members})."));
        }

        var refusal = award switch
        {
            AwardKind.ChairmanMerit => "Bằng khen của Chủ tịch UBND tỉnh không qua bỏ phiếu.",
            _ when flag is null => "Cụm, khối này không có đề nghị tặng Cờ thi đua của UBND tỉnh.",
            AwardKind.ProvincialFlag when flag is not NominationStatus.Candidate => $"Đề nghị tặng Cờ thi đua của UBND tỉnh đang ở trạng thái {Label(flag.Value)}, không phải ứng viên.",
            AwardKind.GovernmentFlag when flag is not NominationStatus.Passed => $"Chỉ bỏ phiếu Cờ thi đua của Chính phủ cho đơn vị đã được thông qua Cờ thi đua của UBND tỉnh; đề nghị của cụm, khối đang ở trạng thái {Label(flag.Value)}.",
            _ when alreadyVoted => "Đề nghị này đã có kết quả biểu quyết.",
            _ => null,
        };
        if (refusal is not null)
        {
            errors.Add(new Violation("BALLOT_NOT_CANDIDATE", "/cluster", refusal));
        }

        return errors;
    }

    private static string Label(NominationStatus status) => status switch
    {
        NominationStatus.Candidate => "chưa biểu quyết",
        NominationStatus.Hold => "chưa đề nghị (đang chờ kết luận)",
        NominationStatus.Vacant => "để trống",
        NominationStatus.Unresolved => "chưa xác định đơn vị",
        NominationStatus.Passed => "đã thông qua",
        NominationStatus.Failed => "không được thông qua",
        NominationStatus.Revoked => "đã hủy bỏ quyết định khen thưởng",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
