using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>A column of a table that a template prints.</summary>
/// <param name="Heading">In the first row, which every page repeats.</param>
/// <param name="Share">Of the width, in proportion to the other columns.</param>
/// <param name="Text">What stands in each row: <c>{{list.field}}</c>, or several with words between.</param>
/// <param name="IsNumber">Centred; otherwise from the left.</param>
public sealed record PaperColumn(string Heading, int Share, string Text, bool IsNumber = false);

/// <summary>
/// Builds a template in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I, element by element in the order in which they stand on the page.
/// Every text may hold names in double braces; between two <c>**</c> it is bold. What is built is a docx like one from Word.
/// </summary>
/// <param name="landscape">Allowed by mục I.2 for a paper that is mainly a table and no annex.</param>
/// <param name="bodyPoints">13 or 14; the other sizes follow.</param>
/// <param name="cellHalfPoints">Size of tables, in half points.</param>
public sealed class PaperLayout(bool landscape = false, int bodyPoints = 14, int cellHalfPoints = 24)
{
    public const string CountryName = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    public const string MottoText = "Độc lập - Tự do - Hạnh phúc";

    // In twentieths of a point. Within the bounds of mục I.3: 20 mm above and below, 30 left, 15 right.
    private const int Top = 1134;
    private const int Bottom = 1134;
    private const int Left = 1701;
    private const int Right = 851;
    private const int LongSide = 16838;
    private const int ShortSide = 11906;
    private const uint HeaderFromEdge = 567;
    private const uint FooterFromEdge = 227;

    private const int LeftShareOfHead = 41;

    private const string MainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

    private readonly List<OpenXmlElement> _elements = [];

    /// <summary>Between the margins.</summary>
    private int Width => (landscape ? LongSide : ShortSide) - Left - Right;

    /// <summary>Elements 1 to 4: the agency and its superior with the number on the left; the country's name, its motto, place and date on the right.</summary>
    /// <param name="superior">Cơ quan chủ quản; empty when there is none.</param>
    /// <param name="agency">Cơ quan ban hành.</param>
    /// <param name="number">Such as <c>Số: {{number}}</c>; null for a paper without one.</param>
    /// <param name="placeAndDate">Such as <c>{{place_and_date}}</c>; null for a paper without (biên bản).</param>
    public PaperLayout Head(string superior, string agency, string? number, string? placeAndDate)
    {
        var left = Width * LeftShareOfHead / 100;
        List<OpenXmlElement> agencies = [];
        if (superior.Length > 0)
        {
            agencies.Add(Text(PaperStyles.Superior, superior));
        }

        agencies.AddRange([Text(PaperStyles.Agency, agency), Text(LinePrinter.PartStyle, string.Empty)]);
        Paragraph[] country = [Text(PaperStyles.Country, CountryName), Text(PaperStyles.Motto, MottoText), Text(LinePrinter.WholeStyle, string.Empty)];
        List<TableRow> rows = [new TableRow(NoSplit(), Cell(left, agencies), Cell(Width - left, country))];
        if (number is not null || placeAndDate is not null)
        {
            rows.Add(new TableRow(
                NoSplit(),
                Cell(left, [Text(PaperStyles.Number, number ?? string.Empty)]),
                Cell(Width - left, [Text(PaperStyles.PlaceAndDate, placeAndDate ?? string.Empty)])));
        }

        return Add(InvisibleTable([left, Width - left], rows));
    }

    /// <summary>Element 5: tên loại and trích yếu, with the short line below.</summary>
    public PaperLayout Title(string kind, string subject) =>
        Add(Text(PaperStyles.Title, kind)).Add(Text(PaperStyles.Subject, subject)).Add(Text(LinePrinter.PartStyle, string.Empty));

    /// <summary>Mục III.1: the head of an annex, with the paper it belongs to.</summary>
    /// <param name="label">Such as <c>Phụ lục I</c>; null for a list that goes with a paper under its own name.</param>
    /// <param name="title">In capitals.</param>
    /// <param name="belongsTo">Such as <c>(Kèm theo Tờ trình số 05/TTr-SNV ngày 05 tháng 01 năm 2026 của Sở Nội vụ)</c>.</param>
    public PaperLayout AnnexTitle(string? label, string title, string belongsTo)
    {
        if (label is not null)
        {
            Add(Text(PaperStyles.AppendixLabel, label));
        }

        return Add(Text(PaperStyles.Title, title)).Add(Text(PaperStyles.Attached, belongsTo)).Add(Text(LinePrinter.PartStyle, string.Empty));
    }

    public PaperLayout Addressee(string text) => Add(Text(PaperStyles.Addressee, text));

    /// <summary>Who issues a decision, in capitals above its grounds.</summary>
    public PaperLayout Issuer(string text) => Add(Text(PaperStyles.Issuer, text));

