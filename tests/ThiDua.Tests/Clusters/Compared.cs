using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

/// <summary>Units and rules of comparison, true unless the test says otherwise.</summary>
internal static class Compared
{
    public static readonly SimilarityRule Rule = new(10, 4, 2,
    [
        new("HC", "sector", AttributeKind.Nominal, SimilarityDimension.Field, 2),
        new("HC", "population", AttributeKind.Measure, SimilarityDimension.Conditions, 1),
        new("GD", "stage", AttributeKind.Nominal, SimilarityDimension.Function, 2),
        new("DN", "industry", AttributeKind.Nominal, SimilarityDimension.Occupation, 2),
        new("DN", "legal_form", AttributeKind.Nominal, SimilarityDimension.Function, 1),
        new("DN", "capital", AttributeKind.Measure, SimilarityDimension.Conditions, 2),
    ]);

    public static readonly CitedRule Cited = new("SIMILARITY", new DateOnly(2000, 1, 1), "R-05");

    public static readonly CitedRule CitedLimits = new("CLUSTER_SIZE", new DateOnly(2000, 1, 1), "F-32");

    public static SimilarityCheck Check(int min = 3, int max = 20) => new(Rule, Cited, new ClusterSizeLimits(min, max), CitedLimits);

    /// <param name="written">Code, category, level, then attributes: "D1 DN TINH industry=xây dựng; capital=12.5".</param>
    public static ComparedUnit Unit(string written)
    {
        var parts = written.Split(' ', 4);
        var attributes = (parts.Length > 3 ? parts[3] : "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(attribute => attribute.Split('=', 2));
        return new ComparedUnit(parts[0], $"Đơn vị {parts[0]}", parts[1], parts[2], attributes.ToDictionary(attribute => attribute[0], attribute => attribute[1]));
    }

    public static ComparedGroup Group(string code, params string[] members) => new(code, [.. members.Select(Unit)]);
}
