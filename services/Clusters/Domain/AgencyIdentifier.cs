using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Cấu trúc mã định danh điện tử: groups of A–Z and 0–9 separated by dots, the first of them the level-1 agency (H42), and the form
/// of older systems, written from the lowest level up and filled with zeros: 000.00.15.H42 is H42.15.
/// </summary>
/// <param name="MaxLength">Most characters, dots included.</param>
/// <param name="LevelOneLetters">Letters with which the first group begins.</param>
/// <param name="LevelOneDigits">Digits that follow them.</param>
/// <param name="LegacyWidths">Characters of each group that stands before the level-1 agency in the old form.</param>
public sealed record AgencyCodeFormat(int MaxLength, int LevelOneLetters, int LevelOneDigits, IReadOnlyList<int> LegacyWidths) : IRuleValue
{
    public static string Code => "AGENCY_CODE_FORMAT";

    private const int LongestCode = BusinessCode.MaximumLength;

    public IEnumerable<string> Problems()
    {
        if (LevelOneLetters < 0 || LevelOneDigits < 0 || LevelOneLetters + LevelOneDigits < 1 || MaxLength < LevelOneLetters + LevelOneDigits || MaxLength > LongestCode)
        {
            yield return $"Mã cấp 1 phải có ít nhất một ký tự, và độ dài tối đa phải chứa được nó mà không quá {LongestCode}.";
        }

        if (LegacyWidths.Any(width => width is < 1 or > LongestCode))
        {
            yield return "Mỗi nhóm của dạng cũ phải có ít nhất một ký tự.";
        }
    }

    /// <summary>Whether the code is of the present form.</summary>
    public bool IsValid(string code)
    {
        var groups = code.Split('.');
        return code.Length <= MaxLength && IsLevelOne(groups[0]) && groups.All(IsGroup);
    }

    /// <summary>
    /// The present form of a code in either form, in capitals: 000.00.15.H42 and h42.15 both give H42.15. Null for what is of neither:
    /// also for a level that is named below one that is not (000.01.00.H42).
    /// </summary>
    public string? Normalize(string code)
    {
        var upper = code.ToUpperInvariant();
        if (IsValid(upper))
        {
            return upper;
        }

        var groups = upper.Split('.');
        if (groups.Length != LegacyWidths.Count + 1 || !IsLevelOne(groups[^1]) || groups[..^1].Where((group, index) => group.Length != LegacyWidths[index] || !IsGroup(group)).Any())
        {
            return null;
        }

        var named = groups[..^1].SkipWhile(IsZero).Reverse().ToList();
        var present = string.Join('.', named.Prepend(groups[^1]));
        return named.Exists(IsZero) || !IsValid(present) ? null : present;
    }

    /// <summary>The old form of a code of the present form, or null where the old form has no room for it.</summary>
    public string? Legacy(string code)
    {
        var groups = code.Split('.');
        if (!IsValid(code) || groups.Length > LegacyWidths.Count + 1)
        {
            return null;
        }

        var below = groups[1..].Reverse().ToList();
        var empty = LegacyWidths.Count - below.Count;
        if (below.Where((group, index) => group.Length != LegacyWidths[empty + index] || IsZero(group)).Any())
        {
            return null;
        }

        return string.Join('.', LegacyWidths.Take(empty).Select(width => new string('0', width)).Concat(below).Append(groups[0]));
    }

    private static bool IsZero(string group) => group.All(character => character == '0');

    private static bool IsGroup(string group) => group.Length > 0 && group.All(character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character));

    private bool IsLevelOne(string group) =>
        group.Length == LevelOneLetters + LevelOneDigits && group[..LevelOneLetters].All(char.IsAsciiLetterUpper) && group[LevelOneLetters..].All(char.IsAsciiDigit);
}

/// <summary>
/// Mã định danh của đơn vị: the code by which other systems know a unit for a time. It names one unit for good: also after its end it
/// is never given to another.
/// </summary>
public sealed class UnitIdentifier
{
    private UnitIdentifier() { }

    /// <summary>In the present form (<see cref="AgencyCodeFormat"/>).</summary>
    public string Value { get; private init; } = "";

    public string Unit { get; private init; } = "";

    public DateOnly ValidFrom { get; private init; }

    /// <summary>Last day; null as long as no end is known.</summary>
    public DateOnly? ValidTo { get; private set; }

    public DateTimeOffset RecordedAt { get; private init; }

    public bool HoldsOn(DateOnly day) => ValidFrom <= day && (ValidTo is null || day <= ValidTo);

    /// <summary>Gives a unit an identifier from a day on; the one it had until then ends on the day before.</summary>
    /// <param name="unit">Code of the unit.</param>
    /// <param name="value">In the present form.</param>
    /// <param name="from">First day.</param>
    /// <param name="to">Last day, if it is known.</param>
    /// <param name="known">The unit's other identifiers.</param>
    /// <param name="now">When it is recorded.</param>
    /// <exception cref="RuleViolationException"><c>CLOSES_BEFORE_OPENS</c>, <c>PERIODS_OVERLAP</c> among its errors.</exception>
    public static UnitIdentifier Give(string unit, string value, DateOnly from, DateOnly? to, IReadOnlyCollection<UnitIdentifier> known, DateTimeOffset now)
    {
        if (to < from)
        {
            throw Wrong("CLOSES_BEFORE_OPENS", "/valid_to", $"Ngày kết thúc {to:dd/MM/yyyy} trước ngày bắt đầu {from:dd/MM/yyyy}.");
        }

        var before = known.Where(other => other.ValidFrom < from && other.HoldsOn(from)).ToList();
        if (known.Except(before).FirstOrDefault(other => (to is null || other.ValidFrom <= to) && (other.ValidTo is null || from <= other.ValidTo)) is { } overlapping)
        {
            throw Wrong("PERIODS_OVERLAP", "/valid_from", $"Đơn vị {unit} đã có mã định danh {overlapping.Value} từ {overlapping.ValidFrom:dd/MM/yyyy}.");
        }

        before.ForEach(other => other.ValidTo = from.AddDays(-1));
        return new UnitIdentifier { Unit = unit, Value = value, ValidFrom = from, ValidTo = to, RecordedAt = now };
    }

    private static RuleViolationException Wrong(string code, string path, string message) =>
        new("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation(code, path, message)]);
}
