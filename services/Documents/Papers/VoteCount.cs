using ThiDua.Contracts.Awards;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>Biên bản kiểm phiếu: of every vote on an award in the season how many papers went out and what they said.</summary>
internal static class VoteCount
{
    private const string NotCounted = "–";

    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.VoteCountMinutes,
            new Dictionary<string, string>
            {
                ["hinh_thuc"] = "Danh hiệu thi đua được biểu quyết",
                ["so_de_nghi"] = "Số đề nghị được biểu quyết",
                ["so_thong_qua"] = "Số đề nghị được thông qua",
                ["so_khong_thong_qua"] = "Số đề nghị không được thông qua",
                ["ten_thu_ky"] = "Họ và tên thư ký kiểm phiếu",
            },
            new Dictionary<string, string>(),
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["phien_hop"] = new Dictionary<string, string>
                {
                    ["ngay"] = "Ngày họp",
                    ["hoi_dong"] = "Hội đồng",
                    ["giay_moi"] = "Giấy mời",
                    ["so_thanh_vien"] = "Số thành viên Hội đồng",
                    ["so_co_mat"] = "Số thành viên có mặt",
                    ["so_y_kien"] = "Số thành viên gửi ý kiến bằng văn bản",
                    ["so_vang"] = "Số thành viên vắng mặt",
                },
                ["thanh_vien"] = new Dictionary<string, string>
                {
                    ["stt"] = "Số thứ tự",
                    ["ten"] = "Họ và tên",
                    ["chuc_vu"] = "Chức vụ",
                    ["tu_cach"] = "Tư cách trong Hội đồng",
                    ["du_hop"] = "Có mặt, vắng mặt, gửi ý kiến bằng văn bản",
                    ["ngay"] = "Ngày họp",
                },
                ["ket_qua"] = new Dictionary<string, string>
                {
                    ["stt"] = "Số thứ tự",
                    ["ten"] = "Đơn vị",
                    ["ten_cum"] = "Cụm, khối thi đua",
                    ["lan"] = "Lần bỏ phiếu; “–” khi phiếu không kiểm trên hệ thống, cũng như các số phiếu sau",
                    ["thanh_vien"] = "Tổng số thành viên Hội đồng",
                    ["khong_tham_gia"] = "Số thành viên không được biểu quyết vì liên quan đến đơn vị mình",
                    ["phat_ra"] = "Số phiếu phát ra",
                    ["thu_vao"] = "Số phiếu thu vào",
                    ["dong_y"] = "Số phiếu đồng ý",
                    ["khong_dong_y"] = "Số phiếu không đồng ý",
                    ["phieu_trang"] = "Số phiếu trắng",
                    ["can"] = "Số phiếu đồng ý cần có",
                    ["ty_le"] = "Tỷ lệ đồng ý trên tổng số thành viên",
                    ["ket_luan"] = "Thông qua hoặc không thông qua",
                    ["bien_ban"] = "Số biên bản kiểm phiếu đã ghi nhận",
                },
                ["ghi_chu"] = new Dictionary<string, string> { ["noi_dung"] = "Ghi chú: đề nghị không kiểm phiếu trên hệ thống, quyết định đã hủy bỏ" },
            },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, string award, PaperIssue issue)
    {
        var votes = Votes(season, award);
        new MissingFacts()
            .Need(season.Policy is not null, "MISSING_POLICY", "/policy", "chưa có quy định xét khen thưởng của năm thi đua")
            .Need(votes.Count > 0, "MISSING_BALLOTS", "/ballots", $"Hội đồng chưa biểu quyết đề nghị nào về {PrintedText.Award(award)}")
            .Refuse();

        var sessions = votes.Select(vote => vote.Count).OfType<BallotCounted>().DistinctBy(count => count.SessionId).ToList();
        var uncounted = votes.Where(vote => vote.Count is null).ToList();
        var passed = votes.Count(vote => vote.Ballot.Passed);
        return new PaperDraft(PaperKind.VoteCountMinutes, season, issue, $"Kiểm phiếu đề nghị tặng {PrintedText.Award(award)} {PrintedText.Year(season.Season)}")
            .Basis(season.Policy!.Basis)
            .Field("hinh_thuc", PrintedText.Award(award))
            .Field("so_de_nghi", PrintedText.Count(votes.Count))
            .Field("so_thong_qua", PrintedText.Count(passed))
            .Field("so_khong_thong_qua", PrintedText.Count(votes.Count - passed))
            .Field("ten_thu_ky", issue.SecretaryName ?? "")
            .List("phien_hop", sessions.Select(Session))
            .List("thanh_vien", sessions.SelectMany(session => session.Attendance.Select((member, index) => Item(
                ("stt", PrintedText.Count(index + 1)), ("ten", member.Name), ("chuc_vu", member.Office), ("tu_cach", PrintedText.CouncilRole(member.Role)),
                ("du_hop", PrintedText.Presence(member.Kind)), ("ngay", PrintedText.Day(session.SessionDate))))))
            .List("ket_qua", votes.Select(Row))
            .List("ghi_chu", Notes(votes, uncounted).Select(note => Item(("noi_dung", note))), "noi_dung", "Không có.")
            .Warn(uncounted.Count > 0, $"{PrintedText.Count(uncounted.Count)} đề nghị không kiểm phiếu trên hệ thống.")
            .Warn(string.IsNullOrEmpty(issue.SecretaryName), "Chưa có tên thư ký kiểm phiếu.")
            .Finish();
    }

    /// <summary>In the order of the sessions and their agendas; what was not counted here comes last, by cluster.</summary>
    private static List<Vote> Votes(SeasonFacts season, string award) =>
    [
        .. from cluster in season.Clusters
           from ballot in cluster.Ballots
           where ballot.Award == award
           let count = cluster.Counts.FirstOrDefault(count => count.NominationId == ballot.NominationId && count.Award == award)
           orderby count is null, count?.SessionDate, count?.SessionId, count?.Position, cluster.Cluster.Code
           select new Vote(cluster, ballot, count),
    ];

    private static IReadOnlyDictionary<string, string> Session(BallotCounted session)
    {
        string Of(string kind) => PrintedText.Count(session.Attendance.Count(member => member.Kind == kind));
        return Item(
            ("ngay", PrintedText.Day(session.SessionDate)), ("hoi_dong", session.CouncilName), ("giay_moi", session.SessionDocument),
            ("so_thanh_vien", PrintedText.Count(session.Attendance.Count)), ("so_co_mat", Of("PRESENT")), ("so_y_kien", Of("WRITTEN_OPINION")), ("so_vang", Of("ABSENT")));
    }

    private static IReadOnlyDictionary<string, string> Row(Vote vote, int index)
    {
        var (ballot, count) = (vote.Ballot, vote.Count);
        return Item(
            ("stt", PrintedText.Count(index + 1)),
            ("ten", Nominee.NameOf(vote.Cluster, ballot.Unit)),
            ("ten_cum", vote.Cluster.Cluster.Name),
            ("lan", Counted(count?.Round)),
            ("thanh_vien", PrintedText.Count(ballot.Members)),
            ("khong_tham_gia", Counted(count?.Recused)),
            ("phat_ra", Counted(count?.HandedOut)),
            ("thu_vao", Counted(count?.Yes + count?.No + count?.Blank)),
            ("dong_y", PrintedText.Count(ballot.Yes)),
            ("khong_dong_y", Counted(count?.No)),
            ("phieu_trang", Counted(count?.Blank)),
            ("can", PrintedText.Count(ballot.Needed)),
            ("ty_le", PrintedText.Share(ballot.Yes, ballot.Members)),
            ("ket_luan", ballot.Passed ? "Thông qua" : "Không thông qua"),
            ("bien_ban", count?.Minutes ?? PrintedText.None));
    }

    private static string Counted(int? count) => count is { } known ? PrintedText.Count(known) : NotCounted;

    private static IEnumerable<string> Notes(List<Vote> votes, List<Vote> uncounted)
    {
        if (uncounted.Count > 0)
        {
            yield return $"Phiếu của các đề nghị sau không được kiểm trên hệ thống, chỉ ghi nhận số phiếu đồng ý: {string.Join("; ", uncounted.Select(vote => $"{Nominee.NameOf(vote.Cluster, vote.Ballot.Unit)} ({vote.Cluster.Cluster.Name})"))}.";
        }

        foreach (var vote in votes)
        {
            foreach (var revoked in vote.Cluster.Revocations.Where(revoked => revoked.NominationId == vote.Ballot.NominationId && revoked.Award == vote.Ballot.Award))
            {
                yield return $"Quyết định khen thưởng đối với {Nominee.NameOf(vote.Cluster, revoked.Unit)} đã bị hủy bỏ theo {revoked.Document}.";
            }
        }
    }

    private sealed record Vote(ClusterFacts Cluster, AwardDecided Ballot, BallotCounted? Count);
}
