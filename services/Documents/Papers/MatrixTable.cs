using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>
/// Bảng tổng hợp: units across, criteria down. Nothing in it may be clipped, so the columns are computed from what they hold: the largest letters
/// that need the fewest parts. Units that do not fit go on in a further part with the leading columns repeated.
/// </summary>
internal static class MatrixTable
{
    private const int LargestSize = 22;  // half points
    private const int SmallestSize = 16; // 8 pt
    private const int MostUnits = 16;    // in one part: more columns than that cannot be followed by eye
    private const int Margin = 45;
    private const int Slack = 30;        // for a printer's font that is a little wider
    private const int LeastText = 3100;  // 5,5 cm for the criteria
    private const int WidestUnit = 1300;
    private const int MostHeadingLines = 4;
    private const int TallestHeading = 3400; // 6 cm

    /// <summary>Puts the table, or its parts, in the place of a paragraph.</summary>
    public static void Replace(Paragraph place, PaperMatrix matrix)
    {
        var plan = Plan.Of(matrix, Formatting.TextWidth(Formatting.SectionOf(place)));
        foreach (var (units, part) in matrix.Columns.Select((_, index) => index).Chunk(plan.UnitsInPart).DefaultIfEmpty([]).Select((units, part) => (units, part)))
        {
            place.InsertBeforeSelf(part > 0 ? NextPage() : Gap());
            place.InsertBeforeSelf(Part(matrix, plan, units));
        }

        // What follows may be another table.
        place.InsertBeforeSelf(new Paragraph(Properties(JustificationValues.Left, 0)));
        place.Remove();
    }

    private static Table Part(PaperMatrix matrix, Plan plan, int[] units)
    {
        int[] widths = [.. plan.Corner, .. units.Select(_ => plan.Unit)];
        widths[plan.TextColumn] += plan.Width - widths.Sum();
        var heading = new TableRow(new TableRowProperties(new CantSplit(), Height(plan, units, matrix), new TableHeader()));
        for (var column = 0; column < widths.Length; column++)
        {
            var isUnit = column >= matrix.Corner.Count;
            var text = isUnit ? matrix.Columns[units[column - matrix.Corner.Count]] : matrix.Corner[column];
            heading.Append(Cell(widths[column], text, plan.Size, bold: true, JustificationValues.Center, isUnit && plan.Turned));
        }

        var rows = matrix.Rows.Select(row =>
        {
            var line = new TableRow(new TableRowProperties(new CantSplit()));
            for (var column = 0; column < widths.Length; column++)
            {
                var text = row.Cells[column < matrix.Corner.Count ? column : matrix.Corner.Count + units[column - matrix.Corner.Count]];
                line.Append(Cell(widths[column], text, plan.Size, row.Emphasis, column == plan.TextColumn ? JustificationValues.Left : JustificationValues.Center, turned: false));
            }

            return line;
        });
        return RuledTable.Of(widths, rows.Prepend(heading), Margin);
    }

    // A turned heading is as long as its row is high.
    private static TableRowHeight Height(Plan plan, int[] units, PaperMatrix matrix)
    {
        if (!plan.Turned)
        {
            return new TableRowHeight { Val = (uint)LineHeight(plan.Size), HeightType = HeightRuleValues.AtLeast };
        }

        var lines = Math.Max((plan.Unit - (2 * Margin)) / LineHeight(plan.Size), 1);
        var headings = units.Select(unit => ContentCheck.Printable(matrix.Columns[unit])).ToList();
        var height = headings.Max(heading => FontWidths.OfWidestWord(heading, plan.Size, bold: true));
        while (height < TallestHeading && headings.Any(heading => FontWidths.Lines(heading, plan.Size, bold: true, height) > lines))
        {
            height += LineHeight(plan.Size) / 2;
        }

        return new TableRowHeight { Val = (uint)(height + (2 * Margin) + (4 * Slack)), HeightType = HeightRuleValues.AtLeast };
    }

    private static int LineHeight(int size) => size * 10 * 6 / 5;

    private static TableCell Cell(int width, string text, int size, bool bold, JustificationValues justification, bool turned)
    {
        var properties = new TableCellProperties(new TableCellWidth { Width = Number(width), Type = TableWidthUnitValues.Dxa });
        if (turned)
        {
            // What is left and right of a line that runs upwards.
            properties.Append(new TableCellMargin(
                new TopMargin { Width = Number(Margin), Type = TableWidthUnitValues.Dxa }, new BottomMargin { Width = Number(Margin), Type = TableWidthUnitValues.Dxa }));
            properties.Append(new TextDirection { Val = TextDirectionValues.BottomToTopLeftToRight });
        }

        properties.Append(new TableCellVerticalAlignment { Val = TableVerticalAlignmentValues.Center });
        var letters = new RunProperties(new RunFonts { Ascii = PaperStyles.Font, HighAnsi = PaperStyles.Font, EastAsia = PaperStyles.Font, ComplexScript = PaperStyles.Font });
        if (bold)
        {
            letters.Append(new Bold());
        }

        letters.Append(new FontSize { Val = Number(size) }, new FontSizeComplexScript { Val = Number(size) });
        var run = new Run(letters);
        foreach (var (line, index) in ContentCheck.Printable(text).Split('\n').Select((line, index) => (line, index)))
        {
            if (index > 0)
            {
                run.Append(new Break());
            }

            run.Append(new Text(line) { Space = SpaceProcessingModeValues.Preserve });
        }

        return new TableCell(properties, new Paragraph(Properties(justification, 15), run));
    }

