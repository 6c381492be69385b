using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>The forms of all kinds. What a form says beside the fields that every paper has stands with the composition of its kind.</summary>
public static class PaperForms
{
    private const string Subject = "trich_yeu";

    private static readonly Dictionary<string, string> s_fields = new()
    {
        ["co_quan_ban_hanh"] = "Cơ quan, tổ chức ban hành văn bản",
        [Subject] = "Trích yếu nội dung văn bản",
        ["chuc_vu_nguoi_ky"] = "Quyền hạn và chức vụ của người ký, mỗi dòng một mục, ví dụ “KT. CHỦ TỊCH” rồi “PHÓ CHỦ TỊCH”",
        ["ten_nguoi_ky"] = "Họ và tên của người ký",
    };

    private static readonly Dictionary<string, string> s_optionalFields = new()
    {
        ["so_ky_hieu"] = "Số, ký hiệu của văn bản, không có chữ “Số:”, ví dụ 05/TTr-SNV; dự thảo để trống số; bảng tổng hợp và danh sách không có số riêng",
        ["dia_danh_ngay"] = "Địa danh và thời gian ban hành; dự thảo để trống ngày, tháng; biên bản không in",
        ["ky_thi_dua"] = "Năm thi đua, ví dụ “năm 2025”",
    };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> s_lists = new()
    {
        ["co_quan_cap_tren"] = new Dictionary<string, string> { ["ten"] = "Cơ quan, tổ chức chủ quản trực tiếp; không có mục nào nếu không có" },
        ["du_thao"] = new Dictionary<string, string> { ["chu"] = "Chữ DỰ THẢO khi văn bản chưa có ngày ban hành; không có mục nào khi đã ban hành" },
        ["noi_nhan"] = new Dictionary<string, string> { ["ten"] = "Nơi nhận, mỗi dòng một nơi, không có dấu ở cuối" },
    };

    private static readonly Dictionary<string, string> s_basis = new() { ["noi_dung"] = "Căn cứ ban hành, mỗi dòng một văn bản, từ số liệu của hệ thống" };

    private static readonly Dictionary<PaperKind, PaperForm> s_forms = new[]
    {
        MeetingMinutes.Form, VoteCount.Form, ScoreSummary.Form, FlagSubmission.Form, GovernmentFlagLetter.Form, CertificateSubmission.Form,
        NomineeList.Form, DraftDecision.Form, ClusterReport.MidyearForm, ClusterReport.YearendForm, UnitNotice.Form,
    }.ToDictionary(form => form.Kind);

    public static IReadOnlyCollection<PaperForm> All => s_forms.Values;

    public static PaperForm Of(PaperKind kind) => s_forms[kind];

    /// <summary>Adds what every paper has.</summary>
    /// <param name="own">What is special to the kind.</param>
    /// <param name="citesLaw">Whether the kind has a list <c>can_cu</c>.</param>
    internal static PaperForm With(PaperForm own, bool citesLaw) => own with
    {
        Fields = Join(s_fields, own.Fields),
        OptionalFields = Join(s_optionalFields, own.OptionalFields),
        Lists = Join(citesLaw ? Join(s_lists, new Dictionary<string, IReadOnlyDictionary<string, string>> { ["can_cu"] = s_basis }) : s_lists, own.Lists),
    };

    /// <summary>Adds what a list that goes with another paper has: that one has the head and the signature.</summary>
    internal static PaperForm AnnexWith(PaperForm own) => own with
    {
        Fields = Join(new Dictionary<string, string> { [Subject] = s_fields[Subject] }, own.Fields),
        OptionalFields = Join(s_fields.Where(field => field.Key != Subject).Concat(s_optionalFields).ToDictionary(), own.OptionalFields),
    };

    private static Dictionary<string, T> Join<T>(IReadOnlyDictionary<string, T> first, IReadOnlyDictionary<string, T> second) =>
        first.Concat(second).ToDictionary(StringComparer.Ordinal);
}
