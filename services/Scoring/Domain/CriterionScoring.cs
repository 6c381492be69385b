using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Why a value cannot be scored.</summary>
/// <param name="Member">The member of the input that is at fault, where it is one.</param>
public sealed record ScoringRefusal(string Code, string Message, string? Member = null);

/// <summary>Exact points of one criterion before rounding, or why there are none, with the steps that led there.</summary>
internal sealed record Outcome(Fraction? Points, IReadOnlyList<string> Steps, IReadOnlyList<DerivationInput> Inputs, ScoringRefusal? Refusal)
{
    public static Outcome Scored(Fraction points, IReadOnlyList<string> steps, params IReadOnlyList<DerivationInput> inputs) => new(points, steps, inputs, null);

    public static Outcome Refused(string code, string message, string? member = null) => new(null, [message], [], new ScoringRefusal(code, message, member));
}

/// <summary>The arithmetic of the criteria that a unit's own input decides; those that look at the cluster are in <see cref="ClusterScoring"/>.</summary>
internal static class CriterionScoring
{
    private const string Declared = "DECLARED";
    private static readonly Fraction Hundred = 100m;

    /// <summary>What is wrong with a value by itself, whatever the other units have (R-18, R-19).</summary>
    public static ScoringRefusal? Refusal(Criterion criterion, CriterionInput input) => criterion is RelativeCriterion
        ? ((RelativeInput)input).Target == 0 ? new ScoringRefusal("BASELINE_ZERO", "chỉ tiêu bằng 0 nên không so sánh được.", "target") : null
        : Score(criterion, input).Refusal;

    public static Outcome Score(Criterion criterion, CriterionInput input) => (criterion, input) switch
    {
        (LevelCriterion level, LevelInput chosen) => Level(level, chosen.Level, Declared, null),
        (PercentBandCriterion band, PercentInput percent) => PercentBand(band, percent),
        (RatioCriterion ratio, RatioInput tasks) => Ratio(ratio, tasks),
        (CountCriterion count, CountInput counted) => Count(count, counted.Count),
        (ChecklistCriterion list, ChecklistInput checklist) => Checklist(list, checklist.Done),
        (TimelinessCriterion timely, TimelinessInput late) => Timeliness(timely, late.Late),
        (DeductCriterion deduct, DeductInput counts) => Deduct(deduct, counts.Counts),
        (ManualCriterion manual, ManualInput given) => Manual(manual, given.Points),
        _ => throw new InvalidOperationException($"Criterion {criterion.Code} of kind {criterion.Kind} does not take a {input.GetType().Name}."),
    };

    public static Outcome Level(LevelCriterion criterion, string key, string source, string? document)
    {
        if (criterion.Levels.FirstOrDefault(level => level.Key == key) is not { } level)
        {
            return Outcome.Refused("UNKNOWN_LEVEL", $"không có mức “{key}”.", "level");
        }

        return Outcome.Scored(
            level.Points, [$"Mức “{level.Label}” được {Text(level.Points)} điểm."],
            new DerivationInput("Mức", level.Label, source, document));
    }

    private static Outcome PercentBand(PercentBandCriterion criterion, PercentInput input)
    {
        var steps = new List<string>();
        if (Compared(criterion, input, steps) is not { } compared)
        {
            return Outcome.Refused("BASELINE_ZERO", "gốc so sánh bằng 0 hoặc thiếu nên không tính được tỷ lệ.", "base");
        }

        var band = compared.IsUnbounded ? criterion.Bands.FirstOrDefault(row => row is { Lt: null, Lte: null }) : criterion.Bands.FirstOrDefault(row => row.Holds(compared.Value));
        if (band is null)
        {
            var top = criterion.Bands.OrderByDescending(row => row.Lte ?? row.Lt ?? decimal.MaxValue).ThenByDescending(row => row.Lte is not null).FirstOrDefault();
            if (top is null || criterion.OverTop == OverTop.Error || !(compared.IsUnbounded || IsAbove(top, compared.Value)))
            {
                return Outcome.Refused("NO_BAND", $"{(compared.IsUnbounded ? "giá trị vượt mọi dải" : compared.Value.ToVietnamese())} không thuộc dải điểm nào.");
            }

            band = top;
            steps.Add("Vượt dải cao nhất: tính theo dải cao nhất.");
        }

        steps.Add($"Thuộc dải “{band.Text ?? Describe(band)}”: {Text(band.Points)} điểm.");
        List<DerivationInput> inputs = [new("Kết quả thực hiện", Text(input.Actual), Declared, null)];
        if (input.Base is { } given)
        {
            inputs.Add(new DerivationInput(BaseName(criterion.Baseline), Text(given), Declared, null));
        }

        return Outcome.Scored(band.Points, steps, inputs);
    }

