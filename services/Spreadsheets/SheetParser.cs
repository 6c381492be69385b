using System.Globalization;
using System.Text;
using System.Xml;
using ThiDua.ServiceDefaults;

namespace ThiDua.Spreadsheets;

/// <summary>Reads the XML of one sheet from beginning to end, cell by cell.</summary>
internal sealed class SheetParser(List<string> strings, NumberFormats formats, bool uses1904, CellBudget budget)
{
    private const int LongestText = 32_767; // of a cell, in every program
    private const int SecondsOfDay = 86_400;
    private const int FirstSureDay = 61; // 01/03/1900
    private static readonly DateTime s_epoch1900 = new(1899, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);
    private static readonly DateTime s_epoch1904 = new(1904, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    private readonly Dictionary<CellAddress, Cell> _cells = [];
    private readonly List<CellRange> _merged = [];
    private readonly HashSet<int> _hidden = [];
    private string _name = string.Empty;

    public Sheet Read(XmlReader xml, string name, SheetVisibility visibility)
    {
        var parser = new SheetParser(strings, formats, uses1904, budget) { _name = name };
        parser.Read(xml);
        return new Sheet
        {
            Name = name,
            Visibility = visibility,
            Cells = parser._cells,
            Merged = parser._merged,
            HiddenRows = parser._hidden,
            LastRow = parser._cells.Count == 0 ? 0 : parser._cells.Keys.Max(address => address.Row),
            LastColumn = parser._cells.Count == 0 ? 0 : parser._cells.Keys.Max(address => address.Column),
        };
    }

    /// <summary>The text of a shared or inline string: its runs one after the other, without the readings that stand above them.</summary>
    public static string TextOf(XmlReader xml, CellBudget budget)
    {
        if (xml.IsEmptyElement)
        {
            return string.Empty;
        }

        var (depth, text) = (xml.Depth, new StringBuilder());
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName is "rPh" or "phoneticPr")
            {
                Skip(xml);
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "t" && !xml.IsEmptyElement)
            {
                Append(xml, text, budget);
            }
        }

