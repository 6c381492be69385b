using System.Globalization;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>How papers write numbers, days and the codes of the services: one way in all of them.</summary>
internal static class PrintedText
{
    /// <summary>For points that nobody gave, which are not zero points.</summary>
    public const string NotScored = "–";

    public const string None = "Không có";
    public const string NotKnown = "chưa có số liệu";
    public const string NotRecorded = "không được ghi nhận trên hệ thống";

    private static readonly CultureInfo s_vietnamese = MakeCulture();

    /// <summary>“43,50”: at least two decimals, and every further one that there is.</summary>
    public static string Points(decimal? points) => points is { } value ? Sign(value.ToString("#,##0.00##########################", s_vietnamese)) : NotScored;

    /// <summary>“10”, “2,5”: what a table sets, without zeros at the end.</summary>
    public static string Amount(decimal? amount) => amount is { } value ? Sign(value.ToString("#,##0.############################", s_vietnamese)) : NotScored;

    public static string Count(int count) => count.ToString("#,##0", s_vietnamese);

    /// <summary>“93,33%”, rounded half up to two decimals; of nothing there is no share.</summary>
    public static string Share(int part, int whole) => whole == 0 ? NotScored : Amount((Fraction.FromDecimal(part) * 100 / whole).Round(2)) + "%";

    /// <summary>“05/12/2025”, for tables and lists.</summary>
    public static string Day(DateOnly day) => day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture);

    /// <summary>“ngày 05 tháng 12 năm 2025”, for sentences.</summary>
    public static string DayInWords(DateOnly day) => DateLine.Of(day);

    /// <summary>“năm 2025”, “năm học 2025 - 2026”.</summary>
    public static string Year(SeasonPhaseChanged season) =>
        season.Type == "SCHOOL_YEAR" ? $"năm học {season.Year} - {season.Year + 1}" : $"năm {season.Year}";

    public static string Award(string award) => award switch
    {
        "PROVINCIAL_FLAG" => "Cờ thi đua của Ủy ban nhân dân tỉnh",
        "GOVERNMENT_FLAG" => "Cờ thi đua của Chính phủ",
        "CHAIRMAN_MERIT" => "Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        _ => throw Unknown(award),
    };

    /// <summary>Where a nomination stands.</summary>
    public static string Status(string status) => status switch
    {
        "CANDIDATE" => "Được xem xét đề nghị",
        "HOLD" => "Chưa khen thưởng, giữ vị trí chờ kết luận",
        "VACANT" => "Để trống",
        "UNRESOLVED" => "Chưa xác định được đơn vị",
        "PASSED" => "Hội đồng đã thông qua",
        "FAILED" => "Hội đồng không thông qua",
        "REVOKED" => "Đã hủy bỏ quyết định khen thưởng",
        _ => throw Unknown(status),
    };

    public static string Presence(string presence) => presence switch
    {
        "PRESENT" => "Có mặt",
        "ABSENT" => "Vắng mặt",
        "EXCUSED" => "Vắng mặt có lý do",
        "WRITTEN_OPINION" => "Gửi ý kiến bằng văn bản",
        _ => throw Unknown(presence),
    };

    public static string CouncilRole(string role) => role switch
    {
        "CHAIR" => "Chủ tịch Hội đồng",
        "VICE" => "Phó Chủ tịch Hội đồng",
        "SECRETARY" => "Thư ký Hội đồng",
        "MEMBER" => "Ủy viên",
        _ => throw Unknown(role),
    };

    /// <summary>“Cụm trưởng” of localities, “Khối trưởng” of agencies.</summary>
    public static string Leader(ClusterFormed cluster) => $"{Kind(cluster)} trưởng";

    public static string Deputy(ClusterFormed cluster) => $"{Kind(cluster)} phó";

    /// <summary>“Cụm trưởng, Cụm phó”.</summary>
    public static string Reviewers(ClusterFormed cluster) => $"{Leader(cluster)}, {Deputy(cluster)}";

    /// <summary>Who gave a reason for other points.</summary>
    public static string Office(string office, ClusterFormed cluster) => office switch
    {
        "LEADER" => Leader(cluster),
        "DEPUTY" => Deputy(cluster),
        "STANDING_AGENCY" => "Cơ quan thường trực",
        _ => throw Unknown(office),
    };

    /// <summary>How late a report came; null: nothing is known of it.</summary>
    public static string Lateness(ReportLateness? report) => report switch
    {
        null => NotKnown,
        { LateWorkingDays: null } => "chưa gửi",
        { LateWorkingDays: 0 } => "đúng hạn",
        { LateWorkingDays: { } days } => $"chậm {Count(days)} ngày làm việc",
    };

    private static string Kind(ClusterFormed cluster) => cluster.Kind == "KHOI" ? "Khối" : "Cụm";

    private static string Sign(string number) => number.Replace('-', '−');

    // Vietnamese as the standard writes it, whatever the data of the machine say.
    private static CultureInfo MakeCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        return culture;
    }

    private static InvalidOperationException Unknown(string code) => new($"No paper has words for {code}.");
}
