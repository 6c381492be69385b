using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Data;

/// <summary>Counts a season's facts.</summary>
internal static class SeasonCounting
{
    private const string Flag = "PROVINCIAL_FLAG";
    private const string Certificate = "CHAIRMAN_MERIT";
    private const string GovernmentFlag = "GOVERNMENT_FLAG";
    private const string NotDrawnUp = "Chưa lập danh sách đề nghị nào trong kỳ.";

    public static SeasonCounts Of(SeasonFacts facts) => new(
    [
        new CountSection("Cụm, khối thi đua", [.. Clusters(facts)]),
        new CountSection("Đơn vị thành viên", [.. Members(facts)]),
        new CountSection("Hoạt động của cụm, khối thi đua", [.. Activities(facts)]),
        new CountSection("Cờ thi đua của Ủy ban nhân dân tỉnh", [.. Flags(facts)]),
        new CountSection("Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh cho tập thể", [.. Certificates(facts)]),
        new CountSection("Đề nghị tặng Cờ thi đua của Chính phủ", [.. GovernmentFlags(facts)]),
        new CountSection("Số liệu hệ thống không tổng hợp",
        [
            new SeasonCount("EXCLUSIONS", "Trường hợp chưa hoặc không đề nghị khen thưởng", null, "Chỉ biết các vị trí đề nghị phải chờ hoặc để trống vì trường hợp đó, ghi ở trên."),
            new SeasonCount("INDIVIDUALS", "Khen thưởng cá nhân, hộ gia đình", null, "Hệ thống chỉ quản lý khen thưởng tập thể trong cụm, khối thi đua."),
            new SeasonCount("DECISIONS", "Quyết định khen thưởng đã ban hành", null, "Số ở trên là kết quả Hội đồng thông qua và danh sách đề nghị."),
        ]),
    ]);

    private static IEnumerable<SeasonCount> Clusters(SeasonFacts facts)
    {
        var clusters = facts.Clusters;
        yield return new SeasonCount("CLUSTERS", "Tổng số cụm, khối thi đua", clusters.Count);
        yield return new SeasonCount("CLUSTERS/KIND/CUM", "Cụm thi đua", clusters.Count(cluster => cluster.Cluster.Kind == "CUM"));
        yield return new SeasonCount("CLUSTERS/KIND/KHOI", "Khối thi đua", clusters.Count(cluster => cluster.Cluster.Kind == "KHOI"));
        yield return new SeasonCount("CLUSTERS/DECIDED", "Đã có quyết định kết quả chấm điểm", clusters.Count(cluster => cluster.Result is not null));
        yield return new SeasonCount("CLUSTERS/OPEN", "Chưa có kết quả hoặc kết quả đang mở lại", clusters.Count(cluster => cluster.Result is null));
    }

    private static IEnumerable<SeasonCount> Members(SeasonFacts facts)
    {
        List<ClusterMember> members = [.. facts.Clusters.SelectMany(cluster => cluster.Cluster.Members).DistinctBy(member => member.Unit, StringComparer.Ordinal)];
        yield return new SeasonCount("MEMBERS", "Tổng số đơn vị thành viên", members.Count);
        foreach (var category in members.GroupBy(member => member.Category, StringComparer.Ordinal).OrderBy(category => category.Key, StringComparer.Ordinal))
        {
            yield return new SeasonCount(SeasonCounts.OfCategory("MEMBERS", category.Key), $"Loại {category.Key}", category.Count());
        }

        foreach (var level in members.GroupBy(member => member.Level, StringComparer.Ordinal).OrderBy(level => level.Key, StringComparer.Ordinal))
        {
            yield return new SeasonCount($"MEMBERS/LEVEL/{level.Key}", $"Cấp {level.Key}", level.Count());
        }
    }

    private static IEnumerable<SeasonCount> Activities(SeasonFacts facts)
    {
        List<ActivityRecorded> all = [.. facts.Clusters.SelectMany(cluster => cluster.Activities)];
        yield return new SeasonCount("ACTIVITIES/HELD", "Hoạt động chung đã tổ chức", all.Count(activity => activity is { Kind: "ACTIVITY", State: "HELD" }));
        yield return new SeasonCount("ACTIVITIES/PLANNED", "Hoạt động chung còn ở kế hoạch", all.Count(activity => activity is { Kind: "ACTIVITY", State: "PLANNED" }));
        yield return new SeasonCount("ACTIVITIES/CANCELLED", "Hoạt động chung đã hủy", all.Count(activity => activity is { Kind: "ACTIVITY", State: "CANCELLED" }));
        yield return new SeasonCount("MEETINGS/MIDYEAR", "Hội nghị sơ kết đã tổ chức", all.Count(activity => activity is { Review: "MIDYEAR", State: "HELD" }));
        yield return new SeasonCount("MEETINGS/YEAREND", "Hội nghị tổng kết đã tổ chức", all.Count(activity => activity is { Review: "YEAREND", State: "HELD" }));
        yield return new SeasonCount("COVENANTS", "Cụm, khối có giao ước thi đua đang có hiệu lực", facts.Clusters.Count(cluster => cluster.Covenant is not null));
        yield return new SeasonCount("REGISTRATIONS", "Đơn vị đã đăng ký thi đua", facts.Clusters.SelectMany(cluster => cluster.Registrations).Select(registration => registration.Unit).Distinct().Count());
    }

