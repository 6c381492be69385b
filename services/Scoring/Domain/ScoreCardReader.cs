using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Reads the four parts of a card – inputs, bonus, deductions, notes – against its table and collects everything wrong, each with its
/// pointer under the value given: <c>/inputs/I.1/base</c> for a request, <c>/cards/3/inputs/I.1/base</c> for a season file. Whether the
/// card is complete is another question: <see cref="ScoreCard.MissingInputs"/>.
/// </summary>
public static class ScoreCardReader
{
    /// <summary>Other members of the object (a season file's <c>unit</c>) are the caller's: read them, then call <c>RefuseUnknown</c>.</summary>
    public static ScoreCard Read(StrictJson json, CriteriaTable table)
    {
        var inputs = new Dictionary<string, CriterionInput>(StringComparer.Ordinal);
        foreach (var (code, value) in json.Entries("inputs", required: false))
        {
            if (table.Find(code) is not { } criterion)
            {
                value.Refuse("UNKNOWN_CRITERION", $"Bảng {table.Id} không có tiêu chí “{code}”.");
            }
            else if (!criterion.IsTyped)
            {
                value.Refuse("PUBLISHED_VALUE_TYPED", criterion.IsPublished
                    ? $"Tiêu chí {code} chỉ lấy kết quả được cấp có thẩm quyền công bố, đơn vị không tự nhập."
                    : $"Tiêu chí {code} lấy số liệu chính thức {criterion.OfficialFact} của hệ thống, đơn vị không tự nhập.");
            }
            else if (ReadInput(value, criterion) is { } input)
            {
                inputs[code] = input;
            }
        }

        return new ScoreCard(
            inputs,
            ReadCounts(json.Entries("bonus", required: false), [.. table.Bonus.Items.Select(item => item.Key)], "điểm thưởng"),
            ReadCounts(json.Entries("deductions", required: false), [.. table.Deductions.Items.Select(item => item.Key)], "điểm trừ"),
            ReadNotes(json, table));
    }

    /// <summary>An input that was checked when it was entered.</summary>
    public static CriterionInput ReadStored(Criterion criterion, string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<Violation>();
        return ReadInput(new StrictJson(document.RootElement, string.Empty, errors), criterion) is { } input && errors.Count == 0
            ? input
            : throw new InvalidOperationException($"The stored input of {criterion.Code} does not fit its criterion: {json}");
    }

    /// <summary>Whether an input entered under another version of the table can still be read.</summary>
    public static bool Fits(Criterion criterion, string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<Violation>();
        return criterion.IsTyped && ReadInput(new StrictJson(document.RootElement, string.Empty, errors), criterion) is not null && errors.Count == 0;
    }

    private static CriterionInput? ReadInput(StrictJson json, Criterion criterion)
    {
        if (!json.ExpectObject())
        {
            return null;
        }

        var input = criterion switch
        {
            LevelCriterion => json.Text("level") is { } level ? new LevelInput(level) : null,
            PercentBandCriterion band => ReadPercent(json, band),
            RatioCriterion => ReadRatio(json),
            CountCriterion => ReadQuantity(json, "count") is { } count ? new CountInput(count) : null,
            ChecklistCriterion list => ReadChecklist(json, list),
            TimelinessCriterion timely => ReadTimeliness(json, timely),
            DeductCriterion deduct => ReadDeductions(json, deduct),
            RelativeCriterion => (ReadQuantity(json, "actual"), ReadQuantity(json, "target")) is ({ } actual, { } target) ? new RelativeInput(actual, target) : null,
            ManualCriterion => json.Number("points") is { } points ? new ManualInput(points) : null,
            _ => (CriterionInput?)null,
        };
        json.RefuseUnknown();
        if (input is not null && CriterionScoring.Refusal(criterion, input) is { } refusal)
        {
            json.Refuse(refusal.Code, $"Tiêu chí {criterion.Code}: {refusal.Message}", refusal.Member);
        }

        return input;
    }