    /// <summary>The number that the bands hold. Unbounded: lower is better and nothing happened, which no number expresses.</summary>
    private static (Fraction Value, bool IsUnbounded)? Compared(PercentBandCriterion criterion, PercentInput input, List<string> steps)
    {
        if (input.Base is not { } given)
        {
            steps.Add($"So trực tiếp với ngưỡng: {Text(input.Actual)}.");
            return criterion.Baseline == Baseline.Absolute ? (input.Actual, false) : null;
        }

        if (given == 0)
        {
            return null;
        }

        if (criterion.Direction == Direction.HigherIsBetter)
        {
            var share = Hundred * input.Actual / given;
            steps.Add($"100 × {Text(input.Actual)} / {Text(given)} = {share.ToVietnamese()}%.");
            return (share, false);
        }

        if (input.Actual == 0)
        {
            steps.Add($"Chỉ tiêu càng thấp càng tốt và kết quả bằng 0: tốt hơn mọi tỷ lệ.");
            return (Fraction.Zero, true);
        }

        var inverse = Hundred * given / input.Actual;
        steps.Add($"Chỉ tiêu càng thấp càng tốt: 100 × {Text(given)} / {Text(input.Actual)} = {inverse.ToVietnamese()}%.");
        return (inverse, false);
    }

    private static bool IsAbove(Band top, Fraction value) => (top.Lte is { } lte && value > lte) || (top.Lt is { } lt && value >= lt);

    private static Outcome Ratio(RatioCriterion criterion, RatioInput input)
    {
        List<DerivationInput> inputs =
        [
            new("n (đã hoàn thành)", Text(input.Completed), Declared, null),
            new("N (được giao)", Text(input.Assigned), Declared, null),
        ];
        if (input.Assigned == 0)
        {
            if (input.Decision is not { } decision)
            {
                return Outcome.Refused("NOT_APPLICABLE", "không được giao nhiệm vụ nào (N = 0), cần quyết định tính đủ điểm (FULL) hay không điểm (ZERO).", "decision");
            }

            var points = decision == NothingAssigned.Full ? criterion.I : 0;
            return Outcome.Scored(points, [$"N = 0, theo quyết định: {Text(points)} điểm."], [.. inputs, new("Quyết định khi N = 0", decision == NothingAssigned.Full ? "đủ điểm" : "không điểm", "DECISION", null)]);
        }

        var counted = Math.Min(input.Completed, input.Assigned);
        var score = Fraction.FromDecimal(counted) * criterion.I / input.Assigned;
        List<string> steps = [$"(n × i)/N = ({Text(counted)} × {Text(criterion.I)}) / {Text(input.Assigned)} = {score.ToVietnamese()}."];
        if (counted < input.Completed)
        {
            steps.Insert(0, $"n = {Text(input.Completed)} lớn hơn N, tính bằng N.");
        }

        return Outcome.Scored(score, steps, inputs);
    }

    private static Outcome Count(CountCriterion criterion, decimal count)
    {
        var product = Fraction.FromDecimal(count) * criterion.PerItem;
        var points = Fraction.Min(product, criterion.Cap);
        return Outcome.Scored(
            points, [$"{Text(count)} × {Text(criterion.PerItem)} = {product.ToVietnamese()}, tối đa {Text(criterion.Cap)}: {points.ToVietnamese()} điểm."],
            new DerivationInput("Số lượng", Text(count), Declared, null));
    }

