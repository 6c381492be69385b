using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>A table with lines around every cell and columns that keep their width.</summary>
internal static class RuledTable
{
    public static Table Of(IReadOnlyList<int> widths, IEnumerable<TableRow> rows, int cellMargin = 57)
    {
        var table = new Table(
            new TableProperties(
                new TableWidth { Width = Text(widths.Sum()), Type = TableWidthUnitValues.Dxa },
                new TableBorders(
                    Line<TopBorder>(), Line<LeftBorder>(), Line<BottomBorder>(), Line<RightBorder>(), Line<InsideHorizontalBorder>(), Line<InsideVerticalBorder>()),
                new TableLayout { Type = TableLayoutValues.Fixed },
                CellMargins(cellMargin)),
            new TableGrid(widths.Select(width => new GridColumn { Width = Text(width) })));
        table.Append(rows);
        return table;
    }

    public static TableCellMarginDefault CellMargins(int sides) => new(
        new TopMargin { Width = "0", Type = TableWidthUnitValues.Dxa },
        new TableCellLeftMargin { Width = (short)sides, Type = TableWidthValues.Dxa },
        new BottomMargin { Width = "0", Type = TableWidthUnitValues.Dxa },
        new TableCellRightMargin { Width = (short)sides, Type = TableWidthValues.Dxa });

    private static T Line<T>()
        where T : BorderType, new() => new() { Val = BorderValues.Single, Size = 4, Space = 0, Color = "000000" };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
