namespace ThiDua.Clusters.Domain;

/// <summary>
/// Thành phần cụm, khối sau tổ chức lại (F3): how a cluster goes on whose members cease to exist before units score themselves.
/// Whatever needs a choice is left to the agency and said.
/// </summary>
public static class ClusterSuccession
{
    /// <param name="cluster">As it is.</param>
    /// <param name="reorganisation">In which members of it end.</param>
    /// <param name="formed">All clusters of the season.</param>
    public static ClusterReplan Replan(Cluster cluster, Reorganisation reorganisation, IReadOnlyList<Cluster> formed)
    {
        var closing = reorganisation.Closing.ToHashSet(StringComparer.Ordinal);
        var remarks = new List<(string Code, string Text)>();
        var touched = formed.Count(other => other.Members.Any(member => closing.Contains(member.Unit)));
        var members = cluster.Members.Select(member => member.Unit).Where(unit => !closing.Contains(unit)).ToList();
        foreach (var successor in reorganisation.Successors.Except(members, StringComparer.Ordinal))
        {
            if (formed.FirstOrDefault(other => other.Id != cluster.Id && other.Members.Any(member => member.Unit == successor)) is { } elsewhere)
            {
                remarks.Add((ClusterReplan.SuccessorNotJoined, $"{successor} đã thuộc cụm, khối {elsewhere.Code}; không vào {cluster.Code}."));
            }
            else if (touched > 1)
            {
                remarks.Add((ClusterReplan.SuccessorNotJoined, $"Các đơn vị tiền thân thuộc nhiều cụm, khối; cơ quan thường trực chọn cụm, khối cho {successor}."));
            }
            else
            {
                members.Add(successor);
            }
        }

        string? Follow(string role, string holder)
        {
            if (!closing.Contains(holder))
            {
                return holder;
            }

            if (reorganisation.Successors.Where(members.Contains).ToList() is not [var only])
            {
                return null;
            }

            remarks.Add((ClusterReplan.LeaderReplaced, $"{only} thay {holder} làm {role} của {cluster.Code}."));
            return only;
        }

        var (leader, deputy) = (Follow("đơn vị trưởng", cluster.Leader), Follow("đơn vị phó", cluster.Deputy));
        return leader is null || deputy is null || leader == deputy
            ? new ClusterReplan(null, [(ClusterReplan.MemberStays, $"Trưởng hoặc phó của {cluster.Code} kết thúc hoạt động và không có đúng một đơn vị kế thừa cho mỗi vai trò; thành phần giữ nguyên, cơ quan thường trực thay đổi cụm, khối.")])
            : new ClusterReplan(new ClusterPlan(cluster.Code, cluster.Name, cluster.Kind, leader, deputy, members), remarks);
    }
}

/// <summary>Phương án thay đổi of one cluster.</summary>
/// <param name="Plan">Null: it stays as it is.</param>
/// <param name="Remarks">What the agency has to know, each with its code.</param>
public sealed record ClusterReplan(ClusterPlan? Plan, IReadOnlyList<(string Code, string Text)> Remarks)
{
    public const string SuccessorNotJoined = "SUCCESSOR_NOT_JOINED";
    public const string LeaderReplaced = "LEADER_REPLACED";
    public const string MemberStays = "MEMBER_STAYS";

    /// <summary>Units already score themselves: the composition stays what it was .</summary>
    public const string CompositionFixed = "COMPOSITION_FIXED";
}
