using System.IO.Compression;
using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using static ThiDua.Tests.Spreadsheets.WorkbookFiles;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>Files made to harm: each is refused with its own code, without the memory that it asks for.</summary>
public sealed class WorkbookAttackTests
{
    private const string Row = """<row r="1"><c r="A1"><v>1</v></c></row>""";

    private static readonly byte[] s_whole = WithRows(Row);

    [Fact]
    public void What_is_no_xlsx_is_said_to_be_what_it_is()
    {
        Assert.Equal("NOT_XLSX", RefusalOf([]));
        Assert.Equal("NOT_XLSX", RefusalOf("MZ and the rest of a program"u8.ToArray()));
        Assert.Equal("NOT_XLSX", RefusalOf("<html><table><tr><td>43,5"u8.ToArray()));
        Assert.Equal("NOT_XLSX", RefusalOf(Zip([new("a.txt", "x")])));
        Assert.Equal("NOT_XLSX", RefusalOf(Zip([new("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), new("content.xml", "<x/>")])));
        Assert.Equal("NOT_XLSX", RefusalOf(Zip(Changed("[Content_Types].xml", text => text.Replace("spreadsheetml.sheet.main", "wordprocessingml.document.main", StringComparison.Ordinal)))));
        Assert.Equal("LEGACY_XLS", RefusalOf(Compound("Workbook")));
        Assert.Equal("ENCRYPTED_WORKBOOK", RefusalOf(Compound("EncryptedPackage")));
        Assert.Equal("BINARY_WORKBOOK", RefusalOf(Zip(Changed("[Content_Types].xml", text => text.Replace(Main, "application/vnd.ms-excel.sheet.binary.macroEnabled.main".Replace("macroEnabled.", "", StringComparison.Ordinal), StringComparison.Ordinal)))));
    }

    [Fact]
    public void Macros_are_refused_however_they_are_called()
    {
        Assert.Equal("MACRO_WORKBOOK", RefusalOf(Zip(Changed("[Content_Types].xml", text => text.Replace(Main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml", StringComparison.Ordinal)))));
        Assert.Equal("MACRO_WORKBOOK", RefusalOf(Zip(Parts("<worksheet/>").Append(new("xl/vbaProject.bin", "x")))));
        Assert.Equal("MACRO_WORKBOOK", RefusalOf(Zip(Parts("<worksheet/>").Append(new("xl/macrosheets/sheet1.xml", "<x/>")))));
    }

    [Fact]
    public void A_file_cut_at_any_point_or_with_a_turned_bit_is_refused()
    {
        for (var length = 1; length < s_whole.Length; length += 7)
        {
            Assert.Contains(RefusalOf(s_whole[..length]), new[] { "TRUNCATED_WORKBOOK", "NOT_XLSX" });
        }

        var stored = Zip(Parts($"<worksheet><sheetData>{Row}</sheetData></worksheet>"), CompressionLevel.NoCompression);
        var at = stored.AsSpan().IndexOf("<v>1</v>"u8) + 3;
        stored[at] = (byte)'9';
        Assert.Equal("BROKEN_WORKBOOK", RefusalOf(stored));
    }

    [Fact]
    public void Bombs_are_refused_before_they_fill_the_memory()
    {
        var blank = $"<worksheet><sheetData>{new string(' ', 30 << 20)}</sheetData></worksheet>";
        Assert.Equal("XLSX_BOMB", RefusalOf(Zip(Parts(blank), CompressionLevel.SmallestSize))); // more than 200 to 1
        Assert.Equal("XLSX_BOMB", RefusalOf(Zip(Parts(blank)), new WorkbookLimits { UncompressedBytes = 1 << 20, Ratio = int.MaxValue }));
        Assert.Equal("XLSX_BOMB", RefusalOf(Zip(Parts("<worksheet/>").Concat(Enumerable.Range(0, 1000).Select(n => KeyValuePair.Create($"x{n}", ""))))));
        Assert.Equal("BROKEN_WORKBOOK", RefusalOf(Lying(Zip(Parts(blank), CompressionLevel.SmallestSize), 30 << 20))); // it unpacks to what it declares, and then its checksum is wrong
        Assert.Equal("WORKBOOK_TOO_LARGE", RefusalOf(s_whole, new WorkbookLimits { FileBytes = 100 }));

        var cells = string.Concat(Enumerable.Range(1, 2000).Select(row => $"""<row r="{row}"><c r="A{row}"><v>1</v></c></row>"""));
        Assert.Equal("XLSX_BOMB", RefusalOf(WithRows(cells), new WorkbookLimits { Cells = 1999 }));
        Assert.Equal("XLSX_BOMB", RefusalOf(WithRows(Row, strings: string.Concat(Enumerable.Repeat("<si><t>a</t></si>", 101))), new WorkbookLimits { SharedStrings = 100 }));
        Assert.Equal("XLSX_BOMB", RefusalOf(WithRows(Row, strings: $"<si><t>{new string('a', 5000)}</t></si>"), new WorkbookLimits { Characters = 4000 }));
    }

    /// <summary>One string of 32,000 characters in every cell costs one string.</summary>
    [Fact]
    public void A_million_empty_rows_and_a_much_used_string_cost_little()
    {
        var rows = new StringBuilder();
        for (var row = 1; row <= CellAddress.LastRow; row++)
        {
            rows.Append("<row r=\"").Append(row).Append("\"><c s=\"0\"/></row>");
        }

        using var file = new MemoryStream(WithRows(rows.ToString()));
        rows.Clear();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var sheet = WorkbookReader.Read(file).Sheets[0];
        Assert.Equal((0, 0), (sheet.LastRow, sheet.Cells.Count));
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - held < 4 << 20);

        var used = string.Concat(Enumerable.Range(1, 20_000).Select(row => $"""<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"""));
        var texts = Read(WithRows(used, strings: $"<si><t>{new string('a', 32_000)}</t></si>")).Sheets[0].Cells.Values.Select(cell => cell.Text).ToList();
        Assert.All(texts, text => Assert.Same(texts[0], text));
    }

    [Fact]
    public void Entities_other_files_and_odd_names_are_refused_or_left_alone()
    {
        const string Entity = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>""";
        Assert.Equal("DTD_FORBIDDEN", RefusalOf(Zip(Parts(Entity))));
        Assert.Equal("DTD_FORBIDDEN", RefusalOf(Zip(Changed("xl/workbook.xml", text => "<!DOCTYPE x>" + text))));
        foreach (var name in new[] { "../evil", "/etc/passwd", "C:/x", @"xl\..\evil", "xl/../../evil" })
        {
            Assert.Equal("UNSAFE_ENTRY_NAME", RefusalOf(Zip(Parts("<worksheet/>").Append(new(name, "x")))));
        }

        // A link to another workbook is a name in a part that nobody opens.
        var linked = Changed("xl/_rels/workbook.xml.rels", text => text.Replace("</Relationships>", """<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" TargetMode="External" Target="file://server/share/x.xlsx"/></Relationships>""", StringComparison.Ordinal));
        Assert.Single(Read(Zip(linked)).Sheets);
    }

    [Theory]
    [InlineData("""<row r="0"><c r="A0"><v>1</v></c></row>""")]
    [InlineData("""<row r="1048577"><c><v>1</v></c></row>""")]
    [InlineData("""<row r="1"><c r="XFE1"><v>1</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A2"><v>1</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>""")]
    [InlineData("""<c r="A1"><v>1</v></c>""")]
    [InlineData("""<row r="1"><c r="A1" t="s"><v>7</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1" t="s"><v>-1</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1" t="b"><v>2</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1" t="z"><v>2</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1" s="x"><v>2</v></c></row>""")]
    [InlineData("""<row r="1"><c r="A1"><v>1</c></row>""")]
    public void A_sheet_that_says_two_things_says_nothing(string rows) => Assert.Equal("BROKEN_WORKBOOK", RefusalOf(WithRows(rows)));

    /// <summary>Whatever bytes stand in a file, the answer is a refusal or a workbook, never another exception.</summary>
    [Fact]
    public void Random_damage_is_refused_and_never_a_crash()
    {
        var random = new Random(7);
        for (var n = 0; n < 2000; n++)
        {
            var file = (byte[])s_whole.Clone();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                var cell = Read(file).Sheets[0].At(1, 1);
                Assert.Equal((CellKind.Number, 1m), (cell.Kind, cell.Number)); // what was damaged was not what is read
            }
            catch (RuleViolationException refused)
            {
                Assert.Equal(WorkbookRefusal.Code, refused.Code);
            }
        }
    }

    private static Dictionary<string, string> Changed(string part, Func<string, string> change)
    {
        var parts = Parts($"<worksheet><sheetData>{Row}</sheetData></worksheet>");
        parts[part] = change(parts[part]);
        return parts;
    }

    private static byte[] Compound(string name) => [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, .. new byte[504], .. Encoding.Unicode.GetBytes(name), .. new byte[64]];

    /// <summary>The declared length of the long part is changed to a small one, in both places where a zip file says it.</summary>
    private static byte[] Lying(byte[] file, int length)
    {
        for (var at = 0; at + 4 <= file.Length; at++)
        {
            var said = BitConverter.ToInt32(file, at);
            if (said >= length && said < length + 1000)
            {
                BitConverter.GetBytes(said / 64).CopyTo(file, at);
            }
        }

        return file;
    }
}
