using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Cách thống nhất: how many of its members a cluster needs to agree on its table .</summary>
public enum AgreementBy
{
    /// <summary>Đa số thành viên: more than half of all members.</summary>
    MajorityOfMembers,

    /// <summary>Tất cả thành viên.</summary>
    Unanimous,
}

/// <summary>Thống nhất bảng tiêu chí: counted against all members, who did not vote did not agree.</summary>
public static class Agreement
{
    /// <param name="by">What the rule asks for.</param>
    /// <param name="yes">Members who agreed.</param>
    /// <param name="members">All members of the cluster.</param>
    public static bool Reached(AgreementBy by, int yes, int members) => by switch
    {
        AgreementBy.MajorityOfMembers => 2 * yes > members,
        AgreementBy.Unanimous => members > 0 && yes == members,
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, null),
    };

    /// <summary>The rule as Clusters names it.</summary>
    public static AgreementBy Parse(string name) => UpperSnake.TryParse<AgreementBy>(name, out var by) ? by : throw new ArgumentOutOfRangeException(nameof(name), name, null);
}
