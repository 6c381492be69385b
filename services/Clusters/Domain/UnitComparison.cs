using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Đơn vị được so sánh: what is compared of a unit, as it is on the season's day.</summary>
/// <param name="Code">Mã.</param>
/// <param name="Name">Tên.</param>
/// <param name="Category">Loại.</param>
/// <param name="Level">Cấp.</param>
/// <param name="Attributes">As registered, measures as text.</param>
public sealed record ComparedUnit(string Code, string Name, string Category, string Level, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Khác biệt: by how much two units differ in one thing.</summary>
/// <param name="What">Name of the attribute, or category, or level.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Value">0 (alike) to 1.</param>
public readonly record struct Difference(string What, int Weight, decimal Value);

/// <summary>
/// So sánh đơn vị: how far two units are from each other, 0 to 1: the weighted mean of their differences. What is nominal differs
/// by 0 or 1; a measure by |a − b| / max(a, b), rounded once to four decimals; what one of the two does not state is left out.
/// </summary>
public sealed class UnitComparison(SimilarityRule rule)
{
    /// <summary>Decimals of the difference of two measures.</summary>
    public const int Decimals = 4;

    /// <summary>The name under which the category is compared.</summary>
    public const string Category = "category";

    /// <summary>The name under which the level is compared.</summary>
    public const string Level = "level";

    private readonly Dictionary<ComparedUnit, Statements> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>The text that nominal values are compared by: neither case nor white space tells units apart.</summary>
    public static string Nominal(string value) => VietnameseText.Normalize(value).ToLower(CultureInfo.InvariantCulture);

    /// <summary>What a unit states of the attributes that its category is compared by, and the measures that cannot be read as one.</summary>
    public Statements Of(ComparedUnit unit)
    {
        if (!_read.TryGetValue(unit, out var statements))
        {
            _read[unit] = statements = Read(unit);
        }

        return statements;
    }

    public IEnumerable<Difference> Differences(ComparedUnit one, ComparedUnit other)
    {
        yield return new Difference(Category, rule.CategoryWeight, one.Category == other.Category ? 0 : 1);
        yield return new Difference(Level, rule.LevelWeight, one.Level == other.Level ? 0 : 1);
        var others = Of(other);
        foreach (var (name, statement) in Of(one).Stated)
        {
            if (others.Stated.TryGetValue(name, out var second))
            {
                yield return new Difference(name, Math.Max(statement.By.Weight, second.By.Weight), DifferenceOf(statement, second));
            }
        }
    }

    public Fraction Distance(ComparedUnit one, ComparedUnit other)
    {
        var (sum, weights) = (0m, 0);
        foreach (var difference in Differences(one, other))
        {
            sum += difference.Weight * difference.Value;
            weights += difference.Weight;
        }

        return (Fraction)sum / weights;
    }

    /// <summary>The mean distance of a unit to others; zero when there are none.</summary>
    public Fraction MeanDistance(ComparedUnit unit, IEnumerable<ComparedUnit> others)
    {
        var (sum, count) = (default(Fraction), 0);
        foreach (var other in others.Where(other => other.Code != unit.Code))
        {
            sum += Distance(unit, other);
            count++;
        }

        return count == 0 ? default : sum / count;
    }

    /// <summary>By how much two measures differ, 0 to 1, rounded once.</summary>
    public static decimal Relative(decimal one, decimal other)
    {
        var largest = Math.Max(one, other);
        return largest == 0 ? 0 : ((Fraction)Math.Abs(one - other) / largest).Round(Decimals);
    }

    private static decimal DifferenceOf(Statement one, Statement other) =>
        one.By.Kind == AttributeKind.Measure ? Relative(one.Number, other.Number) : one.Text == other.Text ? 0 : 1;

    private Statements Read(ComparedUnit unit)
    {
        var stated = new SortedDictionary<string, Statement>(StringComparer.Ordinal);
        var unreadable = new List<(string, string)>();
        foreach (var attribute in rule.Attributes.Where(attribute => attribute.Category == unit.Category))
        {
            if (!unit.Attributes.TryGetValue(attribute.Attribute, out var text) || Nominal(text) is not { Length: > 0 } value)
            {
                continue;
            }

            if (attribute.Kind == AttributeKind.Nominal)
            {
                stated[attribute.Attribute] = new Statement(attribute, value, 0);
            }
            else if (ExactDecimal.TryParse(value, out var number) && number >= 0)
            {
                stated[attribute.Attribute] = new Statement(attribute, value, number);
            }
            else
            {
                unreadable.Add((attribute.Attribute, text));
            }
        }

        return new Statements(stated, unreadable);
    }
}

/// <summary>Giá trị đã khai: one attribute of one unit, read.</summary>
/// <param name="By">How it is compared.</param>
/// <param name="Text">Nominal value, as it is compared.</param>
/// <param name="Number">Measure, zero or more.</param>
public readonly record struct Statement(ComparedAttribute By, string Text, decimal Number);

/// <summary>Các giá trị đã khai của một đơn vị.</summary>
/// <param name="Stated">By name of the attribute.</param>
/// <param name="Unreadable">Measures that are no number of zero or more: attribute and text. They are named, and left out of the comparison.</param>
public sealed record Statements(IReadOnlyDictionary<string, Statement> Stated, IReadOnlyList<(string Attribute, string Text)> Unreadable);
