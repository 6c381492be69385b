using System.Globalization;
using System.Text.Json.Nodes;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Giá trị của các ô: what a sheet holds, cell by cell of its form, and back. A value is text in one form only: numbers with a point and
/// without zeros at the end, choices by their key, so that equal texts are equal values.
/// </summary>
public static class SheetFormValues
{
    public static string Of(decimal number) => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>What the sheet holds now, by key of the field; a field that it holds nothing for is null.</summary>
    public static Dictionary<string, string?> Of(SheetForm form, ScoreSheet sheet, CriteriaTable table)
    {
        var held = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var line in sheet.Lines)
        {
            if (table.Find(line.Criterion) is not { } criterion)
            {
                continue;
            }

            var code = SheetForm.Escape(criterion.Code);
            held[$"/notes/{code}"] = string.IsNullOrEmpty(line.Note) ? null : line.Note;
            if (line.Input is { } input && criterion.IsTyped)
            {
                foreach (var (member, value) in Members(criterion, ScoreCardReader.ReadStored(criterion, input)))
                {
                    held[$"/inputs/{code}/{member}"] = value;
                }
            }
        }

        foreach (var (member, counts) in new[] { ("bonus", sheet.BonusItems), ("deductions", sheet.DeductionItems) })
        {
            foreach (var item in counts.Items.Where(item => item.Self != 0))
            {
                held[$"/{member}/{SheetForm.Escape(item.Key)}"] = Of(item.Self);
            }
        }

        return form.Fields.ToDictionary(field => field.Key, field => held.GetValueOrDefault(field.Key), StringComparer.Ordinal);
    }

    /// <summary>The request that enters these lines, in the shape of the JSON endpoint.</summary>
    public static JsonObject Request(IEnumerable<IReadOnlyList<(FormField Field, string? Value)>> lines)
    {
        var request = new JsonObject();
        foreach (var line in lines)
        {
            foreach (var (field, value) in line)
            {
                Put(request, field, value);
            }
        }

        return request;
    }

    private static void Put(JsonObject request, FormField field, string? value)
    {
        string[] steps = [.. field.Key[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        var part = Within(request, steps[0]);
        switch (steps)
        {
            case ["notes", var code]:
                part[code] = value ?? string.Empty;
                break;
            case [_, var key]:
                part[key] = JsonValue.Create(Number(value ?? "0"));
                break;
            case [_, var code, "done", var key]:
                var input = Within(part, code);
                input["done"] ??= new JsonArray();
                if (value == SheetForm.Done)
                {
                    input["done"]!.AsArray().Add(key);
                }

                break;
            case [_, var code, var member, var key]:
                var map = Within(Within(part, code), member);
                if (value is not null)
                {
                    map[key] = value == SheetForm.Never ? null : JsonValue.Create(Number(value));
                }

                break;
            case [_, var code, var member]:
                var single = Within(part, code);
                if (value is not null)
                {
                    single[member] = field.Kind == FieldKind.Choice ? value : JsonValue.Create(Number(value));
                }

                break;
        }
    }

    private static JsonObject Within(JsonObject parent, string member)
    {
        if (parent[member] is not JsonObject inner)
        {
            parent[member] = inner = [];
        }

        return inner;
    }

    private static decimal Number(string value) => decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static IEnumerable<(string Member, string? Value)> Members(Criterion criterion, CriterionInput input) => (criterion, input) switch
    {
        (_, LevelInput level) => [("level", level.Level)],
        (_, PercentInput percent) => [("actual", Of(percent.Actual)), ("base", percent.Base is { } given ? Of(given) : null)],
        (_, RatioInput ratio) => [("n", Of(ratio.Completed)), ("N", Of(ratio.Assigned)), ("decision", ratio.Decision switch { null => null, NothingAssigned.Full => "FULL", _ => "ZERO" })],
        (_, CountInput count) => [("count", Of(count.Count))],
        (ChecklistCriterion list, ChecklistInput checklist) => list.Items.Select(item => ($"done/{SheetForm.Escape(item.Key)}", (string?)(checklist.Done.Contains(item.Key) ? SheetForm.Done : SheetForm.NotDone))),
        (_, TimelinessInput late) => late.Late.Select(entry => ($"late/{SheetForm.Escape(entry.Key)}", (string?)(entry.Value is { } days ? Of(days) : SheetForm.Never))),
        (_, DeductInput deduct) => deduct.Counts.Select(entry => ($"counts/{SheetForm.Escape(entry.Key)}", (string?)Of(entry.Value))),
        (_, RelativeInput relative) => [("actual", Of(relative.Actual)), ("target", Of(relative.Target))],
        (_, ManualInput manual) => [("points", Of(manual.Points))],
        _ => [],
    };
}
