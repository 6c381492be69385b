namespace ThiDua.Documents.Domain;

/// <summary>Loại văn bản: the papers of a season.</summary>
public enum PaperKind
{
    /// <summary>Biên bản họp cụm, khối bình xét: one for a cluster.</summary>
    ClusterMeetingMinutes,

    /// <summary>Biên bản kiểm phiếu của Hội đồng: one for a season and an award that is voted on.</summary>
    VoteCountMinutes,

    /// <summary>Bảng tổng hợp điểm: units × criteria, A4 landscape; one for a cluster.</summary>
    ScoreSummary,

    /// <summary>Tờ trình về việc tặng Cờ thi đua của UBND tỉnh: one for a season.</summary>
    ProvincialFlagSubmission,

    /// <summary>Tờ trình về việc đề nghị tặng Cờ thi đua của Chính phủ: one for a season.</summary>
    GovernmentFlagSubmission,

    /// <summary>Tờ trình về việc tặng Bằng khen của Chủ tịch UBND tỉnh: one for a season.</summary>
    CertificateSubmission,

    /// <summary>Danh sách kèm theo tờ trình, quyết định: one for a season and an award.</summary>
    NominationList,

    /// <summary>Dự thảo quyết định khen thưởng: one for a season and an award that the province itself decides.</summary>
    DraftDecision,

    /// <summary>Báo cáo sơ kết 6 tháng của cụm, khối.</summary>
    MidyearReport,

    /// <summary>Báo cáo tổng kết năm của cụm, khối.</summary>
    YearendReport,

    /// <summary>Thông báo kết quả chấm điểm to a unit, with the reason of every changed point.</summary>
    UnitNotice,
}
