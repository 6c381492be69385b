using System.Buffers;
using System.Globalization;
using System.Xml;

namespace ThiDua.Spreadsheets;

/// <summary>Which styles of a workbook show a number as a date or as a percentage: the file knows no other difference.</summary>
internal sealed class NumberFormats
{
    private const int MostStyles = 100_000;
    private static readonly SearchValues<char> s_partsOfDates = SearchValues.Create("dDmMyYhHsS");
    private readonly List<int> _formats = [];
    private readonly Dictionary<int, string> _codes = [];

    public bool IsDate(int style) => Of(style) is { } format && (_codes.TryGetValue(format, out var code)
        ? IsDate(code)
        : format is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58));

    public bool IsPercent(int style) => Of(style) is { } format && (_codes.TryGetValue(format, out var code) ? Visible(code).Contains('%', StringComparison.Ordinal) : format is 9 or 10);

    public static NumberFormats Read(XmlReader xml)
    {
        var formats = new NumberFormats();
        var inCells = false;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "cellXfs")
            {
                inCells = false;
            }

            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "numFmt" when int.TryParse(xml.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && formats._codes.Count < MostStyles:
                    formats._codes[id] = xml.GetAttribute("formatCode") ?? string.Empty;
                    break;
                case "cellXfs":
                    inCells = !xml.IsEmptyElement;
                    break;
                case "xf" when inCells:
                    if (formats._formats.Count >= MostStyles)
                    {
                        throw WorkbookRefusal.Bomb("quá nhiều kiểu định dạng");
                    }

                    formats._formats.Add(int.TryParse(xml.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out var format) ? format : 0);
                    break;
            }
        }

        return formats;
    }

    /// <summary>Day, month, year, hour or second outside quotation marks; [h] counts hours beyond a day, [Red] and [$-42A] count nothing.</summary>
    private static bool IsDate(string code) => !code.Equals("General", StringComparison.OrdinalIgnoreCase)
        && Visible(code).AsSpan().ContainsAny(s_partsOfDates);

    private static string Visible(string code)
    {
        var kept = new System.Text.StringBuilder(code.Length);
        for (var at = 0; at < code.Length; at++)
        {
            switch (code[at])
            {
                case '"':
                    at = End(code, at + 1, '"');
                    break;
                case '\\' or '_' or '*':
                    at++;
                    break;
                case '[':
                    var end = End(code, at + 1, ']');
                    var inside = code[(at + 1)..Math.Min(end, code.Length)];
                    if (inside.Length > 0 && inside.All(character => character is 'h' or 'H' or 'm' or 'M' or 's' or 'S'))
                    {
                        kept.Append(inside);
                    }

                    at = end;
                    break;
                default:
                    kept.Append(code[at]);
                    break;
            }
        }

        return kept.ToString().Replace("General", string.Empty, StringComparison.OrdinalIgnoreCase);
    }

    private static int End(string code, int from, char mark) => code.IndexOf(mark, Math.Min(from, code.Length)) is >= 0 and var at ? at : code.Length;

    private int? Of(int style) => style >= 0 && style < _formats.Count ? _formats[style] : null;
}
