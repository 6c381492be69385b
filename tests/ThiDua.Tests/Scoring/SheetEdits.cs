using System.Globalization;
using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Spreadsheets;

namespace ThiDua.Tests.Scoring;

/// <summary>
/// What somebody does to a downloaded sheet: values that are meant, written in some dialect, or on purpose so that they must be refused; rows
/// inserted, moved and hidden. It remembers what was meant, from which everything is judged.
/// </summary>
internal sealed class SheetEdits
{
    private static readonly string[] s_notes = ["BC số 12/BC-UBND", "=1+1", "'trích", "_x0041_", "Đạt 97,5 % 😀", "1.234", "dòng 1\ndòng 2", "  thừa  cách ", "-"];
    private readonly Random _random;
    private readonly SheetForm _form;
    private readonly IReadOnlyDictionary<string, string?> _exported;
    private readonly HashSet<string> _usedLines = new(StringComparer.Ordinal);

    public SheetEdits(Random random, SheetForm form, IReadOnlyDictionary<string, string?> exported)
    {
        (_random, _form, _exported) = (random, form, exported);
        Given = new Dictionary<string, string?>(exported, StringComparer.Ordinal);
    }

    /// <summary>What the cells mean when they come back, by key of the field.</summary>
    public Dictionary<string, string?> Given { get; }

    /// <summary>What must be refused by its cell: code and field.</summary>
    public List<(string Code, string Key)> Refused { get; } = [];

    /// <summary>What LibreOffice is asked to type.</summary>
    public List<string[]> Steps { get; } = [];

    /// <summary>Lines that the file changes or breaks.</summary>
    public IReadOnlySet<string> UsedLines => _usedLines;

    /// <param name="file">The download.</param>
    /// <param name="bad">How many cells are to be refused.</param>
    /// <param name="byLibreOffice">Some of it is left to the program, and what only a hand-made file has is left out.</param>
    public byte[] Apply(byte[] file, int bad, bool byLibreOffice)
    {
        using var edited = new EditedWorkbook(file);
        var rows = _form.Rows.Where(row => !row.IsHeading).ToDictionary(row => row.Key, row => edited.RowOf(row.Key), StringComparer.Ordinal);
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in _form.Rows.Where(row => !row.IsHeading))
        {
            Add(row.Value, 'F');
            Add(row.Note, 'G');
            void Add(FormField? field, char column)
            {
                if (field is not null)
                {
                    cells[field.Key] = column + rows[row.Key].ToString(CultureInfo.InvariantCulture);
                }
            }
        }

