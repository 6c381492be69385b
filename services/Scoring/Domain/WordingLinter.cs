using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>The remarks that refuse nothing: vague wording, missing evidence, weights that make no difference (domain reference G.3).</summary>
public static partial class WordingLinter
{
    private const decimal NearDuplicate = 0.7m;

    public static IEnumerable<LintFinding> Lint(CriteriaTable table, LintContext context) =>
        table.Groups
            .SelectMany((group, g) => group.Criteria.SelectMany((criterion, c) => LintCriterion(table, criterion, $"/groups/{g}/criteria/{c}", context)))
            .Concat(LintTable(table, context))
            .Concat(Duplicates(table));

    private static IEnumerable<LintFinding> LintCriterion(CriteriaTable table, Criterion criterion, string path, LintContext context)
    {
        var settings = context.Settings;
        var judged = criterion.IsQualitative;
        var vague = settings.VagueWords.Where(word => HasWord(criterion.Title, word)).ToList();
        if (judged && vague.Count > 0 && !IsMeasured(criterion.Title))
        {
            yield return Warn("L-08", $"{path}/title", $"Tiêu chí {criterion.Code}: “{string.Join("”, “", vague)}” chưa có thước đo (số lượng, tỷ lệ, thời hạn, văn bản).");
        }

        var evidence = criterion.Evidence ?? (HasWord(criterion.Title, "minh chứng") ? criterion.Title : null);
        if (string.IsNullOrEmpty(evidence))
        {
            yield return Warn("L-09", $"{path}/evidence", $"Tiêu chí {criterion.Code} chưa nêu minh chứng.");
        }
        else if (settings.OwnWords.Any(word => HasWord(evidence, word)))
        {
            yield return Warn("L-09", $"{path}/evidence", $"Tiêu chí {criterion.Code}: minh chứng chỉ do đơn vị tự lập.");
        }

        if (judged && (criterion is not LevelCriterion { Levels.Count: >= 2 } || (criterion.Basis is null && criterion.CovenantClause is null)))
        {
            yield return Warn("L-11", path, $"Tiêu chí định tính {criterion.Code} cần ít nhất hai mức mô tả và căn cứ trong giao ước thi đua.");
        }

        if (context.LastSeason.TryGetValue(criterion.Code, out var points) && points.Count > 1 && points.Distinct().Count() == 1)
        {
            yield return Warn("L-14", path, $"Tiêu chí {criterion.Code}: năm trước mọi đơn vị đều {Text(points[0])} điểm, không phân hoá.");
        }

        if (criterion.PublishedIndex is { } index && context.UnitsWithoutIndex.TryGetValue(index, out var units) && units.Count > 0)
        {
            yield return Warn("L-15", path, $"Tiêu chí {criterion.Code}: {string.Join(", ", units)} chưa có kết quả {index} được công bố.");
        }

        if (table.TotalMax > 0 && criterion.Max * 100 > settings.MaxCriterionSharePercent * table.TotalMax)
        {
            yield return Warn("L-17", $"{path}/max", $"Tiêu chí {criterion.Code} chiếm {Share(criterion.Max, table.TotalMax)}% tổng điểm.");
        }

        foreach (var finding in LintSources(criterion, path, context))
        {
            yield return finding;
        }
    }

    private static IEnumerable<LintFinding> LintSources(Criterion criterion, string path, LintContext context)
    {
        switch (criterion)
        {
            case PercentBandCriterion { Baseline: Baseline.Absolute, Basis: null }:
                yield return Info($"{path}/baseline", $"Tiêu chí {criterion.Code} dùng ngưỡng tuyệt đối: kiểm tra văn bản quy định.");
                break;
            case PercentBandCriterion { Baseline: Baseline.Plan, Basis: null, Evidence: null }:
                yield return Warn("L-05", $"{path}/baseline", $"Tiêu chí {criterion.Code}: nêu văn bản giao kế hoạch làm gốc so sánh.");
                break;
        }

        foreach (var expired in context.Settings.ExpiredWords.Where(word => context.AsOf >= word.Since))
        {
            if (HasWord(criterion.Title, expired.Word) || HasWord(criterion.Basis ?? string.Empty, expired.Word))
            {
                yield return Info($"{path}/title", $"Tiêu chí {criterion.Code} nhắc đến “{expired.Word}”, không còn từ ngày {expired.Since:dd/MM/yyyy}.");
            }
        }
    }

