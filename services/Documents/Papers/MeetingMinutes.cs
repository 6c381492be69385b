using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>Biên bản họp cụm, khối bình xét: who came, what everybody reached, who is named first and who is proposed for what.</summary>
internal static class MeetingMinutes
{
    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.ClusterMeetingMinutes,
            new Dictionary<string, string>
            {
                ["ten_cum"] = "Tên cụm, khối thi đua",
                ["ngay_hop"] = "Ngày họp tổng kết đã ghi nhận",
                ["don_vi_dang_cai"] = "Đơn vị đăng cai, nơi họp",
                ["chu_tri"] = "Người chủ trì: thủ trưởng đơn vị cụm trưởng, khối trưởng",
                ["so_thanh_vien"] = "Số đơn vị thành viên",
                ["so_co_mat"] = "Số đơn vị có mặt",
                ["so_vang"] = "Số đơn vị vắng mặt, kể cả có lý do",
                ["suy_ton"] = "Đơn vị được suy tôn dẫn đầu, hoặc vì sao chưa suy tôn",
                ["ten_thu_ky"] = "Họ và tên thư ký cuộc họp",
            },
            new Dictionary<string, string>
            {
                ["ten_cuoc_hop"] = "Tên cuộc họp",
                ["ket_luan_cuoc_hop"] = "Kết quả cuộc họp đã ghi nhận",
                ["cum_truong"] = "Tên đơn vị cụm trưởng, khối trưởng",
                ["cum_pho"] = "Tên đơn vị cụm phó, khối phó",
                ["ten_bang_tieu_chi"] = "Tên bảng tiêu chí; trống khi chưa có điểm chi tiết",
            },
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["thanh_phan"] = new Dictionary<string, string> { ["stt"] = "Số thứ tự", ["ten"] = "Đơn vị", ["tinh_trang"] = "Có mặt, vắng mặt, vắng mặt có lý do" },
                ["ket_qua"] = ResultTable.Fields,
                ["de_nghi"] = NominationTable.Fields,
            },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, ClusterFacts cluster, PaperIssue issue)
    {
        ClusterNeeds.Result(cluster).Need(cluster.Nominations is not null, "MISSING_NOMINATIONS", $"/clusters/{cluster.Cluster.Code}/nominations", $"{cluster.Cluster.Name}: chưa có danh sách đề nghị khen thưởng lập từ kết quả đang có hiệu lực").Refuse();

        var formed = cluster.Cluster;
        var result = cluster.Result!;
        var meeting = cluster.Activities.LastOrDefault(activity => activity is { Review: "YEAREND", State: "HELD" });
        var present = meeting?.Attendance.Where(unit => unit.Presence == "PRESENT").Count();
        var draft = new PaperDraft(PaperKind.ClusterMeetingMinutes, season, issue, $"Họp bình xét thi đua {PrintedText.Year(season.Season)} của {formed.Name}")
            .Basis(cluster.Scores?.TableBasis ?? "")
            .Field("ten_cum", formed.Name)
            .Field("ten_cuoc_hop", meeting?.Title ?? PrintedText.NotRecorded)
            .Field("ngay_hop", meeting is null ? PrintedText.NotRecorded : PrintedText.DayInWords(meeting.HeldOn ?? meeting.PlannedOn))
            .Field("don_vi_dang_cai", meeting is null ? PrintedText.NotRecorded : Name(meeting.Host))
            .Field("ket_luan_cuoc_hop", meeting is null ? $"Kết quả cuộc họp {PrintedText.NotRecorded}." : meeting.Outcome ?? $"{PrintedText.None}.")
            .Field("chu_tri", $"Thủ trưởng {Nominee.NameOf(cluster, result.Leader)}, {PrintedText.Leader(formed)}")
            .Field("cum_truong", Nominee.NameOf(cluster, result.Leader))
            .Field("cum_pho", Nominee.NameOf(cluster, result.Deputy))
            .Field("so_thanh_vien", PrintedText.Count(result.Size))
            .Field("so_co_mat", present is { } here ? PrintedText.Count(here) : PrintedText.NotRecorded)
            .Field("so_vang", meeting is null ? PrintedText.NotRecorded : PrintedText.Count(meeting.Attendance.Count - present!.Value))
            .Field("ten_bang_tieu_chi", cluster.Scores?.TableTitle ?? "")
            .Field("suy_ton", Acclaim(cluster))
            .Field("ten_thu_ky", issue.SecretaryName ?? "")
            .List("thanh_phan", Attendance().Select((unit, index) => Item(("stt", PrintedText.Count(index + 1)), ("ten", Name(unit.Unit)), ("tinh_trang", unit.Presence))))
            .List("ket_qua", ResultTable.Of(cluster))
            .List("de_nghi", NominationTable.Of(cluster))
            .Warn(meeting is null, $"{formed.Name} chưa ghi nhận cuộc họp tổng kết nào đã tổ chức: biên bản không có ngày họp, nơi họp và thành phần tham dự.")
            .Warn(string.IsNullOrEmpty(issue.SecretaryName), "Chưa có tên thư ký cuộc họp.");
        return draft.Finish();

        IEnumerable<(string Unit, string Presence)> Attendance() => meeting is null
            ? result.Ranking.Select(unit => unit.Unit).Order(StringComparer.Ordinal).Select(unit => (unit, PrintedText.NotRecorded))
            : meeting.Attendance.Select(unit => (unit.Unit, PrintedText.Presence(unit.Presence)));

        string Name(string unit) => ClusterNeeds.NameOf(season, cluster, unit);
    }

    /// <summary>The cluster names who ranks first; two of the same total are named both, and nobody is chosen by the system.</summary>
    private static string Acclaim(ClusterFacts cluster)
    {
        var first = cluster.Result!.Ranking.Where(unit => unit.Rank == 1).ToList();
        return first switch
        {
            [] => "Chưa suy tôn: chưa đơn vị nào có điểm chính thức.",
            [var only] => $"{only.Name}, tổng điểm {PrintedText.Points(only.Total)}.",
            _ => $"{PrintedText.Count(first.Count)} đơn vị cùng tổng điểm {PrintedText.Points(first[0].Total)}: {string.Join("; ", first.Select(unit => unit.Name))}.",
        };
    }
}
