namespace ThiDua.Clusters.Domain;

/// <summary>Kiểu thuộc tính: how two values of an attribute are compared.</summary>
public enum AttributeKind
{
    /// <summary>Định danh: equal or different (sector, stage, industry).</summary>
    Nominal,

    /// <summary>Số đo: by how much one is larger than the other (capital, population).</summary>
    Measure,
}

/// <summary>Phương diện tương đồng: which of the five likenesses an attribute speaks of.</summary>
public enum SimilarityDimension
{
    /// <summary>Điều kiện.</summary>
    Conditions,

    /// <summary>Môi trường.</summary>
    Environment,

    /// <summary>Ngành nghề.</summary>
    Occupation,

    /// <summary>Lĩnh vực.</summary>
    Field,

    /// <summary>Chức năng, nhiệm vụ.</summary>
    Function,
}

/// <summary>Thuộc tính được so sánh: one attribute of a category, and how much it weighs.</summary>
/// <param name="Category">Code of the category whose units it describes.</param>
/// <param name="Attribute">Its name in <see cref="UnitCategory.Attributes"/>.</param>
/// <param name="Kind">How two values are compared.</param>
/// <param name="Dimension">Which likeness it speaks of.</param>
/// <param name="Weight">1 to 1000; what share of the distance it has among those compared.</param>
public sealed record ComparedAttribute(string Category, string Attribute, AttributeKind Kind, SimilarityDimension Dimension, int Weight);

/// <summary>Tính tương đồng: by what the members of a cluster are compared. Whatever it finds is remarked on, never refused.</summary>
/// <param name="MixedSizeFactor">How many times the smallest member the largest may be before it is remarked on.</param>
/// <param name="CategoryWeight">Weight of the category, 1 to 1000.</param>
/// <param name="LevelWeight">Weight of the level, 1 to 1000.</param>
/// <param name="Attributes">Of each category; the order of the nominal ones is the order in which a province is divided by them.</param>
public sealed record SimilarityRule(decimal MixedSizeFactor, int CategoryWeight, int LevelWeight, IReadOnlyList<ComparedAttribute> Attributes) : IRuleValue
{
    private const int MaximumWeight = 1000;

    public static string Code => "SIMILARITY";

    public IEnumerable<string> Problems()
    {
        if (MixedSizeFactor <= 1)
        {
            yield return "Hệ số chênh lệch quy mô phải lớn hơn 1.";
        }

        if (Attributes.Any(attribute => attribute is null))
        {
            yield return "Danh sách thuộc tính có phần tử trống.";
            yield break;
        }

        if (Attributes.Select(attribute => attribute.Weight).Append(CategoryWeight).Append(LevelWeight).Any(weight => weight is < 1 or > MaximumWeight))
        {
            yield return $"Mỗi trọng số từ 1 đến {MaximumWeight}.";
        }

        if (Attributes.GroupBy(attribute => (attribute.Category, attribute.Attribute)).Any(same => same.Count() > 1))
        {
            yield return "Một thuộc tính của một loại đơn vị được ghi hai lần.";
        }

        if (Attributes.GroupBy(attribute => attribute.Attribute).Any(same => same.Select(attribute => attribute.Kind).Distinct().Count() > 1))
        {
            yield return "Một thuộc tính không thể vừa là định danh vừa là số đo.";
        }
    }

    /// <summary>What units of a category are compared by, in the rule's order.</summary>
    public IEnumerable<ComparedAttribute> Of(string category, AttributeKind kind) =>
        Attributes.Where(attribute => attribute.Category == category && attribute.Kind == kind);
}

/// <summary>Quy tắc được dẫn: which period of a rule a finding rests on.</summary>
/// <param name="Code">Mã quy tắc.</param>
/// <param name="ValidFrom">First day of the period.</param>
/// <param name="Basis">Căn cứ.</param>
public sealed record CitedRule(string Code, DateOnly ValidFrom, string Basis)
{
    /// <exception cref="ThiDua.ServiceDefaults.RuleViolationException"><c>no-rule</c>: none is in force then.</exception>
    public static (T Value, CitedRule Cited) On<T>(IReadOnlyCollection<Rule> rules, DateOnly day)
        where T : IRuleValue
    {
        var value = rules.On<T>(day);
        var rule = rules.On(T.Code, day)!;
        return (value, new CitedRule(rule.Code, rule.ValidFrom, rule.Basis));
    }
}
