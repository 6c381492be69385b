using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Whether a row is new, or changes what is known.</summary>
public enum RowChange
{
    /// <summary>Not known until now.</summary>
    Added,

    /// <summary>Known, and other than in the workbook.</summary>
    Changed,
}

/// <param name="CanApply">Nothing is wrong: sent to the address without /check it will be taken over whole.</param>
/// <param name="Added">Rows that were not known.</param>
/// <param name="Changed">Rows that change what is known.</param>
/// <param name="Unchanged">Rows that are known just so, or that nobody touched since the workbook was taken.</param>
/// <param name="Absent">Rows of the workbook as it was taken that are not in it any more; nothing is done about them.</param>
/// <param name="Changes">What each row that is new or changed does.</param>
/// <param name="Conflicts">Rows that somebody changed in the workbook and somebody else in the system meanwhile.</param>
/// <param name="Problems">Everything that is wrong; path is sheet and cell.</param>
public sealed record ProvinceWorkbookReport(
    bool CanApply, int Added, int Changed, int Unchanged, int Absent, IReadOnlyList<RowChanged> Changes, IReadOnlyList<RowConflict> Conflicts, IReadOnlyList<Violation> Problems)
{
    /// <summary>What stands in the way of taking it over, conflicts among it.</summary>
    internal IReadOnlyList<Violation> Obstacles =>
    [
        .. Problems,
        .. Conflicts.Select(conflict => new Violation(
            "STALE_ROW", conflict.Row,
            $"{conflict.Code}: hệ thống đã khác so với lúc tải mẫu. {string.Join(" ", conflict.Fields.Select(differing => $"{differing.Name}: hệ thống “{differing.System}”, tệp “{differing.Workbook}”."))}")),
    ];

    internal void RequireApplicable() =>
        RuleViolationException.ThrowIfAny(Obstacles, "workbook-has-problems", "Bảng tính còn lỗi hoặc dòng đã cũ; chưa ghi gì.");
}

/// <param name="Row">Sheet and row: Đơn vị!7.</param>
/// <param name="Code">Mã.</param>
/// <param name="Change">ADDED or CHANGED.</param>
/// <param name="Fields">What differs; of a new row everything.</param>
public sealed record RowChanged(string Row, string Code, RowChange Change, IReadOnlyList<FieldDifference> Fields);

/// <param name="Row">Sheet and row.</param>
/// <param name="Code">Mã.</param>
/// <param name="TakenVersion">Version when the workbook was taken; absent: it was not in it.</param>
/// <param name="Version">Version now.</param>
/// <param name="Fields">What differs, side by side.</param>
public sealed record RowConflict(string Row, string Code, int? TakenVersion, int Version, IReadOnlyList<FieldDifference> Fields);

/// <summary>Collects what becomes of each row that was touched.</summary>
internal sealed class WorkbookPlan(ReadRows read, IReadOnlyDictionary<string, SealedRow> taken)
{
    private readonly List<RowChanged> _changes = [];
    private readonly List<RowConflict> _conflicts = [];
    private int _same;

    /// <param name="path">JSON pointer to the row's item.</param>
    /// <param name="code">Mã.</param>
    /// <param name="system">What the system says; null: it is not known, or not on that day.</param>
    /// <param name="version">Version of what is known; null: it is not.</param>
    /// <returns>Whether something is to be done.</returns>
    public bool Asks(string path, string code, RowValues? system, int? version)
    {
        var (before, values) = (taken.GetValueOrDefault(code), read.Row(path).Values);
        switch (RowFates.Of(before, values, system))
        {
            case RowFate.Conflict:
                _conflicts.Add(new RowConflict(read.NameOf(path), code, before?.Version, version!.Value, RowValues.Differences(system, values)));
                return false;
            case RowFate.Unchanged:
                _same++;
                return false;
            default:
                _changes.Add(new RowChanged(read.NameOf(path), code, version is null ? RowChange.Added : RowChange.Changed, RowValues.Differences(system, values)));
                return true;
        }
    }

    /// <param name="problems">What could not be read; takes what is wrong with the body.</param>
    public ProvinceWorkbookReport Answer(List<Violation> problems)
    {
        problems.AddRange(read.AtCells(read.Body.Errors, problems));
        var added = _changes.Count(change => change.Change == RowChange.Added);
        return new ProvinceWorkbookReport(
            problems.Count + _conflicts.Count == 0, added, _changes.Count - added, read.Untouched + _same, taken.Keys.Count(code => !read.Present.Contains(code)), _changes, _conflicts, problems);
    }
}

/// <param name="Name">Heading of the column.</param>
/// <param name="System">As it is in the system; absent: nothing.</param>
/// <param name="Workbook">As it is in the workbook; absent: nothing.</param>
public sealed record FieldDifference(string Name, string? System, string? Workbook);

/// <summary>What a row says, by heading; two that say the same have the same digest.</summary>
internal sealed record RowValues(IReadOnlyList<KeyValuePair<string, string?>> Fields)
{
    /// <summary>Hexadecimal; long enough that nobody meets it by chance.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Fields))).AsSpan(0, 16));

    public static IReadOnlyList<FieldDifference> Differences(RowValues? system, RowValues workbook) =>
    [
        .. workbook.Fields.Concat(system?.Fields ?? []).Select(pair => pair.Key).Distinct()
            .Select(name => new FieldDifference(name, system?.Of(name), workbook.Of(name))).Where(pair => pair.System != pair.Workbook),
    ];

    private string? Of(string name) => Fields.FirstOrDefault(pair => pair.Key == name).Value;
}

/// <summary>What a workbook carries of each row as it was taken.</summary>
/// <param name="Code">Mã.</param>
/// <param name="Version">Version that it then had.</param>
/// <param name="Digest">Of what the row said.</param>
internal sealed record SealedRow(string Code, int Version, string Digest);

/// <summary>A row that is not as it was when the workbook was taken.</summary>
/// <param name="Row">Its number.</param>
/// <param name="Values">What it says now.</param>
internal sealed record TouchedRow(int Row, RowValues Values);

/// <summary>What becomes of a row, from what it said when it was taken, what it says now, and what the system says now.</summary>
internal enum RowFate
{
    Added,
    Changed,
    Unchanged,
    Conflict,
}

internal static class RowFates
{
    /// <param name="taken">Null: the row was not in the workbook when it was taken.</param>
    /// <param name="workbook">As it is in the workbook.</param>
    /// <param name="system">Null: not known.</param>
    public static RowFate Of(SealedRow? taken, RowValues workbook, RowValues? system)
    {
        if (system is null)
        {
            return RowFate.Added;
        }

        var now = workbook.Digest;
        return now == system.Digest ? RowFate.Unchanged
            : taken?.Digest == system.Digest ? RowFate.Changed
            : RowFate.Conflict;
    }
}
