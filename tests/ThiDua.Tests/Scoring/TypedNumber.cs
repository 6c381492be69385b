using System.Globalization;

namespace ThiDua.Tests.Scoring;

/// <summary>A number as somebody types it, or a program writes it: many ways, each with one meaning, or on purpose with two.</summary>
internal static class TypedNumber
{
    /// <summary>Up to 15 significant digits, which is what a spreadsheet program holds.</summary>
    public static decimal Any(Random random)
    {
        var digits = random.Next(20) == 0 ? random.Next(10, 16) : random.Next(1, 8);
        var number = 0m;
        for (var n = 0; n < digits; n++)
        {
            number = (number * 10) + random.Next(10);
        }

        for (var scale = random.Next(0, Math.Min(5, digits + 2)); scale > 0; scale--)
        {
            number /= 10;
        }

        return Plain(number);
    }

    public static decimal Plain(decimal number) => number / 1.0000000000000000000000000000m;

    /// <summary>In the XML of the file: exact, or with the errors of binary arithmetic.</summary>
    public static string Written(decimal number, Random random) => random.Next(4) switch
    {
        0 => Text(number),
        1 => ((double)number).ToString("G17", CultureInfo.InvariantCulture),
        2 => ((double)number).ToString("E16", CultureInfo.InvariantCulture),
        _ => ((double)number).ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>As a text that means only this number.</summary>
    public static string Typed(decimal number, IReadOnlyList<string> units, Random random)
    {
        var parts = Text(number).Split('.');
        var (whole, decimals) = (parts[0], parts.Length > 1 ? parts[1] : string.Empty);
        var point = random.Next(2) == 0 ? ',' : '.';
        if (decimals.Length == 3 && whole.Length <= 3 && whole != "0")
        {
            decimals += "0"; // or it could be a thousand
        }
        else if (decimals.Length > 0 && decimals.Length != 2 && random.Next(4) == 0)
        {
            decimals += "0";
            decimals += decimals.Length == 3 ? "0" : string.Empty;
        }

        var grouped = whole;
        if (whole.Length > 3 && random.Next(2) == 0 && (decimals.Length > 0 || whole.Length > 6))
        {
            grouped = Grouped(whole, point == ',' ? '.' : ',');
        }
        else if (whole.Length > 3 && random.Next(3) == 0)
        {
            grouped = Grouped(whole, " \u00a0\u202f"[random.Next(3)]);
        }

        var text = decimals.Length > 0 ? $"{(whole == "0" && random.Next(8) == 0 ? string.Empty : grouped)}{point}{decimals}" : grouped;
        if (random.Next(10) == 0)
        {
            text = string.Concat(text.Select(character => char.IsAsciiDigit(character) ? (char)(character - '0' + '０') : character switch { ',' => '，', '.' => '．', _ => character }));
        }

        if (units.Count > 0 && random.Next(4) == 0)
        {
            text += (random.Next(2) == 0 ? " " : "\u00a0") + units[random.Next(units.Count)];
        }

        return random.Next(12) switch { 0 => "'" + text, 1 => $"  {text} ", 2 => $"\u00a0{text}\u200b", 3 => "+" + text, _ => text };
    }

    /// <summary>A text with two meanings.</summary>
    public static string Ambiguous(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 1000)}{(random.Next(2) == 0 ? '.' : ',')}{random.Next(1000):000}");

    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Grouped(string whole, char separator)
    {
        for (var at = whole.Length - 3; at > 0; at -= 3)
        {
            whole = whole.Insert(at, separator.ToString());
        }

        return whole;
    }
}