    private static PercentInput? ReadPercent(StrictJson json, PercentBandCriterion band)
    {
        var actual = ReadQuantity(json, "actual");
        var required = band.Baseline is not Baseline.Absolute;
        var basis = ReadQuantity(json, "base", required);
        return actual is null || (basis is null && (required || json.Has("base"))) ? null : new PercentInput(actual.Value, basis);
    }

    private static RatioInput? ReadRatio(StrictJson json)
    {
        var completed = ReadQuantity(json, "n");
        var assigned = ReadQuantity(json, "N");
        var decision = json.Choice<NothingAssigned>("decision", required: false);
        return completed is null || assigned is null || (decision is null && json.Has("decision")) ? null : new RatioInput(completed.Value, assigned.Value, decision);
    }

    private static ChecklistInput ReadChecklist(StrictJson json, ChecklistCriterion list)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in json.List("done"))
        {
            if (element.AsText() is not { } key)
            {
                continue;
            }

            if (list.Items.Any(item => item.Key == key))
            {
                done.Add(key);
            }
            else
            {
                element.Refuse("UNKNOWN_KEY", $"Tiêu chí {list.Code} không có mục “{key}”.");
            }
        }

        return new ChecklistInput(done);
    }

    private static TimelinessInput ReadTimeliness(StrictJson json, TimelinessCriterion timely)
    {
        var late = new Dictionary<string, decimal?>(StringComparer.Ordinal);
        foreach (var (obligation, value) in json.Entries("late"))
        {
            if (!timely.Obligations.Contains(obligation))
            {
                value.Refuse("UNKNOWN_KEY", $"Tiêu chí {timely.Code} không có nghĩa vụ “{obligation}”.");
            }
            else if (value.Element.ValueKind == JsonValueKind.Null)
            {
                late[obligation] = null;
            }
            else if (Quantity(value) is { } days)
            {
                late[obligation] = days;
            }
        }

        // Said to be missing and not said at all are two things: the first is null, written out.
        if (json.Has("late") && json.Member("late") is { IsObject: true } given)
        {
            foreach (var obligation in timely.Obligations.Where(obligation => !given.Element.TryGetProperty(obligation, out _)))
            {
                given.Refuse("MISSING_PROPERTY", $"Thiếu nghĩa vụ “{obligation}” (null nếu không nộp).", obligation);
            }
        }

        return new TimelinessInput(late);
    }

    private static DeductInput ReadDeductions(StrictJson json, DeductCriterion deduct) =>
        new(ReadCounts(json.Entries("counts"), [.. deduct.PerUnit.Select(unit => unit.Key)], $"tiêu chí {deduct.Code}"));

    private static Dictionary<string, decimal> ReadCounts(
        IReadOnlyList<KeyValuePair<string, StrictJson>> entries, HashSet<string> keys, string what)
    {
        var counts = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (!keys.Contains(key))
            {
                value.Refuse("UNKNOWN_KEY", $"Không có mục “{key}” trong {what}.");
            }
            else if (Quantity(value) is { } count)
            {
                counts[key] = count;
            }
        }

        return counts;
    }

    private static Dictionary<string, string> ReadNotes(StrictJson json, CriteriaTable table)
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (code, value) in json.Entries("notes", required: false))
        {
            if (table.Find(code) is null)
            {
                value.Refuse("UNKNOWN_CRITERION", $"Bảng {table.Id} không có tiêu chí “{code}”.");
            }
            else if (value.AsText() is { } note)
            {
                notes[code] = note;
            }
        }

        return notes;
    }

    private static decimal? ReadQuantity(StrictJson json, string name, bool required = true) =>
        json.Member(name, required) is { } member ? Quantity(member) : null;

    private static decimal? Quantity(StrictJson json)
    {
        if (json.AsNumber() is not { } number)
        {
            return null;
        }

        if (number < 0)
        {
            json.Refuse("NEGATIVE", "Không được âm.");
            return null;
        }

        return number;
    }
}
