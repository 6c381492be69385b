using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>Báo cáo sơ kết and tổng kết of a cluster: what it pledged and did, who came and who reported in time; the latter with results.</summary>
internal static class ClusterReport
{
    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["ten_cum"] = "Tên cụm, khối thi đua",
        ["so_thanh_vien"] = "Số đơn vị thành viên",
        ["so_hoat_dong"] = "Số hoạt động, hội nghị đã tổ chức",
        ["den_ngay"] = "Ngày tính số liệu hoạt động",
    };

    private static readonly Dictionary<string, string> s_optionalFields = new()
    {
        ["chuc_danh_truong"] = "“Cụm trưởng” hoặc “Khối trưởng”",
        ["chuc_danh_pho"] = "“Cụm phó” hoặc “Khối phó”",
        ["cum_truong"] = "Tên đơn vị cụm trưởng, khối trưởng",
        ["cum_pho"] = "Tên đơn vị cụm phó, khối phó",
        ["so_dang_ky"] = "Số đơn vị đã đăng ký thi đua trên hệ thống",
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> s_lists = new()
    {
        ["giao_uoc"] = new Dictionary<string, string> { ["so"] = "Số của điều khoản; trống khi chưa có giao ước", ["noi_dung"] = "Nội dung giao ước thi đua" },
        ["hoat_dong"] = new Dictionary<string, string>
        {
            ["stt"] = "Số thứ tự",
            ["ngay"] = "Ngày tổ chức",
            ["ten"] = "Hoạt động, hội nghị",
            ["don_vi_dang_cai"] = "Đơn vị đăng cai",
            ["co_mat"] = "Số đơn vị có mặt",
            ["vang"] = "Số đơn vị vắng mặt, kể cả có lý do",
            ["ket_qua"] = "Kết quả",
        },
        ["chua_to_chuc"] = new Dictionary<string, string> { ["stt"] = "Số thứ tự", ["ngay"] = "Ngày dự kiến", ["ten"] = "Hoạt động, hội nghị", ["don_vi_dang_cai"] = "Đơn vị đăng cai", ["tinh_trang"] = "Dự kiến hoặc đã hủy" },
        ["don_vi"] = new Dictionary<string, string>
        {
            ["stt"] = "Số thứ tự",
            ["ten"] = "Đơn vị",
            ["tham_du"] = "Số hoạt động, hội nghị đã dự trên số được triệu tập, đến thời điểm lập báo cáo",
            ["so_ket"] = "Báo cáo sơ kết: đúng hạn, chậm mấy ngày làm việc, chưa gửi",
            ["tong_ket"] = "Báo cáo tổng kết: đúng hạn, chậm mấy ngày làm việc, chưa gửi",
        },
    };

    public static PaperForm MidyearForm { get; } = PaperForms.With(
        new PaperForm(PaperKind.MidyearReport, s_fields, s_optionalFields, s_lists, HasMatrix: false), citesLaw: false);

    public static PaperForm YearendForm { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.YearendReport, s_fields, s_optionalFields,
            s_lists.Append(new("ket_qua", ResultTable.Fields)).Append(new("de_nghi", NominationTable.Fields)).ToDictionary(), HasMatrix: false),
        citesLaw: false);

    public static ComposedPaper ComposeMidyear(SeasonFacts season, ClusterFacts cluster, PaperIssue issue)
    {
        // What came after the review is not of the first half; as long as there was no review, the report goes up to its own day.
        var review = cluster.Activities.LastOrDefault(activity => activity is { Review: "MIDYEAR", State: "HELD" });
        var until = review?.HeldOn ?? issue.LawOn;
        return Common(PaperKind.MidyearReport, $"Sơ kết công tác thi đua 6 tháng đầu {PrintedText.Year(season.Season)} của {cluster.Cluster.Name}", season, cluster, issue, until)
            .Warn(review is null, $"{cluster.Cluster.Name} chưa ghi nhận hội nghị sơ kết đã tổ chức; số liệu tính đến {PrintedText.DayInWords(until)}.")
            .Finish();
    }

    public static ComposedPaper ComposeYearend(SeasonFacts season, ClusterFacts cluster, PaperIssue issue)
    {
        ClusterNeeds.Result(cluster).Need(cluster.Nominations is not null, "MISSING_NOMINATIONS", $"/clusters/{cluster.Cluster.Code}/nominations", $"{cluster.Cluster.Name}: chưa có danh sách đề nghị khen thưởng lập từ kết quả đang có hiệu lực").Refuse();
        return Common(PaperKind.YearendReport, $"Tổng kết công tác thi đua {PrintedText.Year(season.Season)} của {cluster.Cluster.Name}", season, cluster, issue, issue.LawOn)
            .List("ket_qua", ResultTable.Of(cluster))
            .List("de_nghi", NominationTable.Of(cluster))
            .Finish();
    }

    private static PaperDraft Common(PaperKind kind, string subject, SeasonFacts season, ClusterFacts cluster, PaperIssue issue, DateOnly until)
    {
        var formed = cluster.Cluster;
        var held = cluster.Activities.Where(activity => activity.State == "HELD" && (activity.HeldOn ?? activity.PlannedOn) <= until).ToList();
        var others = cluster.Activities.Where(activity => activity.State != "HELD").ToList();
        return new PaperDraft(kind, season, issue, subject)
            .Field("ten_cum", formed.Name)
            .Field("chuc_danh_truong", PrintedText.Leader(formed))
            .Field("chuc_danh_pho", PrintedText.Deputy(formed))
            .Field("cum_truong", ClusterNeeds.NameOf(season, cluster, formed.Leader))
            .Field("cum_pho", ClusterNeeds.NameOf(season, cluster, formed.Deputy))
            .Field("so_thanh_vien", PrintedText.Count(formed.Members.Count))
            .Field("so_hoat_dong", PrintedText.Count(held.Count))
            .Field("den_ngay", PrintedText.DayInWords(until))
            .Field("so_dang_ky", PrintedText.Count(cluster.Registrations.Count))
            .List("giao_uoc", (cluster.Covenant?.Clauses ?? []).Select(clause => Item(("so", clause.Number), ("noi_dung", clause.Text))), "noi_dung", "Chưa có giao ước thi đua có hiệu lực trên hệ thống.")
            .List("hoat_dong", held.Select((activity, index) => Item(
                ("stt", PrintedText.Count(index + 1)),
                ("ngay", PrintedText.Day(activity.HeldOn ?? activity.PlannedOn)),
                ("ten", activity.Type is { } type && type != activity.Title ? $"{activity.Title} ({type})" : activity.Title),
                ("don_vi_dang_cai", ClusterNeeds.NameOf(season, cluster, activity.Host)),
                ("co_mat", PrintedText.Count(activity.Attendance.Count(unit => unit.Presence == "PRESENT"))),
                ("vang", PrintedText.Count(activity.Attendance.Count(unit => unit.Presence != "PRESENT"))),
                ("ket_qua", activity.Outcome ?? PrintedText.None))))
            .List("chua_to_chuc", others.Select((activity, index) => Item(
                ("stt", PrintedText.Count(index + 1)),
                ("ngay", PrintedText.Day(activity.PlannedOn)),
                ("ten", activity.Title),
                ("don_vi_dang_cai", ClusterNeeds.NameOf(season, cluster, activity.Host)),
                ("tinh_trang", activity.State == "CANCELLED" ? "Đã hủy" : "Dự kiến"))))
            .List("don_vi", formed.Members.OrderBy(member => member.Unit, StringComparer.Ordinal).Select((member, index) => Item(
                ("stt", PrintedText.Count(index + 1)),
                ("ten", member.Name),
                ("tham_du", Attendance(Fact(member, "ATTENDANCE"))),
                ("so_ket", Report(Fact(member, "REPORTS"), "MIDYEAR")),
                ("tong_ket", Report(Fact(member, "REPORTS"), "YEAREND")))));

        OfficialFactEstablished? Fact(ClusterMember member, string fact) => cluster.Official.FirstOrDefault(known => known.Unit == member.Unit && known.Fact == fact);
    }

    private static string Attendance(OfficialFactEstablished? fact) =>
        fact is { Completed: { } completed, Assigned: { } assigned } ? $"{PrintedText.Count(completed)}/{PrintedText.Count(assigned)}" : PrintedText.NotKnown;

    private static string Report(OfficialFactEstablished? fact, string obligation) => PrintedText.Lateness(fact?.Late?.FirstOrDefault(report => report.Obligation == obligation));
}
