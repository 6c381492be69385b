using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Numbers of a criteria table, kept to what its sheets' columns hold: no sum of products of them comes near the end of a decimal.
/// No table of any regulation comes near these bounds. Violation <c>OUT_OF_RANGE</c>.
/// </summary>
internal static class TableNumbers
{
    private const decimal MostPoints = 10_000;
    private const decimal MostItems = 100_000;

    public static decimal? Points(this StrictJson json, string name, bool required = true) => json.Member(name, required)?.AsPoints();

    public static decimal? AsPoints(this StrictJson json) => Within(json, MostPoints);

    /// <summary>How often something counts at most.</summary>
    public static decimal? ItemCount(this StrictJson json, string name) => json.Member(name) is { } member ? Within(member, MostItems) : null;

    private static decimal? Within(StrictJson json, decimal most)
    {
        if (json.AsNumber() is not { } number)
        {
            return null;
        }

        if (Math.Abs(number) <= most)
        {
            return number;
        }

        json.Refuse("OUT_OF_RANGE", $"Không được vượt quá {Fraction.FromDecimal(most).ToVietnamese()}.");
        return null;
    }
}
