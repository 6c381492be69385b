using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>What a paper says where something is missing, undecided, doubtful or not scored.</summary>
public sealed class PaperCompositionTests
{
    private static readonly SeasonFacts s_season = SampleFacts.Of(SampleFacts.Hcmc);

    private static ClusterFacts Cluster => s_season.Clusters[1];

    [Fact]
    public void A_paper_without_its_facts_is_refused_with_each_of_them_named()
    {
        var season = s_season with { Policy = null, Clusters = [Cluster with { Result = null, Scores = null, Nominations = null, Ballots = [], Counts = [] }, s_season.Clusters[2] with { Nominations = null }] };
        Assert.Equal(["MISSING_RESULT /clusters/C002/result"], Refused(PaperKind.ScoreSummary, season, season.Clusters[0]));
        Assert.Equal(["MISSING_RESULT /clusters/C002/result", "MISSING_NOMINATIONS /clusters/C002/nominations"], Refused(PaperKind.ClusterMeetingMinutes, season, season.Clusters[0]));
        Assert.Equal(["MISSING_NOMINATIONS /clusters/C003/nominations"], Refused(PaperKind.YearendReport, season, season.Clusters[1]));
        Assert.Equal(["MISSING_POLICY /policy", "MISSING_RESULT /clusters/C002/result", "MISSING_NOMINATIONS /clusters/C003/nominations"], Refused(PaperKind.CertificateSubmission, season));
        Assert.Equal(["MISSING_POLICY /policy", "MISSING_RESULT /clusters/C002/result", "MISSING_NOMINATIONS /clusters/C003/nominations", "MISSING_PROPOSAL /government_flag"], Refused(PaperKind.GovernmentFlagSubmission, season with { GovernmentFlag = null }));
        Assert.Equal(["MISSING_CLUSTER"], Refused(PaperKind.ScoreSummary, season, Cluster with { Cluster = Cluster.Cluster with { ClusterId = Guid.CreateVersion7() } }).Select(refusal => refusal.Split(' ')[0]));

        // Points that are not of every unit of the result would leave one out in silence.
        var partial = Cluster with { Scores = Cluster.Scores! with { Units = [.. Cluster.Scores.Units.Skip(1)] } };
        Assert.Equal(["MISSING_SCORES /clusters/C002/scores"], Refused(PaperKind.ScoreSummary, s_season with { Clusters = [partial] }, partial));
        PaperComposer.Compose(new PaperSubject(PaperKind.MidyearReport, "2025", Cluster.Cluster.ClusterId), season, SampleFacts.Draft()); // needs no result
    }

    [Fact]
    public void What_nobody_scored_is_a_dash_and_never_a_zero()
    {
        var unit = Cluster.Result!.Ranking[^1];
        var cluster = Cluster with
        {
            Result = Cluster.Result with { Ranking = [.. Cluster.Result.Ranking.SkipLast(1), unit with { Rank = null, Total = null, SelfTotal = null, ReviewTotal = null, Groups = [.. unit.Groups.Select(group => group with { Points = 0 })], Bonus = 0, Deductions = 0 }] },
            Scores = Cluster.Scores! with { Units = [.. Cluster.Scores.Units.Select(scored => scored.Unit == unit.Unit ? scored with { Rank = null, FinalTotal = null, SelfTotal = null, ReviewTotal = null, Lines = [], Bonus = null, Deductions = null } : scored)] },
        };
        var season = s_season with { Clusters = [cluster] };
        var summary = PaperComposer.Compose(new PaperSubject(PaperKind.ScoreSummary, "2025", cluster.Cluster.ClusterId), season, SampleFacts.Draft());
        Assert.All(summary.Content.Matrix!.Rows, row => Assert.Equal("–", row.Cells[^1]));
        Assert.Contains(summary.Warnings, warning => warning.Contains("chưa có điểm chính thức", StringComparison.Ordinal));

        var minutes = PaperComposer.Compose(new PaperSubject(PaperKind.ClusterMeetingMinutes, "2025", cluster.Cluster.ClusterId), season, SampleFacts.Draft()).Content;
        Assert.All(minutes.Lists["ket_qua"][^1].Where(cell => cell.Key is not ("stt" or "ten")), cell => Assert.Equal("–", cell.Value));
        Assert.Equal(["MISSING_SHEET"], Refused(PaperKind.UnitNotice, season, cluster, unit.Unit).Select(refusal => refusal.Split(' ')[0]));

        // One line without points leaves its group without a sum.
        var open = Cluster.Scores.Units[0];
        var holed = Cluster with { Scores = Cluster.Scores with { Units = [open with { Lines = [open.Lines[0] with { Final = null }, .. open.Lines.Skip(1)] }, .. Cluster.Scores.Units.Skip(1)] } };
        var rows = PaperComposer.Compose(new PaperSubject(PaperKind.ScoreSummary, "2025", holed.Cluster.ClusterId), s_season with { Clusters = [holed] }, SampleFacts.Draft()).Content.Matrix!.Rows;
        Assert.Equal(["–", "–"], rows.Take(2).Select(row => row.Cells[3]));
        Assert.NotEqual("–", rows[2].Cells[3]);
    }

