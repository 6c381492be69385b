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
            .. new[] { sheet.Bonus, sheet.Deductions }.OfType<Derivation>(),
        ];
        List<string> steps = total?.Total is { } official
            ? [$"{string.Join(" + ", total.Groups.Select(group => Text(group.Points ?? 0)))} + thưởng {Text(sheet.Bonus?.Result ?? 0)} − trừ {Text(sheet.Deductions?.Result ?? 0)} = {Text(official)}{(official == 0 ? " (không thấp hơn 0)" : string.Empty)}."]
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
        if (line?.Derivation is not { } self)
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

    private static IEnumerable<string> Set(string who, decimal? points, string? reason) =>
        points is { } set ? [$"{who} đặt {Text(set)} điểm, lý do: {reason}."] : [];

    private static string Text(decimal? points) => points is { } value ? Fraction.FromDecimal(value).ToVietnamese() : "chưa có";
}
