using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Microsoft.Extensions.Configuration;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Support;
using static ThiDua.Tests.Spreadsheets.WorkbookFiles;

namespace ThiDua.Tests.Spreadsheets;

public sealed class WorkbookBuilderTests
{
    internal static readonly WorkbookSeal Seal = new(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(WorkbookSeal.Setting, "a key of the tests, long enough for it")]).Build());

    private sealed record Origin(string Unit, Dictionary<string, string?> Lines);

    [Fact]
    public void What_is_written_is_valid_and_read_back_as_it_was()
    {
        var builder = Full();
        Seal.Put(builder, "test", new Origin("X", new() { ["I.1"] = "43,5 _x0041_", ["I.2"] = null }));
        var file = builder.ToBytes();
        Nothing.In(Problems(file));

        var workbook = Read(file);
        Assert.Equal([SheetVisibility.Visible, SheetVisibility.VeryHidden, SheetVisibility.VeryHidden], workbook.Sheets.Select(sheet => sheet.Visibility));
        var sheet = workbook.Find("bảng 'thử' & < >")!;
        Assert.Equal("Dòng 1\nDòng 2 \u0001 _x0041_ 😀 \r", sheet.At(1, 1).Text);
        Assert.Equal((43.5m, 0.1m, new DateTime(2026, 6, 20)), (sheet.At(2, 1).Number, sheet.At(2, 2).Number, sheet.At(2, 3).Date));
        Assert.Equal("A4:C4", Assert.Single(sheet.Merged).ToString());
        Assert.Equal("43,5 _x0041_", Seal.Get<Origin>(workbook, "test").Lines["I.1"]);
    }

    [Fact]
    public void A_seal_holds_for_its_own_form_and_content_only()
    {
        var builder = Full();
        Seal.Put(builder, "test", new Origin("X", []));
        var workbook = Read(builder.ToBytes());
        Assert.Equal("NO_SEAL", Code(() => Seal.Get<Origin>(workbook, "other")));
        Assert.Equal("NO_SEAL", Code(() => Seal.Get<Origin>(Read(Full().ToBytes()), "test")));
        var other = new WorkbookSeal(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(WorkbookSeal.Setting, "another key of the tests, long enough")]).Build());
        Assert.Equal("BROKEN_SEAL", Code(() => other.Get<Origin>(workbook, "test")));

        foreach (var (kind, mac, text) in new[] { ("test", "00", "e30="), ("test", "zz", "e30="), ("test", new string('0', 64), "no base 64"), ("test", "", "") })
        {
            var forged = Full();
            forged.AddSheet(WorkbookSeal.SheetName, SheetVisibility.VeryHidden).Text(1, 1, kind).Text(1, 2, mac).Text(2, 1, text);
            Assert.Equal("BROKEN_SEAL", Code(() => Seal.Get<Origin>(Read(forged.ToBytes()), "test")));
        }

        Assert.Throws<InvalidOperationException>(() => new WorkbookSeal(new ConfigurationBuilder().Build()));
        static string Code(Action action) => Assert.Throws<RuleViolationException>(action).Errors[0].Code;
    }

    internal static IEnumerable<string> Problems(byte[] file)
    {
        using var stream = new MemoryStream(file);
        using var document = SpreadsheetDocument.Open(stream, false);
        return [.. new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}")];
    }

    private static WorkbookBuilder Full()
    {
        var builder = new WorkbookBuilder { Title = "Bảng thử", Creator = "Thi đua", CreatedAt = DateTimeOffset.UnixEpoch };
        var sheet = builder.AddSheet("Bảng 'thử' & < >");
        var head = new CellStyle { Bold = true, Wrap = true, Border = true, Fill = "DDEBF7", Place = HorizontalPlace.Center };
        var input = new CellStyle { Unlocked = true, Border = true };
        sheet.Text(1, 1, "Dòng 1\nDòng 2 \u0001 _x0041_ 😀 \r", head).Number(2, 1, 43.5m, input).Number(2, 2, 0.1m).Day(2, 3, new DateOnly(2026, 6, 20)).Text(4, 1, "Gộp").Blank(3, 1, input)
            .Width(1, 40).Width(2, 12.5m, hidden: true).Height(1, 30).Merge(4, 1, 4, 3).Freeze(1, 2).Print(true, 1, 1, "Phiếu & chấm").Protect()
            .DropDown(CellRange.Of(3, 1, 3, 1), ["Có, đủ", "Không"], new InputHint("Chọn", "Chọn một", "Không có trong danh sách"))
            .NumberBetween(CellRange.Of(2, 1, 2, 1), 0, 10.5m, new InputHint("Điểm", new string('a', 300), "Từ 0 đến 10,5"))
            .NumberBetween(CellRange.Of(2, 2, 2, 2), null, 7, new InputHint("Số", "Nhiều nhất 7", "Nhiều nhất 7"), whole: true)
            .Prompt(CellRange.Of(5, 1, 5, 1), new InputHint("Ghi chú", "Ghi số văn bản"))
            .Comment(2, 1, "Kết quả <thực hiện>").Comment(3, 1, "Mức");
        return builder;
    }
}
