using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Kết quả được công bố: loaded once for everybody; a correction is a new version .</summary>
/// <param name="Value">A number for a rank, the key of a level for a classification; kept as published.</param>
/// <param name="Document">The decision that published it.</param>
public sealed record PublishedValue(string Index, string Unit, string Value, string Document, int Version);

/// <summary>Something that keeps a published result from being used.</summary>
/// <param name="Code">MISSING_PUBLISHED, UNKNOWN_LEVEL, or WRONG_TYPE for a rank over something that is no number.</param>
public sealed record PublishedProblem(string Code, string Index, string Unit, string Criterion, string Message);

/// <summary>The published results that a cluster's tables ask for.</summary>
public sealed class PublishedValues(IEnumerable<PublishedValue> values)
{
    private readonly Dictionary<(string Index, string Unit), PublishedValue> _values =
        values.GroupBy(value => (value.Index, value.Unit)).ToDictionary(same => same.Key, same => same.MaxBy(value => value.Version)!);

    public static PublishedValues None { get; } = new([]);

    public PublishedValue? Find(string index, string unit) => _values.GetValueOrDefault((index, unit));

    /// <summary>A published result as a number, or null when there is none or it is not one.</summary>
    public decimal? Number(string index, string unit) =>
        Find(index, unit) is { } value && ExactDecimal.TryParse(value.Value, out var number) ? number : null;

    /// <summary>Everything that keeps this table from being scored for these members.</summary>
    public IEnumerable<PublishedProblem> Check(CriteriaTable table, IEnumerable<string> members)
    {
        foreach (var unit in members)
        {
            foreach (var criterion in table.Criteria.Where(criterion => criterion.IsPublished))
            {
                if (Problem(criterion, unit) is { } problem)
                {
                    yield return problem;
                }
            }
        }
    }

    public PublishedProblem? Problem(Criterion criterion, string unit)
    {
        var index = criterion.PublishedIndex!;
        if (Find(index, unit) is not { } value)
        {
            return new("MISSING_PUBLISHED", index, unit, criterion.Code, $"Đơn vị {unit} chưa có kết quả {index} được công bố (tiêu chí {criterion.Code}).");
        }

        return criterion switch
        {
            LevelCriterion level when level.Levels.All(row => row.Key != value.Value) =>
                new("UNKNOWN_LEVEL", index, unit, criterion.Code, $"Kết quả {index} “{value.Value}” của đơn vị {unit} không có trong các mức của tiêu chí {criterion.Code}."),
            RankCriterion when Number(index, unit) is null =>
                new("WRONG_TYPE", index, unit, criterion.Code, string.Create(CultureInfo.InvariantCulture, $"Kết quả {index} “{value.Value}” của đơn vị {unit} không phải là số.")),
            _ => null,
        };
    }
}
