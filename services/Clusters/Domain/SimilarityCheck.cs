using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Nhóm so sánh: the members of a cluster, or of one that is proposed.</summary>
/// <param name="Code">Mã cụm, khối.</param>
/// <param name="Members">Whoever competes in it.</param>
public sealed record ComparedGroup(string Code, IReadOnlyList<ComparedUnit> Members);

/// <summary>Lưu ý về tính tương đồng (R-05): something to look at. It never refuses anything.</summary>
/// <param name="Code">MIXED_CATEGORY, MIXED_LEVEL, MIXED_SIZE, MIXED_FUNCTION, SIZE_OUT_OF_LIMITS, NO_BASIS, UNREADABLE_MEASURE, LEADER_NOT_SELECTED.</param>
/// <param name="Message">Vietnamese, with the numbers.</param>
/// <param name="Rule">Mã quy tắc.</param>
/// <param name="Basis">Căn cứ of the rule's period, and its first day.</param>
/// <param name="Units">The units that it is about.</param>
public sealed record ClusterFinding(string Code, string Message, string Rule, string Basis, IReadOnlyList<string> Units)
{
    public static ClusterFinding By(CitedRule rule, string code, string message, IEnumerable<string> units) =>
        new(code, message, rule.Code, $"{rule.Basis}; quy tắc có hiệu lực từ {rule.ValidFrom:dd/MM/yyyy}", [.. units]);
}

/// <summary>Khoảng cách đến một thành viên khác, with what it is made of.</summary>
/// <param name="Unit">The other member.</param>
/// <param name="Distance">0 to 1.</param>
/// <param name="Differences">What was compared.</param>
public sealed record UnitDistance(string Unit, Fraction Distance, IReadOnlyList<Difference> Differences);

/// <summary>Cụm, khối phù hợp hơn: where a unit is nearer to the members.</summary>
/// <param name="Cluster">Its code in the season.</param>
/// <param name="Distance">Mean distance to its members.</param>
public sealed record BetterFit(string Cluster, Fraction Distance);

/// <summary>Đơn vị ít phù hợp nhất: the member with the largest mean distance to the others.</summary>
/// <param name="Unit">Mã.</param>
/// <param name="Name">Tên.</param>
/// <param name="Distance">Mean distance to the other members.</param>
/// <param name="Pairs">The distance to each of them.</param>
/// <param name="Better">The cluster of the season to which it is nearest, if that is strictly nearer than its own.</param>
/// <param name="Explanation">How the distances were worked out, Vietnamese.</param>
public sealed record WorstFit(string Unit, string Name, Fraction Distance, IReadOnlyList<UnitDistance> Pairs, BetterFit? Better, string Explanation);

/// <summary>Kết quả kiểm tra tính tương đồng.</summary>
/// <param name="Findings">Everything to look at.</param>
/// <param name="WorstFit">Null when all members are equally near to each other, or there are fewer than three.</param>
public sealed record SimilarityReport(IReadOnlyList<ClusterFinding> Findings, WorstFit? WorstFit);

/// <summary>
/// Kiểm tra tính tương đồng (R-05, R-06, F-32): whether units that compete with each other are alike. No clock, no database;
/// the order of members and clusters changes nothing.
/// </summary>
public sealed class SimilarityCheck(SimilarityRule rule, CitedRule cited, ClusterSizeLimits limits, CitedRule citedLimits)
{
    private const decimal LargestShown = 1_000_000;

    private readonly UnitComparison _comparison = new(rule);

    /// <param name="group">The members.</param>
    /// <param name="season">The clusters of the season; the group itself among them or not.</param>
    public SimilarityReport Of(ComparedGroup group, IReadOnlyCollection<ComparedGroup> season) => new(FindingsOf(group), WorstFitOf(group, Sorted(group), season));

