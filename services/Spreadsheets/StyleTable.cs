using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace ThiDua.Spreadsheets;

/// <summary>Collects the styles that the cells of a workbook use and numbers them as its file does.</summary>
internal sealed class StyleTable
{
    private const uint WholeFormat = 3; // #,##0
    private const uint TwoDecimalsFormat = 4; // #,##0.00
    private const uint TextFormat = 49; // @
    private const uint DayFormat = 164;
    private const string FontName = "Times New Roman";

    private readonly Dictionary<CellStyle, uint> _styles = new() { [CellStyle.Plain] = 0 };

    public uint Of(CellStyle style)
    {
        if (!_styles.TryGetValue(style, out var number))
        {
            _styles[style] = number = (uint)_styles.Count;
        }

        return number;
    }

    public Stylesheet ToStylesheet()
    {
        var styles = _styles.OrderBy(entry => entry.Value).Select(entry => entry.Key).ToList();
        var fonts = styles.Select(style => (style.Bold, style.Italic, style.Size, style.Color)).Distinct().ToList();
        List<string?> fills = [null, "gray125", .. styles.Select(style => style.Fill).OfType<string>().Distinct()];
        return new Stylesheet(
            new NumberingFormats(new NumberingFormat { NumberFormatId = DayFormat, FormatCode = "dd/mm/yyyy" }) { Count = 1 },
            new Fonts(fonts.Select(font => Font(font.Bold, font.Italic, font.Size, font.Color))) { Count = (uint)fonts.Count },
            new Fills(fills.Select(Fill)) { Count = (uint)fills.Count },
            new Borders(Border(false), Border(true)) { Count = 2 },
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }) { Count = 1 },
            new CellFormats(styles.Select(style => Format(style, (uint)fonts.IndexOf((style.Bold, style.Italic, style.Size, style.Color)), style.Fill is null ? 0 : (uint)fills.IndexOf(style.Fill)))) { Count = (uint)styles.Count },
            new CellStyles(new DocumentFormat.OpenXml.Spreadsheet.CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }) { Count = 1 });
    }

    private static CellFormat Format(CellStyle style, uint font, uint fill) => new(
        new Alignment
        {
            Horizontal = style.Place switch
            {
                HorizontalPlace.Left => HorizontalAlignmentValues.Left,
                HorizontalPlace.Center => HorizontalAlignmentValues.Center,
                HorizontalPlace.Right => HorizontalAlignmentValues.Right,
                _ => null,
            },
            Vertical = VerticalAlignmentValues.Center,
            WrapText = style.Wrap ? true : null,
        },
        new Protection { Locked = !style.Unlocked })
    {
        NumberFormatId = style.Shape switch { NumberShape.Whole => WholeFormat, NumberShape.TwoDecimals => TwoDecimalsFormat, NumberShape.Text => TextFormat, NumberShape.Day => DayFormat, _ => 0 },
        FontId = font,
        FillId = fill,
        BorderId = style.Border ? 1u : 0u,
        FormatId = 0,
        ApplyNumberFormat = true,
        ApplyFont = true,
        ApplyFill = true,
        ApplyBorder = true,
        ApplyAlignment = true,
        ApplyProtection = true,
    };

    private static Font Font(bool bold, bool italic, int size, string? color)
    {
        var font = new Font();
        if (bold)
        {
            font.Append(new Bold());
        }

        if (italic)
        {
            font.Append(new Italic());
        }

        font.Append(new FontSize { Val = size }, new Color { Rgb = "FF" + (color ?? "000000") }, new FontName { Val = FontName }, new FontFamilyNumbering { Val = 1 });
        return font;
    }

    private static Fill Fill(string? color) => color switch
    {
        null => new Fill(new PatternFill { PatternType = PatternValues.None }),
        "gray125" => new Fill(new PatternFill { PatternType = PatternValues.Gray125 }), // the second one is always this
        _ => new Fill(new PatternFill(new ForegroundColor { Rgb = "FF" + color }, new BackgroundColor { Indexed = 64 }) { PatternType = PatternValues.Solid }),
    };

    private static Border Border(bool drawn)
    {
        EnumValue<BorderStyleValues>? style = drawn ? BorderStyleValues.Thin : null;
        return new Border(
            new LeftBorder { Style = style?.Value }, new RightBorder { Style = style?.Value }, new TopBorder { Style = style?.Value }, new BottomBorder { Style = style?.Value }, new DiagonalBorder());
    }
}
