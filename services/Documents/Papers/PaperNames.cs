using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>What a kind of paper is called when it is listed: the title in the properties of its file.</summary>
public static class PaperNames
{
    public static string Of(PaperKind kind) => kind switch
    {
        PaperKind.ClusterMeetingMinutes => "Biên bản họp cụm, khối thi đua",
        PaperKind.VoteCountMinutes => "Biên bản kiểm phiếu",
        PaperKind.ScoreSummary => "Bảng tổng hợp điểm",
        PaperKind.ProvincialFlagSubmission => "Tờ trình tặng Cờ thi đua của Ủy ban nhân dân tỉnh",
        PaperKind.GovernmentFlagSubmission => "Tờ trình đề nghị tặng Cờ thi đua của Chính phủ",
        PaperKind.CertificateSubmission => "Tờ trình tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        PaperKind.NominationList => "Danh sách kèm theo",
        PaperKind.DraftDecision => "Dự thảo quyết định khen thưởng",
        PaperKind.MidyearReport => "Báo cáo sơ kết",
        PaperKind.YearendReport => "Báo cáo tổng kết",
        PaperKind.UnitNotice => "Thông báo kết quả chấm điểm",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