    /// <summary>What is to be looked at in the members, without looking for a better place for any of them.</summary>
    public IReadOnlyList<ClusterFinding> FindingsOf(ComparedGroup group)
    {
        var members = Sorted(group);
        return
        [
            .. MixedTerm(group, members, "MIXED_CATEGORY", "loại đơn vị", member => member.Category),
            .. MixedTerm(group, members, "MIXED_LEVEL", "cấp", member => member.Level),
            .. MixedSizes(group, members),
            .. MixedFunctions(group, members),
            .. SizeOutOfLimits(group, members.Length),
            .. NoBasis(group, members),
            .. Unreadable(members),
        ];
    }

    private static ComparedUnit[] Sorted(ComparedGroup group) => [.. group.Members.OrderBy(member => member.Code, StringComparer.Ordinal)];

    private IEnumerable<ClusterFinding> MixedTerm(ComparedGroup group, ComparedUnit[] members, string code, string what, Func<ComparedUnit, string> term)
    {
        var groups = Grouped(members, term);
        if (groups.Count > 1)
        {
            yield return ClusterFinding.By(cited, code, $"{group.Code} có {groups.Count} {what}: {Listed(groups)}.", Minority(groups));
        }
    }

    private IEnumerable<ClusterFinding> MixedFunctions(ComparedGroup group, ComparedUnit[] members)
    {
        foreach (var (attribute, stated) in StatedBy(members, AttributeKind.Nominal))
        {
            var groups = Grouped(stated, member => _comparison.Of(member).Stated[attribute].Text);
            if (groups.Count > 1)
            {
                yield return ClusterFinding.By(cited, "MIXED_FUNCTION", $"{group.Code} có {groups.Count} giá trị của “{attribute}”: {Listed(groups)}.", Minority(groups));
            }
        }
    }

    private IEnumerable<ClusterFinding> MixedSizes(ComparedGroup group, ComparedUnit[] members)
    {
        foreach (var (attribute, stated) in StatedBy(members, AttributeKind.Measure))
        {
            decimal Measure(ComparedUnit member) => _comparison.Of(member).Stated[attribute].Number;
            var (smallest, largest) = (stated.MinBy(Measure)!, stated.MaxBy(Measure)!);
            var (least, most) = (Measure(smallest), Measure(largest));
            if (IsMixed(least, most))
            {
                var ratio = least == 0 ? "nhỏ nhất bằng 0" : Times((Fraction)most / least);
                yield return ClusterFinding.By(cited, "MIXED_SIZE",
                    $"{group.Code} chênh lệch về “{attribute}”: {largest.Code} là {Shown(most)}, {smallest.Code} là {Shown(least)}, {ratio}; mức cần xem xét là trên {Shown(rule.MixedSizeFactor)} lần.",
                    [largest.Code, smallest.Code]);
            }
        }
    }

    private IEnumerable<ClusterFinding> SizeOutOfLimits(ComparedGroup group, int size)
    {
        if (size < limits.Min || size > limits.Max)
        {
            yield return ClusterFinding.By(citedLimits, "SIZE_OUT_OF_LIMITS", $"{group.Code} có {size} thành viên; quy mô thường gặp từ {limits.Min} đến {limits.Max}.", []);
        }
    }

    private IEnumerable<ClusterFinding> NoBasis(ComparedGroup group, ComparedUnit[] members)
    {
        if (members.Length > 1 && !StatedBy(members, AttributeKind.Nominal).Concat(StatedBy(members, AttributeKind.Measure)).Any())
        {
            yield return ClusterFinding.By(cited, "NO_BASIS", $"{group.Code}: không có thuộc tính nào được ít nhất hai thành viên khai báo; chỉ so sánh được loại đơn vị và cấp.", []);
        }
    }

    private IEnumerable<ClusterFinding> Unreadable(ComparedUnit[] members) =>
        from member in members
        from measure in _comparison.Of(member).Unreadable
        select ClusterFinding.By(cited, "UNREADABLE_MEASURE", $"Giá trị “{measure.Text}” của “{measure.Attribute}” ở {member.Code} không phải là số thập phân từ 0 trở lên (ví dụ 12.5); không so sánh được.", [member.Code]);

