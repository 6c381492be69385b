namespace ThiDua.Scoring.Domain;

/// <summary>Giá trị một ô qua ba nơi: as it was downloaded, as it is in the file, as it is stored now.</summary>
public sealed record MergedField(FormField Field, string? Exported, string? Given, string? Stored)
{
    public bool IsEdited => !Field.IsSame(Exported, Given);

    public bool IsMoved => !Field.IsSame(Exported, Stored);

    public bool IsThere => Field.IsSame(Given, Stored);
}

/// <summary>Kết quả đối chiếu một dòng.</summary>
public enum MergeOutcome
{
    /// <summary>Nobody changed it in the file: what is stored stays, however new.</summary>
    Untouched,

    /// <summary>What the file says is stored already.</summary>
    AlreadyThere,

    /// <summary>Changed in the file only: it is entered.</summary>
    Changed,

    /// <summary>Changed in the file and, differently, in the system: nobody's value is written over the other's.</summary>
    Conflict,
}

/// <summary>
/// Đối chiếu một dòng: whole lines are compared, not cells, so that half of one person's input is never combined with half of another's.
/// </summary>
public sealed record MergedLine(IReadOnlyList<MergedField> Fields)
{
    /// <param name="fields">What stands in the cells of one line.</param>
    public static MergedLine Of(IReadOnlyList<MergedField> fields) =>
        fields.Any(cell => cell.Given is not null)
            ? new MergedLine([.. fields.Select(cell => cell is { Field.Kind: FieldKind.Done, Given: null } ? cell with { Given = SheetForm.NotDone } : cell)])
            : new MergedLine(fields);

    public string Line => Fields[0].Field.Line;

    public MergeOutcome Outcome =>
        !Fields.Any(cell => cell.IsEdited) ? MergeOutcome.Untouched
        : Fields.All(cell => cell.IsThere) ? MergeOutcome.AlreadyThere
        : Fields.Any(cell => cell.IsMoved) ? MergeOutcome.Conflict
        : MergeOutcome.Changed;
}
