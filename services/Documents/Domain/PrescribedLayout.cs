using System.Text.Json;

namespace ThiDua.Documents.Domain;

/// <summary>Thể thức và kỹ thuật trình bày: the bounds of Phụ lục I and the letters of Phụ lục III, as dated data.</summary>
/// <param name="Instrument">Số, ký hiệu of the decree.</param>
/// <param name="InForceFrom">Ngày có hiệu lực.</param>
/// <param name="Page">Khổ giấy, lề trang.</param>
/// <param name="Points">Cỡ chữ of each element: the smallest and the largest.</param>
/// <param name="Body">Nội dung văn bản.</param>
/// <param name="PartialLine">Đường kẻ ngang: what share of the line of text it has, at least and at most.</param>
/// <param name="Letters">Chữ viết tắt of each tên loại.</param>
/// <param name="WithoutPlaceAndDate">Tên loại whose form (Phụ lục III) has no địa danh, thời gian.</param>
public sealed record PrescribedLayout(
    string Instrument,
    DateOnly InForceFrom,
    PrescribedPage Page,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Points,
    PrescribedBody Body,
    IReadOnlyList<string> PartialLine,
    IReadOnlyDictionary<string, string> Letters,
    IReadOnlyList<string> WithoutPlaceAndDate)
{
    /// <summary>What applies to papers that are made now.</summary>
    public static PrescribedLayout Current { get; } = Read();

    /// <summary>The letters of a kind of paper, or null for one that is no tên loại văn bản (a list, a table) and goes with another.</summary>
    public string? LettersOf(PaperKind kind) => TypeOf(kind) is { } type ? Letters[type] : null;

    /// <summary>Tên loại văn bản of a kind of paper.</summary>
    public static string? TypeOf(PaperKind kind) => kind switch
    {
        PaperKind.ClusterMeetingMinutes or PaperKind.VoteCountMinutes => "Biên bản",
        PaperKind.ProvincialFlagSubmission or PaperKind.GovernmentFlagSubmission or PaperKind.CertificateSubmission => "Tờ trình",
        PaperKind.DraftDecision => "Quyết định",
        PaperKind.MidyearReport or PaperKind.YearendReport => "Báo cáo",
        PaperKind.UnitNotice => "Thông báo",
        _ => null,
    };

    private static PrescribedLayout Read()
    {
        using var file = typeof(PrescribedLayout).Assembly.GetManifestResourceStream("prescribed-layout.json")
            ?? throw new InvalidOperationException("prescribed-layout.json is not in the assembly.");
        return JsonSerializer.Deserialize<PrescribedLayout>(file, JsonSerializerOptions.Web)!;
    }
}

/// <summary>Khổ giấy, lề trang; each margin from the smallest to the largest.</summary>
public sealed record PrescribedPage(
    int WidthMillimetres, int HeightMillimetres, IReadOnlyList<int> TopAndBottomMillimetres, IReadOnlyList<int> LeftMillimetres, IReadOnlyList<int> RightMillimetres);

/// <summary>Nội dung văn bản: the indents that are allowed, the least room between paragraphs, the least and the most between lines.</summary>
public sealed record PrescribedBody(IReadOnlyList<decimal> FirstLineMillimetres, int ParagraphSpacingPoints, IReadOnlyList<decimal> Lines);