    private static Outcome Checklist(ChecklistCriterion criterion, IReadOnlySet<string> done)
    {
        var items = criterion.Items.Where(item => done.Contains(item.Key)).ToList();
        return Outcome.Scored(
            items.Sum(item => item.Points),
            items.Count == 0 ? ["Chưa có việc nào hoàn thành: 0 điểm."] : [.. items.Select(item => $"{item.Label}: {Text(item.Points)} điểm.")],
            [.. items.Select(item => new DerivationInput(item.Label, "đã làm", Declared, null))]);
    }

    private static Outcome Timeliness(TimelinessCriterion criterion, IReadOnlyDictionary<string, decimal?> late)
    {
        var sum = Fraction.Zero;
        var steps = new List<string>();
        var inputs = new List<DerivationInput>();
        foreach (var obligation in criterion.Obligations)
        {
            var days = late.GetValueOrDefault(obligation);
            var row = days is null
                ? (criterion.Scale.Count > 0 ? criterion.Scale[^1] : null)
                : criterion.Scale.FirstOrDefault(row => row.LateWorkingDaysAtMost is not { } most || days <= most);
            if (row is null)
            {
                return Outcome.Refused("NO_BAND", $"nghĩa vụ {obligation} chậm {Text(days ?? 0)} ngày làm việc, thang điểm không có mức nào.", "late");
            }

            var how = days switch { null => "không nộp", 0 => "đúng hạn", { } count => $"chậm {Text(count)} ngày làm việc" };
            steps.Add($"{obligation}: {how}, {Text(row.Points)} điểm.");
            inputs.Add(new DerivationInput(obligation, how, Declared, null));
            sum += row.Points;
        }

        return Outcome.Scored(sum, steps, inputs);
    }

    private static Outcome Deduct(DeductCriterion criterion, IReadOnlyDictionary<string, decimal> counts)
    {
        var points = Fraction.FromDecimal(criterion.Max);
        var steps = new List<string>();
        var inputs = new List<DerivationInput>();
        foreach (var unit in criterion.PerUnit)
        {
            var count = counts.GetValueOrDefault(unit.Key);
            points -= Fraction.FromDecimal(count) * unit.Minus;
            inputs.Add(new DerivationInput(unit.Label, Text(count), Declared, null));
            if (count > 0)
            {
                steps.Add($"{unit.Label}: {Text(count)} × {Text(unit.Minus)} = trừ {(Fraction.FromDecimal(count) * unit.Minus).ToVietnamese()}.");
            }
        }

        steps.Add($"{Text(criterion.Max)} điểm, sau khi trừ còn {points.ToVietnamese()}{(points < criterion.Floor ? $", không thấp hơn {Text(criterion.Floor)}" : string.Empty)}.");
        return Outcome.Scored(Fraction.Max(points, criterion.Floor), steps, inputs);
    }

    private static Outcome Manual(ManualCriterion criterion, decimal points) =>
        points < 0 || points > criterion.Max
            ? Outcome.Refused("POINTS_OUT_OF_RANGE", $"điểm phải từ 0 đến {Text(criterion.Max)}.", "points")
            : Outcome.Scored(points, [$"Chấm trực tiếp {Text(points)} điểm."], new DerivationInput("Điểm", Text(points), Declared, null));

    private static string BaseName(Baseline? baseline) => baseline switch
    {
        Baseline.Plan => "Kế hoạch được giao",
        Baseline.SamePeriod => "Cùng kỳ năm trước",
        _ => "Gốc so sánh",
    };

    private static string Describe(Band band)
    {
        var from = band.Gte is { } gte ? $"từ {Text(gte)}" : band.Gt is { } gt ? $"trên {Text(gt)}" : null;
        var to = band.Lte is { } lte ? $"đến {Text(lte)}" : band.Lt is { } lt ? $"dưới {Text(lt)}" : null;
        return string.Join(' ', new[] { from, to }.OfType<string>());
    }

    private static string Text(decimal value) => Fraction.FromDecimal(value).ToVietnamese();
}