        var lines = _form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal).Select(line => line.ToList()).ToList();
        foreach (var line in lines.Where(_ => _random.Next(3) > 0))
        {
            Fill(line, cells, edited, byLibreOffice);
        }

        foreach (var line in lines.Where(line => line[0].Kind is FieldKind.Number or FieldKind.Count).OrderBy(_ => _random.Next()).Take(bad))
        {
            Break(line, cells, edited, byLibreOffice);
        }

        var last = rows.Values.Max();
        for (var n = _random.Next(3); n > 0; n--)
        {
            var at = _random.Next(SheetRows.First, last + 1);
            if (byLibreOffice && _random.Next(2) == 0)
            {
                Steps.Add(["INSERT", at.ToString(CultureInfo.InvariantCulture)]);
            }
            else
            {
                edited.InsertRow(at, _random.Next(2) == 0 ? [] : [("B", "Dòng chèn thêm")]);
                Shift(Steps, at);
            }

            last++;
        }

        if (_random.Next(4) == 0 && Steps.Count == 0)
        {
            edited.Reorder(SheetRows.First, last, _random);
        }

        if (_random.Next(6) == 0)
        {
            edited.Use1904();
        }

        if (_random.Next(6) == 0)
        {
            edited.SheetEntry.Name = "Đã đổi tên";
        }

        return edited.ToBytes();
    }

    /// <summary>A value that the domain takes, whatever stands in the other cells of its line.</summary>
    public static string Meant(FormField field, Random random) => field.Kind switch
    {
        FieldKind.Choice or FieldKind.Done => field.Choices![random.Next(field.Choices.Count)].Value,
        FieldKind.Late when random.Next(4) == 0 => "NEVER",
        FieldKind.Late or FieldKind.Count => TypedNumber.Text(random.Next(0, 30)),
        FieldKind.Note => VietnameseText.Normalize(s_notes[random.Next(s_notes.Length)]),
        _ when field.Most is { } most => TypedNumber.Text(TypedNumber.Plain(decimal.Round(most * random.Next(0, 1001) / 1000, 2))),
        _ => TypedNumber.Text(TypedNumber.Any(random) + (field.Key.EndsWith("/base", StringComparison.Ordinal) || field.Key.EndsWith("/N", StringComparison.Ordinal) || field.Key.EndsWith("/target", StringComparison.Ordinal) ? 1 : 0)),
    };

    /// <summary>What the sheet holds for a field, read from its JSON without the code under test.</summary>
    public static string? Held(ScoreSheet sheet, FormField field)
    {
        string[] steps = [.. field.Key[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        switch (steps[0])
        {
            case "notes":
                return sheet.Line(steps[1])?.Note is { Length: > 0 } note ? note : null;
            case "bonus" or "deductions":
                var count = (steps[0] == "bonus" ? sheet.BonusItems : sheet.DeductionItems).Of(steps[1]).Self;
                return count == 0 ? null : TypedNumber.Text(TypedNumber.Plain(count));
        }

        if (sheet.Line(steps[1])?.Input is not { } input)
        {
            return null;
        }

        var json = JsonElement.Parse(input);
        if (steps[2] == "done")
        {
            return json.GetProperty("done").EnumerateArray().Any(key => key.GetString() == steps[3]) ? "DONE" : "NOT_DONE";
        }

        foreach (var step in steps[2..])
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(step, out json))
            {
                return null;
            }
        }

        return json.ValueKind switch { JsonValueKind.Null => steps[2] == "late" ? "NEVER" : null, JsonValueKind.Number => TypedNumber.Text(TypedNumber.Plain(json.GetDecimal())), _ => json.GetString() };
    }

    private void Fill(List<FormField> line, Dictionary<string, string> cells, EditedWorkbook edited, bool byLibreOffice)
    {
        _usedLines.Add(line[0].Line);
        var isEmpty = line.All(field => _exported[field.Key] is null);
        foreach (var field in line)
        {
            if (!isEmpty && _random.Next(2) == 0)
            {
                continue; // the rest of the line stays as it was
            }

            if (field.IsOptional && _random.Next(4) == 0)
            {
                edited.Blank(cells[field.Key]);
                Given[field.Key] = null;
                continue;
            }

            var meant = Meant(field, _random);
            Given[field.Key] = meant;
            Write(field, meant, cells[field.Key], edited, byLibreOffice);
        }

        // Of a list of things, what is not answered beside an answer is not done.
        if (line[0].Kind == FieldKind.Done)
        {
            line.ForEach(field => Given[field.Key] ??= "NOT_DONE");
        }
    }

    private void Write(FormField field, string meant, string cell, EditedWorkbook edited, bool byLibreOffice)
    {
        var typesInProgram = byLibreOffice && _random.Next(2) == 0;
        switch (field.Kind)
        {
            case FieldKind.Note:
                Text(s_notes.First(note => VietnameseText.Normalize(note) == meant));
                break;
            case FieldKind.Choice or FieldKind.Done:
                var texts = field.Choices!.Where(choice => choice.Value == meant).Select(choice => choice.Key).ToList();
                Text(texts[_random.Next(texts.Count)]);
                break;
            case FieldKind.Late when meant == "NEVER":
                Text(_random.Next(2) == 0 ? "Không nộp" : "KHÔNG NỘP");
                break;
            default:
                var number = decimal.Parse(meant, CultureInfo.InvariantCulture);
                if (_random.Next(2) == 0)
                {
                    Text(TypedNumber.Typed(number, Units(field), _random));
                }
                else if (typesInProgram)
                {
                    Steps.Add([_random.Next(2) == 0 ? "VALUE" : "TYPED", cell, TypedNumber.Text(number)]);
                }
                else
                {
                    edited.Number(cell, TypedNumber.Written(number, _random));
                }

                break;
        }

        void Text(string text)
        {
            if (typesInProgram && !text.Contains('\n', StringComparison.Ordinal))
            {
                Steps.Add(["TEXT", cell, text]);
            }
            else
            {
                edited.Text(cell, text.Replace("\n", _random.Next(2) == 0 ? "\n" : "\r\n", StringComparison.Ordinal));
            }
        }
    }

    private static List<string> Units(FormField field) =>
        [.. new[] { field.Unit, field.Kind == FieldKind.Count ? "lần" : null, field.Kind == FieldKind.Late ? "ngày" : null, field.Most is null ? null : "điểm" }.OfType<string>()];

    /// <summary>One cell of the line is written so that nobody can know what is meant; the others stay as they are.</summary>
    private void Break(List<FormField> line, Dictionary<string, string> cells, EditedWorkbook edited, bool byLibreOffice)
    {
        var field = line[_random.Next(line.Count)];
        if (field.Kind is not (FieldKind.Number or FieldKind.Count) || !_usedLines.Add(field.Line))
        {
            return;
        }

        var cell = cells[field.Key];
        var code = _random.Next(byLibreOffice ? 5 : 7) switch
        {
            0 => With("AMBIGUOUS_NUMBER", () => edited.Text(cell, TypedNumber.Ambiguous(_random))),
            1 => With("PERCENT_FORMAT", () => edited.Number(cell, "0.95", edited.StyleOf("0.0%"))),
            2 => With("DATE_AS_NUMBER", () => edited.Number(cell, "46193", edited.StyleOf("dd/mm/yyyy"))),
            3 => With("FORMULA_IN_INPUT", () => edited.Formula(cell, "1+1", "2")),
            4 => With("NOT_A_NUMBER", () => edited.Text(cell, new[] { "x", "-", "1.23.4", "43,5,", "khoảng 5", "1/2" }[_random.Next(6)])),
            5 => With("NOT_A_NUMBER", () => edited.Text(cell, "43;5")),
            _ when _exported[field.Key] is not null && !field.IsOptional => With("CLEARED_INPUT", () => edited.Blank(cell)),
            _ => With("FORMULA_IN_INPUT", () => edited.Formula(cell, "#REF!", "0")),
        };
        Refused.Add((code, field.Key));

        static string With(string code, Action write)
        {
            write();
            return code;
        }
    }

    private static void Shift(List<string[]> steps, int inserted)
    {
        for (var n = 0; n < steps.Count; n++)
        {
            if (steps[n] is [var what, [var column, .. var row], var content] && int.Parse(row, CultureInfo.InvariantCulture) is var at && at >= inserted)
            {
                steps[n] = [what, column + (at + 1).ToString(CultureInfo.InvariantCulture), content];
            }
        }
    }
}

/// <summary>Where the rows of the form begin.</summary>
internal static class SheetRows
{
    public const int First = ThiDua.Scoring.Endpoints.SheetWorkbook.HeaderRow + 1;
}
