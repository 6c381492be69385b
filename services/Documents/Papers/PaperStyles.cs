using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>How an element of a paper looks, under a name that a department finds in Word's list of styles.</summary>
/// <param name="Id">In the file.</param>
/// <param name="Name">In Word.</param>
/// <param name="Size">Half points.</param>
internal sealed record PaperStyle(string Id, string Name, int Size)
{
    public bool Bold { get; init; }
    public bool Italic { get; init; }
    public bool Capitals { get; init; }
    public JustificationValues Justification { get; init; } = JustificationValues.Center;
    public int FirstLine { get; init; }
    public int Before { get; init; }
    public int After { get; init; }
    public bool StaysWithNext { get; init; }

    /// <summary>Exact height in twentieths of a point, or null for single lines.</summary>
    public int? ExactLine { get; init; }

    public bool HasBottomLine { get; init; }
}

/// <summary>
/// The styles of Phụ lục I, mục V: sizes grow together, so a text of 14 pt has a motto of 14 and a country's name of 13, and a text of 13 has 13 and 12.
/// </summary>
internal static class PaperStyles
{
    public const string Font = "Times New Roman";

    public const string Body = "NoiDung";
    public const string Country = "QuocHieu";
    public const string Motto = "TieuNgu";
    public const string Superior = "CoQuanChuQuan";
    public const string Agency = "CoQuanBanHanh";
    public const string Number = "SoKyHieu";
    public const string PlaceAndDate = "DiaDanhThoiGian";
    public const string Title = "TenLoai";
    public const string Subject = "TrichYeu";
    public const string Attached = "KemTheo";
    public const string AppendixLabel = "PhuLuc";
    public const string Issuer = "ThamQuyenBanHanh";
    public const string Addressee = "KinhGui";
    public const string Basis = "CanCu";
    public const string Heading = "DeMuc";
    public const string Authority = "QuyenHanChucVu";
    public const string Room = "ChoKy";
    public const string Signer = "HoTenNguoiKy";
    public const string RecipientsHeading = "NoiNhan";
    public const string Recipient = "NoiNhanChiTiet";
    public const string CellHeading = "OTieuDe";
    public const string CellText = "OChu";
    public const string CellNumber = "OSo";
    public const string PageNumber = "SoTrang";

    private const int FirstLine = 720;    // 1,27 cm
    private const int BetweenParagraphs = 120; // 6 pt

    public static IEnumerable<PaperStyle> For(int bodyPoints, int cellHalfPoints)
    {
        var text = bodyPoints * 2;
        var small = text - 2;
        PaperStyle[] styles =
        [
            new(Body, "Nội dung", text) { Justification = JustificationValues.Both, FirstLine = FirstLine, Before = BetweenParagraphs },
            new(Country, "Quốc hiệu", small) { Bold = true },
            new(Motto, "Tiêu ngữ", text) { Bold = true },
            new(Superior, "Cơ quan chủ quản", small) { Capitals = true },
            new(Agency, "Cơ quan ban hành", small) { Bold = true, Capitals = true },
            new(Number, "Số và ký hiệu", 26) { Before = 120 },
            new(PlaceAndDate, "Địa danh và thời gian", text) { Italic = true, Before = 120 },
            new(Title, "Tên loại", text) { Bold = true, Capitals = true, Before = 240, StaysWithNext = true },
            new(Subject, "Trích yếu", text) { Bold = true, StaysWithNext = true },
            new(Attached, "Kèm theo văn bản", text) { Italic = true },
            new(AppendixLabel, "Phụ lục", 28) { Bold = true, StaysWithNext = true },
            new(Issuer, "Thẩm quyền ban hành", text) { Bold = true, Capitals = true, Before = 120, StaysWithNext = true },
            new(Addressee, "Kính gửi", text) { Before = 120 },
            new(Basis, "Căn cứ ban hành", text) { Italic = true, Justification = JustificationValues.Both, FirstLine = FirstLine, Before = BetweenParagraphs },
            new(Heading, "Đề mục", text) { Bold = true, Justification = JustificationValues.Both, FirstLine = FirstLine, Before = BetweenParagraphs, StaysWithNext = true },
            new(Authority, "Quyền hạn và chức vụ", text) { Bold = true, Capitals = true, StaysWithNext = true },
            new(Room, "Chỗ ký", text) { ExactLine = 1300, StaysWithNext = true },
            new(Signer, "Họ tên người ký", text) { Bold = true },
            new(RecipientsHeading, "Nơi nhận", 24) { Bold = true, Italic = true, Justification = JustificationValues.Left, StaysWithNext = true },
            new(Recipient, "Nơi nhận chi tiết", 22) { Justification = JustificationValues.Left },
            new(CellHeading, "Ô tiêu đề", cellHalfPoints) { Bold = true, Before = 40, After = 40, StaysWithNext = true },
            new(CellText, "Ô chữ", cellHalfPoints) { Justification = JustificationValues.Left, Before = 40, After = 40 },
            new(CellNumber, "Ô số", cellHalfPoints) { Before = 40, After = 40 },
            new(PageNumber, "Số trang", text),
            new(LinePrinter.WholeStyle, "Đường kẻ dài bằng dòng chữ", 8) { ExactLine = 40, After = 60, HasBottomLine = true },
            new(LinePrinter.PartStyle, "Đường kẻ ngắn hơn dòng chữ", 8) { ExactLine = 40, After = 60, HasBottomLine = true },
        ];
        return styles;
    }

