namespace ThiDua.Scoring.Domain;

/// <summary>Lưu ý: a weakness of a sheet that refuses nothing. Whoever checks the sheet sees it too.</summary>
/// <param name="Code">WEAK_EVIDENCE.</param>
/// <param name="Path">JSON pointer to what is weak, as for a refusal.</param>
/// <param name="Message">Vietnamese, for people.</param>
public sealed record SheetWarning(string Code, string Path, string Message)
{
    /// <summary>Notes that carry points and prove nothing: no number, no percentage, no document and no file .</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="table">Its table.</param>
    /// <param name="evidence">Files of evidence that count, by criterion.</param>
    public static IReadOnlyList<SheetWarning> Of(ScoreSheet sheet, CriteriaTable table, IReadOnlyDictionary<string, int> evidence) =>
    [
        .. table.Criteria
            .Where(criterion => criterion.IsTyped && evidence.GetValueOrDefault(criterion.Code) == 0
                && sheet.Line(criterion.Code) is { Note.Length: > 0, Self: null or > 0 } line && !Measures(line.Note))
            .Select(criterion => new SheetWarning(
                "WEAK_EVIDENCE", $"/notes/{criterion.Code}",
                $"Ghi chú tiêu chí {criterion.Code} chưa có số liệu, tỷ lệ % hoặc số văn bản, và chưa có minh chứng kèm theo.")),
    ];

    // The number of a document is a number like any other.
    private static bool Measures(string note) => note.Any(character => char.IsDigit(character) || character == '%');
}
