using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Points that a reviewer or the appraiser sets instead of the layer below, with the reason.</summary>
public sealed record PointChange(string Criterion, decimal Points, string? Reason)
{
    /// <summary>Points that a review or an appraisal may set: known criterion, not a published one, within 0 and its maximum, with a reason.</summary>
    public static void Check(CriteriaTable table, IReadOnlyList<PointChange> changes)
    {
        var errors = new List<Violation>();
        for (var n = 0; n < changes.Count; n++)
        {
            var path = $"/lines/{n}";
            if (changes[n] is not { } change)
            {
                errors.Add(new Violation("WRONG_TYPE", path, "Phải là một đối tượng."));
                continue;
            }

            if (table.Find(change.Criterion) is not { } criterion)
            {
                errors.Add(new Violation("UNKNOWN_CRITERION", $"{path}/criterion", $"Bảng {table.Id} không có tiêu chí “{change.Criterion}”."));
                continue;
            }

            if (criterion.IsPublished)
            {
                errors.Add(new Violation("PUBLISHED_VALUE_TYPED", path, $"Tiêu chí {criterion.Code} chỉ lấy kết quả được cấp có thẩm quyền công bố."));
            }

            if (!ScoringEngine.IsInRange(criterion, change.Points))
            {
                errors.Add(new Violation("POINTS_OUT_OF_RANGE", $"{path}/points", $"Điểm tiêu chí {criterion.Code} phải từ 0 đến {Fraction.FromDecimal(criterion.Max).ToVietnamese()}."));
            }

            if (string.IsNullOrWhiteSpace(change.Reason))
            {
                errors.Add(new Violation("MISSING_REASON", $"{path}/reason", $"Thay đổi điểm tiêu chí {criterion.Code} phải nêu lý do."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
    }
}
