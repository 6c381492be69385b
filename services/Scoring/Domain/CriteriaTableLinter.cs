using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Kiểm tra bảng tiêu chí: what refuses a table at adoption (L-01 … L-07 as the season format lists them, L-11 where a covenant is in force) and what is worth a remark
/// (<see cref="WordingLinter"/>).
/// </summary>
public static class CriteriaTableLinter
{
    public static IReadOnlyList<LintFinding> Lint(CriteriaTable table, LintContext context) =>
        [.. Errors(table, context.Clusters), .. WordingLinter.Lint(table, context)];

    /// <summary>Only what refuses.</summary>
    public static IReadOnlyList<LintFinding> Errors(CriteriaTable table, IReadOnlyCollection<ClusterSize> clusters)
    {
        var findings = new List<LintFinding>();
        if (table.Groups.Sum(group => group.Max) is var groupSum && groupSum != table.TotalMax)
        {
            findings.Add(Error("L-01", "/total_max", $"Tổng điểm chuẩn {Text(table.TotalMax)} khác tổng các nhóm {Text(groupSum)}."));
        }

        for (var g = 0; g < table.Groups.Count; g++)
        {
            var group = table.Groups[g];
            if (group.Criteria.Sum(criterion => criterion.Max) is var sum && sum != group.Max)
            {
                findings.Add(Error("L-01", $"/groups/{g}/max", $"Nhóm {group.Code}: điểm chuẩn {Text(group.Max)} khác tổng các tiêu chí {Text(sum)}."));
            }

            for (var c = 0; c < group.Criteria.Count; c++)
            {
                findings.AddRange(LintCriterion(group, group.Criteria[c], $"/groups/{g}/criteria/{c}", clusters));
            }
        }

        return findings;
    }

    /// <summary>The same as violations under a pointer, for a caller who refuses the table.</summary>
    public static IReadOnlyList<Violation> Violations(CriteriaTable table, IReadOnlyCollection<ClusterSize> clusters, string path) =>
        [.. Errors(table, clusters).Select(finding => new Violation(finding.Code, path + finding.Path, finding.Message))];

    private static IEnumerable<LintFinding> LintCriterion(
        CriteriaGroup group, Criterion criterion, string path, IReadOnlyCollection<ClusterSize> clusters)
    {
        if (BestPossible(criterion) is var (best, member, what) && best != criterion.Max)
        {
            yield return Error("L-03", $"{path}/{member}", $"Tiêu chí {criterion.Code}: {what} {Text(best)} khác điểm chuẩn {Text(criterion.Max)}.");
        }

        foreach (var cluster in clusters.Where(cluster => criterion.IsQualitative && cluster.Clauses is { } clauses && (criterion.CovenantClause is not { } cited || !clauses.Contains(cited))))
        {
            yield return Error(
                "L-11", $"{path}/covenant_clause",
                $"Tiêu chí định tính {criterion.Code} {(criterion.CovenantClause is { } cited ? $"dẫn điều {cited} không có" : "chưa dẫn điều khoản nào")} trong giao ước thi đua đang có hiệu lực của {cluster.Code}.");
        }

        switch (criterion)
        {
            case TimelinessCriterion { OfficialFact: not null } timely when timely.Scale.All(row => row.LateWorkingDaysAtMost is not null):
                yield return Error("L-02", $"{path}/scale", $"Tiêu chí {criterion.Code} lấy số liệu chính thức nên thang điểm phải có mức cho mọi số ngày chậm (dòng cuối không có late_wd_lte).");
                break;
            case PercentBandCriterion bands:
                foreach (var message in BandLinter.Problems(bands.Bands))
                {
                    yield return Error("L-02", $"{path}/bands", $"Tiêu chí {criterion.Code}: {message}");
                }

                if (bands.Baseline is null)
                {
                    yield return Error("L-05", $"{path}/baseline", $"Tiêu chí {criterion.Code} so sánh tỷ lệ nhưng không nêu gốc so sánh (kế hoạch, cùng kỳ hay ngưỡng tuyệt đối).");
                }

                break;
            case RankCriterion { BeyondScale: BeyondScale.Error } rank:
                foreach (var cluster in clusters.Where(cluster => rank.PointsByRank.Count < cluster.Size))
                {
                    yield return Error(
                        "L-04", $"{path}/points_by_rank",
                        $"Tiêu chí {criterion.Code}: thang {rank.PointsByRank.Count} bậc ngắn hơn cụm {cluster.Code} ({cluster.Size} đơn vị).");
                }

                break;
            case ManualCriterion when group.Tag == GroupTag.PoliticalTask:
                yield return Error("L-06", $"{path}/kind", $"Tiêu chí {criterion.Code} chấm trực tiếp, không được đặt trong nhóm nhiệm vụ chính trị.");
                break;
            case RatioCriterion ratio when ratio.I != ratio.Max:
                yield return Error("L-07", $"{path}/i", $"Tiêu chí {criterion.Code}: i = {Text(ratio.I)} phải bằng điểm chuẩn {Text(ratio.Max)}; i không phải điểm cho mỗi nhiệm vụ.");
                break;
        }
    }

    /// <summary>The most that the scale of a criterion can yield, where its kind has one.</summary>
    private static (decimal Best, string Member, string What)? BestPossible(Criterion criterion) => criterion switch
    {
        LevelCriterion level => (level.Levels.Select(row => row.Points).DefaultIfEmpty().Max(), "levels", "mức cao nhất"),
        PercentBandCriterion band => (band.Bands.Select(row => row.Points).DefaultIfEmpty().Max(), "bands", "dải điểm cao nhất"),
        RankCriterion rank => (rank.PointsByRank.Count > 0 ? rank.PointsByRank[0] : 0, "points_by_rank", "điểm của thứ nhất"),
        ChecklistCriterion list => (list.Items.Sum(item => item.Points), "items", "tổng các việc"),
        CountCriterion count => (count.Cap, "cap", "mức trần"),
        TimelinessCriterion timely => (timely.Obligations.Count * timely.Scale.Select(row => row.Points).DefaultIfEmpty().Max(), "scale", "điểm đúng hạn cao nhất"),
        _ => null,
    };

    private static LintFinding Error(string code, string path, string message) => new(code, LintSeverity.Error, path, message);

    private static string Text(decimal value) => Fraction.FromDecimal(value).ToVietnamese();
}
