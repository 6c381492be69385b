using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Trạng thái của phương án.</summary>
public enum ProposalState
{
    /// <summary>Dự thảo: the agency may edit it.</summary>
    Draft,

    /// <summary>Đã thành lập: its clusters were formed; it stays as the record of how.</summary>
    Formed,
}

/// <summary>
/// Phương án chia cụm, khối (R-05, R-06): what the program proposes and the agency edits before the clusters of a season are formed.
/// Each of its units is in exactly one cluster or among the unplaced, whatever is edited.
/// </summary>
public sealed class ClusterProposal
{
    private ClusterProposal() { }

    public Guid Id { get; private init; }

    public string Season { get; private init; } = "";

    /// <summary>Fewest members of a cluster, as asked for.</summary>
    public int Min { get; private init; }

    /// <summary>Most members of a cluster, as asked for.</summary>
    public int Max { get; private init; }

    public ProposalState State { get; private set; }

    public IReadOnlyList<ProposedCluster> Clusters { get; private set; } = [];

    public IReadOnlyList<UnplacedUnit> Unplaced { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private init; }

    public uint RowVersion { get; private set; }

    public static ClusterProposal Draft(string season, ClusterSizeLimits limits, Division division, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = season,
        Min = limits.Min,
        Max = limits.Max,
        Clusters = division.Clusters,
        Unplaced = division.Unplaced,
        CreatedAt = now,
    };

    /// <summary>The clusters as the agency wants them. What it leaves out is unplaced; nothing comes in from outside.</summary>
    /// <param name="clusters">With the JSON pointer to each; their reasons are kept from before.</param>
    /// <param name="errors">Takes <c>DUPLICATE_CODE</c>, <c>UNKNOWN_UNIT</c>, <c>UNIT_IN_TWO_CLUSTERS</c>; nothing is changed when there are any.</param>
    /// <exception cref="RuleViolationException"><c>proposal-formed</c>.</exception>
    public void Edit(IReadOnlyList<(string Path, ProposedCluster Cluster)> clusters, ICollection<Violation> errors)
    {
        RequireDraft();
        var before = Clusters.ToDictionary(cluster => cluster.Code, StringComparer.Ordinal);
        var placeBefore = Clusters.SelectMany(cluster => cluster.Members, (cluster, unit) => (cluster, unit)).ToDictionary(entry => entry.unit, entry => entry.cluster.Code, StringComparer.Ordinal);
        var reasonBefore = Unplaced.ToDictionary(unit => unit.Unit, unit => unit.Reason, StringComparer.Ordinal);
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var wrong = errors.Count;
        foreach (var (path, cluster) in clusters)
        {
            if (!codes.Add(cluster.Code))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"{path}/code", $"Mã {cluster.Code} được ghi hai lần."));
            }

            for (var index = 0; index < cluster.Members.Count; index++)
            {
                var unit = cluster.Members[index];
                if (!placeBefore.ContainsKey(unit) && !reasonBefore.ContainsKey(unit))
                {
                    errors.Add(new Violation("UNKNOWN_UNIT", $"{path}/members/{index}", $"Đơn vị {unit} không có trong phương án này."));
                }
                else if (!places.TryAdd(unit, cluster.Code))
                {
                    errors.Add(new Violation("UNIT_IN_TWO_CLUSTERS", $"{path}/members/{index}", $"Đơn vị {unit} đã được xếp vào {places[unit]}."));
                }
            }
        }

        if (errors.Count > wrong)
        {
            return;
        }

        Unplaced = [.. placeBefore.Keys.Concat(reasonBefore.Keys).Where(unit => !places.ContainsKey(unit)).Order(StringComparer.Ordinal)
            .Select(unit => new UnplacedUnit(unit, reasonBefore.GetValueOrDefault(unit, "Cơ quan thường trực đưa ra khỏi phương án.")))];
        Clusters = [.. clusters.Select(entry => WithReasons(entry.Cluster, before.GetValueOrDefault(entry.Cluster.Code)))];
    }

    /// <summary>
    /// Who is to lead each cluster, put together with the composition: what is to be formed.
    /// Codes: <c>UNKNOWN_CLUSTER</c>, <c>DUPLICATE_CODE</c>, <c>MISSING_PROPERTY</c> for a cluster without leaders.
    /// </summary>
    /// <exception cref="RuleViolationException"><c>proposal-formed</c>.</exception>
    public List<(string Path, ClusterPlan Plan)> Plans(IReadOnlyList<(string Path, string Code, string Leader, string Deputy)> leaders, ICollection<Violation> errors)
    {
        RequireDraft();
        var plans = new List<(string, ClusterPlan)>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, code, leader, deputy) in leaders)
        {
            if (!named.Add(code))
            {
                errors.Add(new Violation("DUPLICATE_CODE", $"{path}/code", $"Mã {code} được ghi hai lần."));
            }
            else if (Clusters.FirstOrDefault(cluster => cluster.Code == code) is { } cluster)
            {
                plans.Add((path, new ClusterPlan(cluster.Code, cluster.Name, cluster.Kind, leader, deputy, cluster.Members)));
            }
            else
            {
                errors.Add(new Violation("UNKNOWN_CLUSTER", $"{path}/code", $"Phương án không có cụm, khối {code}."));
            }
        }

        foreach (var cluster in Clusters.Where(cluster => !named.Contains(cluster.Code)))
        {
            errors.Add(new Violation("MISSING_PROPERTY", "/clusters", $"Chưa nêu trưởng và phó của {cluster.Code}."));
        }

        return plans;
    }

    /// <exception cref="RuleViolationException"><c>proposal-formed</c>.</exception>
    public void Form()
    {
        RequireDraft();
        State = ProposalState.Formed;
    }

    private void RequireDraft()
    {
        if (State != ProposalState.Draft)
        {
            throw new RuleViolationException("proposal-formed", "Các cụm, khối của phương án này đã được thành lập; thay đổi từng cụm, khối hoặc lập phương án khác.");
        }
    }

    private static ProposedCluster WithReasons(ProposedCluster edited, ProposedCluster? before)
    {
        string[] members = [.. edited.Members.Order(StringComparer.Ordinal)];
        if (before is null)
        {
            return edited with { Members = members, Reasons = ["Cơ quan thường trực lập."] };
        }

        string[] added = [.. members.Except(before.Members, StringComparer.Ordinal)];
        string[] removed = [.. before.Members.Except(members, StringComparer.Ordinal)];
        return edited with
        {
            Members = members,
            Reasons = added.Length + removed.Length == 0
                ? before.Reasons
                : [.. before.Reasons, $"Cơ quan thường trực điều chỉnh: {(added.Length > 0 ? $"thêm {string.Join(", ", added)}" : "")}{(added.Length > 0 && removed.Length > 0 ? "; " : "")}{(removed.Length > 0 ? $"bớt {string.Join(", ", removed)}" : "")}."],
        };
    }
}
