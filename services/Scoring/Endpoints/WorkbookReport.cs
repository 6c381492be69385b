using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What an import of a workbook finds, and does when it is no dry run.</summary>
/// <param name="Applied">Whether it was done; a dry run does nothing.</param>
/// <param name="Changes">What is entered.</param>
/// <param name="Conflicts">What was changed in the file and, since the download, in the system too; nothing of it is written over.</param>
/// <param name="Problems">Everything else that keeps the file from being taken in, each by its cell.</param>
/// <param name="Notices">What is worth a look and keeps nothing.</param>
public sealed record WorkbookReport(
    bool Applied, IReadOnlyList<WorkbookChange> Changes, IReadOnlyList<WorkbookConflict> Conflicts, IReadOnlyList<Violation> Problems, IReadOnlyList<Violation> Notices)
{
    /// <summary>All or nothing: whatever is in the way is named at once (422).</summary>
    internal void RequireClean() => RuleViolationException.ThrowIfAny(
        [
            .. Problems,
            .. Conflicts.Select(conflict => new Violation(
                "CONFLICT", conflict.Cell, $"Ô {conflict.Cell}: khi tải xuống là {conflict.Exported}; trong tệp là {conflict.Yours}; hiện có trong hệ thống là {conflict.Stored}. Hãy tải tệp mới và nhập lại ô này.")),
        ],
        "workbook-has-problems", "Tệp còn chỗ chưa nhập được; chưa có gì được ghi.");
}

/// <summary>One thing that the file changes.</summary>
/// <param name="Cell">First cell of it: Bảng chấm!F12.</param>
/// <param name="What">Which criterion, note or result.</param>
public sealed record WorkbookChange(string Cell, string What, string Before, string After);

/// <summary>Three values side by side.</summary>
/// <param name="Exported">As it was downloaded.</param>
/// <param name="Yours">As it stands in the file.</param>
/// <param name="Stored">As the system has it by now.</param>
public sealed record WorkbookConflict(string Cell, string What, string Exported, string Yours, string Stored);
