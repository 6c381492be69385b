using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using ThiDua.Clusters.Domain;
using ThiDua.Clusters.Endpoints;
using ThiDua.Scoring.Domain;
using ThiDua.Scoring.Endpoints;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Spreadsheets;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Workbooks as such, and the forms that are read out of them.</summary>
internal static class WorkbookTargets
{
    private const int ComparedCells = 5000;
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly s_today = new(2026, 12, 1);
    private static readonly WorkbookLimits s_limits = new() { FileBytes = 1 << 20, UncompressedBytes = 16 << 20, Cells = 50_000 };
    private static readonly string[] s_words =
    [
        "A1", "XFD1048576", "XFE1", "A0", "s", "str", "inlineStr", "b", "e", "d", "n", "1900-02-29", "2026-06-20T25:00:00", "60", "2958466", "0.1", "1E+308", "4.9E-324", "_x0000_", "_xD83D_", "_x005F_",
        "<f>1+1</f>", "<c r=\"B2\"><v>1</v></c>", "<mergeCell ref=\"A1:B2\"/>", "A1:XFD1048576", "[h]:mm", "0%", "veryHidden", "External", "xl/workbook.xml", "../xl/worksheets/sheet1.xml", "vbaProject.bin",
        "<!DOCTYPE x [<!ENTITY a \"b\">]>", "Mã dòng", "Giá trị", "1.234,5", "12,5 %", "20/06/2026",
    ];

    private sealed record Forms(UnitWorkbook Units, IReadOnlyList<(ScoreSheet Sheet, CriteriaTable Table)> Sheets, IReadOnlyList<byte[]> Files);

    /// <summary>Any workbook; what is written from one that was read reads the same.</summary>
    public static FuzzTarget Make() => new("workbook", InputShape.Package, [.. Samples(), .. Filled().Files], s_words, ReadAsync);

    /// <summary>Workbooks of the forms, through the request's body, the seal and each form's own reading.</summary>
    public static FuzzTarget MakeForms()
    {
        var forms = Filled();
        return new("forms", InputShape.Package, forms.Files, s_words, input => ReadFormsAsync(input, forms));
    }

    private static async ValueTask<bool> ReadAsync(byte[] input)
    {
        if (await WorkbookOfAsync(input) is not { } workbook)
        {
            return false;
        }

        var builder = new WorkbookBuilder { Title = "x", Creator = "x", CreatedAt = s_now };
        var written = workbook.Sheets.Select((sheet, index) => Copy(sheet, builder.AddSheet($"S{index}"))).ToList();
        if (written.Count == 0 || written.Sum(cells => cells.Count) > ComparedCells)
        {
            return true;
        }

        using var file = new MemoryStream(builder.ToBytes());
        var again = WorkbookReader.Read(file);
        for (var index = 0; index < written.Count; index++)
        {
            foreach (var cell in written[index])
            {
                var read = again.Sheets[index].At(cell.Address);
                if ((read.Kind, read.Text, read.Number, read.Date) != (cell.Kind, cell.Text, cell.Kind == CellKind.Date ? read.Number : cell.Number, cell.Date))
                {
                    throw new FuzzFindingException($"a cell of kind {cell.Kind} written again is another");
                }
            }
        }

        return true;
    }

    private static List<Cell> Copy(Sheet sheet, SheetBuilder to)
    {
        var written = new List<Cell>();
        foreach (var cell in sheet.Cells.Values.OrderBy(cell => cell.Address.Row).ThenBy(cell => cell.Address.Column).Take(ComparedCells + 1))
        {
            var (row, column) = (cell.Address.Row, cell.Address.Column);
            switch (cell.Kind)
            {
                case CellKind.Text:
                    to.Text(row, column, cell.Text);
                    break;
                case CellKind.Number when !cell.IsPercent:
                    to.Number(row, column, cell.Number);
                    break;
                case CellKind.Date when cell.Date.TimeOfDay == TimeSpan.Zero && cell.Date.Year >= 1901:
                    to.Day(row, column, DateOnly.FromDateTime(cell.Date));
                    break;
                default:
                    continue;
            }

            written.Add(cell);
        }

        return written;
    }

    private static async ValueTask<bool> ReadFormsAsync(byte[] input, Forms forms)
    {
        if (await BodyOfAsync(input) is not { } body)
        {
            return false;
        }

        var taken = false;
        taken |= Accepts(() =>
        {
            var problems = new List<Violation>();
            var rows = WorkbookBuilderTests.Seal.Get<List<SealedRow>>(body.Workbook, UnitWorkbook.Kind).ToDictionary(row => row.Code, StringComparer.Ordinal);
            forms.Units.Read(body, rows, problems, rows.ContainsKey);
            return problems.Count == 0;
        });
        taken |= Accepts(() =>
        {
            var problems = new List<Violation>();
            var rows = WorkbookBuilderTests.Seal.Get<SealedClusters>(body.Workbook, ClusterWorkbook.Kind).Rows.ToDictionary(row => row.Code, StringComparer.Ordinal);
            ClusterWorkbook.Read(body, rows, problems, code => code.StartsWith('U'));
            return problems.Count == 0;
        });
        foreach (var (sheet, table) in forms.Sheets)
        {
            taken |= Accepts(() => SheetWorkbookReading.Read(body.Workbook, WorkbookBuilderTests.Seal, sheet, table).Problems.Count == 0);
        }

        return taken;
    }