    /// <summary>Căn cứ ban hành, one a line: italic, with a semicolon after each and a full stop after the last.</summary>
    public PaperLayout Basis(params IReadOnlyList<string> texts)
    {
        foreach (var text in texts)
        {
            Add(Text(PaperStyles.Basis, text));
        }

        return this;
    }

    /// <summary>A line of its own in the middle, bold and in capitals: <c>QUYẾT ĐỊNH:</c>.</summary>
    public PaperLayout Resolution(string text) => Add(Text(PaperStyles.Issuer, text));

    /// <summary>A bold line with a number of its own: <c>I. Kết quả</c>.</summary>
    public PaperLayout Heading(string text) => Add(Text(PaperStyles.Heading, text));

    public PaperLayout Paragraph(string text) => Add(Text(PaperStyles.Body, text));

    /// <summary>Điều: its number is bold, and so is its name if it has one (between <c>**</c>).</summary>
    public PaperLayout Article(int number, string text) => Add(Text(PaperStyles.Body, string.Create(CultureInfo.InvariantCulture, $"**Điều {number}.** {text}")));

    /// <summary>A table that repeats its row for each item of a list; its heading is repeated on every page, and no row is torn apart.</summary>
    public PaperLayout Table(params IReadOnlyList<PaperColumn> columns)
    {
        var shares = columns.Sum(column => column.Share);
        int[] widths = [.. columns.Select(column => Width * column.Share / shares)];
        widths[^1] += Width - widths.Sum();
        var heading = new TableRow(new TableRowProperties(new CantSplit(), new TableHeader()));
        heading.Append(columns.Select((column, index) => Cell(widths[index], [Text(PaperStyles.CellHeading, column.Heading)], centred: true)));
        var row = new TableRow(NoSplit());
        row.Append(columns.Select((column, index) => Cell(widths[index], [Text(column.IsNumber ? PaperStyles.CellNumber : PaperStyles.CellText, column.Text)], centred: true)));
        return Add(Gap()).Add(RuledTable.Of(widths, [heading, row])).Add(Gap());
    }

    /// <summary>Where the table of units and criteria goes.</summary>
    public PaperLayout Matrix() => Add(Text(PaperStyles.Body, "{{" + PaperTemplate.MatrixName + "}}"));

    /// <summary>Elements 7 to 9: where the paper goes on the left; authority, room for the signature, and name on the right.</summary>
    /// <param name="authority">Lines such as <c>TM. ỦY BAN NHÂN DÂN</c> and <c>CHỦ TỊCH</c>, or one name that is filled with them.</param>
    /// <param name="signer">Họ và tên.</param>
    /// <param name="recipients">Lines as they stand: <c>- {{recipients.name}};</c> is repeated; the last begins <c>- Lưu: VT, </c>.</param>
    public PaperLayout Signature(string authority, string signer, params IReadOnlyList<string> recipients) => Add(Gap()).Add(
        InvisibleTable([Width / 2, Width - (Width / 2)], [new TableRow(NoSplit(), Cell(Width / 2, Recipients(recipients)), Cell(Width - (Width / 2), Signed(authority, signer)))]));

    /// <summary>Two who sign, as on minutes: on the left the secretary, on the right who presided; where the paper goes below.</summary>
    public PaperLayout Signatures(string leftTitle, string leftSigner, string rightTitle, string rightSigner, params IReadOnlyList<string> recipients)
    {
        int[] widths = [Width / 2, Width - (Width / 2)];
        Add(Gap()).Add(InvisibleTable(widths, [new TableRow(NoSplit(), Cell(widths[0], Signed(leftTitle, leftSigner)), Cell(widths[1], Signed(rightTitle, rightSigner)))]));
        if (recipients.Count > 0)
        {
            Add(Gap()).Add(InvisibleTable(widths, [new TableRow(NoSplit(), Cell(widths[0], Recipients(recipients)), Cell(widths[1], [Text(PaperStyles.Recipient, string.Empty)]))]));
        }

        return this;
    }

