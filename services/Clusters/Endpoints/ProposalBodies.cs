using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>The categories and levels that hold in a season.</summary>
internal sealed record TermsOf(Season Season, IReadOnlyList<UnitCategory> Categories, IReadOnlyList<OrgLevel> Levels)
{
    /// <summary>Vietnamese names by code; a category that shares its code with a level keeps it, the level is told by its own code.</summary>
    public Dictionary<string, string> Labels => Categories.Concat<DatedTerm>(Levels)
        .Where(term => term.HoldsWithin(Season.FirstDay, Season.LastDay))
        .GroupBy(term => term.Code, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Select(term => term.GetType()).Distinct().Count() > 1 ? same.Key : same.MaxBy(term => term.ValidFrom)!.Label, StringComparer.Ordinal);

    /// <summary>Why a unit cannot compete in the season; null when it can.</summary>
    public string? Against(ComparedUnit unit) =>
        Levels.Within(unit.Level, Season.FirstDay, Season.LastDay) is null ? $"Cấp {unit.Level} không tồn tại trong kỳ thi đua {Season.Code}."
        : Categories.Within(unit.Category, Season.FirstDay, Season.LastDay) is null ? $"Loại {unit.Category} không tồn tại trong kỳ thi đua {Season.Code}."
        : null;
}

/// <summary>Reads what callers send about proposals.</summary>
internal static class ProposalBodies
{
    private const int MaximumSize = 200; // no cluster comes near it; the cut looks at every size up to it

    public sealed record Request(string? Season, IReadOnlyList<(string Path, string Code)>? Units, IReadOnlyList<(string Path, string Code)>? Categories, IReadOnlyList<(string Path, string Code)>? Levels, int? Min, int? Max, ClusterKind? Kind);

    public static Request ReadRequest(StrictBody body, int maximum)
    {
        var root = body.Root;
        var request = new Request(
            root.Text("season"), Texts(root, "units"), Texts(root, "categories"), Texts(root, "levels"),
            root.WholeNumber("min", required: false), root.WholeNumber("max", required: false), root.Choice<ClusterKind>("kind", required: false));
        root.RefuseUnknown();
        if (request.Units?.Count > maximum)
        {
            root.Refuse("TOO_MANY", $"Tối đa {maximum} đơn vị mỗi lần.", "units");
        }

        return request;
    }

    /// <summary>The limits asked for; what is not asked for is the rule's.</summary>
    public static ClusterSizeLimits Limits(StrictBody body, Request request, ClusterSizeLimits rule)
    {
        var limits = new ClusterSizeLimits(request.Min ?? rule.Min, request.Max ?? rule.Max);
        if (limits.Min < 2)
        {
            body.Root.Refuse("OUT_OF_RANGE", "Quy mô tối thiểu từ 2 thành viên.", "min");
        }

        if (limits.Max < limits.Min || limits.Max > MaximumSize)
        {
            body.Root.Refuse("OUT_OF_RANGE", $"Quy mô tối đa từ {limits.Min} đến {MaximumSize} thành viên.", "max");
        }

        return limits;
    }

    /// <summary>The units to divide, and those asked for that cannot compete in the season. Violations: <c>UNKNOWN_CATEGORY</c>, <c>UNKNOWN_LEVEL</c>, <c>UNKNOWN_UNIT</c>, <c>UNIT_IN_TWO_CLUSTERS</c>, <c>DUPLICATE_CODE</c>.</summary>
    public static async Task<(List<ComparedUnit> Units, List<UnplacedUnit> Outside)> UnitsAsync(StrictBody body, Request request, SeasonComparison comparison, TermsOf terms, ClustersDbContext db, CancellationToken ct)
    {
        var categories = Known(body, request.Categories, code => terms.Categories.Within(code, terms.Season.FirstDay, terms.Season.LastDay), "UNKNOWN_CATEGORY", "loại đơn vị");
        var levels = Known(body, request.Levels, code => terms.Levels.Within(code, terms.Season.FirstDay, terms.Season.LastDay), "UNKNOWN_LEVEL", "cấp");
        var placeOf = comparison.Clusters.SelectMany(cluster => cluster.Members, (cluster, member) => (cluster.Code, member.Unit)).ToDictionary(place => place.Unit, place => place.Code, StringComparer.Ordinal);
        List<ComparedUnit> found = request.Units is { } asked
            ? await AskedAsync(body, asked, placeOf, comparison, db, ct)
            : [.. (await db.Units.AsNoTracking().ToListAsync(ct)).Where(unit => !placeOf.ContainsKey(unit.Code)).Select(comparison.Compared).OfType<ComparedUnit>()];
        if (request.Units is null)
        {
            categories ??= terms.Categories.Where(category => category.SeasonType == terms.Season.Type).Select(category => category.Code).ToHashSet(StringComparer.Ordinal);
        }

        found = found.FindAll(unit => categories?.Contains(unit.Category) != false && levels?.Contains(unit.Level) != false);
        return (found.FindAll(unit => terms.Against(unit) is null),
            [.. found.Select(unit => (unit.Code, Reason: terms.Against(unit))).Where(unit => unit.Reason is not null).OrderBy(unit => unit.Code, StringComparer.Ordinal).Select(unit => new UnplacedUnit(unit.Code, unit.Reason!))]);
    }

