namespace ThiDua.Scoring.Domain;

/// <summary>Loại ô nhập: how the value of one input cell is written.</summary>
public enum FieldKind
{
    Number,

    /// <summary>How often; blank and 0 are the same.</summary>
    Count,

    /// <summary>Working days late, or never handed in.</summary>
    Late,

    Choice,

    /// <summary>A thing that is done or not; in a list where one is answered, a blank is “not”.</summary>
    Done,

    /// <summary>Text.</summary>
    Note,
}

/// <summary>Ô nhập: one input cell of the form of a score sheet.</summary>
/// <param name="Key">Unique in the form, and the JSON pointer of the value in a request: <c>/inputs/I.1/base</c>.</param>
/// <param name="Line">What is taken or refused as a whole: the input of a criterion, its note, one counted item.</param>
/// <param name="Label">What the cell asks for.</param>
/// <param name="Unit">Unit of measure, where the table names one.</param>
/// <param name="IsOptional">A value that stood there may be taken away again.</param>
/// <param name="Choices">What may be chosen, and the value that each text means.</param>
public sealed record FormField(
    string Key, string Line, FieldKind Kind, string Label, string? Unit = null, bool IsOptional = false, IReadOnlyList<KeyValuePair<string, string>>? Choices = null)
{
    /// <summary>Most that may be entered, where the table says so.</summary>
    public decimal? Most { get; init; }

    /// <summary>Whether two values are the same value of this field.</summary>
    public bool IsSame(string? one, string? other) => Kind == FieldKind.Count ? (one ?? "0") == (other ?? "0") : one == other;
}

/// <summary>Dòng của mẫu: one row of the form; a criterion with several inputs has a row for each below its own.</summary>
/// <param name="Key">Stands in the row, locked: by it the row is found again, wherever it was moved.</param>
/// <param name="Number">STT.</param>
/// <param name="Max">Điểm chuẩn.</param>
/// <param name="Criterion">The criterion that the row begins; null: it continues one, or is a counted item.</param>
/// <param name="Value">Null: nothing is entered here.</param>
/// <param name="Note">Ghi chú, minh chứng.</param>
/// <param name="Hint">What the table says of it.</param>
public sealed record FormRow(string Key, string Number, string Title, decimal? Max, Criterion? Criterion, FormField? Value, FormField? Note, string? Hint)
{
    /// <summary>The heading of a group, which holds nothing.</summary>
    public bool IsHeading { get; init; }

    /// <summary>Lấy từ đâu, where nobody types the value.</summary>
    public string? Source { get; init; }
}

/// <summary>Mẫu phiếu chấm điểm: the rows that a criteria table asks for, the same whenever they are made from the same table.</summary>
public sealed class SheetForm
{
    /// <summary>Text of a thing that is done, or not.</summary>
    public const string Yes = "Có";

    public const string No = "Không";

    /// <summary>What stands for a report that was never handed in.</summary>
    public const string NeverText = "Không nộp";

    internal const string Never = "NEVER";
    internal const string Done = "DONE";
    internal const string NotDone = "NOT_DONE";

    private static readonly KeyValuePair<string, string>[] s_done =
        [new(Yes, Done), new(No, NotDone), new("x", Done), new("✓", Done), new("✔", Done)];

    private SheetForm(IReadOnlyList<FormRow> rows)
    {
        Rows = rows;
        Fields = [.. rows.SelectMany(row => new[] { row.Value, row.Note }).OfType<FormField>()];
    }

    public IReadOnlyList<FormRow> Rows { get; }

    public IReadOnlyList<FormField> Fields { get; }

    public static SheetForm Of(CriteriaTable table)
    {
        var rows = new List<FormRow>();
        foreach (var group in table.Groups)
        {
            rows.Add(new FormRow($"GROUP {group.Code}", group.Code, group.Title, group.Max, null, null, null, null) { IsHeading = true });
            foreach (var criterion in group.Criteria)
            {
                rows.AddRange(Of(criterion));
            }
        }

        AddCounted(rows, "bonus", "Điểm thưởng", table.Bonus.Items.Select(item => (item.Key, item.Label, $"{Text(item.Points)} điểm một lần, tính tối đa {Text(item.MaxCount)} lần.")));
        AddCounted(rows, "deductions", "Điểm trừ", table.Deductions.Items.Select(item => (item.Key, item.Label, $"Trừ {Text(item.Minus)} điểm một lần, tính tối đa {Text(item.MaxCount)} lần.")));
        return new SheetForm(rows);
    }