    public static Styles Part(int bodyPoints, int cellHalfPoints)
    {
        var part = new Styles(
            new DocDefaults(
                new RunPropertiesDefault(new RunPropertiesBaseStyle(
                    new RunFonts { Ascii = Font, HighAnsi = Font, EastAsia = Font, ComplexScript = Font },
                    new FontSize { Val = Text(bodyPoints * 2) },
                    new FontSizeComplexScript { Val = Text(bodyPoints * 2) },
                    new Languages { Val = "vi-VN", EastAsia = "vi-VN" })),
                new ParagraphPropertiesDefault(new ParagraphPropertiesBaseStyle(
                    new SpacingBetweenLines { Before = "0", After = "0", Line = "240", LineRule = LineSpacingRuleValues.Auto }))),
            new Style(new StyleName { Val = "Normal" }, new PrimaryStyle()) { Type = StyleValues.Paragraph, StyleId = "Normal", Default = true });
        part.Append(For(bodyPoints, cellHalfPoints).Select(Of));
        return part;
    }

    private static Style Of(PaperStyle style)
    {
        var paragraph = new StyleParagraphProperties();
        if (style.StaysWithNext)
        {
            paragraph.Append(new KeepNext());
        }

        if (style.HasBottomLine)
        {
            paragraph.Append(new ParagraphBorders(new BottomBorder { Val = BorderValues.Single, Size = 6, Space = 0, Color = "000000" }));
        }

        paragraph.Append(
            new SpacingBetweenLines
            {
                Before = Text(style.Before),
                After = Text(style.After),
                Line = Text(style.ExactLine ?? 240),
                LineRule = style.ExactLine is null ? LineSpacingRuleValues.Auto : LineSpacingRuleValues.Exact,
            },
            new Indentation { FirstLine = Text(style.FirstLine) },
            new Justification { Val = style.Justification });

        var letters = new StyleRunProperties(new RunFonts { Ascii = Font, HighAnsi = Font, EastAsia = Font, ComplexScript = Font });
        if (style.Bold)
        {
            letters.Append(new Bold());
        }

        if (style.Italic)
        {
            letters.Append(new Italic());
        }

        if (style.Capitals)
        {
            letters.Append(new Caps());
        }

        letters.Append(new Color { Val = "000000" }, new FontSize { Val = Text(style.Size) }, new FontSizeComplexScript { Val = Text(style.Size) });
        return new Style(new StyleName { Val = style.Name }, new BasedOn { Val = "Normal" }, new PrimaryStyle(), paragraph, letters)
        {
            Type = StyleValues.Paragraph,
            StyleId = style.Id,
            CustomStyle = true,
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