    public static List<(string Path, ProposedCluster Cluster)> ReadClusters(StrictBody body, int maximum)
    {
        var read = new List<(string, ProposedCluster)>();
        foreach (var cluster in Clusters(body, maximum))
        {
            var (code, name, kind) = (cluster.Code("code"), cluster.Name("name"), cluster.Choice<ClusterKind>("kind"));
            var members = cluster.List("members").Select(member => member.AsText()).ToList();
            cluster.RefuseUnknown();
            if (code is not null && name is not null && kind is not null && !members.Contains(null))
            {
                read.Add((cluster.Path, new ProposedCluster(code, name, kind.Value, members!, [])));
            }
        }

        return read;
    }

    public static List<(string Path, string Code, string Leader, string Deputy)> ReadLeaders(StrictBody body, int maximum)
    {
        var read = new List<(string, string, string, string)>();
        foreach (var cluster in Clusters(body, maximum))
        {
            var (code, leader, deputy) = (cluster.Text("code"), cluster.Text("leader"), cluster.Text("deputy"));
            cluster.RefuseUnknown();
            if (code is not null && leader is not null && deputy is not null)
            {
                read.Add((cluster.Path, code, leader, deputy));
            }
        }

        return read;
    }

    private static IEnumerable<StrictJson> Clusters(StrictBody body, int maximum)
    {
        var clusters = body.Root.List("clusters");
        body.Root.RefuseUnknown();
        if (clusters.Count > maximum)
        {
            body.Root.Refuse("TOO_MANY", $"Tối đa {maximum} cụm, khối mỗi lần.", "clusters");
            return [];
        }

        return clusters.Where(cluster => cluster.ExpectObject());
    }

    private static HashSet<string>? Known(StrictBody body, IReadOnlyList<(string Path, string Code)>? asked, Func<string, DatedTerm?> term, string violation, string label)
    {
        foreach (var (path, code) in asked ?? [])
        {
            if (term(code) is null)
            {
                body.Errors.Add(new Violation(violation, path, $"Không có {label} {code} trong kỳ thi đua."));
            }
        }

        return asked?.Select(text => text.Code).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<List<ComparedUnit>> AskedAsync(StrictBody body, IReadOnlyList<(string Path, string Code)> asked, Dictionary<string, string> placeOf, SeasonComparison comparison, ClustersDbContext db, CancellationToken ct)
    {
        string[] codes = [.. asked.Select(unit => unit.Code).Distinct(StringComparer.Ordinal)];
        var known = await db.Units.AsNoTracking().Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<ComparedUnit>();
        foreach (var (path, code) in asked)
        {
            if (!seen.Add(code))
            {
                body.Errors.Add(new Violation("DUPLICATE_CODE", path, $"Đơn vị {code} được ghi hai lần."));
            }
            else if (placeOf.TryGetValue(code, out var cluster))
            {
                body.Errors.Add(new Violation("UNIT_IN_TWO_CLUSTERS", path, $"Đơn vị {code} đã thuộc cụm, khối {cluster}."));
            }
            else if (known.GetValueOrDefault(code) is not { } unit || comparison.Compared(unit) is not { } compared)
            {
                body.Errors.Add(new Violation("UNKNOWN_UNIT", path, $"Không có đơn vị {code}, hoặc đơn vị không hoạt động vào ngày của kỳ thi đua."));
            }
            else
            {
                found.Add(compared);
            }
        }

        return found;
    }

    /// <summary>The texts of a list with their pointers; null when there is none.</summary>
    private static List<(string Path, string Code)>? Texts(StrictJson root, string name) => root.Has(name)
        ? [.. root.List(name).Select(item => (item.Path, Text: item.AsText())).Where(item => item.Text is not null).Select(item => (item.Path, item.Text!))]
        : null;
}