    /// <summary>The docx; the same calls give the same bytes.</summary>
    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document, autoSave: false))
        {
            var main = document.AddNewPart<MainDocumentPart>(MainType, "rIdMain"); // a name of its own choosing would be another each time
            main.AddNewPart<StyleDefinitionsPart>("rIdStyles").Styles = PaperStyles.Part(bodyPoints, cellHalfPoints);
            main.AddNewPart<DocumentSettingsPart>("rIdSettings").Settings = new Settings(
                new Compatibility(new CompatibilitySetting { Name = CompatSettingNameValues.CompatibilityMode, Uri = "http://schemas.microsoft.com/office/word", Val = "15" }));
            main.AddNewPart<HeaderPart>("rIdHeader").Header = new Header(PageNumber());
            main.AddNewPart<HeaderPart>("rIdFirstHeader").Header = new Header(Text(PaperStyles.PageNumber, string.Empty));
            main.AddNewPart<FooterPart>("rIdFooter").Footer = new Footer(Gap());
            main.AddNewPart<FooterPart>("rIdFirstFooter").Footer = new Footer(Gap());

            var body = new Body(_elements.Select(element => element.CloneNode(true)));
            if (_elements.LastOrDefault() is Table)
            {
                body.Append(Gap()); // a body ends with a paragraph
            }

            body.Append(Section());
            main.Document = new Document(body);
            foreach (var root in main.Parts.Select(part => part.OpenXmlPart.RootElement).OfType<OpenXmlPartRootElement>().Prepend(main.Document))
            {
                root.Save();
            }
        }

        return FixedPackage.Of(stream);
    }

    private static Paragraph[] Signed(string authority, string signer) =>
        [Text(PaperStyles.Authority, authority), Text(PaperStyles.Room, string.Empty), Text(PaperStyles.Signer, signer)];

    private static Paragraph[] Recipients(IReadOnlyList<string> recipients) =>
        [Text(PaperStyles.RecipientsHeading, "Nơi nhận:"), .. recipients.Select(recipient => Text(PaperStyles.Recipient, recipient))];

    private static Paragraph PageNumber() => new(
        new ParagraphProperties(new ParagraphStyleId { Val = PaperStyles.PageNumber }),
        new Run(new FieldChar { FieldCharType = FieldCharValues.Begin }),
        new Run(new FieldCode(" PAGE ") { Space = SpaceProcessingModeValues.Preserve }),
        new Run(new FieldChar { FieldCharType = FieldCharValues.Separate }),
        new Run(new Text("2")),
        new Run(new FieldChar { FieldCharType = FieldCharValues.End }));

    private static Paragraph Text(string style, string text)
    {
        var paragraph = new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = style }));
        var bold = false;
        foreach (var piece in text.Split("**"))
        {
            if (piece.Length > 0)
            {
                var run = new Run();
                if (bold)
                {
                    run.Append(new RunProperties(new Bold()));
                }

                var lines = piece.Split('\n');
                for (var line = 0; line < lines.Length; line++)
                {
                    if (line > 0)
                    {
                        run.Append(new Break());
                    }

                    run.Append(new Text(lines[line]) { Space = SpaceProcessingModeValues.Preserve });
                }

                paragraph.Append(run);
            }

            bold = !bold;
        }

        return paragraph;
    }

    // Two tables that follow each other without a paragraph between are one to Word.
    private static Paragraph Gap() => new(new ParagraphProperties(
        new SpacingBetweenLines { Before = "0", After = "0", Line = "120", LineRule = LineSpacingRuleValues.Exact }));

    private static TableRowProperties NoSplit() => new(new CantSplit());

    private static TableCell Cell(int width, IEnumerable<OpenXmlElement> paragraphs, bool centred = false)
    {
        var properties = new TableCellProperties(new TableCellWidth { Width = Number(width), Type = TableWidthUnitValues.Dxa });
        if (centred)
        {
            properties.Append(new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center });
        }

        var cell = new TableCell(properties);
        cell.Append(paragraphs);
        return cell;
    }

    private static Table InvisibleTable(int[] widths, IEnumerable<TableRow> rows)
    {
        var table = new Table(
            new TableProperties(
                new TableWidth { Width = Number(widths.Sum()), Type = TableWidthUnitValues.Dxa },
                new TableLayout { Type = TableLayoutValues.Fixed },
                RuledTable.CellMargins(0)),
            new TableGrid(widths.Select(width => new GridColumn { Width = Number(width) })));
        table.Append(rows);
        return table;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private PaperLayout Add(OpenXmlElement element)
    {
        _elements.Add(element);
        return this;
    }

    private SectionProperties Section()
    {
        var size = new PageSize { Width = (uint)(landscape ? LongSide : ShortSide), Height = (uint)(landscape ? ShortSide : LongSide) };
        if (landscape)
        {
            size.Orient = PageOrientationValues.Landscape;
        }

        return new SectionProperties(
            new HeaderReference { Type = HeaderFooterValues.Default, Id = "rIdHeader" },
            new HeaderReference { Type = HeaderFooterValues.First, Id = "rIdFirstHeader" },
            new FooterReference { Type = HeaderFooterValues.Default, Id = "rIdFooter" },
            new FooterReference { Type = HeaderFooterValues.First, Id = "rIdFirstFooter" },
            size,
            new PageMargin { Top = Top, Bottom = Bottom, Left = Left, Right = Right, Header = HeaderFromEdge, Footer = FooterFromEdge, Gutter = 0 },
            new PageNumberType { Start = 1 },
            new TitlePage());
    }
}
