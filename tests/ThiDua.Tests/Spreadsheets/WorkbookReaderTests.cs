using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using static ThiDua.Tests.Spreadsheets.WorkbookFiles;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>Cells of the dialects of Excel and LibreOffice, read as what they are.</summary>
public sealed class WorkbookReaderTests
{
    private const string Styles = """
        <numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="0.0&quot; điểm md&quot;"/><numFmt numFmtId="167" formatCode="[$-42A]General\ \m"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs>
        """;

    [Fact]
    public void Texts_are_whole_whichever_way_they_are_stored()
    {
        var sheet = Read(WithRows(
            """<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c t="inlineStr"><is><r><t>Bình</t></r><r><rPr><b/></rPr><t xml:space="preserve"> Long</t></r></is></c><c r="F1" t="str"><f>A1</f><v>đã tính</v></c></row><row><c t="s"><v>2</v></c><c r="C2" t="s"><v>3</v></c></row>""",
            strings: """<si><t xml:space="preserve"> Hà  Nội </t></si><si><r><t>43</t></r><r><t>,5</t></r><rPh sb="0" eb="1"><t>đọc</t></rPh><phoneticPr fontId="1"/></si><si><t>_x0041__x005F_x0042_</t></si><si><t/></si>""")).Sheets[0];

        Assert.Equal([" Hà  Nội ", "43,5", "Bình Long", "đã tính"], sheet.Row(1).Select(cell => cell.Text));
        Assert.Equal([new CellAddress(1, 1), new(1, 2), new(1, 3), new(1, 6)], sheet.Row(1).Select(cell => cell.Address));
        Assert.True(sheet.At(1, 6).IsFormula);
        Assert.Equal(("A_x0042_", CellKind.Blank), (sheet.At(2, 1).Text, sheet.At(2, 3).Kind));
    }

    [Fact]
    public void Numbers_days_and_percentages_differ_by_their_format()
    {
        var sheet = Read(WithRows(
            """<row r="1"><c r="A1"><v>43.499999999999996</v></c><c r="B1" s="1"><v>46193</v></c><c r="C1" s="2"><v>46193.5</v></c><c r="D1" s="3"><v>0.95</v></c><c r="E1" s="4"><v>0.95</v></c><c r="F1" s="5"><v>7</v></c><c r="G1" s="6"><v>8</v></c><c r="H1" t="b"><v>1</v></c><c r="I1" t="e"><v>#REF!</v></c><c r="J1" s="1"><v>60</v></c><c r="K1" s="1"><v>61</v></c><c r="L1" t="d"><v>2026-06-20</v></c><c r="M1"/><c r="N1" s="1"><v/></c><c r="O1"><v>1E300</v></c><c r="P1"><f>1+1</f></c></row>""",
            styles: Styles)).Sheets[0];

        Assert.Equal((CellKind.Number, 43.5m, false), (sheet.At(1, 1).Kind, sheet.At(1, 1).Number, sheet.At(1, 1).IsPercent));
        Assert.Equal(new DateTime(2026, 6, 20), sheet.At(1, 2).Date);
        Assert.Equal(new DateTime(2026, 6, 20, 12, 0, 0), sheet.At(1, 3).Date);
        Assert.True(sheet.At(1, 4).IsPercent && sheet.At(1, 5).IsPercent && sheet.At(1, 4).Number == 0.95m);
        Assert.Equal((7m, 8m), (sheet.At(1, 6).Number, sheet.At(1, 7).Number)); // quoted and escaped letters make no date
        Assert.True(sheet.At(1, 8).Boolean);
        Assert.Equal([CellKind.Error, CellKind.Error, CellKind.Date], new[] { sheet.At(1, 9).Kind, sheet.At(1, 10).Kind, sheet.At(1, 11).Kind });
        Assert.Equal(new DateTime(1900, 3, 1), sheet.At(1, 11).Date);
        Assert.Equal(new DateTime(2026, 6, 20), sheet.At(1, 12).Date);
        Assert.Equal([CellKind.Blank, CellKind.Blank, CellKind.Error, CellKind.Blank], new[] { 13, 14, 15, 16 }.Select(column => sheet.At(1, column).Kind));
        Assert.True(sheet.At(1, 16).IsFormula);
    }

    [Fact]
    public void Days_of_the_1904_system_are_the_same_days()
    {
        var sheet = Read(WithRows("""<row r="1"><c r="A1" s="1"><v>44731</v></c><c r="B1" s="1"><v>0</v></c></row>""", workbookProperties: """<workbookPr date1904="1"/>""", styles: Styles)).Sheets[0];
        Assert.Equal((new DateTime(2026, 6, 20), new DateTime(1904, 1, 1)), (sheet.At(1, 1).Date, sheet.At(1, 2).Date));
    }

    [Fact]
    public void What_is_wrong_in_an_input_is_said_by_its_cell()
    {
        var sheet = Read(WithRows(
            """<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" s="1"><v>46193</v></c><c r="D1" s="3"><v>0.95</v></c><c r="E1" t="b"><v>0</v></c><c r="F1" t="inlineStr"><is><t>1.234</t></is></c><c r="G1"><v>5</v></c></row><row r="2" hidden="1"><c r="A2"><v>5</v></c></row>""",
            """<mergeCells><mergeCell ref="G1:H1"/></mergeCells>""", styles: Styles)).Sheets[0];
        var problems = new List<Violation>();
        var reading = new SheetReading(sheet, problems);
        for (var column = 1; column <= 9; column++)
        {
            Assert.Null(reading.Number(new CellAddress(1, column), NumberRule.Any));
        }

        Assert.Equal(
            [
                ("ERROR_VALUE", "Trang 1!A1"), ("FORMULA_IN_INPUT", "Trang 1!B1"), ("DATE_AS_NUMBER", "Trang 1!C1"), ("PERCENT_FORMAT", "Trang 1!D1"), ("NOT_A_NUMBER", "Trang 1!E1"),
                ("AMBIGUOUS_NUMBER", "Trang 1!F1"), ("MERGED_CELL", "Trang 1!G1"), ("MERGED_CELL", "Trang 1!H1"),
            ],
            problems.Select(problem => (problem.Code, problem.Path)));
        Assert.Contains("95%", problems[3].Message, StringComparison.Ordinal);
        Assert.Contains(2, sheet.HiddenRows);
    }

    [Fact]
    public void A_day_is_a_date_cell_or_a_text_with_the_day_first()
    {
        var sheet = Read(WithRows(
            """<row r="1"><c r="A1" s="1"><v>46193</v></c><c r="B1" t="inlineStr"><is><t>20/6/2026</t></is></c><c r="C1" t="inlineStr"><is><t>2026-06-20</t></is></c><c r="D1" t="inlineStr"><is><t>06/20/2026</t></is></c><c r="E1"><v>46193</v></c></row>""", styles: Styles)).Sheets[0];
        var problems = new List<Violation>();
        var reading = new SheetReading(sheet, problems);
        var day = new DateOnly(2026, 6, 20);
        Assert.Equal([day, day, day, null, null, null], Enumerable.Range(1, 6).Select(column => reading.Day(new CellAddress(1, column))));
        Assert.Equal([("NOT_A_DATE", "Trang 1!D1"), ("NOT_A_DATE", "Trang 1!E1")], problems.Select(problem => (problem.Code, problem.Path)));
    }
}
