namespace ThiDua.Scoring.Domain;

/// <summary>Phiếu tự chấm: what a unit declares, raw values and never points, except for a MANUAL criterion .</summary>
/// <param name="Bonus">Counts claimed, by key of the bonus item.</param>
/// <param name="Notes">Ghi chú, by criterion .</param>
public sealed record ScoreCard(
    IReadOnlyDictionary<string, CriterionInput> Inputs,
    IReadOnlyDictionary<string, decimal> Bonus,
    IReadOnlyDictionary<string, decimal> Deductions,
    IReadOnlyDictionary<string, string> Notes)
{
    public static ScoreCard Empty { get; } = new(
        new Dictionary<string, CriterionInput>(), new Dictionary<string, decimal>(), new Dictionary<string, decimal>(), new Dictionary<string, string>());

    /// <summary>Criteria that need an input of the unit and have none (MISSING_INPUT).</summary>
    public IEnumerable<Criterion> MissingInputs(CriteriaTable table) =>
        table.Criteria.Where(criterion => criterion.IsTyped && !Inputs.ContainsKey(criterion.Code));

    /// <summary>This card with what another one names, the rest kept.</summary>
    public ScoreCard With(ScoreCard changes) => new(
        Merge(Inputs, changes.Inputs), Merge(Bonus, changes.Bonus), Merge(Deductions, changes.Deductions), Merge(Notes, changes.Notes));

    private static Dictionary<string, T> Merge<T>(IReadOnlyDictionary<string, T> kept, IReadOnlyDictionary<string, T> changed)
    {
        var merged = new Dictionary<string, T>(kept, StringComparer.Ordinal);
        foreach (var (key, value) in changed)
        {
            merged[key] = value;
        }

        return merged;
    }
}

/// <summary>What a unit enters for one criterion, in the shape of its kind.</summary>
public abstract record CriterionInput;

/// <summary>Mức: key of the level that the unit claims.</summary>
public sealed record LevelInput(string Level) : CriterionInput;

/// <summary>Kết quả thực hiện và gốc so sánh.</summary>
/// <param name="Base">Plan or same period; null only for an absolute threshold.</param>
public sealed record PercentInput(decimal Actual, decimal? Base) : CriterionInput;

/// <summary>Nhiệm vụ đã hoàn thành trên tổng số được giao.</summary>
/// <param name="Completed">n</param>
/// <param name="Assigned">N</param>
/// <param name="Decision">What holds when nothing was assigned; it is decided, never guessed.</param>
public sealed record RatioInput(decimal Completed, decimal Assigned, NothingAssigned? Decision) : CriterionInput;

/// <summary>What a unit without any assigned task gets.</summary>
public enum NothingAssigned
{
    Full,
    Zero,
}

/// <summary>Số lượng: how many items count.</summary>
public sealed record CountInput(decimal Count) : CriterionInput;

/// <summary>Việc đã làm: keys of what is done.</summary>
public sealed record ChecklistInput(IReadOnlySet<string> Done) : CriterionInput;

/// <summary>Ngày làm việc chậm của từng nghĩa vụ.</summary>
/// <param name="Late">Working days late by obligation; null: never handed in.</param>
public sealed record TimelinessInput(IReadOnlyDictionary<string, decimal?> Late) : CriterionInput;

/// <summary>Số lỗi: how often each thing happened, by key.</summary>
public sealed record DeductInput(IReadOnlyDictionary<string, decimal> Counts) : CriterionInput;

/// <summary>Kết quả và chỉ tiêu: compared with the best of the cluster.</summary>
public sealed record RelativeInput(decimal Actual, decimal Target) : CriterionInput;

/// <summary>Điểm: as given.</summary>
public sealed record ManualInput(decimal Points) : CriterionInput;
