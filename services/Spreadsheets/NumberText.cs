using System.Globalization;
using System.Numerics;
using System.Text;
using ThiDua.ServiceDefaults;

namespace ThiDua.Spreadsheets;

/// <summary>What a number may be in the cell that asks for it.</summary>
/// <param name="Decimals">Most decimal places; null: as many as there are. With fewer than three, 1.234 can only be a thousand.</param>
/// <param name="IsPercentage">The cell asks for a percentage: 95 % is 95.</param>
public sealed record NumberRule(int? Decimals = null, bool IsPercentage = false)
{
    /// <summary>Words that may stand after the number: điểm, %, nhiệm vụ …</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    public static NumberRule Any { get; } = new();

    public static NumberRule Whole { get; } = new(0);

    internal bool Admits(decimal number) => Decimals is not { } most || decimal.Round(number, most) == number;
}

/// <summary>A number read out of what people type, or why it is none.</summary>
/// <param name="Code">Null: it was read.</param>
public sealed record NumberReading(decimal? Number, string? Code, string? Message)
{
    internal static NumberReading Of(decimal number) => new(number, null, null);

    internal static NumberReading Refused(string code, string message) => new(null, code, message);
}

/// <summary>
/// Numbers of a workbook. What can be read in exactly one way is read, everything else is refused with what it could have been;
/// the table of cases is in docs/spreadsheets.md.
/// </summary>
public static class NumberText
{
    private const int SignificantDigits = 15;
    private const int MaximumScale = 28;
    private const int LongestNumber = 60;
    private const string NotANumber = "NOT_A_NUMBER";
    private static readonly NumberFormatInfo s_vietnamese = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "−" };

    /// <summary>
    /// A number of the file's XML, exact. Programs compute in binary and write 43.499999999999996 for a typed 43.5; every decimal of up to
    /// 15 significant digits survives that when it is rounded back to 15, which is also what they show of it.
    /// </summary>
    public static bool TryParseXml(string text, out decimal number)
    {
        number = 0;
        if (text.Length is 0 or > 400 || !Split(text, out var negative, out var digits, out var scale))
        {
            return false;
        }

        if (digits.Length > SignificantDigits)
        {
            scale -= digits.Length - SignificantDigits;
            var rounded = BigInteger.Parse(digits[..SignificantDigits], CultureInfo.InvariantCulture) + (digits[SignificantDigits] >= '5' ? 1 : 0);
            digits = rounded.ToString(CultureInfo.InvariantCulture);
        }

        var significant = digits.TrimEnd('0');
        if (significant.Length == 0)
        {
            return true;
        }

        scale -= digits.Length - significant.Length;
        if (scale > MaximumScale || significant.Length - scale > MaximumScale)
        {
            return false;
        }

        number = decimal.Parse(string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : string.Empty)}{significant}E{-scale}"), NumberStyles.Float, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>A number typed as text; null: nothing is there.</summary>
    public static NumberReading? Read(string typed, NumberRule rule)
    {
        var text = Plain(typed);
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Length > LongestNumber)
        {
            return NumberReading.Refused(NotANumber, "nội dung quá dài để là một số.");
        }

        if (text is "-" or "–" or "—" or "x" or "X")
        {
            return NumberReading.Refused(NotANumber, $"“{text}” không phải là số: ghi 0 nếu bằng không, để trống nếu không có.");
        }

        var negative = text[0] is '-' or '−';
        var body = WithoutUnit(text[0] is '-' or '−' or '+' ? text[1..].TrimStart() : text, rule, out var percent);
        if (percent && !rule.IsPercentage)
        {
            return NumberReading.Refused("PERCENT_VALUE", $"“{text}” có dấu %, ô này không nhập theo phần trăm; hãy ghi số.");
        }

        var readings = Readings(body).Distinct().ToList();
        var admitted = readings.FindAll(rule.Admits);
        return admitted.Count switch
        {
            1 => NumberReading.Of(negative ? -admitted[0] : admitted[0]),
            > 1 => NumberReading.Refused(
                "AMBIGUOUS_NUMBER", $"“{text}” đọc được hai cách: {string.Join(" hoặc ", admitted.Select(value => Vietnamese(negative ? -value : value)))}; hãy ghi lại, không dùng dấu phân cách hàng nghìn."),
            _ when readings.Count > 0 => NumberReading.Refused("TOO_MANY_DECIMALS", $"“{text}” có phần thập phân dài hơn {rule.Decimals} chữ số."),
            _ => NumberReading.Refused(NotANumber, $"“{text}” không phải là số."),
        };
    }

    /// <summary>The number as Vietnamese writes it: 1.234,5.</summary>
    public static string Vietnamese(decimal number) => number.ToString("#,##0.############################", s_vietnamese);

    /// <summary>Full-width characters, kinds of spaces, invisible characters and the apostrophe that means “as text” are ways of typing, no content.</summary>
    private static string Plain(string typed)
    {
        var text = new StringBuilder(typed.Length);
        foreach (var character in typed.Normalize(NormalizationForm.FormKC))
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(character);
            if (char.IsWhiteSpace(character))
            {
                text.Append(' ');
            }
            else if (category is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                text.Append(character);
            }
        }

        var plain = text.ToString().Trim();
        return plain is ['\'' or '’' or '‘', .. var rest] ? rest.Trim() : plain;
    }

    private static string WithoutUnit(string text, NumberRule rule, out bool percent)
    {
        percent = text.EndsWith('%');
        if (percent)
        {
            return text[..^1].TrimEnd();
        }

        foreach (var unit in rule.Units)
        {
            var plain = unit.Normalize(NormalizationForm.FormKC).Trim();
            if (plain.Length > 0 && text.Length > plain.Length && text.EndsWith(plain, StringComparison.OrdinalIgnoreCase)
                && (text[^(plain.Length + 1)] == ' ' || !char.IsAsciiDigit(plain[0])))
            {
                return text[..^plain.Length].TrimEnd();
            }
        }

        return text;
    }

    /// <summary>Every value that the text can mean, with the decimal comma and with the decimal point.</summary>
    private static IEnumerable<decimal> Readings(string body)
    {
        if (body.IndexOfAny(['e', 'E']) is > 0 and var exponent)
        {
            // One digit before the sign is how programs write it; with more, the sign could separate thousands.
            var mantissa = body[..exponent].Replace(',', '.');
            if (mantissa.IndexOf('.', StringComparison.Ordinal) is -1 or 1 && mantissa.Count(character => character == '.') <= 1
                && Split($"{mantissa}{body[exponent..]}", out _, out var digits, out _) && digits.Length <= SignificantDigits
                && TryParseXml($"{mantissa}{body[exponent..]}", out var scientific))
            {
                yield return scientific;
            }

            yield break;
        }

        foreach (var (point, groups) in new[] { (',', '.'), (',', ' '), ('.', ','), ('.', ' ') })
        {
            if (Read(body, point, groups) is { } value)
            {
                yield return value;
            }
        }
    }

    private static decimal? Read(string body, char point, char separator)
    {
        var parts = body.Split(point);
        if (parts.Length > 2 || (parts.Length == 2 && (parts[1].Length == 0 || !parts[1].All(char.IsAsciiDigit))))
        {
            return null;
        }

        var groups = parts[0].Split(separator);
        var isWhole = groups.Length == 1
            ? (groups[0].Length > 0 || parts.Length == 2) && groups[0].All(char.IsAsciiDigit)
            : groups[0].Length is >= 1 and <= 3 && groups[0][0] != '0' && groups[0].All(char.IsAsciiDigit) && groups.Skip(1).All(group => group.Length == 3 && group.All(char.IsAsciiDigit));
        if (!isWhole)
        {
            return null;
        }

        var plain = string.Concat(groups) + (parts.Length == 2 ? "." + parts[1] : string.Empty);
        return ExactDecimal.TryParse(plain, out var value) ? value / 1.0000000000000000000000000000m : null; // without trailing zeros: 43,50 is 43,5
    }

    private static bool Split(string text, out bool negative, out string digits, out int scale)
    {
        (negative, digits, scale) = (text[0] == '-', string.Empty, 0);
        var at = text[0] is '-' or '+' ? 1 : 0;
        var number = new StringBuilder();
        var point = -1;
        for (; at < text.Length && (char.IsAsciiDigit(text[at]) || (text[at] == '.' && point < 0)); at++)
        {
            if (text[at] == '.')
            {
                point = number.Length;
            }
            else
            {
                number.Append(text[at]);
            }
        }

        if (number.Length == 0)
        {
            return false;
        }

        var exponent = 0;
        if (at < text.Length && (text[at] is not ('e' or 'E') || text.Length - at > 6
            || !int.TryParse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)))
        {
            return false;
        }

        scale = (point < 0 ? 0 : number.Length - point) - exponent;
        digits = number.ToString().TrimStart('0');
        return true;
    }
}
