using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Diễn giải cả phiếu: the stored derivations of a sheet put together, with what people set over them and why.</summary>
public static class SheetExplanation
{
    /// <param name="sheet">The sheet.</param>
    /// <param name="table">Its table.</param>
    /// <param name="withReview">Whether the reader may see the review layer.</param>
    /// <param name="withFinal">Whether the reader may see the final layer.</param>
    public static Derivation Of(ScoreSheet sheet, CriteriaTable table, bool withReview, bool withFinal)
    {
        var total = withFinal && sheet.State == SheetState.Locked ? sheet.TotalOf(table) : null;
        List<Derivation> parts =
        [
            .. table.Groups.Select(group => OfGroup(group, sheet, table, total, withReview, withFinal)),
            .. OfCounted(sheet.Bonus, sheet.BonusItems, table.Bonus.Items.ToDictionary(item => item.Key, item => item.Label), sheet, withReview, withFinal),
            .. OfCounted(sheet.Deductions, sheet.DeductionItems, table.Deductions.Items.ToDictionary(item => item.Key, item => item.Label), sheet, withReview, withFinal),
        ];
        List<string> steps = total?.Total is { } official
            ? [$"{string.Join(" + ", total.Groups.Select(group => Text(group.Points ?? 0)))} + thưởng {Text(sheet.Bonus.Final?.Result)} − trừ {Text(sheet.Deductions.Final?.Result)} = {Text(official)}{(official == 0 ? " (không thấp hơn 0)" : string.Empty)}."]
            : ["Chưa có điểm chính thức: chỉ lớp điểm thẩm định đã quyết định mới cho tổng điểm."];
        return new Derivation("TOTAL", $"Tổng điểm của đơn vị {sheet.Unit}", "R-25, F-07", table.Basis, [], steps, total?.Total, "cộng các điểm đã làm tròn", parts);
    }

    private static Derivation OfGroup(CriteriaGroup group, ScoreSheet sheet, CriteriaTable table, SheetTotal? total, bool withReview, bool withFinal)
    {
        List<Derivation> lines = [.. group.Criteria.Select(criterion => OfLine(criterion, sheet.Line(criterion.Code), sheet, withReview, withFinal))];
        return new Derivation(
            group.Code, group.Title, "R-13", table.Basis, [], [$"Cộng điểm {lines.Count} tiêu chí của nhóm."],
            total?.Groups.First(sum => sum.Code == group.Code).Points, "cộng các điểm đã làm tròn", lines);
    }

    private static Derivation OfLine(Criterion criterion, ScoreLine? line, ScoreSheet sheet, bool withReview, bool withFinal)
    {
        if (line?.SelfDerivation is not { Value: var self })
        {
            return new Derivation(criterion.Code, criterion.Title, ScoringEngine.RuleOf(criterion), criterion.Basis, [], ["Chưa có số liệu để chấm."], null, string.Empty, []);
        }

        List<string> steps = [.. self.Steps, $"Điểm tự chấm: {Text(line.Self)}."];
        if (withReview && sheet.IsReviewed)
        {
            steps.AddRange(Set("Cụm trưởng", line.LeaderPoints, line.LeaderReason));
            steps.AddRange(Set("Cụm phó", line.DeputyPoints, line.DeputyReason));
            steps.Add(line is { Disputed: true, Review: null } ? "Cụm trưởng và cụm phó chấm khác nhau." : $"Điểm cụm rà soát: {Text(line.ReviewPoints)}.");
        }

        if (withFinal && sheet.State is SheetState.UnderAppraisal or SheetState.Locked)
        {
            steps.AddRange(Set("Cơ quan thường trực", line.AppraisedPoints, line.AppraisedReason));
            steps.Add($"{(sheet.State == SheetState.Locked ? "Điểm thẩm định" : "Điểm thẩm định dự kiến")}: {Text(line.Final ?? line.AppraisalPoints)}.");
        }

        var inputs = line.Note is { } note ? [.. self.Inputs, new DerivationInput("Ghi chú, minh chứng", note, "DECLARED", null)] : self.Inputs;
        return self with { Inputs = inputs, Steps = steps, Result = withFinal && line.Final is { } final ? final : self.Result };
    }

    /// <summary>Điểm thưởng hoặc điểm trừ: what was counted in each layer, and who set which count and why.</summary>
    private static IEnumerable<Derivation> OfCounted(
        CountedPoints points, CountedItems items, Dictionary<string, string> labels, ScoreSheet sheet, bool withReview, bool withFinal)
    {
        if (points.Self is not { } self)
        {
            yield break;
        }

        var result = self.Result;
        List<string> steps = [.. self.Steps, $"Điểm tự chấm: {Text(result)}."];
        if (withReview && sheet.IsReviewed)
        {
            steps.AddRange(items.Items.SelectMany(item => Set("Cụm trưởng", labels[item.Key], item.Leader, item.Self).Concat(Set("Cụm phó", labels[item.Key], item.Deputy, item.Self))));
            steps.AddRange(points.Reviewed?.Steps ?? []);
            steps.Add(points.Review is { } review
                ? $"Điểm cụm rà soát: {Text(review.Result)}."
                : $"Cụm trưởng và cụm phó chấm khác nhau: {string.Join(", ", items.Items.Where(item => item.Disputed).Select(item => labels[item.Key]))}.");
        }

        if (withFinal && sheet.State is SheetState.UnderAppraisal or SheetState.Locked)
        {
            steps.AddRange(items.Items.SelectMany(item => Set("Cơ quan thường trực", labels[item.Key], item.Appraisal, item.Review)));
            steps.AddRange(points.Appraised?.Steps ?? []);
            steps.Add($"{(sheet.State == SheetState.Locked ? "Điểm thẩm định" : "Điểm thẩm định dự kiến")}: {Text(points.Final?.Result)}.");
            result = sheet.State == SheetState.Locked ? points.Final?.Result : result;
        }

        yield return self with { Steps = steps, Result = result };
    }

    private static IEnumerable<string> Set(string who, string label, SetCount? set, decimal? below) => set is null
        ? []
        : [$"{who} đặt “{label}” {Text(set.Count)} lần{(below is { } count ? $" thay cho {Text(count)} lần" : string.Empty)}, lý do: {set.Reason}."];

    private static IEnumerable<string> Set(string who, decimal? points, string? reason) =>
        points is { } set ? [$"{who} đặt {Text(set)} điểm, lý do: {reason}."] : [];

    private static string Text(decimal? points) => points is { } value ? Fraction.FromDecimal(value).ToVietnamese() : "chưa có";
}
