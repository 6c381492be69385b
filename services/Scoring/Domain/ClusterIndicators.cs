using System.Text.Json.Serialization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>One sheet of a decided result, as the indicators look at it.</summary>
/// <param name="Self">Total of the first layer; null: a line of it has no points.</param>
/// <param name="Final">Official total.</param>
/// <param name="Returned">It was sent back to its unit at least once.</param>
/// <param name="Lines">One for each criterion of the table.</param>
public sealed record IndicatorSheet(decimal? Self, decimal? Final, bool Returned, IReadOnlyList<IndicatorLine> Lines);

/// <summary>One criterion of one sheet, as the indicators look at it.</summary>
/// <param name="IsPublished">Filled by a published result, not by the unit .</param>
/// <param name="Files">Files of evidence that count.</param>
/// <param name="Note">Ghi chú .</param>
/// <param name="Self">Điểm tự chấm; null: not scored.</param>
/// <param name="Review">Điểm cụm rà soát; null: leader and deputy disagreed.</param>
/// <param name="Final">Điểm thẩm định.</param>
public sealed record IndicatorLine(bool IsPublished, int Files, string? Note, decimal? Self, decimal? Review, decimal? Final);

/// <summary>
/// Chỉ số chiều sâu của cụm (P2): what the sheets of a decided result tell of how they came about. Counted exactly; shares are rounded
/// only to be shown. They say what should be looked at, never what somebody did.
/// </summary>
public sealed record ClusterIndicators
{
    /// <summary>Sheets of the result.</summary>
    public required int Sheets { get; init; }

    /// <summary>Of them, sheets that were returned at least once.</summary>
    public required int ReturnedSheets { get; init; }

    /// <summary>Lines that are looked at.</summary>
    public required int Lines { get; init; }

    /// <summary>Of them, lines with a file of evidence or a document cited in the note.</summary>
    public required int EvidencedLines { get; init; }

    /// <summary>Lines with points of the first and of the last layer.</summary>
    public required int ComparedLines { get; init; }

    /// <summary>Of them, lines whose points are the same in all three layers.</summary>
    public required int UnchangedLines { get; init; }

    /// <summary>Tổng điểm tối đa of the table.</summary>
    public required decimal Max { get; init; }

    /// <summary>Highest less lowest official total; null: fewer than two totals.</summary>
    public decimal? Spread { get; init; }

    /// <summary>Sum of self total less final total over the sheets that have both.</summary>
    public required decimal Inflation { get; init; }

    /// <summary>Sheets that have both totals.</summary>
    public required int InflationSheets { get; init; }

    /// <summary>Null: too little to say anything.</summary>
    public bool? Formalism { get; init; }

    /// <summary>Vietnamese, one sentence each.</summary>
    public required IReadOnlyList<string> Explanation { get; init; }

    [JsonIgnore]
    public decimal? ReturnedPercent => Percent(ReturnedSheets, Sheets);

    [JsonIgnore]
    public decimal? EvidencedPercent => Percent(EvidencedLines, Lines);

    [JsonIgnore]
    public decimal? UnchangedPercent => Percent(UnchangedLines, ComparedLines);

    [JsonIgnore]
    public decimal? SpreadPercent => Spread is { } spread ? Percent(spread, Max) : null;

    /// <summary>In points.</summary>
    [JsonIgnore]
    public decimal? MeanInflation => InflationSheets == 0 ? null : Rounding.OfAmounts.Of(Fraction.FromDecimal(Inflation) / InflationSheets);

