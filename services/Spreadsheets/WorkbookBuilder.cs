using System.Buffers;
using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace ThiDua.Spreadsheets;

/// <summary>Writes a workbook that Excel and LibreOffice open alike: styles, protection, drop-downs, hints, print setup.</summary>
public sealed class WorkbookBuilder
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const string OptionsSheet = "ThiDua.DanhMuc";
    private const int LongestSheetName = 31;
    private const int LongestComment = 2000;
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("[]:*?/\\");
    private readonly List<SheetBuilder> _sheets = [];

    /// <summary>Title of the document's properties.</summary>
    public required string Title { get; init; }

    public required string Creator { get; init; }

    /// <summary>When it was made; the clock is the caller's.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <param name="name">At most 31 characters, none of []:*?/\ among them.</param>
    /// <param name="visibility">The first sheet must be visible.</param>
    public SheetBuilder AddSheet(string name, SheetVisibility visibility = SheetVisibility.Visible)
    {
        if (name.Length is 0 or > LongestSheetName || name.AsSpan().ContainsAny(s_forbidden) || _sheets.Exists(sheet => sheet.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ArgumentException($"“{name}” cannot name a sheet.", nameof(name));
        }

        var sheet = new SheetBuilder(name, visibility);
        _sheets.Add(sheet);
        return sheet;
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return stream.ToArray();
    }

    public void Save(Stream stream)
    {
        using var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook);
        var properties = document.PackageProperties;
        (properties.Title, properties.Creator, properties.Created) = (Title, Creator, CreatedAt.UtcDateTime);
        var book = document.AddWorkbookPart();
        var styles = new StyleTable();
        var options = new List<IReadOnlyList<string>>();
        var sheets = new Sheets();
        var names = new DefinedNames();
        foreach (var builder in _sheets)
        {
            Add(book, sheets, builder, styles, options);
            if (builder.Repeated is { } repeated)
            {
                names.Append(new DefinedName($"'{builder.Name.Replace("'", "''", StringComparison.Ordinal)}'!${repeated.First}:${repeated.Last}") { Name = "_xlnm.Print_Titles", LocalSheetId = (uint)_sheets.IndexOf(builder) });
            }
        }

        if (options.Count > 0)
        {
            Add(book, sheets, Options(options), styles, []);
        }

        book.AddNewPart<WorkbookStylesPart>().Stylesheet = styles.ToStylesheet();
        var workbook = new DocumentFormat.OpenXml.Spreadsheet.Workbook();
        workbook.Append(new WorkbookProperties { Date1904 = false }, new BookViews(new WorkbookView { ActiveTab = 0 }), sheets);
        if (names.HasChildren)
        {
            workbook.Append(names);
        }

        book.Workbook = workbook;
    }

    private static void Add(WorkbookPart book, Sheets sheets, SheetBuilder builder, StyleTable styles, List<IReadOnlyList<string>> options)
    {
        var part = book.AddNewPart<WorksheetPart>();
        part.Worksheet = WorksheetXml.Of(builder, styles, list => Reference(options, list));
        if (builder.Comments.Count > 0)
        {
            AddComments(part, builder);
        }

        sheets.Append(new DocumentFormat.OpenXml.Spreadsheet.Sheet
        {
            Name = builder.Name,
            SheetId = (uint)sheets.ChildElements.Count + 1,
            Id = book.GetIdOfPart(part),
            State = builder.Visibility switch { SheetVisibility.Hidden => SheetStateValues.Hidden, SheetVisibility.VeryHidden => SheetStateValues.VeryHidden, _ => null },
        });
    }

    /// <summary>A list in the cell itself holds 255 characters and no comma; on a sheet of its own it holds what it must.</summary>
    private static string Reference(List<IReadOnlyList<string>> options, IReadOnlyList<string> list)
    {
        var at = options.FindIndex(known => known.SequenceEqual(list));
        if (at < 0)
        {
            options.Add(list);
            at = options.Count - 1;
        }

        var column = CellAddress.ColumnName(at + 1);
        return string.Create(CultureInfo.InvariantCulture, $"'{OptionsSheet}'!${column}$1:${column}${list.Count}");
    }

    private static SheetBuilder Options(List<IReadOnlyList<string>> options)
    {
        var sheet = new SheetBuilder(OptionsSheet, SheetVisibility.VeryHidden);
        for (var column = 0; column < options.Count; column++)
        {
            for (var row = 0; row < options[column].Count; row++)
            {
                sheet.Text(row + 1, column + 1, options[column][row]);
            }
        }

        return sheet;
    }

    private static void AddComments(WorksheetPart part, SheetBuilder builder)
    {
        var list = new CommentList();
        var shapes = new StringBuilder();
        var number = 1025; // where the numbers of a sheet's first shapes begin
        foreach (var (address, text) in builder.Comments)
        {
            var shown = text.Length > LongestComment ? text[..LongestComment] : text;
            list.Append(new Comment(new CommentText(new Run(new DocumentFormat.OpenXml.Spreadsheet.Text(WorksheetXml.Escape(shown)) { Space = SpaceProcessingModeValues.Preserve }))) { Reference = address.ToString(), AuthorId = 0 });
            shapes.Append(CultureInfo.InvariantCulture, $"""
                <v:shape id="_x0000_s{number++}" type="#_x0000_t202" style="position:absolute;visibility:hidden;width:240pt;height:96pt" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{address.Row - 1}</x:Row><x:Column>{address.Column - 1}</x:Column></x:ClientData></v:shape>
                """);
        }

        part.AddNewPart<WorksheetCommentsPart>().Comments = new Comments(new Authors(new Author("Thi đua")), list);
        var drawing = part.AddNewPart<VmlDrawingPart>();
        using (var writer = new StreamWriter(drawing.GetStream(FileMode.Create)))
        {
            writer.Write($"""<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{shapes}</xml>""");
        }

        part.Worksheet!.Append(new LegacyDrawing { Id = part.GetIdOfPart(drawing) });
    }
}
