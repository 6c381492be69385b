using System.Globalization;

namespace ThiDua.Spreadsheets;

/// <summary>Row and column of a cell, both from 1: D12 is (12, 4).</summary>
public readonly record struct CellAddress(int Row, int Column)
{
    public const int LastRow = 1_048_576;
    public const int LastColumn = 16_384;

    public override string ToString() => ColumnName(Column) + Row.ToString(CultureInfo.InvariantCulture);

    public static string ColumnName(int column)
    {
        var name = string.Empty;
        for (var rest = column; rest > 0; rest = (rest - 1) / 26)
        {
            name = (char)('A' + ((rest - 1) % 26)) + name;
        }

        return name;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out CellAddress address)
    {
        address = default;
        var (row, column, at) = (0, 0, 0);
        for (; at < text.Length && char.IsAsciiLetterUpper(text[at]) && at < 4; at++)
        {
            column = (column * 26) + (text[at] - 'A' + 1);
        }

        var letters = at;
        for (; at < text.Length && char.IsAsciiDigit(text[at]) && at - letters < 8; at++)
        {
            row = (row * 10) + (text[at] - '0');
        }

        if (at != text.Length || letters == 0 || row is < 1 or > LastRow || column is < 1 or > LastColumn)
        {
            return false;
        }

        address = new CellAddress(row, column);
        return true;
    }
}

/// <summary>A rectangle of cells.</summary>
public readonly record struct CellRange(CellAddress First, CellAddress Last)
{
    public bool Contains(CellAddress cell) =>
        cell.Row >= First.Row && cell.Row <= Last.Row && cell.Column >= First.Column && cell.Column <= Last.Column;

    public bool IsOneCell => First == Last;

    public override string ToString() => IsOneCell ? First.ToString() : $"{First}:{Last}";

    public static CellRange Of(int firstRow, int firstColumn, int lastRow, int lastColumn) =>
        new(new CellAddress(firstRow, firstColumn), new CellAddress(lastRow, lastColumn));

    public static bool TryParse(ReadOnlySpan<char> text, out CellRange range)
    {
        range = default;
        var colon = text.IndexOf(':');
        if (!CellAddress.TryParse(colon < 0 ? text : text[..colon], out var first) || !CellAddress.TryParse(colon < 0 ? text : text[(colon + 1)..], out var last))
        {
            return false;
        }

        range = new CellRange(first, last);
        return last.Row >= first.Row && last.Column >= first.Column;
    }
}
