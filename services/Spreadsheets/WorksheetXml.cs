using System.Buffers;
using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace ThiDua.Spreadsheets;

/// <summary>The XML of one sheet, its elements in the order that the schema asks for.</summary>
internal static class WorksheetXml
{
    private const int LongestTitle = 32;
    private const int LongestHint = 255;
    private const uint A4 = 9;
    private static readonly SearchValues<char> s_hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly DateOnly s_epoch = new(1899, 12, 30);

    public static Worksheet Of(SheetBuilder builder, StyleTable styles, Func<IReadOnlyList<string>, string> listReference)
    {
        var sheet = new Worksheet();
        sheet.Append(new SheetProperties(new PageSetupProperties { FitToPage = true }));
        sheet.Append(new SheetViews(View(builder)));
        sheet.Append(new SheetFormatProperties { DefaultRowHeight = 15 });
        if (builder.Columns.Count > 0)
        {
            sheet.Append(new Columns(builder.Columns.Select(column => new Column
            {
                Min = (uint)column.Key,
                Max = (uint)column.Key,
                Width = new DoubleValue { InnerText = Text(column.Value.Width) },
                CustomWidth = true,
                Hidden = column.Value.Hidden ? true : null,
            })));
        }

        sheet.Append(Data(builder, styles));
        if (builder.IsProtected)
        {
            sheet.Append(new SheetProtection { Sheet = true, Objects = true, Scenarios = true, FormatColumns = false, FormatRows = false });
        }

        if (builder.MergedRanges.Count > 0)
        {
            sheet.Append(new MergeCells(builder.MergedRanges.Select(range => new MergeCell { Reference = range.ToString() })));
        }

        if (builder.Validations.Count > 0)
        {
            sheet.Append(new DataValidations(builder.Validations.Select(validation => Of(validation, listReference))) { Count = (uint)builder.Validations.Count });
        }

        sheet.Append(new PageMargins { Left = Inches("0.6"), Right = Inches("0.4"), Top = Inches("0.6"), Bottom = Inches("0.6"), Header = Inches("0.3"), Footer = Inches("0.3") });
        sheet.Append(new PageSetup { PaperSize = A4, Orientation = builder.IsLandscape ? OrientationValues.Landscape : OrientationValues.Portrait, FitToWidth = 1, FitToHeight = 0 });
        sheet.Append(new HeaderFooter(new OddFooter($"&L{(builder.PrintFooter ?? string.Empty).Replace("&", "&&", StringComparison.Ordinal)}&RTrang &P/&N")));
        return sheet;
    }

    /// <summary>XML cannot hold every character; the format writes those as _x000D_, and so must what only looks like it.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            var isEscape = character == '_' && at + 6 < text.Length && text[at + 1] == 'x' && text[at + 6] == '_' && text.AsSpan(at + 2, 4).IndexOfAnyExcept(s_hexadecimal) < 0;
            var isPair = char.IsHighSurrogate(character) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (isPair)
            {
                escaped.Append(character).Append(text[++at]);
            }
            else if (isEscape || character == '\r' || (char.IsControl(character) && character is not ('\n' or '\t')) || char.IsSurrogate(character) || character is '\ufffe' or '\uffff')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"_x{(int)character:X4}_");
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    private static SheetView View(SheetBuilder builder)
    {
        var view = new SheetView { WorkbookViewId = 0, ShowGridLines = false };
        var (rows, columns) = builder.Frozen;
        if (rows > 0 || columns > 0)
        {
            view.Append(new Pane
            {
                VerticalSplit = rows > 0 ? rows : null,
                HorizontalSplit = columns > 0 ? columns : null,
                TopLeftCell = new CellAddress(rows + 1, columns + 1).ToString(),
                State = PaneStateValues.Frozen,
                ActivePane = (rows, columns) switch { (> 0, > 0) => PaneValues.BottomRight, (> 0, _) => PaneValues.BottomLeft, _ => PaneValues.TopRight },
            });
        }

        return view;
    }

    private static SheetData Data(SheetBuilder builder, StyleTable styles)
    {
        var data = new SheetData();
        foreach (var (number, cells) in builder.Rows)
        {
            var row = new Row { RowIndex = (uint)number };
            if (builder.Heights.TryGetValue(number, out var height))
            {
                (row.Height, row.CustomHeight) = (new DoubleValue { InnerText = Text(height) }, true);
            }

            foreach (var (column, content) in cells)
            {
                row.Append(Of(content, new CellAddress(number, column), styles));
            }

            data.Append(row);
        }

        return data;
    }

    private static DocumentFormat.OpenXml.Spreadsheet.Cell Of(SheetBuilder.Content content, CellAddress address, StyleTable styles)
    {
        var cell = new DocumentFormat.OpenXml.Spreadsheet.Cell { CellReference = address.ToString(), StyleIndex = styles.Of(content.Style) };
        switch (content)
        {
            case SheetBuilder.TextContent text:
                cell.DataType = CellValues.InlineString;
                cell.InlineString = new InlineString(new Text(Escape(text.Text)) { Space = SpaceProcessingModeValues.Preserve });
                break;
            case SheetBuilder.NumberContent number:
                cell.CellValue = new CellValue(Text(number.Number));
                break;
            case SheetBuilder.DayContent day:
                cell.CellValue = new CellValue(Text(day.Day.DayNumber - s_epoch.DayNumber));
                break;
        }

        return cell;
    }

    private static DataValidation Of(SheetBuilder.Validation validation, Func<IReadOnlyList<string>, string> listReference)
    {
        var xml = new DataValidation
        {
            AllowBlank = true,
            ShowInputMessage = true,
            ShowErrorMessage = validation is not SheetBuilder.PromptValidation,
            PromptTitle = Short(validation.Hint.Title, LongestTitle),
            Prompt = Short(validation.Hint.Text, LongestHint),
            ErrorTitle = validation.Hint.Error is null ? null : Short(validation.Hint.Title, LongestTitle),
            Error = validation.Hint.Error is { } error ? Short(error, LongestHint) : null,
            SequenceOfReferences = new ListValue<StringValue> { InnerText = validation.Range.ToString() },
        };
        switch (validation)
        {
            case SheetBuilder.ListValidation list:
                xml.Type = DataValidationValues.List;
                xml.Append(new Formula1(listReference(list.Options)));
                break;
            case SheetBuilder.NumberValidation number:
                xml.Type = number.Whole ? DataValidationValues.Whole : DataValidationValues.Decimal;
                xml.Operator = (number.Least, number.Most) switch
                {
                    (not null, not null) => DataValidationOperatorValues.Between,
                    (null, not null) => DataValidationOperatorValues.LessThanOrEqual,
                    _ => DataValidationOperatorValues.GreaterThanOrEqual,
                };
                xml.Append(new Formula1(Text(number.Least ?? number.Most ?? 0)));
                if (number is { Least: not null, Most: { } most })
                {
                    xml.Append(new Formula2(Text(most)));
                }

                break;
        }

        return xml;
    }

    private static string Short(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";

    private static DoubleValue Inches(string text) => new() { InnerText = text };

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
