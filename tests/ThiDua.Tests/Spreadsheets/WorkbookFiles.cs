using System.IO.Compression;
using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Tests.Spreadsheets;

/// <summary>Workbooks made by hand, part by part, as no program of ours writes them.</summary>
internal static class WorkbookFiles
{
    public const string Main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";

    /// <summary>One sheet “Trang 1” with these rows of XML.</summary>
    public static byte[] WithRows(string rows, string afterData = "", string workbookProperties = "", string strings = "", string styles = "") => Zip(
        Parts($"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{afterData}</worksheet>""", workbookProperties, strings, styles));

    public static Dictionary<string, string> Parts(string sheet, string workbookProperties = "", string strings = "", string styles = "") => new()
    {
        ["[Content_Types].xml"] = $"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Main}"/></Types>""",
        ["_rels/.rels"] = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
        ["xl/workbook.xml"] = $"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{workbookProperties}<sheets><sheet name="Trang 1" sheetId="1" r:id="s1"/></sheets></workbook>""",
        ["xl/_rels/workbook.xml.rels"] = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="s3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>""",
        ["xl/worksheets/sheet1.xml"] = sheet,
        ["xl/sharedStrings.xml"] = $"""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>""",
        ["xl/styles.xml"] = $"""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{styles}</styleSheet>""",
    };

    public static byte[] Zip(IEnumerable<KeyValuePair<string, string>> parts, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in parts)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name, level).Open(), new UTF8Encoding(false));
                writer.Write(text);
            }
        }

        return stream.ToArray();
    }

    public static Workbook Read(byte[] file, WorkbookLimits? limits = null)
    {
        using var stream = new MemoryStream(file);
        return WorkbookReader.Read(stream, limits);
    }

    /// <summary>Code of the refusal of a file.</summary>
    public static string RefusalOf(byte[] file, WorkbookLimits? limits = null)
    {
        var refused = Assert.Throws<RuleViolationException>(() => Read(file, limits));
        Assert.Equal(WorkbookRefusal.Code, refused.Code);
        return Assert.Single(refused.Errors).Code;
    }
}