    [Fact]
    public void Changed_points_without_a_reason_are_said_to_have_none()
    {
        var unit = Cluster.Scores!.Units[0];
        LineChange Change(string by, decimal value, string reason, string? of = null) => new() { By = by, Value = value, Reason = reason, Of = of };
        var scored = unit with
        {
            Lines =
            [
                unit.Lines[0] with { Self = 3, Review = 2.5m, Final = 2.125m, Changes = [] },
                unit.Lines[1] with { Self = 3, Review = 2, Final = 1, Changes = [Change("LEADER", 2, "Thiếu minh chứng"), Change("DEPUTY", 2, "")] },
                unit.Lines[2] with { Self = 3, Review = 3, Final = 3, Changes = [] },
            ],
            Bonus = new LinePoints { Criterion = "BONUS", Self = 2, Review = 2, Final = 1, Changes = [Change("STANDING_AGENCY", 1, "Chỉ một sáng kiến", "Sáng kiến")] },
            Deductions = null,
        };
        var cluster = Cluster with { Scores = Cluster.Scores with { Units = [scored, .. Cluster.Scores.Units.Skip(1)] } };
        var changes = PaperComposer.Compose(new PaperSubject(PaperKind.UnitNotice, "2025", cluster.Cluster.ClusterId, unit.Unit), s_season with { Clusters = [cluster] }, SampleFacts.Draft()).Content.Lists["thay_doi"];
        Assert.Equal(
            [
                "Cụm trưởng, Cụm phó: 2,50 (Không ghi nhận lý do trên hệ thống)", "Cơ quan thường trực: 2,125 (Không ghi nhận lý do trên hệ thống)",
                "Cụm trưởng: 2,00 (Thiếu minh chứng)", "Cụm phó: 2,00 (Không ghi nhận lý do trên hệ thống)", "Cơ quan thường trực: 1,00 (Không ghi nhận lý do trên hệ thống)",
                "Cơ quan thường trực: 1 lần (Chỉ một sáng kiến)",
            ],
            changes.Select(change => $"{change["nguoi"]}: {change["gia_tri"]} ({change["ly_do"]})"));
        Assert.Equal("Điểm thưởng: Sáng kiến", changes[^1]["noi_dung"]);
        Assert.Equal(["1", "2", "3", "4", "5", "6"], changes.Select(change => change["stt"]));
    }

    /// <summary>The law is of the data; what cannot be verified is marked on the draft and told in any case.</summary>
    [Fact]
    public void The_grounds_are_those_of_the_data_and_doubts_are_never_silent()
    {
        var subject = new PaperSubject(PaperKind.CertificateSubmission, "2025");
        var draft = PaperComposer.Compose(subject, s_season, SampleFacts.Draft());
        Assert.Equal(
            [
                "Căn cứ Hướng dẫn số 923/SNV-TĐKT ngày 21/6/2023 của Sở Nội vụ, mục khen thưởng cụm, khối thi đua (cờ, bằng khen, tỷ lệ 20%) [chưa kiểm chứng hiệu lực];",
                "Căn cứ khoản 6 Điều 4 Nghị định số 152/2025/NĐ-CP (tập thể có tỷ lệ nữ từ 70% trở lên);",
                "Căn cứ khoản 7 Điều 30 Nghị định số 98/2023/NĐ-CP (80% tổng số thành viên hội đồng) [không có hiệu lực theo sổ văn bản];",
            ],
            draft.Content.Lists["can_cu"].Select(line => line["noi_dung"]));
        Assert.Contains(draft.Warnings, warning => warning.Contains("98/2023/NĐ-CP không còn hiệu lực vào ngày 20/01/2026", StringComparison.Ordinal));

        var issued = PaperComposer.Compose(subject, s_season, SampleFacts.Issued());
        Assert.DoesNotContain(issued.Content.Lists["can_cu"], line => line["noi_dung"].Contains('['));
        Assert.Equal(draft.Warnings.Count, issued.Warnings.Count);

        // On the paper's own day, not on the day it is drawn up.
        var early = PaperComposer.Compose(subject, s_season, SampleFacts.Issued() with { Date = new DateOnly(2024, 5, 6) });
        Assert.DoesNotContain(early.Warnings, warning => warning.Contains("98/2023/NĐ-CP không còn hiệu lực", StringComparison.Ordinal));
        Assert.Contains(early.Warnings, warning => warning.Contains("152/2025/NĐ-CP chưa có hiệu lực vào ngày 06/05/2024", StringComparison.Ordinal));
        Assert.Equal(
            ["Căn cứ A (x; y) và “b; c”;", "Căn cứ D số 1/QĐ-UBND;"],
            PaperComposer.Compose(subject, s_season with { Policy = s_season.Policy! with { Basis = "A (x; y) và “b; c”; D số 1/QĐ-UBND. Lời giải thích.;  ; A (x; y) và “b; c”" } }, SampleFacts.Issued()).Content.Lists["can_cu"].Select(line => line["noi_dung"]));
    }