    private static IEnumerable<SeasonCount> Flags(SeasonFacts facts) =>
    [
        .. ByStatus(facts, Flag, "PASSED", "Hội đồng đã thông qua", inFull: true),
        .. ByStatus(facts, Flag, "CANDIDATE", "Chưa biểu quyết"),
        .. ByStatus(facts, Flag, "FAILED", "Không được thông qua"),
        .. ByStatus(facts, Flag, "REVOKED", "Đã hủy bỏ quyết định khen thưởng"),
        .. ByStatus(facts, Flag, "HOLD", "Chưa đề nghị, đang chờ kết luận"),
        .. ByStatus(facts, Flag, "VACANT", "Để trống"),
        .. ByStatus(facts, Flag, "UNRESOLVED", "Chưa xác định đơn vị"),
    ];

    private static IEnumerable<SeasonCount> Certificates(SeasonFacts facts) =>
    [
        .. ByStatus(facts, Certificate, "CANDIDATE", "Đề nghị tặng", inFull: true),
        .. ByStatus(facts, Certificate, "HOLD", "Chưa đề nghị, đang chờ kết luận"),
        .. ByStatus(facts, Certificate, "VACANT", "Để trống"),
        .. ByStatus(facts, Certificate, "UNRESOLVED", "Chưa xác định đơn vị"),
    ];

    private static IEnumerable<SeasonCount> GovernmentFlags(SeasonFacts facts)
    {
        const string NoProposal = "Chưa lập đề nghị trong kỳ.";
        var proposal = facts.GovernmentFlag;
        var reason = proposal is null ? NoProposal : null;
        yield return new SeasonCount($"{GovernmentFlag}/BASE", "Cơ số tính chỉ tiêu", proposal?.Base, reason);
        yield return new SeasonCount($"{GovernmentFlag}/QUOTA", "Chỉ tiêu", proposal?.Quota, reason);
        yield return new SeasonCount($"{GovernmentFlag}/PROPOSED", "Đã đề nghị", proposal?.Proposed.Count, reason);
        var categories = facts.Clusters.SelectMany(cluster => cluster.Cluster.Members).DistinctBy(member => member.Unit, StringComparer.Ordinal).ToDictionary(member => member.Unit, member => member.Category, StringComparer.Ordinal);
        foreach (var category in (proposal?.Proposed ?? []).GroupBy(unit => categories.GetValueOrDefault(unit.Unit, "?"), StringComparer.Ordinal).OrderBy(category => category.Key, StringComparer.Ordinal))
        {
            yield return new SeasonCount(SeasonCounts.OfCategory($"{GovernmentFlag}/PROPOSED", category.Key), $"Đã đề nghị: loại {category.Key}", category.Count());
        }

        yield return new SeasonCount($"{GovernmentFlag}/UNRESOLVED", "Bằng phiếu ở ranh giới chỉ tiêu, chưa đề nghị", proposal?.Unresolved.Count, reason);
    }

    /// <summary>Positions of the lists in force in one status; in full also by category of the unit and by kind of cluster.</summary>
    private static IEnumerable<SeasonCount> ByStatus(SeasonFacts facts, string award, string status, string label, bool inFull = false)
    {
        var key = $"{award}/{status}";
        if (facts.Clusters.All(cluster => cluster.Nominations is null))
        {
            yield return new SeasonCount(key, label, null, NotDrawnUp);
            yield break;
        }

        var found = (from cluster in facts.Clusters
                     from position in cluster.Nominations?.Positions ?? []
                     where position.Award == award && cluster.StatusOf(position) == status
                     let unit = cluster.Cluster.Members.FirstOrDefault(member => member.Unit == position.Unit)
                     select (Kind: cluster.Cluster.Kind, Category: unit?.Category)).ToList();
        yield return new SeasonCount(key, label, found.Count);
        if (!inFull)
        {
            yield break;
        }

        foreach (var category in found.GroupBy(position => position.Category ?? "?", StringComparer.Ordinal).OrderBy(category => category.Key, StringComparer.Ordinal))
        {
            yield return new SeasonCount(SeasonCounts.OfCategory(key, category.Key), $"{label}: loại {category.Key}", category.Count());
        }

        foreach (var kind in found.GroupBy(position => position.Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            yield return new SeasonCount($"{key}/KIND/{kind.Key}", $"{label}: {(kind.Key == "CUM" ? "cụm" : "khối")} thi đua", kind.Count());
        }
    }
}
