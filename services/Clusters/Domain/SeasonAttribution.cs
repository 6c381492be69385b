using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Cách tính kết quả của đơn vị được tổ chức lại trong năm (F-34).</summary>
public enum AttributionPolicy
{
    /// <summary>Cộng các phần.</summary>
    Sum,

    /// <summary>Bình quân theo số ngày (and by the share of a split).</summary>
    Weighted,

    /// <summary>Chỉ tính phần của chính đơn vị kế thừa.</summary>
    SuccessorOnly,

    /// <summary>Không xếp loại trong kỳ này.</summary>
    Skip,
}

/// <summary>Quy tắc về kết quả khi tổ chức lại (F-34): what happens to a unit's season when it is reorganised.</summary>
/// <param name="Policy">Which of the four ways.</param>
/// <param name="Decimals">Places to which the combined total is rounded, once, half up.</param>
public sealed record ReorganisationResult(AttributionPolicy Policy, int Decimals) : IRuleValue
{
    private const int MostDecimals = 6;

    public static string Code => "REORGANISATION_RESULT";

    public IEnumerable<string> Problems()
    {
        if (Decimals is < 0 or > MostDecimals)
        {
            yield return $"Số chữ số thập phân từ 0 đến {MostDecimals}.";
        }
    }
}

/// <summary>Phần kết quả: what one unit earned in one season, as far as it came into the hands of the unit asked about.</summary>
/// <param name="Unit">Code of the unit that earned it.</param>
/// <param name="Season">Code of the season.</param>
/// <param name="First">First day for which it stands.</param>
/// <param name="Last">Last day for which it stands.</param>
/// <param name="Total">Total points; null: no final result, which is not zero.</param>
/// <param name="Share">How much of it came over: 1, or less after a split; above 0.</param>
public sealed record SeasonPart(string Unit, string Season, DateOnly First, DateOnly Last, decimal? Total, Fraction Share)
{
    /// <summary>Both ends included; never below 1.</summary>
    public int Days => Math.Max(1, Last.DayNumber - First.DayNumber + 1);
}

/// <summary>Được tính, hay chỉ để xem.</summary>
public enum AttributionState
{
    /// <summary>Được tính vào kết quả.</summary>
    Counted,

    /// <summary>Giữ trong lịch sử, không tính.</summary>
    Kept,
}

/// <summary>Dòng của sổ phân bổ.</summary>
/// <param name="Part">Phần kết quả.</param>
/// <param name="State">Counted or kept.</param>
/// <param name="Weight">By which the points are multiplied, exactly; zero when kept.</param>
/// <param name="Contribution">Points × weight, exactly.</param>
/// <param name="Text">Vietnamese: how it counts, or why not.</param>
public sealed record AttributionLine(SeasonPart Part, AttributionState State, Fraction Weight, Fraction Contribution, string Text);

/// <summary>
/// Sổ phân bổ kết quả (F-34): every part of a unit's season exactly once, counted or kept. It holds points only: a flag stays with the
/// unit that won it and is shown through the <see cref="Lineage"/>.
/// </summary>
/// <param name="Unit">Whose season it is.</param>
/// <param name="Policy">Chosen by the rule of the day of the reorganisation.</param>
/// <param name="Lines">In the order of seasons and units.</param>
/// <param name="Exact">Sum of the contributions; null when nothing counts.</param>
/// <param name="Total">The same, rounded once; null when nothing counts: without a result is not zero.</param>
public sealed record AttributionLedger(string Unit, AttributionPolicy Policy, IReadOnlyList<AttributionLine> Lines, Fraction? Exact, decimal? Total);

/// <summary>Kết quả sau tổ chức lại: combines the parts of a unit's season by the rule.</summary>
public static class SeasonAttribution
{
    private static readonly CultureInfo s_vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    public static AttributionLedger Combine(string unit, IEnumerable<SeasonPart> parts, ReorganisationResult rule)
    {
        var ordered = parts.OrderBy(part => part.First).ThenBy(part => part.Season, StringComparer.Ordinal).ThenBy(part => part.Unit, StringComparer.Ordinal).ToList();
        var counted = ordered.Where(part => part.Total is not null && Counts(part, unit, rule.Policy)).ToList();
        var mass = Fraction.Sum(counted.Select(part => MassOf(part, rule.Policy)));
        var lines = ordered.ConvertAll(part => counted.Contains(part)
            ? Counted(part, WeightOf(part, rule.Policy, mass), rule.Policy, mass)
            : new AttributionLine(part, AttributionState.Kept, Fraction.Zero, Fraction.Zero, WhyKept(part, unit, rule.Policy)));
        Fraction? exact = counted.Count == 0 ? null : Fraction.Sum(lines.Select(line => line.Contribution));
        return new AttributionLedger(unit, rule.Policy, lines, exact, exact?.Round(rule.Decimals));
    }

    public static string Label(this AttributionPolicy policy) => policy switch
    {
        AttributionPolicy.Sum => "Cộng kết quả trước và sau khi tổ chức lại",
        AttributionPolicy.Weighted => "Bình quân kết quả trước và sau khi tổ chức lại theo số ngày",
        AttributionPolicy.SuccessorOnly => "Chỉ tính kết quả của đơn vị kế thừa",
        AttributionPolicy.Skip => "Không xếp kết quả trong kỳ tổ chức lại",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };

    private static bool Counts(SeasonPart part, string unit, AttributionPolicy policy) => policy switch
    {
        AttributionPolicy.Skip => false,
        AttributionPolicy.SuccessorOnly => part.Unit == unit,
        _ => true,
    };

    private static Fraction MassOf(SeasonPart part, AttributionPolicy policy) =>
        policy == AttributionPolicy.Sum ? part.Share : Fraction.FromDecimal(part.Days) * part.Share;

    private static Fraction WeightOf(SeasonPart part, AttributionPolicy policy, Fraction mass) =>
        policy == AttributionPolicy.Sum ? part.Share : MassOf(part, policy) / mass;

    private static AttributionLine Counted(SeasonPart part, Fraction weight, AttributionPolicy policy, Fraction mass)
    {
        var contribution = Fraction.FromDecimal(part.Total!.Value) * weight;
        var share = part.Share == Fraction.One ? "" : $" × phần kế thừa {part.Share}";
        var how = policy == AttributionPolicy.Sum ? share : $" × {part.Days} ngày{share} / {mass}";
        return new AttributionLine(part, AttributionState.Counted, weight, contribution, $"{Name(part)}: {Points(part.Total.Value)} điểm{how} = {Exactly(contribution)}.");
    }

    private static string WhyKept(SeasonPart part, string unit, AttributionPolicy policy) => $"{Name(part)}: " + policy switch
    {
        _ when part.Total is null => "chưa có kết quả; không phải là 0 điểm.",
        AttributionPolicy.Skip => $"{Points(part.Total.Value)} điểm, giữ trong lịch sử; {unit} không xếp kết quả trong kỳ này.",
        _ => $"{Points(part.Total.Value)} điểm của đơn vị tiền thân, giữ trong lịch sử, không tính cho {unit}.",
    };

    private static string Name(SeasonPart part) => $"{part.Unit}, kỳ {part.Season}, {part.First:dd/MM/yyyy} – {part.Last:dd/MM/yyyy}";

    private static string Points(decimal points) => points.ToString("0.##########", s_vietnamese);

    private static string Exactly(Fraction number) => number.Denominator.IsOne ? number.ToString() : $"{number} ≈ {Points(number.Round(4))}";
}
