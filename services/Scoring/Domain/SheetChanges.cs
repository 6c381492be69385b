using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Points that a reviewer or the appraiser sets instead of the layer below, with the reason.</summary>
public sealed record PointChange(string Criterion, decimal Points, string? Reason);

/// <summary>How often an item of bonus or deductions counts, set by a reviewer or the appraiser instead of the layer below, with the reason.</summary>
public sealed record CountChange(string Key, decimal Count, string? Reason);

/// <summary>Everything that one review or appraisal does not confirm as it stands (R-24, R-25).</summary>
public sealed record SheetChanges(IReadOnlyList<PointChange> Lines, IReadOnlyList<CountChange> Bonus, IReadOnlyList<CountChange> Deductions)
{
    /// <summary>What a request names; a member left out changes nothing, an element that is null is refused.</summary>
    public static SheetChanges Of(IReadOnlyList<PointChange?> lines, IReadOnlyList<CountChange?>? bonus, IReadOnlyList<CountChange?>? deductions)
    {
        RuleViolationException.ThrowIfAny([.. Absent(lines, "lines"), .. Absent(bonus ?? [], "bonus"), .. Absent(deductions ?? [], "deductions")]);
        return new SheetChanges([.. lines.OfType<PointChange>()], [.. (bonus ?? []).OfType<CountChange>()], [.. (deductions ?? []).OfType<CountChange>()]);

        static IEnumerable<Violation> Absent<T>(IReadOnlyList<T?> changes, string member)
            where T : class =>
            Enumerable.Range(0, changes.Count).Where(n => changes[n] is null).Select(n => new Violation("WRONG_TYPE", $"/{member}/{n}", "Phải là một đối tượng."));
    }

    /// <summary>Everything confirmed.</summary>
    public static SheetChanges None { get; } = new([], [], []);

    /// <summary>
    /// Points may be set of a known criterion, not a published one (R-20), within 0 and its maximum; counts of a known item, as whole
    /// numbers from 0; each with a reason. A count above the item's maximum stands as it is: the rule counts it up to there.
    /// </summary>
    public void Check(CriteriaTable table) => RuleViolationException.ThrowIfAny(
    [
        .. Lines.SelectMany((change, n) => Check(table, change, $"/lines/{n}")),
        .. Check(Bonus, [.. table.Bonus.Items.Select(item => item.Key)], "bonus", "điểm thưởng"),
        .. Check(Deductions, [.. table.Deductions.Items.Select(item => item.Key)], "deductions", "điểm trừ"),
    ]);

    /// <summary>The reasons in one line, for the journal; null: nothing was changed.</summary>
    public string? Reasons()
    {
        List<string> reasons =
        [
            .. Lines.Select(change => $"{change.Criterion}: {change.Reason}"),
            .. Bonus.Select(change => $"điểm thưởng {change.Key}: {change.Reason}"),
            .. Deductions.Select(change => $"điểm trừ {change.Key}: {change.Reason}"),
        ];
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }

    private static IEnumerable<Violation> Check(CriteriaTable table, PointChange change, string path)
    {
        if (table.Find(change.Criterion) is not { } criterion)
        {
            yield return new Violation("UNKNOWN_CRITERION", $"{path}/criterion", $"Bảng {table.Id} không có tiêu chí “{change.Criterion}”.");
            yield break;
        }

        if (!criterion.IsTyped)
        {
            yield return new Violation("PUBLISHED_VALUE_TYPED", path, $"Tiêu chí {criterion.Code} chỉ lấy {(criterion.IsPublished ? "kết quả được cấp có thẩm quyền công bố" : "số liệu chính thức của hệ thống")}.");
        }

        if (!ScoringEngine.IsInRange(criterion, change.Points))
        {
            yield return new Violation("POINTS_OUT_OF_RANGE", $"{path}/points", $"Điểm tiêu chí {criterion.Code} phải từ 0 đến {Fraction.FromDecimal(criterion.Max).ToVietnamese()}.");
        }

        if (string.IsNullOrWhiteSpace(change.Reason))
        {
            yield return new Violation("MISSING_REASON", $"{path}/reason", $"Thay đổi điểm tiêu chí {criterion.Code} phải nêu lý do.");
        }
    }

    private static IEnumerable<Violation> Check(IReadOnlyList<CountChange> changes, HashSet<string> keys, string member, string what)
    {
        for (var n = 0; n < changes.Count; n++)
        {
            var (change, path) = (changes[n], $"/{member}/{n}");
            if (!keys.Contains(change.Key))
            {
                yield return new Violation("UNKNOWN_KEY", $"{path}/key", $"Không có mục “{change.Key}” trong {what}.");
                continue;
            }

            if (change.Count < 0)
            {
                yield return new Violation("NEGATIVE", $"{path}/count", "Không được âm.");
            }
            else if (decimal.Truncate(change.Count) != change.Count)
            {
                yield return new Violation("WRONG_TYPE", $"{path}/count", "Phải là số nguyên.");
            }

            if (string.IsNullOrWhiteSpace(change.Reason))
            {
                yield return new Violation("MISSING_REASON", $"{path}/reason", $"Thay đổi {what} “{change.Key}” phải nêu lý do.");
            }
        }
    }
}