    [Fact]
    public void A_draft_leaves_room_for_number_and_date_and_says_what_it_is()
    {
        var subject = new PaperSubject(PaperKind.CertificateSubmission, "2025");
        var draft = PaperComposer.Compose(subject, s_season, SampleFacts.Draft()).Content;
        Assert.Matches(@"^ +/TTr-SNV$", draft.Fields["so_ky_hieu"]);
        Assert.Matches(@"^Đồng Nai, ngày +tháng +năm 2026$", draft.Fields["dia_danh_ngay"]);
        Assert.Equal("DỰ THẢO", Assert.Single(draft.Lists["du_thao"])["chu"]);
        Assert.Contains("DỰ THẢO", PrintedPaperText.Read(PrintedPaperText.Docx(draft)).Paragraphs);

        var issued = PaperComposer.Compose(subject, s_season, SampleFacts.Issued()).Content;
        Assert.Equal(("07/TTr-SNV", "Đồng Nai, ngày 26 tháng 01 năm 2026"), (issued.Fields["so_ky_hieu"], issued.Fields["dia_danh_ngay"]));
        Assert.Equal("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", issued.Fields["chuc_vu_nguoi_ky"]);
        Assert.DoesNotContain("DỰ THẢO", PrintedPaperText.Read(PrintedPaperText.Docx(issued)).All, StringComparison.Ordinal);
        Assert.Equal(
            "Tờ trình số 07/TTr-SNV ngày 26 tháng 01 năm 2026 của Sở Nội vụ",
            PaperComposer.Compose(subject with { Kind = PaperKind.NominationList, Award = PaperSubject.ChairmanMerit }, s_season, SampleFacts.Issued()).Content.Fields["van_ban_chinh"]);
    }

    [Fact]
    public void Positions_that_nobody_takes_are_printed_with_their_reason()
    {
        NominatedPosition Position(int place, string status, string? unit) => new() { NominationId = Guid.CreateVersion7(), Award = "PROVINCIAL_FLAG", Position = place, Status = status, Unit = unit, Reason = $"Lý do thứ {place}." };
        var units = Cluster.Result!.Ranking;
        NominatedPosition[] positions = [Position(1, "HOLD", units[0].Unit), Position(2, "VACANT", units[1].Unit), Position(3, "UNRESOLVED", null), Position(4, "CANDIDATE", units[3].Unit), Position(5, "CANDIDATE", units[4].Unit), Position(6, "CANDIDATE", units[5].Unit)];
        AwardDecided Vote(NominatedPosition position, int yes) => new() { NominationId = position.NominationId, Season = "2025", ClusterId = Cluster.Cluster.ClusterId, Award = "PROVINCIAL_FLAG", Unit = position.Unit!, Passed = yes >= 12, Yes = yes, Members = 15, Needed = 12, Version = 1, At = default };
        var cluster = Cluster with
        {
            Nominations = Cluster.Nominations! with { Positions = positions }, Counts = [],
            Ballots = [Vote(positions[3], 13), Vote(positions[4], 3), Vote(positions[5], 15)],
            Revocations = [new AwardRevoked { NominationId = positions[5].NominationId, Season = "2025", ClusterId = Cluster.Cluster.ClusterId, Award = "PROVINCIAL_FLAG", Unit = units[5].Unit, Ground = "FALSE_DECLARATION", Document = "Quyết định số 77/QĐ-UBND", Version = 2, At = default }],
        };
        var content = PaperComposer.Compose(new PaperSubject(PaperKind.ProvincialFlagSubmission, "2025"), s_season with { Clusters = [cluster] }, SampleFacts.Draft()).Content;
        Assert.Equal([units[3].Name], content.Lists["de_nghi"].Select(row => row["ten"]));
        Assert.Equal(
            [
                ($"{units[0].Name}", "Lý do thứ 1."), ($"{units[1].Name}", "Lý do thứ 2."), ("Chưa xác định", "Lý do thứ 3."),
                ($"{units[4].Name}", "3/15 thành viên Hội đồng đồng ý; cần ít nhất 12."), ($"{units[5].Name}", "Hủy bỏ theo Quyết định số 77/QĐ-UBND."),
            ],
            content.Lists["chua_de_nghi"].Select(row => (row["ten"], row["ly_do"])));
    }

    private static IEnumerable<string> Refused(PaperKind kind, SeasonFacts season, ClusterFacts? cluster = null, string? unit = null)
    {
        var refusal = Assert.Throws<RuleViolationException>(() => PaperComposer.Compose(new PaperSubject(kind, "2025", cluster?.Cluster.ClusterId, unit), season, SampleFacts.Draft()));
        Assert.Equal("facts-missing", refusal.Code);
        Assert.All(refusal.Errors, error => Assert.Contains(error.Message.TrimEnd('.'), refusal.Message, StringComparison.Ordinal));
        return refusal.Errors.Select(error => $"{error.Code} {error.Path}");
    }
}
