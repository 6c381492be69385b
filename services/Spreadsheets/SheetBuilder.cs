namespace ThiDua.Spreadsheets;

/// <summary>How a number is shown. What is typed into a cell of ours is shown as it was typed.</summary>
public enum NumberShape
{
    General,

    /// <summary>1.234</summary>
    Whole,

    /// <summary>1.234,50</summary>
    TwoDecimals,

    /// <summary>20/06/2026</summary>
    Day,

    /// <summary>Text, whatever is typed: 0123 stays 0123.</summary>
    Text,
}

/// <summary>How a text stands in its cell.</summary>
public enum HorizontalPlace
{
    General,
    Left,
    Center,
    Right,
}

/// <summary>How a cell looks, and whether a protected sheet lets it be changed.</summary>
public sealed record CellStyle
{
    public static CellStyle Plain { get; } = new();

    public bool Bold { get; init; }

    public bool Italic { get; init; }

    /// <summary>Points.</summary>
    public int Size { get; init; } = 11;

    public HorizontalPlace Place { get; init; }

    public bool Wrap { get; init; }

    public bool Border { get; init; }

    /// <summary>Colour of the ground as RRGGBB; null: none.</summary>
    public string? Fill { get; init; }

    /// <summary>Colour of the text as RRGGBB; null: black.</summary>
    public string? Color { get; init; }

    public NumberShape Shape { get; init; }

    /// <summary>May be changed although the sheet is protected.</summary>
    public bool Unlocked { get; init; }
}

/// <summary>What appears at a cell that is chosen, and when what was typed into it is not admitted.</summary>
public sealed record InputHint(string Title, string Text, string? Error = null);

/// <summary>One sheet to be written; rows and columns from 1.</summary>
public sealed class SheetBuilder
{
    internal SheetBuilder(string name, SheetVisibility visibility) => (Name, Visibility) = (name, visibility);

    public string Name { get; }

    public SheetVisibility Visibility { get; }

    internal SortedDictionary<int, SortedDictionary<int, Content>> Rows { get; } = [];

    internal SortedDictionary<int, (decimal Width, bool Hidden)> Columns { get; } = [];

    internal Dictionary<int, decimal> Heights { get; } = [];

    internal List<CellRange> MergedRanges { get; } = [];

    internal List<Validation> Validations { get; } = [];

    internal SortedDictionary<CellAddress, string> Comments { get; } = new(Comparer<CellAddress>.Create((one, other) => (one.Row, one.Column).CompareTo((other.Row, other.Column))));

    internal bool IsProtected { get; private set; }

    internal (int Rows, int Columns) Frozen { get; private set; }

    internal (int First, int Last)? Repeated { get; private set; }

    internal bool IsLandscape { get; private set; }

    internal string? PrintFooter { get; private set; }

    internal abstract record Content(CellStyle Style);

    internal sealed record TextContent(string Text, CellStyle Style) : Content(Style);

    internal sealed record NumberContent(decimal Number, CellStyle Style) : Content(Style);

    internal sealed record DayContent(DateOnly Day, CellStyle Style) : Content(Style);

    internal sealed record BlankContent(CellStyle Style) : Content(Style);

    internal abstract record Validation(CellRange Range, InputHint Hint);

    internal sealed record ListValidation(CellRange Range, InputHint Hint, IReadOnlyList<string> Options) : Validation(Range, Hint);

    internal sealed record NumberValidation(CellRange Range, InputHint Hint, decimal? Least, decimal? Most, bool Whole) : Validation(Range, Hint);

    internal sealed record PromptValidation(CellRange Range, InputHint Hint) : Validation(Range, Hint);

    public SheetBuilder Text(int row, int column, string? text, CellStyle? style = null) =>
        Put(row, column, string.IsNullOrEmpty(text) ? new BlankContent(style ?? CellStyle.Plain) : new TextContent(text, style ?? CellStyle.Plain));

    public SheetBuilder Number(int row, int column, decimal? number, CellStyle? style = null) =>
        Put(row, column, number is { } value ? new NumberContent(value, style ?? CellStyle.Plain) : new BlankContent(style ?? CellStyle.Plain));

    public SheetBuilder Day(int row, int column, DateOnly? day, CellStyle? style = null)
    {
        var shown = (style ?? CellStyle.Plain) with { Shape = NumberShape.Day };
        return Put(row, column, day is { } value ? new DayContent(value, shown) : new BlankContent(shown));
    }

    public SheetBuilder Blank(int row, int column, CellStyle style) => Put(row, column, new BlankContent(style));

    /// <param name="characters">Width in characters of the usual font.</param>
    public SheetBuilder Width(int column, decimal characters, bool hidden = false)
    {
        Columns[column] = (characters, hidden);
        return this;
    }

    /// <param name="points">Height; without it a row is as high as its wrapped text needs.</param>
    public SheetBuilder Height(int row, decimal points)
    {
        Heights[row] = points;
        return this;
    }

    public SheetBuilder Merge(int firstRow, int firstColumn, int lastRow, int lastColumn)
    {
        MergedRanges.Add(CellRange.Of(firstRow, firstColumn, lastRow, lastColumn));
        return this;
    }

    /// <summary>Rows above and columns left of what scrolls.</summary>
    public SheetBuilder Freeze(int rows, int columns = 0)
    {
        Frozen = (rows, columns);
        return this;
    }

    /// <summary>A4, as wide as a page, these rows on each of them.</summary>
    public SheetBuilder Print(bool landscape, int firstRepeated, int lastRepeated, string? footer = null)
    {
        (IsLandscape, Repeated, PrintFooter) = (landscape, (firstRepeated, lastRepeated), footer);
        return this;
    }

    /// <summary>Only unlocked cells can be changed. Without a password: against mistakes; against intent stands the seal.</summary>
    public SheetBuilder Protect()
    {
        IsProtected = true;
        return this;
    }

    /// <summary>A drop-down list; as many options as wanted, with any characters.</summary>
    public SheetBuilder DropDown(CellRange range, IReadOnlyList<string> options, InputHint hint)
    {
        Validations.Add(new ListValidation(range, hint, options));
        return this;
    }

    /// <summary>A number between two bounds; null: no bound.</summary>
    public SheetBuilder NumberBetween(CellRange range, decimal? least, decimal? most, InputHint hint, bool whole = false)
    {
        Validations.Add(new NumberValidation(range, hint, least, most, whole));
        return this;
    }

    /// <summary>Only the hint, anything may be typed.</summary>
    public SheetBuilder Prompt(CellRange range, InputHint hint)
    {
        Validations.Add(new PromptValidation(range, hint));
        return this;
    }

    public SheetBuilder Comment(int row, int column, string text)
    {
        Comments[new CellAddress(row, column)] = text;
        return this;
    }

    private SheetBuilder Put(int row, int column, Content content)
    {
        if (!Rows.TryGetValue(row, out var cells))
        {
            Rows[row] = cells = [];
        }

        cells[column] = content;
        return this;
    }
}
