using System.Xml;

namespace ThiDua.Spreadsheets;

/// <summary>
/// Reads an .xlsx file of unknown origin whole or refuses it (<see cref="WorkbookRefusal"/>), within bounded memory: sheets stream, cells
/// without content are not kept, links to other files are never followed, macros are refused.
/// </summary>
public static class WorkbookReader
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelationships = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    /// <param name="file">A seekable stream; it stays open.</param>
    /// <param name="limits">Null: the usual ones.</param>
    public static Workbook Read(Stream file, WorkbookLimits? limits = null)
    {
        limits ??= new WorkbookLimits();
        using var package = WorkbookPackage.Open(file, limits);
        RequireWorkbook(package);
        var main = Targets(package, "_rels/.rels", string.Empty).FirstOrDefault(target => target.Type.EndsWith("/officeDocument", StringComparison.Ordinal))?.Part
            ?? throw WorkbookRefusal.NotXlsx(string.Empty);
        var folder = main.Contains('/', StringComparison.Ordinal) ? main[..(main.LastIndexOf('/') + 1)] : string.Empty;
        var targets = Targets(package, $"{folder}_rels/{main[folder.Length..]}.rels", folder);
        var (sheets, uses1904) = package.Read(main, ReadBook);
        if (sheets.Count > limits.Sheets)
        {
            throw WorkbookRefusal.Bomb($"hơn {limits.Sheets} trang tính");
        }

        var budget = new CellBudget(limits);
        var strings = targets.Find(target => target.Type.EndsWith("/sharedStrings", StringComparison.Ordinal)) is { } shared ? package.Read(shared.Part, xml => SharedStrings(xml, budget)) : [];
        var formats = targets.Find(target => target.Type.EndsWith("/styles", StringComparison.Ordinal)) is { } styles ? package.Read(styles.Part, NumberFormats.Read) : new NumberFormats();
        var parser = new SheetParser(strings, formats, uses1904, budget);
        var read = new List<Sheet>();
        foreach (var sheet in sheets)
        {
            var target = targets.Find(target => target.Id == sheet.Relation) ?? throw WorkbookRefusal.Broken($"trang tính {sheet.Name} không có nội dung");
            if (target.Type.EndsWith("/worksheet", StringComparison.Ordinal))
            {
                read.Add(package.Read(target.Part, xml => parser.Read(xml, sheet.Name, sheet.Visibility)));
            }
        }

        return new Workbook { Sheets = read };
    }

    private static void RequireWorkbook(WorkbookPackage package)
    {
        var types = package.Read("[Content_Types].xml", xml =>
        {
            var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.GetAttribute("ContentType") is { } type)
                {
                    found.Add(type);
                }
            }

            return found;
        });
        if (types.Any(type => type.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) || type.Contains("vbaProject", StringComparison.OrdinalIgnoreCase)))
        {
            throw WorkbookRefusal.Macros();
        }

        if (types.Any(type => type.Contains("sheet.binary", StringComparison.OrdinalIgnoreCase)))
        {
            throw WorkbookRefusal.Binary();
        }

        if (!types.Any(type => type.EndsWith("spreadsheetml.sheet.main+xml", StringComparison.OrdinalIgnoreCase) || type.EndsWith("spreadsheetml.template.main+xml", StringComparison.OrdinalIgnoreCase)))
        {
            throw WorkbookRefusal.NotXlsx(string.Empty);
        }
    }

    private sealed record Target(string Id, string Type, string Part);

    private sealed record SheetEntry(string Name, string Relation, SheetVisibility Visibility);

    /// <summary>Parts that a part refers to; what lies outside of the file is left where it is.</summary>
    private static List<Target> Targets(WorkbookPackage package, string part, string folder) => package.Has(part)
        ? package.Read(part, xml =>
        {
            var targets = new List<Target>();
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship" && xml.GetAttribute("TargetMode") != "External"
                    && xml.GetAttribute("Target") is { Length: > 0 } target)
                {
                    targets.Add(new Target(xml.GetAttribute("Id") ?? string.Empty, xml.GetAttribute("Type") ?? string.Empty, Resolve(folder, target)));
                }
            }

            return targets;
        })
        : [];

    private static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/'))
        {
            return target[1..];
        }

        var steps = folder.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var step in target.Split('/'))
        {
            if (step == ".." && steps.Count > 0)
            {
                steps.RemoveAt(steps.Count - 1);
            }
            else if (step is not ("." or ".."))
            {
                steps.Add(step);
            }
        }

        return string.Join('/', steps);
    }

    private static (List<SheetEntry> Sheets, bool Uses1904) ReadBook(XmlReader xml)
    {
        var sheets = new List<SheetEntry>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var uses1904 = false;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "workbookPr")
            {
                uses1904 = xml.GetAttribute("date1904") is "1" or "true";
            }
            else if (xml.LocalName == "sheet")
            {
                var name = xml.GetAttribute("name") ?? string.Empty;
                if (!names.Add(name))
                {
                    throw WorkbookRefusal.Broken($"hai trang tính cùng tên {name}");
                }

                sheets.Add(new SheetEntry(
                    name, xml.GetAttribute("id", Relationships) ?? xml.GetAttribute("id", StrictRelationships) ?? string.Empty,
                    xml.GetAttribute("state") switch { "hidden" => SheetVisibility.Hidden, "veryHidden" => SheetVisibility.VeryHidden, _ => SheetVisibility.Visible }));
            }
        }

        return (sheets, uses1904);
    }

    private static List<string> SharedStrings(XmlReader xml, CellBudget budget)
    {
        var strings = new List<string>();
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                budget.CountString();
                strings.Add(SheetParser.TextOf(xml, budget));
            }
        }

        return strings;
    }
}

/// <summary>What a workbook may still spend on memory.</summary>
internal sealed class CellBudget(WorkbookLimits limits)
{
    private int _cells = limits.Cells;
    private int _strings = limits.SharedStrings;
    private long _characters = limits.Characters;

    public int MergedRanges => limits.MergedRanges;

    public void CountCell()
    {
        if (--_cells < 0)
        {
            throw WorkbookRefusal.Bomb($"hơn {limits.Cells} ô có nội dung");
        }
    }

    public void CountString()
    {
        if (--_strings < 0)
        {
            throw WorkbookRefusal.Bomb($"hơn {limits.SharedStrings} chuỗi dùng chung");
        }
    }

    public void CountCharacters(int count)
    {
        _characters -= count;
        if (_characters < 0)
        {
            throw WorkbookRefusal.Bomb("quá nhiều chữ");
        }
    }
}