    private WorstFit? WorstFitOf(ComparedGroup group, ComparedUnit[] members, IReadOnlyCollection<ComparedGroup> season)
    {
        if (members.Length < 3)
        {
            return null;
        }

        var means = Array.ConvertAll(members, member => _comparison.MeanDistance(member, members));
        var largest = means.Max();
        if (largest == means.Min())
        {
            return null;
        }

        var worst = members[Array.IndexOf(means, largest)];
        UnitDistance[] pairs = [.. members.Where(member => member != worst).Select(member => new UnitDistance(member.Code, _comparison.Distance(worst, member), [.. _comparison.Differences(worst, member)]))];
        var better = season
            .Where(other => other.Code != group.Code && other.Members.Count > 0)
            .OrderBy(other => other.Code, StringComparer.Ordinal)
            .Select(other => new BetterFit(other.Code, _comparison.MeanDistance(worst, other.Members)))
            .MinBy(other => other.Distance);
        better = better?.Distance < largest ? better : null;
        var explanation =
            $"Khoảng cách trung bình từ {worst.Code} đến {pairs.Length} thành viên khác: ({string.Join(" + ", pairs.Select(pair => pair.Distance))}) / {pairs.Length} = {largest}, khoảng {Shown(largest.Round(UnitComparison.Decimals))}. "
            + "Khoảng cách giữa hai đơn vị là trung bình có trọng số của các khác biệt mà cả hai cùng khai báo: định danh giống nhau là 0, khác nhau là 1; "
            + $"số đo là |a − b| / max(a, b), làm tròn một lần đến {UnitComparison.Decimals} chữ số thập phân."
            + (better is null ? "" : $" Đến các thành viên của {better.Cluster}: {better.Distance}, khoảng {Shown(better.Distance.Round(UnitComparison.Decimals))}; cần xem xét chuyển sang {better.Cluster}.");
        return new WorstFit(worst.Code, worst.Name, largest, pairs, better, explanation);
    }

    private static string Times(Fraction ratio) => ratio > LargestShown ? $"gấp hơn {Shown(LargestShown)} lần" : $"gấp {Shown(ratio.Round(2))} lần";

    /// <summary>Whether the largest is more than the factor times the smallest; exact, however long the numbers.</summary>
    private bool IsMixed(decimal smallest, decimal largest) => (Fraction)largest > (Fraction)rule.MixedSizeFactor * smallest;

    /// <summary>The attributes of a kind that at least two members state, with those who do.</summary>
    private IEnumerable<(string Attribute, ComparedUnit[] Members)> StatedBy(ComparedUnit[] members, AttributeKind kind) =>
        from attribute in rule.Attributes.Where(attribute => attribute.Kind == kind).Select(attribute => attribute.Attribute).Distinct(StringComparer.Ordinal)
        let stated = members.Where(member => _comparison.Of(member).Stated.ContainsKey(attribute)).ToArray()
        where stated.Length > 1
        select (attribute, stated);

    /// <summary>The largest group first; of equal ones the first by its value.</summary>
    private static List<IGrouping<string, ComparedUnit>> Grouped(IEnumerable<ComparedUnit> members, Func<ComparedUnit, string> by) =>
        [.. members.GroupBy(by, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)];

    private static IEnumerable<string> Minority(List<IGrouping<string, ComparedUnit>> groups) => groups.Skip(1).SelectMany(group => group).Select(member => member.Code).Order(StringComparer.Ordinal);

    private static string Listed(List<IGrouping<string, ComparedUnit>> groups) => string.Join(", ", groups.Select(group => $"{group.Key} ({group.Count()})"));

    private static string Shown(decimal number) => number.ToString("0.############################", CultureInfo.GetCultureInfo("vi-VN"));
}
