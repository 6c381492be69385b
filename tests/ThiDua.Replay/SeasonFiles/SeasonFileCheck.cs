using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>
/// Everything that keeps a season file from being played, all at once. Each fault is named where it is and only there:
/// what cannot be judged because of another fault is passed over.
/// </summary>
public static class SeasonFileCheck
{
    public static (SeasonFile? File, IReadOnlyList<Violation> Errors) Check(byte[] content)
    {
        List<Violation> errors = [];
        if (SeasonFileReader.Parse(content, errors) is not { } root)
        {
            return (null, errors);
        }

        var file = SeasonFileReader.Read(root);
        CheckCodes(file);
        CheckClusters(file, root);
        CheckExclusions(file, root);
        CheckVotes(file, root);
        CheckHistory(file, root);
        new ScoringCheck(file, root, errors).Run();
        PolicyCheck.Run(file.Policy);
        return (file, [.. errors.DistinctBy(error => (error.Code, error.Path))]);
    }

    private static void CheckCodes(SeasonFile file)
    {
        Once(file.Units, unit => unit.Code, unit => unit.At.Refuse("DUPLICATE_CODE", $"Mã đơn vị “{unit.Code}” đã có ở trên.", "code"));
        Once(file.Clusters, cluster => cluster.Code, cluster => cluster.At.Refuse("DUPLICATE_CODE", $"Mã cụm, khối “{cluster.Code}” đã có ở trên.", "code"));
        Once(file.Tables, table => table.Id, table => table.At.Refuse("DUPLICATE_CODE", $"Mã bảng tiêu chí “{table.Id}” đã có ở trên.", "id"));
        Once(file.Cards, card => card.Unit, card => card.At.Refuse("DUPLICATE_CODE", $"Đơn vị “{card.Unit}” đã có phiếu tự chấm ở trên.", "unit"));
    }

    private static void CheckClusters(SeasonFile file, StrictJson root)
    {
        var units = Names.Of(root, "units", file.Units.Select(unit => unit.Code));
        var tables = Names.Of(root, "tables", file.Tables.Select(table => table.Id));
        var placed = new Dictionary<string, ClusterEntry>(StringComparer.Ordinal);
        foreach (var cluster in file.Clusters)
        {
            tables.Require(cluster.Table, cluster.At, "table", "UNKNOWN_TABLE", "bảng tiêu chí");
            foreach (var member in cluster.Members)
            {
                units.Require(member.Unit, member.At, null, "UNKNOWN_UNIT", "đơn vị");
                if (member.Unit.Length > 0 && !placed.TryAdd(member.Unit, cluster))
                {
                    member.At.Refuse(
                        placed[member.Unit] == cluster ? "DUPLICATE_CODE" : "UNIT_IN_TWO_CLUSTERS",
                        $"Đơn vị “{member.Unit}” đã thuộc cụm, khối “{placed[member.Unit].Code}” trong mùa thi đua này.");
                }
            }

            CheckHeads(cluster);
        }
    }

    private static void CheckHeads(ClusterEntry cluster)
    {
        if (cluster.Leader.Length > 0 && cluster.Leader == cluster.Deputy)
        {
            cluster.At.Refuse("LEADER_IS_DEPUTY", $"“{cluster.Leader}” không thể vừa là cụm trưởng vừa là cụm phó.", "deputy");
        }

        // A member whose own entry could not be read may be the one that is looked for.
        if (!cluster.At.Has("members") || cluster.Members.Any(member => member.Unit.Length == 0))
        {
            return;
        }

        foreach (var (head, role) in new[] { (cluster.Leader, "leader"), (cluster.Deputy, "deputy") })
        {
            if (head.Length > 0 && cluster.Members.All(member => member.Unit != head))
            {
                cluster.At.Refuse("LEADER_NOT_MEMBER", $"“{head}” không phải thành viên của cụm, khối “{cluster.Code}”.", role);
            }
        }
    }

    private static void CheckExclusions(SeasonFile file, StrictJson root)
    {
        var units = Names.Of(root, "units", file.Units.Select(unit => unit.Code));
        foreach (var exclusion in file.Exclusions)
        {
            units.Require(exclusion.Unit, exclusion.At, "unit", "UNKNOWN_UNIT", "đơn vị");
        }
    }

    private static void CheckVotes(SeasonFile file, StrictJson root)
    {
        var clusters = Names.Of(root, "clusters", file.Clusters.Select(cluster => cluster.Code));
        var voted = new HashSet<(BallotAward, string)>();
        foreach (var vote in file.Votes)
        {
            clusters.Require(vote.Cluster, vote.At, "cluster", "UNKNOWN_CLUSTER", "cụm, khối");
            if (vote.Yes > file.CouncilMembers)
            {
                vote.At.Refuse("VOTES_EXCEED_MEMBERS", $"{vote.Yes} phiếu đồng ý nhưng Hội đồng chỉ có {file.CouncilMembers} thành viên.", "yes");
            }

            // The first vote has decided the nomination, so a second one is a vote on something that is no candidate any more.
            if (vote.Award is { } award && vote.Cluster.Length > 0 && !voted.Add((award, vote.Cluster)))
            {
                vote.At.Refuse("BALLOT_NOT_CANDIDATE", $"Cụm, khối “{vote.Cluster}” đã được bỏ phiếu cho danh hiệu này ở trên.");
            }
        }
    }

    /// <summary>Winners and leaders of earlier years may be units that no longer are; the cluster is the one whose signals are asked for.</summary>
    private static void CheckHistory(SeasonFile file, StrictJson root)
    {
        var clusters = Names.Of(root, "clusters", file.Clusters.Select(cluster => cluster.Code));
        foreach (var entry in file.History)
        {
            clusters.Require(entry.Cluster, entry.At, "cluster", "UNKNOWN_CLUSTER", "cụm, khối");
        }
    }

    private static void Once<T>(IReadOnlyList<T> entries, Func<T, string> nameOf, Action<T> refuse)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => nameOf(entry) is { Length: > 0 } name && !seen.Add(name)))
        {
            refuse(entry);
        }
    }
}