    private static IEnumerable<LintFinding> LintTable(CriteriaTable table, LintContext context)
    {
        var settings = context.Settings;
        var judged = table.Criteria.Where(criterion => criterion.IsQualitative).Sum(criterion => criterion.Max);
        if (table.TotalMax > 0 && judged * 100 > settings.MaxQualitativeSharePercent * table.TotalMax)
        {
            yield return Warn("L-10", string.Empty, $"Tiêu chí định tính chiếm {Share(judged, table.TotalMax)}% tổng điểm.");
        }

        foreach (var tag in Enum.GetValues<GroupTag>().Where(tag => table.Groups.All(group => group.Tag != tag)))
        {
            yield return Warn("R-10", "/groups", $"Bảng chưa có nhóm {TagName(tag)}.");
        }

        if (table.Bonus.Items.Count > 0)
        {
            var most = table.Bonus.Items.Sum(item => item.Points * item.MaxCount);
            most = table.Bonus.Cap is { } cap ? Math.Min(cap, most) : most;
            if (table.Bonus.Cap is null)
            {
                yield return Warn("L-13", "/bonus/cap", "Điểm thưởng không có mức trần.");
            }

            if (most * 100 > settings.MaxBonusSharePercent * table.TotalMax)
            {
                yield return Warn("L-13", "/bonus", $"Điểm thưởng có thể đến {Text(most)}, bằng {Share(most, table.TotalMax)}% tổng điểm.");
            }
        }
    }

    private static IEnumerable<LintFinding> Duplicates(CriteriaTable table)
    {
        var titles = table.Groups
            .SelectMany((group, g) => group.Criteria.Select((criterion, c) => (Path: $"/groups/{g}/criteria/{c}/title", Name: criterion.Title)))
            .Concat(table.Bonus.Items.Select((item, i) => (Path: $"/bonus/items/{i}/label", Name: item.Label)))
            .Concat(table.Deductions.Items.Select((item, i) => (Path: $"/deductions/items/{i}/label", Name: item.Label)))
            .Select(title => (title.Path, title.Name, Words: Syllables().Matches(VietnameseText.Fold(title.Name)).Select(word => word.Value).ToHashSet()))
            .ToList();
        for (var later = 1; later < titles.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var both = titles[later].Words.Count(titles[earlier].Words.Contains);
                var either = titles[later].Words.Count + titles[earlier].Words.Count - both;
                if (either > 0 && both >= NearDuplicate * either)
                {
                    yield return Warn("L-12", titles[later].Path, $"“{titles[later].Name}” gần như trùng với “{titles[earlier].Name}”: một việc có thể bị tính hai lần.");
                }
            }
        }
    }

    /// <summary>A number other than the points themselves, a percentage, a date or the number of a document.</summary>
    private static bool IsMeasured(string title) => Measures().IsMatch(Points().Replace(title, string.Empty));

    private static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetter(text[at - 1])) && (end == text.Length || !char.IsLetter(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static string TagName(GroupTag tag) => tag switch
    {
        GroupTag.PoliticalTask => "nhiệm vụ chính trị",
        GroupTag.PolicyCompliance => "chấp hành chủ trương của Đảng, chính sách pháp luật của Nhà nước",
        _ => "thực hiện công tác thi đua, khen thưởng",
    };

    private static string Share(decimal part, decimal whole) => whole == 0 ? "100" : Text((Fraction.FromDecimal(part * 100) / whole).Round(1));

    private static string Text(decimal value) => Fraction.FromDecimal(value).ToVietnamese();

    private static LintFinding Warn(string code, string path, string message) => new(code, LintSeverity.Warn, path, message);

    private static LintFinding Info(string path, string message) => new("L-16", LintSeverity.Info, path, message);

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Syllables();

    [GeneratedRegex(@"\(?\s*\d+([.,]\d+)?\s*điểm\s*\)?", RegexOptions.IgnoreCase)]
    private static partial Regex Points();

    [GeneratedRegex(@"\d|%")]
    private static partial Regex Measures();
}
