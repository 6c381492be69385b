namespace ThiDua.Spreadsheets;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    Blank,
    Text,
    Number,
    Boolean,
    Date,

    /// <summary>An error value of the spreadsheet program (#REF!), or what no value of ours can hold; <see cref="Cell.Text"/> says which.</summary>
    Error,
}

/// <summary>One cell as it was read: its kind and the one value that belongs to it.</summary>
public sealed record Cell(CellAddress Address, CellKind Kind)
{
    /// <summary>The text of a text cell as written; of an error cell, what is wrong.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>Exact: the number of the file at 15 significant digits, which is what the programs show of it.</summary>
    public decimal Number { get; init; }

    public bool Boolean { get; init; }

    public DateTime Date { get; init; }

    /// <summary>The cell's format shows a hundred times its number with a % sign.</summary>
    public bool IsPercent { get; init; }

    /// <summary>The value is the cached result of a formula.</summary>
    public bool IsFormula { get; init; }

    public bool IsBlank => Kind == CellKind.Blank || (Kind == CellKind.Text && Text.AsSpan().Trim().IsEmpty);
}

/// <summary>Whether a sheet can be seen; a very hidden one cannot be shown by the program's menus.</summary>
public enum SheetVisibility
{
    Visible,
    Hidden,
    VeryHidden,
}

/// <summary>One sheet: only cells that hold something are kept.</summary>
public sealed class Sheet
{
    public required string Name { get; init; }

    public required SheetVisibility Visibility { get; init; }

    /// <summary>By row and column.</summary>
    public required IReadOnlyDictionary<CellAddress, Cell> Cells { get; init; }

    public required IReadOnlyList<CellRange> Merged { get; init; }

    public required IReadOnlySet<int> HiddenRows { get; init; }

    /// <summary>The last row with something in it; 0: none.</summary>
    public required int LastRow { get; init; }

    /// <summary>The last column with something in it; 0: none.</summary>
    public required int LastColumn { get; init; }

    public Cell At(int row, int column) => At(new CellAddress(row, column));

    public Cell At(CellAddress address) => Cells.GetValueOrDefault(address) ?? new Cell(address, CellKind.Blank);

    /// <summary>The merged range that the cell is a part of.</summary>
    public CellRange? MergedAt(CellAddress address)
    {
        foreach (var range in Merged)
        {
            if (range.Contains(address))
            {
                return range;
            }
        }

        return null;
    }

    /// <summary>Cells of a row from left to right.</summary>
    public IEnumerable<Cell> Row(int row)
    {
        for (var column = 1; column <= LastColumn; column++)
        {
            if (Cells.TryGetValue(new CellAddress(row, column), out var cell))
            {
                yield return cell;
            }
        }
    }

    /// <summary>The cell as messages name it: Bảng chấm!D12.</summary>
    public string NameOf(CellAddress address) => $"{Name}!{address}";
}

/// <summary>A workbook as it was read.</summary>
public sealed class Workbook
{
    public required IReadOnlyList<Sheet> Sheets { get; init; }

    public Sheet? Find(string name) => Sheets.FirstOrDefault(sheet => string.Equals(sheet.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>How much of a file is read before it is refused; the defaults are far above every form of ours.</summary>
public sealed record WorkbookLimits
{
    /// <summary>Bytes of the file.</summary>
    public long FileBytes { get; init; } = 8 << 20;

    public int Entries { get; init; } = 1000;

    /// <summary>Bytes of all parts together, uncompressed, declared and as they come.</summary>
    public long UncompressedBytes { get; init; } = 128 << 20;

    /// <summary>Uncompressed to compressed bytes of one part above 1 MiB.</summary>
    public int Ratio { get; init; } = 200;

    /// <summary>Cells with something in them.</summary>
    public int Cells { get; init; } = 400_000;

    public int SharedStrings { get; init; } = 400_000;

    /// <summary>Characters of the shared strings and of the texts of cells together.</summary>
    public long Characters { get; init; } = 32 << 20;

    /// <summary>Of a sheet; every input cell is held against all of them.</summary>
    public int MergedRanges { get; init; } = 1000;

    public int Sheets { get; init; } = 100;
}