    /// <summary>Counts, and says what the rule lets be said.</summary>
    /// <param name="sheets">All sheets of the result.</param>
    /// <param name="max">Tổng điểm tối đa of the table, above 0.</param>
    /// <param name="rule">The thresholds of the day of the decision.</param>
    public static ClusterIndicators Of(IReadOnlyList<IndicatorSheet> sheets, decimal max, IndicatorThresholds rule)
    {
        List<IndicatorLine> lines = [.. sheets.SelectMany(sheet => sheet.Lines).Where(line => rule.CountPublished || !line.IsPublished)];
        List<IndicatorLine> compared = [.. lines.Where(line => line is { Self: not null, Final: not null })];
        List<decimal> totals = [.. sheets.Select(sheet => sheet.Final).OfType<decimal>()];
        List<IndicatorSheet> measured = [.. sheets.Where(sheet => sheet is { Self: not null, Final: not null })];
        var counted = new ClusterIndicators
        {
            Sheets = sheets.Count,
            ReturnedSheets = sheets.Count(sheet => sheet.Returned),
            Lines = lines.Count,
            EvidencedLines = lines.Count(line => line.Files > 0 || Cites(line.Note, rule.DocumentMarks)),
            ComparedLines = compared.Count,
            UnchangedLines = compared.Count(line => line.Self == line.Review && line.Review == line.Final),
            Max = max,
            Spread = totals.Count < 2 ? null : totals.Max() - totals.Min(),
            Inflation = measured.Sum(sheet => sheet.Self!.Value - sheet.Final!.Value),
            InflationSheets = measured.Count,
            Explanation = [],
        };
        return counted.Judge(totals, rule);
    }

    /// <summary>Whether a note cites a document: one of the words by which documents are named, and a number.</summary>
    public static bool Cites(string? note, IEnumerable<string> marks) => note is not null && note.Any(char.IsDigit) && marks.Any(mark => HasWord(note, mark));

    private ClusterIndicators Judge(List<decimal> totals, IndicatorThresholds rule)
    {
        if (Sheets < rule.LeastSheets || ComparedLines < rule.LeastLines)
        {
            return this with
            {
                Explanation = [$"Chưa đủ số liệu để nhận xét: có {Sheets} phiếu, {ComparedLines} dòng tiêu chí so sánh được; cần ít nhất {rule.LeastSheets} phiếu và {rule.LeastLines} dòng."],
            };
        }

        List<string> found = [];
        var unchanged = new Fraction(UnchangedLines, ComparedLines);
        if (unchanged * 100 >= rule.UnchangedPercent)
        {
            found.Add($"Điểm tự chấm, điểm rà soát và điểm thẩm định bằng nhau ở {UnchangedLines}/{ComparedLines} dòng tiêu chí ({(unchanged * 100).ToVietnamese()}%, ngưỡng {Show(rule.UnchangedPercent)}%): cần xem xét chiều sâu của việc rà soát, thẩm định.");
        }

        if (totals.Count == Sheets && Spread is { } spread && totals.TrueForAll(total => ShareOfMax(total) >= rule.HighPercent) && ShareOfMax(spread) < rule.NarrowPercent)
        {
            found.Add($"Mọi đơn vị đạt từ {Show(rule.HighPercent)}% điểm tối đa và chênh lệch cao nhất – thấp nhất chỉ {ShareOfMax(spread).ToVietnamese()}% (ngưỡng {Show(rule.NarrowPercent)}%): cần xem xét mức phân hóa của bảng tiêu chí.");
        }

        return this with
        {
            Formalism = found.Count > 0,
            Explanation = found.Count > 0 ? found : ["Không có dấu hiệu hình thức theo các ngưỡng đang áp dụng."],
        };
    }

    private Fraction ShareOfMax(decimal points) => Fraction.FromDecimal(points) * 100 / Max;

    private static string Show(decimal value) => Fraction.FromDecimal(value).ToVietnamese();

    private static decimal? Percent(decimal part, decimal whole) => whole == 0 ? null : Rounding.OfAmounts.Of(Fraction.FromDecimal(part) * 100 / whole);

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
}

/// <summary>The indicators of one decided version of a cluster's result, kept as they were computed.</summary>
public sealed class DepthIndicators
{
    public required Guid ClusterId { get; init; }

    /// <summary>Version of the decision.</summary>
    public required int ResultVersion { get; init; }

    /// <summary>The rule whose thresholds were used.</summary>
    public required Guid RuleId { get; init; }

    public required ClusterIndicators Facts { get; init; }
    public required DateTimeOffset ComputedAt { get; init; }
}
