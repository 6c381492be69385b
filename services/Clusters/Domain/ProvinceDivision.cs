using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Cụm, khối được đề xuất: a cluster as it might be.</summary>
/// <param name="Code">Mã.</param>
/// <param name="Name">Tên.</param>
/// <param name="Kind">CUM or KHOI.</param>
/// <param name="Members">Codes of its units, sorted.</param>
/// <param name="Reasons">Why these units are together, Vietnamese.</param>
public sealed record ProposedCluster(string Code, string Name, ClusterKind Kind, IReadOnlyList<string> Members, IReadOnlyList<string> Reasons);

/// <summary>Đơn vị chưa xếp được.</summary>
/// <param name="Unit">Mã.</param>
/// <param name="Reason">Why not, Vietnamese.</param>
public sealed record UnplacedUnit(string Unit, string Reason);

/// <summary>Phương án chia: every unit is in exactly one cluster, or among those that could not be placed.</summary>
public sealed record Division(IReadOnlyList<ProposedCluster> Clusters, IReadOnlyList<UnplacedUnit> Unplaced);

/// <summary>
/// Chia cụm, khối (R-05, R-06, F-32): by category, then level, then the nominal attributes in the rule's order, then by size; groups that are
/// too small are put together with their nearest. Units of two categories or levels are never put together: that is for people to do.
/// The same units give the same division, in whatever order they come.
/// </summary>
/// <param name="rule">By what units are compared.</param>
/// <param name="limits">Fewest and most members of a cluster.</param>
/// <param name="kind">What the clusters are called.</param>
/// <param name="labels">Vietnamese names of categories and levels by code; a code without one stands for itself.</param>
/// <param name="taken">Codes of clusters that the season has already.</param>
public sealed class ProvinceDivision(SimilarityRule rule, ClusterSizeLimits limits, ClusterKind kind, IReadOnlyDictionary<string, string> labels, IReadOnlySet<string> taken)
{
    private const int PrefixLength = 40;
    private const int NameLength = 300;

    private readonly UnitComparison _comparison = new(rule);
    private readonly SizeCut _cut = new(limits, rule.MixedSizeFactor);

    public Division Of(IEnumerable<ComparedUnit> units)
    {
        var clusters = new List<ProposedCluster>();
        var unplaced = new List<UnplacedUnit>();
        var number = 0;
        foreach (var stratum in units.GroupBy(unit => (unit.Category, unit.Level)).OrderBy(group => group.Key.Category, StringComparer.Ordinal).ThenBy(group => group.Key.Level, StringComparer.Ordinal))
        {
            var (category, level) = stratum.Key;
            var label = $"{Label(category)} cấp {Label(level)}";
            var whole = new Node([], [$"Cùng loại {category} ({Label(category)}), cùng cấp {level} ({Label(level)})."]);
            var (groups, rest) = Divide(BySize(stratum, category), [.. rule.Of(category, AttributeKind.Nominal).Select(attribute => attribute.Attribute)], 0, whole);
            rest = Complete(groups, rest, whole);
            foreach (var group in groups)
            {
                string code;
                do
                {
                    code = $"{Shortened($"{category}-{level}", PrefixLength)}-{++number:D3}";
                }
                while (taken.Contains(code));
                var name = string.Join(", ", [label, .. group.Node.Values]);
                clusters.Add(new ProposedCluster(code, Shortened($"{name} ({code})", NameLength), kind, [.. group.Members.Select(sized => sized.Unit.Code).Order(StringComparer.Ordinal)], [.. group.Node.Reasons, .. group.Notes]));
            }

            var reason = stratum.Count() < limits.Min
                ? $"Chỉ có {stratum.Count()} đơn vị loại {category} ({Label(category)}) cấp {level}, ít hơn quy mô tối thiểu {limits.Min}."
                : $"Với quy mô từ {limits.Min} đến {limits.Max}, {stratum.Count()} đơn vị loại {category} cấp {level} không chia hết được; các cụm, khối gần nhất đã đủ thành viên.";
            unplaced.AddRange(rest.Select(sized => new UnplacedUnit(sized.Unit.Code, reason)).OrderBy(left => left.Unit, StringComparer.Ordinal));
        }

        return new Division(clusters, unplaced);
    }

    /// <summary>Where in the division: the nominal values shared, and what is to be said of them.</summary>
    private sealed record Node(IReadOnlyList<string> Values, IReadOnlyList<string> Reasons);

    private sealed record Group(Node Node, List<SizedUnit> Members)
    {
        public List<string> Notes { get; } = [];
    }

