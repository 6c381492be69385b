using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Gateway.Operations;

/// <summary>Numbers, times and codes as a Vietnamese reader expects them.</summary>
public static class Words
{
    /// <summary>What stands where nobody knows.</summary>
    public const string Unknown = "–";

    /// <summary>The states of a sheet in the order of its way.</summary>
    public static readonly string[] SheetStates = ["NOT_OPENED", "DRAFT", "SUBMITTED", "UNDER_REVIEW", "EXPLANATION_REQUESTED", "REVIEWED", "UNDER_APPRAISAL", "RETURNED_FOR_EVIDENCE", "LOCKED"];

    public static readonly string[] NominationStates = ["CANDIDATE", "HOLD", "VACANT", "UNRESOLVED", "PASSED", "FAILED", "REVOKED"];

    public static readonly string[] Ages = ["under_1d", "1d_to_3d", "3d_to_7d", "over_7d"];

    private static readonly CultureInfo s_vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    private static readonly Dictionary<string, string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NOT_OPENED"] = "chưa mở", ["DRAFT"] = "đang nhập", ["SUBMITTED"] = "đã nộp", ["UNDER_REVIEW"] = "cụm rà soát", ["EXPLANATION_REQUESTED"] = "chờ giải trình",
        ["REVIEWED"] = "đã rà soát", ["UNDER_APPRAISAL"] = "thẩm định", ["RETURNED_FOR_EVIDENCE"] = "trả bổ sung", ["LOCKED"] = "đã quyết định",
        ["CANDIDATE"] = "được xem xét", ["HOLD"] = "chưa khen", ["VACANT"] = "để trống", ["UNRESOLVED"] = "chưa xác định", ["PASSED"] = "thông qua", ["FAILED"] = "không thông qua", ["REVOKED"] = "hủy bỏ",
        ["SETUP"] = "chuẩn bị", ["CRITERIA"] = "bảng tiêu chí", ["SELF_SCORING"] = "tự chấm", ["CLUSTER_REVIEW"] = "cụm rà soát", ["APPRAISAL"] = "thẩm định", ["PROPOSAL"] = "đề nghị khen thưởng", ["COUNCIL"] = "Hội đồng", ["CLOSED"] = "kết thúc",
        ["PROVINCIAL_FLAG"] = "Cờ thi đua của UBND tỉnh", ["CHAIRMAN_MERIT"] = "Bằng khen Chủ tịch UBND tỉnh", ["GOVERNMENT_FLAG"] = "Cờ thi đua của Chính phủ",
        ["REGISTRATION"] = "đăng ký thi đua", ["MIDYEAR_REPORT"] = "báo cáo sơ kết", ["YEAREND_REPORT"] = "báo cáo tổng kết", ["EXPLANATION"] = "giải trình",
        ["under_1d"] = "dưới 1 ngày", ["1d_to_3d"] = "1–3 ngày", ["3d_to_7d"] = "3–7 ngày", ["over_7d"] = "trên 7 ngày",
    };

    /// <summary>A code in words, or the code where nobody gave it words.</summary>
    public static string Name(string code) => s_names.GetValueOrDefault(code, code);

    public static string Name(Level level) => level switch
    {
        Level.Critical => "Nghiêm trọng",
        Level.Warning => "Cảnh báo",
        Level.Info => "Thông tin",
        _ => "Bình thường",
    };

    /// <summary>The codes in their known order, then those nobody gave an order.</summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> codes, string[] order) =>
        [.. codes.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(code => Array.FindIndex(order, known => known.Equals(code, StringComparison.OrdinalIgnoreCase)) is var at and >= 0 ? at : int.MaxValue).ThenBy(code => code, StringComparer.Ordinal)];

    /// <summary>With as many digits as say something: 1.234, 12,3, 0,045.</summary>
    public static string Number(double? value) => value switch
    {
        null => Unknown,
        { } number when Math.Abs(number) >= 100 || number == Math.Floor(number) => number.ToString("N0", s_vietnamese),
        { } number when Math.Abs(number) >= 10 => number.ToString("#,0.#", s_vietnamese),
        { } number when Math.Abs(number) >= 1 => number.ToString("0.##", s_vietnamese),
        { } number => number.ToString("0.###", s_vietnamese),
    };

    public static string Whole(double? value) => value is { } number ? Math.Round(number).ToString("N0", s_vietnamese) : Unknown;

    public static string Percent(double? share) => share is not { } value ? Unknown : (value * 100).ToString(value is > 0 and < 0.1 ? "0.##" : "0.#", s_vietnamese) + " %";

    public static string Bytes(double? bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        if (bytes is not { } value)
        {
            return Unknown;
        }

        var unit = 0;
        while (Math.Abs(value) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{value.ToString(value >= 100 || unit == 0 ? "0" : "0.#", s_vietnamese)} {units[unit]}";
    }

    /// <summary>A short time: 0,012 s is 12 ms.</summary>
    public static string Latency(double? seconds) => seconds switch
    {
        null => Unknown,
        < 1 => $"{(seconds.Value * 1000).ToString(seconds < 0.01 ? "0.#" : "0", s_vietnamese)} ms",
        _ => $"{seconds.Value.ToString("0.##", s_vietnamese)} s",
    };

    /// <summary>A span in its two largest units: 3 ngày 4 giờ.</summary>
    public static string Span(TimeSpan span)
    {
        span = span.Duration();
        return span switch
        {
            { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} giây",
            { TotalHours: < 1 } => $"{(int)span.TotalMinutes} phút",
            { TotalDays: < 1 } => span.Minutes == 0 ? $"{span.Hours} giờ" : $"{span.Hours} giờ {span.Minutes} phút",
            { TotalDays: < 10 } => span.Hours == 0 ? $"{span.Days} ngày" : $"{span.Days} ngày {span.Hours} giờ",
            _ => $"{span.Days.ToString("N0", s_vietnamese)} ngày",
        };
    }

    public static string Span(double? seconds) => seconds is { } value ? Span(TimeSpan.FromSeconds(Math.Min(Math.Abs(value), 1e10))) : Unknown;

    /// <summary>14:05 25/11/2026, on the clocks of Việt Nam.</summary>
    public static string Moment(DateTimeOffset moment) => moment.ToVietnam().ToString("HH:mm dd/MM/yyyy", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset moment) => moment.ToVietnam().ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>For the attribute datetime of a time element.</summary>
    public static string Machine(DateTimeOffset moment) => moment.ToVietnam().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>A build's number without the hash of all its sources.</summary>
    public static string Version(string? version) => version is null ? Unknown : version.Split('+') is [var number, { Length: > 7 } commit] ? $"{number}+{commit[..7]}" : version;
}