    /// <summary>A member of a JSON pointer.</summary>
    internal static string Escape(string member) => member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static IEnumerable<FormRow> Of(Criterion criterion)
    {
        var line = $"/inputs/{Escape(criterion.Code)}";
        FormField Field(FieldKind kind, string member, string label, bool optional = false, IReadOnlyList<KeyValuePair<string, string>>? choices = null, bool measured = false, decimal? most = null) =>
            new($"{line}/{member}", line, kind, label, measured ? criterion.UnitOfMeasure : null, optional, choices) { Most = most };

        FormField[] fields = !criterion.IsTyped ? [] : criterion switch
        {
            LevelCriterion level => [Field(FieldKind.Choice, "level", "Mức đạt được", choices: Levels(level.Levels))],
            PercentBandCriterion band =>
            [
                Field(FieldKind.Number, "actual", "Kết quả thực hiện", measured: true),
                Field(FieldKind.Number, "base", BaseLabel(band.Baseline), optional: band.Baseline == Baseline.Absolute, measured: true),
            ],
            RatioCriterion =>
            [
                Field(FieldKind.Number, "n", "n: đã hoàn thành", measured: true),
                Field(FieldKind.Number, "N", "N: được giao", measured: true),
                Field(FieldKind.Choice, "decision", "Nếu N = 0", optional: true, choices: [new("Tính đủ điểm", "FULL"), new("Không tính điểm", "ZERO")]),
            ],
            CountCriterion => [Field(FieldKind.Number, "count", "Số lượng", measured: true)],
            ChecklistCriterion list => [.. list.Items.Select(item => Field(FieldKind.Done, $"done/{Escape(item.Key)}", item.Label, choices: s_done))],
            TimelinessCriterion timely => [.. timely.Obligations.Select(obligation => Field(FieldKind.Late, $"late/{Escape(obligation)}", $"{obligation}: số ngày làm việc chậm"))],
            DeductCriterion deduct => [.. deduct.PerUnit.Select(unit => Field(FieldKind.Number, $"counts/{Escape(unit.Key)}", unit.Label))],
            RelativeCriterion => [Field(FieldKind.Number, "actual", "Kết quả thực hiện", measured: true), Field(FieldKind.Number, "target", "Chỉ tiêu", measured: true)],
            ManualCriterion => [Field(FieldKind.Number, "points", "Điểm", most: criterion.Max)],
            _ => [],
        };
        var noteLine = $"/notes/{Escape(criterion.Code)}";
        var row = new FormRow(
            criterion.Code, criterion.Code, criterion.Title, criterion.Max, criterion, fields.Length == 1 ? fields[0] : null,
            new FormField(noteLine, noteLine, FieldKind.Note, "Ghi chú, minh chứng", IsOptional: true), criterion.Evidence)
        {
            Source = criterion.IsPublished ? "Kết quả được công bố" : criterion.OfficialFact is null ? null : "Số liệu chính thức của hệ thống",
        };
        yield return row;
        if (fields.Length > 1)
        {
            foreach (var field in fields)
            {
                yield return new FormRow($"{criterion.Code} | {field.Key[(line.Length + 1)..]}", string.Empty, string.Empty, null, null, field, null, null);
            }
        }
    }

    private static void AddCounted(List<FormRow> rows, string member, string title, IEnumerable<(string Key, string Label, string Hint)> items)
    {
        var heading = new FormRow($"GROUP {member}", string.Empty, title, null, null, null, null, null) { IsHeading = true };
        foreach (var (key, label, hint) in items)
        {
            if (!rows.Contains(heading))
            {
                rows.Add(heading);
            }

            var line = $"/{member}/{Escape(key)}";
            rows.Add(new FormRow($"{member} | {key}", string.Empty, label, null, null, new FormField(line, line, FieldKind.Count, "Số lần"), null, hint));
        }
    }

    /// <summary>Texts that people choose from: labels, with the key where two are alike; the key alone is understood too.</summary>
    private static List<KeyValuePair<string, string>> Levels(IReadOnlyList<Level> levels)
    {
        var labels = levels.Select(level => levels.Count(other => string.Equals(other.Label, level.Label, StringComparison.OrdinalIgnoreCase)) > 1 ? $"{level.Label} ({level.Key})" : level.Label).ToList();
        List<KeyValuePair<string, string>> choices = [.. labels.Zip(levels, (label, level) => KeyValuePair.Create(label, level.Key))];
        choices.AddRange(levels.Where(level => !labels.Contains(level.Key, StringComparer.OrdinalIgnoreCase)).Select(level => KeyValuePair.Create(level.Key, level.Key)));
        return choices;
    }

    private static string BaseLabel(Baseline? baseline) => baseline switch
    {
        Baseline.Plan => "Kế hoạch được giao",
        Baseline.SamePeriod => "Cùng kỳ năm trước",
        _ => "Gốc so sánh (nếu có)",
    };

    private static string Text(decimal number) => ServiceDefaults.Fraction.FromDecimal(number).ToVietnamese();
}
