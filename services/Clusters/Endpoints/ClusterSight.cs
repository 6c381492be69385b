using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Who may see what a cluster does among its members, and who acts for it; whoever may not see it is told that there is nothing.</summary>
internal static class ClusterSight
{
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor];

    /// <summary>Members, the standing agency and the auditor.</summary>
    public static readonly string[] Readers = [Roles.UnitClerk, Roles.UnitHead, .. s_agency];

    public static bool SeesAllClusters(this Caller caller) => caller.Is(s_agency);

    /// <summary>The unit whose members of staff the caller is one of, where the caller acts as such.</summary>
    public static string? OwnUnit(this Caller caller) => caller.Is(Roles.UnitClerk, Roles.UnitHead) ? caller.Unit : null;

    public static bool Sees(this Caller caller, Cluster cluster) =>
        caller.SeesAllClusters() || (caller.OwnUnit() is { } unit && cluster.Members.Any(member => member.Unit == unit));

    /// <exception cref="AccessDeniedException"><c>not-leader</c>.</exception>
    public static void RequireLeader(this Caller caller, Cluster cluster)
    {
        if (!caller.BelongsTo(cluster.Leader))
        {
            throw new AccessDeniedException("not-leader", "Chỉ đơn vị trưởng của cụm, khối được thực hiện bước này.");
        }
    }
}
