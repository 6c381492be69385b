using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Checks the composition of a season's clusters (R-05, B.3, B.4, F-35) and names everything wrong with it at once.
/// Knows the season, the units that the plans name, the levels and categories, and who is where already.
/// </summary>
public sealed class ClusterComposition(
    Season season,
    DateOnly today,
    IReadOnlyDictionary<string, Unit> units,
    IReadOnlyList<OrgLevel> levels,
    IReadOnlyList<UnitCategory> categories,
    IEnumerable<Cluster> formed)
{
    private readonly DateOnly _day = season.MembershipDay(today);
    private readonly Dictionary<string, (string Cluster, ClusterPlan? Plan)> _placeOf = formed
        .SelectMany(cluster => cluster.Members, (cluster, member) => KeyValuePair.Create(member.Unit, (cluster.Code, (ClusterPlan?)null)))
        .ToDictionary(StringComparer.Ordinal);

    private readonly HashSet<string> _codes = formed.Select(cluster => cluster.Code).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// Checks one plan after the other; each is also checked against those before it.
    /// Codes: <c>DUPLICATE_CODE</c>, <c>UNKNOWN_UNIT</c>, <c>UNKNOWN_LEVEL</c>, <c>UNKNOWN_CATEGORY</c>,
    /// <c>UNIT_IN_TWO_CLUSTERS</c>, <c>LEADER_NOT_MEMBER</c>, <c>LEADER_IS_DEPUTY</c>.
    /// </summary>
    /// <param name="plan">What the cluster is to be.</param>
    /// <param name="path">JSON pointer to the plan in what the caller sent.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>The members as they are on the day of membership; fewer than planned when there were errors.</returns>
    public IReadOnlyList<MemberUnit> Check(ClusterPlan plan, string path, ICollection<Violation> errors)
    {
        if (!_codes.Add(plan.Code))
        {
            errors.Add(new Violation("DUPLICATE_CODE", $"{path}/code", $"Kỳ thi đua {season.Code} đã có cụm, khối mang mã {plan.Code}."));
        }

        var members = new List<MemberUnit>(plan.Members.Count);
        for (var index = 0; index < plan.Members.Count; index++)
        {
            var code = plan.Members[index];
            var pointer = $"{path}/members/{index}";
            if (!_placeOf.TryAdd(code, (plan.Code, plan)))
            {
                var place = _placeOf[code];
                errors.Add(ReferenceEquals(place.Plan, plan)
                    ? new Violation("DUPLICATE_CODE", pointer, $"Đơn vị {code} được ghi hai lần.")
                    : new Violation("UNIT_IN_TWO_CLUSTERS", pointer, $"Đơn vị {code} đã thuộc cụm, khối {place.Cluster} trong kỳ thi đua {season.Code}."));
            }
            else if (MemberOf(code, pointer, errors) is { } member)
            {
                members.Add(member);
            }
        }

        CheckLeadership(plan, path, errors);
        return members;
    }

    private MemberUnit? MemberOf(string code, string pointer, ICollection<Violation> errors)
    {
        if (!units.TryGetValue(code, out var unit))
        {
            errors.Add(new Violation("UNKNOWN_UNIT", pointer, $"Không có đơn vị {code}."));
            return null;
        }

        if (unit.On(_day) is not { } version)
        {
            errors.Add(new Violation("UNKNOWN_UNIT", pointer, $"Đơn vị {code} không hoạt động vào ngày {_day:dd/MM/yyyy} của kỳ thi đua {season.Code}."));
            return null;
        }

        if (levels.Within(version.Level, season.FirstDay, season.LastDay) is null)
        {
            errors.Add(new Violation("UNKNOWN_LEVEL", pointer, $"Cấp {version.Level} của đơn vị {code} không tồn tại trong kỳ thi đua {season.Code}."));
            return null;
        }

        if (categories.Within(version.Category, season.FirstDay, season.LastDay) is null)
        {
            errors.Add(new Violation("UNKNOWN_CATEGORY", pointer, $"Loại {version.Category} của đơn vị {code} không tồn tại trong kỳ thi đua {season.Code}."));
            return null;
        }

        return new MemberUnit(season.Code, version, unit.BeginsOn);
    }

    private static void CheckLeadership(ClusterPlan plan, string path, ICollection<Violation> errors)
    {
        if (!plan.Members.Contains(plan.Leader))
        {
            errors.Add(new Violation("LEADER_NOT_MEMBER", $"{path}/leader", $"Đơn vị trưởng {plan.Leader} không phải là thành viên của {plan.Code}."));
        }

        if (!plan.Members.Contains(plan.Deputy))
        {
            errors.Add(new Violation("LEADER_NOT_MEMBER", $"{path}/deputy", $"Đơn vị phó {plan.Deputy} không phải là thành viên của {plan.Code}."));
        }

        if (plan.Leader == plan.Deputy)
        {
            errors.Add(new Violation("LEADER_IS_DEPUTY", $"{path}/deputy", $"Đơn vị {plan.Leader} không thể vừa là trưởng vừa là phó."));
        }
    }
}
