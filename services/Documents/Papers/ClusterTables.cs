using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>What papers of a cluster ask of its facts.</summary>
internal static class ClusterNeeds
{
    public static MissingFacts Result(ClusterFacts cluster) => Result(new MissingFacts(), cluster);

    public static MissingFacts Result(MissingFacts missing, ClusterFacts cluster) =>
        missing.Need(cluster.Result is not null, "MISSING_RESULT", $"/clusters/{cluster.Cluster.Code}/result", $"{cluster.Cluster.Name}: chưa có kết quả chấm điểm được quyết định");

    /// <summary>Points line by line, of every unit of the result.</summary>
    public static MissingFacts Scores(ClusterFacts cluster)
    {
        var scored = cluster.Scores?.Units.Select(unit => unit.Unit).ToHashSet(StringComparer.Ordinal);
        return Result(cluster).Need(
            cluster.Result is null || (scored is not null && cluster.Result.Ranking.All(unit => scored.Contains(unit.Unit))),
            "MISSING_SCORES", $"/clusters/{cluster.Cluster.Code}/scores", $"{cluster.Cluster.Name}: chưa có điểm chi tiết theo tiêu chí");
    }

    /// <summary>A unit that took part: of the result, of the cluster, or one that has left it since.</summary>
    public static string NameOf(SeasonFacts season, ClusterFacts cluster, string unit) =>
        Nominee.NameOf(cluster, unit) is var name && name != unit ? name : season.Units.TryGetValue(unit, out var known) ? known.Name : unit;
}

/// <summary>Kết quả chấm điểm of a cluster, a row for each unit of the result.</summary>
internal static class ResultTable
{
    public static IReadOnlyDictionary<string, string> Fields { get; } = new Dictionary<string, string>
    {
        ["stt"] = "Số thứ tự",
        ["ten"] = "Đơn vị",
        ["tu_cham"] = "Tổng điểm tự chấm",
        ["cum_cham"] = "Tổng điểm cụm trưởng, cụm phó rà soát",
        ["diem_thuong"] = "Điểm thưởng",
        ["diem_tru"] = "Điểm trừ",
        ["tong_diem"] = "Tổng điểm chính thức; “–” là chưa có điểm, không phải 0 điểm",
        ["xep_hang"] = "Xếp hạng",
    };

    public static IEnumerable<IReadOnlyDictionary<string, string>> Of(ClusterFacts cluster) => cluster.Result!.Ranking.Select((unit, index) => Item(
        ("stt", PrintedText.Count(index + 1)),
        ("ten", unit.Name),
        ("tu_cham", PrintedText.Points(unit.SelfTotal)),
        ("cum_cham", PrintedText.Points(unit.ReviewTotal)),
        ("diem_thuong", PrintedText.Points(unit.Total is null ? null : unit.Bonus)),
        ("diem_tru", PrintedText.Points(unit.Total is null ? null : unit.Deductions)),
        ("tong_diem", PrintedText.Points(unit.Total)),
        ("xep_hang", unit.Rank is { } rank ? PrintedText.Count(rank) : PrintedText.NotScored)));
}

/// <summary>Đề nghị khen thưởng of a cluster, a row for each position of the list.</summary>
internal static class NominationTable
{
    public static IReadOnlyDictionary<string, string> Fields { get; } = new Dictionary<string, string>
    {
        ["stt"] = "Số thứ tự",
        ["hinh_thuc"] = "Danh hiệu thi đua, hình thức khen thưởng",
        ["vi_tri"] = "Vị trí trong thứ tự xét khen thưởng",
        ["ten"] = "Đơn vị; “Chưa xác định” khi chưa rõ đơn vị nào giữ vị trí",
        ["tinh_trang"] = "Tình trạng của đề nghị",
        ["ly_do"] = "Lý do",
    };

    public static IEnumerable<IReadOnlyDictionary<string, string>> Of(ClusterFacts cluster) =>
        Nominee.Of([cluster], PaperSubject.ProvincialFlag).Concat(Nominee.Of([cluster], PaperSubject.ChairmanMerit)).Select((nominee, index) => Item(
            ("stt", PrintedText.Count(index + 1)),
            ("hinh_thuc", PrintedText.Award(nominee.Award)),
            ("vi_tri", PrintedText.Count(nominee.Position.Position)),
            ("ten", nominee.Name),
            ("tinh_trang", PrintedText.Status(nominee.Status)),
            ("ly_do", nominee.Reason)));
}
