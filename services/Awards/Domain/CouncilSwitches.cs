using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Quy định về họp và biểu quyết của Hội đồng (F-19, F-20): the part of a policy that sessions are held by.</summary>
public sealed record CouncilSwitches
{
    /// <summary>F-19: share of all members that makes an ordinary session valid.</summary>
    public required QuorumShare Quorum { get; init; }

    /// <summary>F-19: share of all members that makes a session on awards valid.</summary>
    public required QuorumShare QuorumAward { get; init; }

    /// <summary>
    /// F-19: whether an absent member who sent a written opinion counts towards the quorum of a session on awards. The opinion counts as a
    /// vote in any case (F-20).
    /// </summary>
    public required bool QuorumCountsWrittenOpinions { get; init; }

    /// <summary>F-20: whether a member who may not vote on an item still counts among all members.</summary>
    public required RecusedMembers RecusedCount { get; init; }
}

/// <summary>Thành viên không được biểu quyết do liên quan: what they are to the number of votes needed.</summary>
public enum RecusedMembers
{
    /// <summary>They stay among all members: their abstention works like a vote against (F-20, TOTAL_MEMBERS).</summary>
    Counted,

    /// <summary>The share is taken of the others only.</summary>
    NotCounted,
}

/// <summary>Tỷ lệ họp hợp lệ: two thirds has no exact percentage.</summary>
/// <param name="Numerator">From 1.</param>
/// <param name="Denominator">Not below the numerator.</param>
public sealed record QuorumShare(int Numerator, int Denominator)
{
    public Fraction ToFraction() => new(Numerator, Denominator);
}

/// <summary>Quy định về lấy ý kiến công khai (F-21).</summary>
public sealed record ConsultationSwitches
{
    /// <summary>Awards that nobody votes on before a consultation about the unit is concluded.</summary>
    public required IReadOnlyList<AwardKind> RequiredFor { get; init; }

    /// <summary>Shortest duration in working days. Sources disagree (5 or 7), so it is data with its own basis.</summary>
    public required int WorkingDays { get; init; }

    /// <summary>Căn cứ of the duration, and whether it is verified.</summary>
    public required string Basis { get; init; }
}

/// <summary>Căn cứ hủy bỏ quyết định khen thưởng (F-29).</summary>
public sealed record RevocationSwitches
{
    public required IReadOnlyList<RevocationGround> Grounds { get; init; }

    public required string Basis { get; init; }
}

/// <summary>Trường hợp bị hủy bỏ quyết định khen thưởng.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Label">Vietnamese, for people.</param>
public sealed record RevocationGround(string Code, string Label);
