using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Bảng tiêu chí, thang điểm: groups of criteria with their maximum points, bonus and deductions.</summary>
/// <param name="Id">Code of the table, unique in a season.</param>
/// <param name="Basis">Căn cứ: the document that the table rests on, cited in every derivation.</param>
public sealed record CriteriaTable(
    string Id,
    string Title,
    decimal TotalMax,
    Rounding Rounding,
    IReadOnlyList<CriteriaGroup> Groups,
    Bonus Bonus,
    Deductions Deductions,
    string? Basis)
{
    public IEnumerable<Criterion> Criteria => Groups.SelectMany(group => group.Criteria);

    /// <summary>Every legal basis that the table names, with the JSON pointer to it.</summary>
    public IEnumerable<(string Path, string Text)> Bases
    {
        get
        {
            if (!string.IsNullOrEmpty(Basis))
            {
                yield return ("/basis", Basis);
            }

            for (var group = 0; group < Groups.Count; group++)
            {
                for (var index = 0; index < Groups[group].Criteria.Count; index++)
                {
                    if (Groups[group].Criteria[index].Basis is { Length: > 0 } basis)
                    {
                        yield return ($"/groups/{group}/criteria/{index}/basis", basis);
                    }
                }
            }
        }
    }

    public Criterion? Find(string code) => Criteria.FirstOrDefault(criterion => criterion.Code == code);
}

/// <summary>Nhóm tiêu chí .</summary>
/// <param name="Max">Điểm chuẩn of the group: the sum of its criteria's (L-01).</param>
public sealed record CriteriaGroup(string Code, string Title, GroupTag Tag, decimal Max, IReadOnlyList<Criterion> Criteria);

/// <summary>The three groups that the guidance names: nhiệm vụ chính trị; chấp hành chủ trương, pháp luật; công tác thi đua, khen thưởng.</summary>
public enum GroupTag
{
    PoliticalTask,
    PolicyCompliance,
    EmulationWork,
}

/// <summary>Cách làm tròn: applied once per criterion.</summary>
/// <param name="Decimals">0, 1 or 2.</param>
public sealed record Rounding(int Decimals, RoundingMode Mode)
{
    public static Rounding Default { get; } = new(2, RoundingMode.HalfUp);

    /// <summary>Amounts that no criterion computes: what a person set, bonus and deductions.</summary>
    public static Rounding OfAmounts => Default;

    public decimal Of(Fraction exact) => exact.Round(Decimals, halfToEven: Mode == RoundingMode.HalfEven);
}

/// <summary>Half of the last place goes up (as people round), or to the even digit.</summary>
public enum RoundingMode
{
    HalfUp,
    HalfEven,
}

/// <summary>Điểm thưởng: outside the table's maximum (R-24, F-05).</summary>
/// <param name="Cap">Null: not capped.</param>
public sealed record Bonus(decimal? Cap, IReadOnlyList<BonusItem> Items);

/// <summary>Mục điểm thưởng: points each, counted up to a maximum.</summary>
public sealed record BonusItem(string Key, string Label, decimal Points, decimal MaxCount);

/// <summary>Điểm trừ: like bonus, without a cap.</summary>
public sealed record Deductions(IReadOnlyList<DeductionItem> Items);

/// <summary>Mục điểm trừ: points taken each, counted up to a maximum.</summary>
public sealed record DeductionItem(string Key, string Label, decimal Minus, decimal MaxCount);