    private static bool Accepts(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (RuleViolationException)
        {
            return false;
        }
    }

    private static async ValueTask<Workbook?> WorkbookOfAsync(byte[] input) => (await BodyOfAsync(input))?.Workbook;

    /// <summary>As it comes with a request; null: refused.</summary>
    private static async ValueTask<WorkbookBody?> BodyOfAsync(byte[] input)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = WorkbookBuilder.ContentType;
        context.Request.Body = new MemoryStream(input, writable: false);
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(s_limits), "fuzz"));
        try
        {
            return await WorkbookBody.BindAsync(context);
        }
        catch (RuleViolationException)
        {
            return null;
        }
    }

    private static Forms Filled()
    {
        var units = new UnitWorkbook(
            [new OrgLevel { Code = "TINH", Label = "Cấp tỉnh", ValidFrom = new DateOnly(2000, 1, 1), Basis = "x", Order = 1 }],
            [new UnitCategory { Code = "HC", Label = "Hành chính", ValidFrom = new DateOnly(2000, 1, 1), Basis = "x", SeasonType = "CALENDAR_YEAR", Attributes = ["dân số"] }], s_today);
        var registered = Enumerable.Range(1, 3).Select(number => Unit.Register(
            $"U{number}", new UnitDetails($"Đơn vị {number}", "HC", "TINH", 40.5m + number, new Dictionary<string, string> { ["dân số"] = "12.000" }), new DateOnly(2025, 1, 1), s_now)).ToList();
        var season = Season.Open("2026", new SeasonType { Code = "CALENDAR_YEAR", Label = "Năm", ValidFrom = new DateOnly(2000, 1, 1), Basis = "x", FirstMonth = 1, FirstDay = 1 }, 2026, new Dictionary<ThiDua.Clusters.Domain.SeasonPhase, PhaseWindow>(), s_now);
        var sheets = Enumerable.Range(1, 3).Select(seed => (ScoreSheet.Open("2026", Guid.CreateVersion7(s_now), "U1", Guid.CreateVersion7(s_now), s_now), RandomTable.Of(new Random(seed)))).ToList();
        var filled = units.Write([.. registered.Select(unit => (unit.Versions[0], 1))], WorkbookBuilderTests.Seal, s_now);
        return new Forms(units, sheets,
        [
            filled, Wide(filled),
            ClusterWorkbook.Write(season, [], WorkbookBuilderTests.Seal, s_now),
            .. sheets.Select(sheet => SheetWorkbook.Write(sheet.Item1, sheet.Item2, 1, "Đơn vị 1", WorkbookBuilderTests.Seal, s_now)),
        ]);
    }

    /// <summary>The same with a cell in the last row that there is.</summary>
    private static byte[] Wide(byte[] file)
    {
        using var changed = new MemoryStream();
        changed.Write(file);
        using (var zip = new ZipArchive(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            var part = zip.Entries.First(entry => entry.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal));
            string text;
            using (var reader = new StreamReader(part.Open()))
            {
                text = reader.ReadToEnd();
            }

            var name = part.FullName;
            part.Delete();
            var end = text.LastIndexOf("</", text.LastIndexOf("sheetData>", StringComparison.Ordinal), StringComparison.Ordinal);
            var prefix = text[(end + 2)..text.IndexOf("sheetData>", end, StringComparison.Ordinal)];
            var far = $"<{prefix}row r=\"{CellAddress.LastRow}\"><{prefix}c r=\"A{CellAddress.LastRow}\" t=\"inlineStr\"><{prefix}is><{prefix}t>U9</{prefix}t></{prefix}is></{prefix}c></{prefix}row>";
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text[..end] + far + text[end..]);
        }

        return changed.ToArray();
    }

    private static IEnumerable<byte[]> Samples()
    {
        const string Rows = """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>43.5</v></c><c r="C1" s="1"><v>46193</v></c><c r="D1" s="2"><v>0.125</v></c><c r="E1" t="b"><v>1</v></c></row>
            <row r="3" hidden="1"><c r="A3" t="inlineStr"><is><r><t>Đạt </t></r><r><t xml:space="preserve"> 97,5</t></r></is></c><c r="B3" t="str"><f>A1</f><v>x_x000D_</v></c><c t="e"><v>#REF!</v></c><c r="F3" t="d"><v>2026-06-20T10:30:00</v></c></row>
            """;
        const string Styles = """<numFmts><numFmt numFmtId="164" formatCode="[$-42A]dd/mm/yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs>""";
        yield return WorkbookFiles.WithRows(Rows, "<mergeCells><mergeCell ref=\"A3:C4\"/></mergeCells>", "<workbookPr date1904=\"0\"/>", "<si><t>Kính gửi</t><rPh><t>x</t></rPh></si>", Styles);
        yield return WorkbookFiles.WithRows(Rows, workbookProperties: "<workbookPr date1904=\"1\"/>", strings: "<si><r><t>a</t></r></si>", styles: Styles);
    }
}