        return Unescape(text.ToString());
    }

    private void Read(XmlReader xml)
    {
        var (row, column) = (0, 0);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "row":
                    row = xml.GetAttribute("r") is { } given ? Number(given, CellAddress.LastRow) : row + 1;
                    column = 0;
                    if (row > CellAddress.LastRow)
                    {
                        throw WorkbookRefusal.Broken($"{_name} có quá nhiều dòng");
                    }

                    if (xml.GetAttribute("hidden") is "1" or "true" && _hidden.Count < CellAddress.LastRow / 8)
                    {
                        _hidden.Add(row);
                    }

                    break;
                case "c":
                    var address = new CellAddress(row, column + 1);
                    if (xml.GetAttribute("r") is { } reference && (!CellAddress.TryParse(reference, out address) || address.Row != row))
                    {
                        throw WorkbookRefusal.Broken($"{_name} có ô không đúng vị trí");
                    }

                    column = address.Column;
                    if (row == 0 || column > CellAddress.LastColumn)
                    {
                        throw WorkbookRefusal.Broken($"{_name} có ô không đúng vị trí");
                    }

                    ReadCell(xml, address);
                    break;
                case "mergeCell":
                    if (!CellRange.TryParse(xml.GetAttribute("ref"), out var range) || _merged.Count >= budget.MergedRanges)
                    {
                        throw WorkbookRefusal.Broken($"{_name} có vùng gộp ô không đúng");
                    }

                    _merged.Add(range);
                    break;
            }
        }
    }

    private void ReadCell(XmlReader xml, CellAddress address)
    {
        var type = xml.GetAttribute("t") ?? "n";
        var style = xml.GetAttribute("s") is { } given ? Number(given, int.MaxValue) : 0;
        string? value = null;
        string? inline = null;
        var isFormula = false;
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                switch (xml.LocalName)
                {
                    case "f":
                        isFormula = true;
                        break;
                    case "v":
                        value = Content(xml);
                        break;
                    case "is":
                        inline = TextOf(xml, budget);
                        break;
                }
            }
        }

        if (value is null && inline is null && !isFormula)
        {
            return;
        }

        var cell = Of(address, type, style, value, inline) with { IsFormula = isFormula };
        if (cell.Kind == CellKind.Blank && !isFormula)
        {
            return;
        }

        budget.CountCell();
        if (!_cells.TryAdd(address, cell))
        {
            throw WorkbookRefusal.Broken($"ô {_name}!{address} có hai lần");
        }
    }

    private Cell Of(CellAddress address, string type, int style, string? value, string? inline)
    {
        switch (type)
        {
            case "s":
                return int.TryParse(value?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < strings.Count
                    ? Text(address, strings[index])
                    : throw WorkbookRefusal.Broken($"ô {_name}!{address} chỉ tới chuỗi không có");
            case "inlineStr":
                return Text(address, inline ?? value ?? string.Empty);
            case "str":
                return Text(address, Unescape(value ?? string.Empty));
            case "b":
                return value?.Trim() is "1" or "0" or "true" or "false"
                    ? new Cell(address, CellKind.Boolean) { Boolean = value.Trim() is "1" or "true" }
                    : throw WorkbookRefusal.Broken($"ô {_name}!{address} không đúng giá trị đúng/sai");
            case "e":
                return new Cell(address, CellKind.Error) { Text = $"lỗi công thức {value}" };
            case "d":
                return DateTime.TryParseExact(value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ"], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var written)
                    ? new Cell(address, CellKind.Date) { Date = DateTime.SpecifyKind(written, DateTimeKind.Unspecified) }
                    : Error(address, "ngày không đọc được");
            case "n":
                return value is null ? new Cell(address, CellKind.Blank) : Numeric(address, style, value.Trim());
            default:
                throw WorkbookRefusal.Broken($"ô {_name}!{address} có kiểu lạ");
        }
    }

    private Cell Numeric(CellAddress address, int style, string value)
    {
        if (value.Length == 0)
        {
            return new Cell(address, CellKind.Blank);
        }

        if (!NumberText.TryParseXml(value, out var number))
        {
            return Error(address, "số quá lớn hoặc quá nhỏ để đọc đúng");
        }

        return formats.IsDate(style) ? OfDay(address, number) : new Cell(address, CellKind.Number) { Number = number, IsPercent = formats.IsPercent(style) };
    }

    /// <summary>
    /// A day by its number. The 1900 system counts a 29/02/1900 that never was, and programs disagree about the days before it:
    /// those are refused. The seconds are what a day's fraction of 15 digits holds.
    /// </summary>
    private Cell OfDay(CellAddress address, decimal serial)
    {
        var (days, part) = (decimal.Floor(serial), serial - decimal.Floor(serial));
        if (uses1904 ? days < 0 : days < FirstSureDay)
        {
            return Error(address, uses1904 ? "ngày trước 01/01/1904" : "ngày trước 01/03/1900, các phần mềm hiểu khác nhau");
        }

        var epoch = uses1904 ? s_epoch1904 : s_epoch1900;
        if (days > (decimal)(DateTime.MaxValue.Date - epoch).Days - 1)
        {
            return Error(address, "ngày sau năm 9999");
        }

        return new Cell(address, CellKind.Date) { Date = epoch.AddDays((int)days).AddSeconds((int)decimal.Round(part * SecondsOfDay)), Number = serial };
    }

    private static Cell Text(CellAddress address, string text) => text.Length switch
    {
        0 => new Cell(address, CellKind.Blank),
        > LongestText => Error(address, $"quá {LongestText} ký tự"),
        _ when !VietnameseText.IsText(text) => Error(address, "có ký tự không hợp lệ"),
        _ => new Cell(address, CellKind.Text) { Text = text },
    };

    private static Cell Error(CellAddress address, string what) => new(address, CellKind.Error) { Text = what };

    private int Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most && (number > 0 || most == int.MaxValue)
            ? number
            : throw WorkbookRefusal.Broken($"{_name} có số dòng hoặc kiểu không đúng");

    private string Content(XmlReader xml)
    {
        var text = new StringBuilder();
        if (!xml.IsEmptyElement)
        {
            Append(xml, text, budget);
        }

        return text.ToString();
    }

    private static void Append(XmlReader xml, StringBuilder text, CellBudget budget)
    {
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
            {
                budget.CountCharacters(xml.Value.Length);
                text.Append(xml.Value);
            }
        }
    }

    private static void Skip(XmlReader xml)
    {
        if (!xml.IsEmptyElement)
        {
            var depth = xml.Depth;
            while (xml.Read() && xml.Depth > depth)
            {
                // what stands in it is not wanted
            }
        }
    }

    /// <summary>Characters that XML cannot hold stand as _x000D_; an underscore that only looks like that as _x005F_.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains("_x", StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && at + 6 < text.Length && text[at + 1] == 'x' && text[at + 6] == '_'
                && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                at += 6;
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }
}
