namespace ThiDua.Awards.Domain;

/// <summary>Điều kiện họp hợp lệ (F-19), counted against all members in force on the day of the session.</summary>
/// <param name="Members">Size of the council on that day.</param>
/// <param name="Counted">Members who count: those present and, where the policy says so, absent ones with a written opinion.</param>
/// <param name="Needed">⌈members · share⌉.</param>
public sealed record Quorum(int Members, int Counted, int Needed)
{
    public bool IsReached => Members > 0 && Counted >= Needed;

    /// <param name="kind">What the session is about.</param>
    /// <param name="members">Size of the council.</param>
    /// <param name="present">Members in the room.</param>
    /// <param name="written">Absent members who sent a written opinion.</param>
    /// <param name="switches">The policy.</param>
    public static Quorum Of(SessionKind kind, int members, int present, int written, CouncilSwitches switches) => kind is SessionKind.Awards
        ? new(members, present + (switches.QuorumCountsWrittenOpinions ? written : 0), switches.QuorumAward.ToFraction().CeilingOf(members))
        : new(members, present, switches.Quorum.ToFraction().CeilingOf(members));
}