    private static ParagraphProperties Properties(JustificationValues justification, int around) => new(
        new SpacingBetweenLines { Before = Number(around), After = Number(around), Line = "240", LineRule = LineSpacingRuleValues.Auto },
        new Indentation { Left = "0", Right = "0", FirstLine = "0" },
        new Justification { Val = justification });

    private static Paragraph Gap() => new(new ParagraphProperties(
        new SpacingBetweenLines { Before = "0", After = "0", Line = "120", LineRule = LineSpacingRuleValues.Exact },
        new Indentation { FirstLine = "0" }));

    private static Paragraph NextPage() => new(new ParagraphProperties(
        new PageBreakBefore(),
        new SpacingBetweenLines { Before = "0", After = "0", Line = "20", LineRule = LineSpacingRuleValues.Exact },
        new Indentation { FirstLine = "0" }));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Size">Half points.</param>
    /// <param name="Width">Of the table, in twentieths of a point, as all widths are.</param>
    /// <param name="Corner">Widths of the leading columns, the one with the long texts at its least.</param>
    /// <param name="TextColumn">The leading column that takes what is left.</param>
    /// <param name="Unit">Width of each unit's column.</param>
    /// <param name="UnitsInPart">Columns of units in one part.</param>
    /// <param name="Turned">Whether the units' names stand upright.</param>
    private sealed record Plan(int Size, int Width, int[] Corner, int TextColumn, int Unit, int UnitsInPart, bool Turned)
    {
        public static Plan Of(PaperMatrix matrix, int width)
        {
            Plan? best = null;
            for (var size = LargestSize; size >= SmallestSize; size--)
            {
                var plan = Of(matrix, width, size);
                if (best is null || Parts(matrix, plan) < Parts(matrix, best))
                {
                    best = plan;
                }
            }

            return best!;
        }

        private static int Parts(PaperMatrix matrix, Plan plan) => (matrix.Columns.Count + plan.UnitsInPart - 1) / plan.UnitsInPart;

        private static Plan Of(PaperMatrix matrix, int width, int size)
        {
            var textColumn = Enumerable.Range(0, matrix.Corner.Count).MaxBy(column => matrix.Rows.Select(row => row.Cells[column].Length).DefaultIfEmpty().Max());
            int[] corner = [.. Enumerable.Range(0, matrix.Corner.Count).Select(column => Widest([matrix.Corner[column], .. matrix.Rows.Select(row => row.Cells[column])], size))];
            var natural = matrix.Rows.Select(row => FontWidths.Of(row.Cells[textColumn].Split('\n')[0], size, bold: true)).DefaultIfEmpty().Max() + (2 * Margin) + Slack;
            corner[textColumn] = Math.Max(corner[textColumn], Math.Min(natural, LeastText));
            if (matrix.Columns.Count == 0)
            {
                return new(size, width, corner, textColumn, 0, 1, Turned: false);
            }

            var least = Math.Max(
                Widest(matrix.Rows.SelectMany(row => row.Cells.Skip(matrix.Corner.Count)), size),
                LineHeight(size) + (2 * Margin));
            var room = width - corner.Sum();
            var fitting = Math.Clamp(room / least, 1, MostUnits);
            var parts = (matrix.Columns.Count + fitting - 1) / fitting;
            var unitsInPart = (matrix.Columns.Count + parts - 1) / parts;

            // Half of what is left over goes to the units, the other half to the criteria.
            var unit = Math.Clamp(least + ((room - (least * unitsInPart)) / (2 * unitsInPart)), least, Math.Max(least, WidestUnit));
            var turned = matrix.Columns.Any(heading =>
                Widest([heading], size) > unit || FontWidths.Lines(heading, size, bold: true, unit - (2 * Margin) - Slack) > MostHeadingLines);
            return new(size, width, corner, textColumn, unit, unitsInPart, turned);
        }

        private static int Widest(IEnumerable<string> texts, int size) =>
            texts.Select(text => FontWidths.OfWidestWord(ContentCheck.Printable(text), size, bold: true)).DefaultIfEmpty().Max() + (2 * Margin) + Slack;
    }
}