    private (List<Group> Groups, List<SizedUnit> Left) Divide(List<SizedUnit> units, IReadOnlyList<string> attributes, int depth, Node node)
    {
        if (depth == attributes.Count)
        {
            return Cut(units, node);
        }

        var attribute = attributes[depth];
        var byValue = units.GroupBy(sized => ValueOf(sized, attribute), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (byValue.Count == 1)
        {
            return Divide(units, attributes, depth + 1, Within(node, attribute, byValue[0].Key));
        }

        var (groups, rest) = (new List<Group>(), new List<SizedUnit>());
        foreach (var group in byValue)
        {
            var (formed, left) = Divide([.. group], attributes, depth + 1, Within(node, attribute, group.Key));
            groups.AddRange(formed);
            rest.AddRange(left);
        }

        var counts = rest.GroupBy(sized => ValueOf(sized, attribute), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{Named(group.Key)} ({group.Count()})");
        var (merged, remaining) = Cut(SizedUnit.Sorted(rest), node with { Reasons = [.. node.Reasons, $"Gộp các nhóm khác nhau về “{attribute}” vì mỗi nhóm không đủ chia với quy mô từ {limits.Min} đến {limits.Max}: {string.Join(", ", counts)}."] });
        groups.AddRange(merged);
        return (groups, remaining.FindAll(sized => !Join(sized, groups)));
    }

    private (List<Group> Groups, List<SizedUnit> Left) Cut(List<SizedUnit> sorted, Node node)
    {
        var (parts, rest) = _cut.Of(sorted);
        var groups = parts.ConvertAll(part => new Group(node, part));
        for (var index = 0; index < groups.Count; index++)
        {
            groups[index].Notes.AddRange(SizeNotes(groups[index].Members, index, groups.Count));
        }

        return (groups, rest);
    }

    /// <summary>A unit that is left over joins the nearest group that has room; false when none has.</summary>
    private bool Join(SizedUnit unit, List<Group> groups)
    {
        var nearest = groups
            .Where(group => group.Members.Count < limits.Max)
            .Select(group => (Group: group, Distance: _comparison.MeanDistance(unit.Unit, group.Members.Select(member => member.Unit))))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Group.Members.Min(member => member.Unit.Code), StringComparer.Ordinal)
            .FirstOrDefault();
        if (nearest.Group is null)
        {
            return false;
        }

        nearest.Group.Members.Add(unit);
        nearest.Group.Notes.Add($"Nhận thêm {unit.Unit.Code} vì nhóm của đơn vị này ít hơn {limits.Min} đơn vị; khoảng cách trung bình đến các thành viên là {nearest.Distance}.");
        return true;
    }

    /// <summary>The last resort: those left over take their nearest from groups that can spare some, if that makes a group of them.</summary>
    private List<SizedUnit> Complete(List<Group> groups, List<SizedUnit> rest, Node whole)
    {
        if (rest.Count == 0 || groups.Sum(group => group.Members.Count - limits.Min) < limits.Min - rest.Count)
        {
            return rest;
        }

        var (members, moved) = (new List<SizedUnit>(rest), new List<string>());
        while (members.Count < limits.Min)
        {
            var (from, unit) = groups
                .Where(group => group.Members.Count > limits.Min)
                .SelectMany(group => group.Members, (group, member) => (group, member))
                .OrderBy(candidate => _comparison.MeanDistance(candidate.member.Unit, rest.Select(left => left.Unit))).ThenBy(candidate => candidate.member.Unit.Code, StringComparer.Ordinal)
                .First();
            from.Members.Remove(unit);
            from.Notes.Add($"Chuyển {unit.Unit.Code} sang nhóm còn thiếu thành viên.");
            members.Add(unit);
            moved.Add(unit.Unit.Code);
        }

        var group = new Group(whole, members);
        group.Notes.Add($"Ghép {rest.Count} đơn vị còn lại với {string.Join(", ", moved)}, là các đơn vị gần nhất ở những nhóm có thể chuyển bớt, để đủ {limits.Min} thành viên.");
        groups.Add(group);
        return [];
    }

    private List<SizedUnit> BySize(IEnumerable<ComparedUnit> units, string category)
    {
        var measure = rule.Of(category, AttributeKind.Measure).OrderByDescending(attribute => attribute.Weight).ThenBy(attribute => attribute.Attribute, StringComparer.Ordinal).FirstOrDefault()?.Attribute;
        return SizedUnit.Sorted(units.Select(unit => new SizedUnit(unit, measure, measure is not null && _comparison.Of(unit).Stated.TryGetValue(measure, out var stated) ? stated.Number : null)));
    }

    private IEnumerable<string> SizeNotes(List<SizedUnit> members, int index, int parts)
    {
        var sizes = members.Where(member => member.Size is not null).Select(member => member.Size!.Value).ToList();
        if (parts > 1)
        {
            yield return $"Phần {index + 1} trong {parts} phần của nhóm, xếp theo quy mô rồi theo mã, mỗi phần từ {limits.Min} đến {limits.Max} đơn vị.";
        }

        if (sizes.Count > 0)
        {
            var mixed = (Fraction)sizes.Max() > (Fraction)rule.MixedSizeFactor * sizes.Min();
            yield return $"“{members[0].Measure}” từ {Shown(sizes.Min())} đến {Shown(sizes.Max())}, {(mixed ? "vượt" : "không vượt")} {Shown(rule.MixedSizeFactor)} lần.";
        }
    }

    private static Node Within(Node node, string attribute, string value) => value.Length == 0
        ? node with { Reasons = [.. node.Reasons, $"Cùng chưa khai báo “{attribute}”."] }
        : new Node([.. node.Values, value], [.. node.Reasons, $"Cùng “{attribute}”: {value}."]);

    /// <summary>Empty when the unit does not state it.</summary>
    private string ValueOf(SizedUnit sized, string attribute) => _comparison.Of(sized.Unit).Stated.TryGetValue(attribute, out var stated) ? stated.Text : "";

    private static string Named(string value) => value.Length == 0 ? "chưa khai báo" : value;

    private string Label(string code) => labels.GetValueOrDefault(code, code);

    private static string Shortened(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    private static string Shown(decimal number) => number.ToString("0.############################", CultureInfo.GetCultureInfo("vi-VN"));
}
