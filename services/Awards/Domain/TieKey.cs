using System.Globalization;

namespace ThiDua.Awards.Domain;

/// <summary>Tiêu chí phụ: one link of the tie chain (F-12).</summary>
public sealed class TieKey
{
    private static readonly CultureInfo Vietnamese = CultureInfo.GetCultureInfo("vi-VN");
    private readonly Func<Standing, AwardThresholds, decimal> _value;
    private readonly bool _lowerFirst;
    private readonly Func<Standing, AwardThresholds, string> _show;

    private TieKey(string code, string title, Func<Standing, AwardThresholds, decimal> value, bool lowerFirst = false, Func<Standing, AwardThresholds, string>? show = null)
    {
        Code = code;
        Title = title;
        _value = value;
        _lowerFirst = lowerFirst;
        _show = show ?? ((standing, thresholds) => Points(value(standing, thresholds)));
    }

    /// <summary>Every key that a chain may name.</summary>
    public static IReadOnlyList<TieKey> All { get; } =
    [
        new("total", "Tổng điểm", (standing, _) => standing.Total!.Value),
        Group("POLITICAL_TASK", "Điểm nhóm tiêu chí thực hiện nhiệm vụ chính trị"),
        Group("POLICY_COMPLIANCE", "Điểm nhóm tiêu chí chấp hành chủ trương, chính sách"),
        Group("EMULATION_WORK", "Điểm nhóm tiêu chí công tác thi đua, khen thưởng"),
        new("deductions", "Điểm trừ", (standing, _) => standing.Deductions, lowerFirst: true),
        new("female_70", "Tỷ lệ nữ", HasMostlyWomen, show: ShowWomen),
    ];

    /// <summary>As the policy writes it.</summary>
    public string Code { get; }

    /// <summary>Vietnamese.</summary>
    public string Title { get; }

    public static TieKey? TryParse(string code) => All.FirstOrDefault(key => key.Code == code);

    public static TieKey Parse(string code) => TryParse(code) ?? throw new FormatException($"{code} is no key of a tie chain.");

    /// <summary>Below 0 when <paramref name="first"/> goes first by this key, 0 when the key does not part them.</summary>
    public int Compare(Standing first, Standing second, AwardThresholds thresholds)
    {
        var order = _value(second, thresholds).CompareTo(_value(first, thresholds));
        return _lowerFirst ? -order : order;
    }

    /// <summary>The value that the key looks at, for people.</summary>
    public string Show(Standing standing, AwardThresholds thresholds) => _show(standing, thresholds);

    internal static string Points(decimal points) => points.ToString("0.00##", Vietnamese);

    private static TieKey Group(string tag, string title) =>
        new($"group:{tag}", title, (standing, _) => standing.Groups.Where(group => group.Tag == tag).Sum(group => group.Points));

    private static decimal HasMostlyWomen(Standing standing, AwardThresholds thresholds) =>
        standing.FemaleShare >= thresholds.FemaleSharePercent ? 1 : 0; // unknown is not: an award is not given on a guess

    private static string ShowWomen(Standing standing, AwardThresholds thresholds)
    {
        var bound = thresholds.FemaleSharePercent.ToString("0.##", Vietnamese);
        return standing.FemaleShare is not { } share ? $"chưa rõ (coi như dưới {bound}%)"
            : share >= thresholds.FemaleSharePercent ? $"{share.ToString("0.##", Vietnamese)}% (từ {bound}% trở lên)"
            : $"{share.ToString("0.##", Vietnamese)}% (dưới {bound}%)";
    }
}
