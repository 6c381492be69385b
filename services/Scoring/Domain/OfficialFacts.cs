namespace ThiDua.Scoring.Domain;

/// <summary>Số liệu chính thức: what the system itself recorded of a unit in a season; a criterion that asks for it is never typed.</summary>
/// <param name="Name">ATTENDANCE or REPORTS .</param>
/// <param name="Completed">n of ATTENDANCE.</param>
/// <param name="Assigned">N of ATTENDANCE.</param>
/// <param name="Late">REPORTS: working days late by obligation; null: never handed in.</param>
/// <param name="Version">Grows with every correction.</param>
public sealed record OfficialFact(string Unit, string Name, decimal? Completed, decimal? Assigned, IReadOnlyDictionary<string, decimal?> Late, int Version)
{
    /// <summary>Tham dự hoạt động, hội nghị của cụm: for a RATIO criterion.</summary>
    public const string Attendance = "ATTENDANCE";

    /// <summary>Chế độ báo cáo: for a TIMELINESS criterion.</summary>
    public const string Reports = "REPORTS";

    /// <summary>The fact in the shape of the criterion's input; null as long as it does not say everything that the criterion asks.</summary>
    public CriterionInput? InputFor(Criterion criterion) => (criterion, this) switch
    {
        (RatioCriterion ratio, { Completed: { } completed, Assigned: { } assigned }) => new RatioInput(completed, assigned, ratio.NothingAssigned),
        (TimelinessCriterion timely, _) when timely.Obligations.All(Late.ContainsKey) =>
            new TimelinessInput(timely.Obligations.ToDictionary(obligation => obligation, obligation => Late[obligation], StringComparer.Ordinal)),
        _ => null,
    };
}

/// <summary>Số liệu chính thức của một cụm: the official facts that its members' criteria ask for.</summary>
public sealed class OfficialFacts(IEnumerable<OfficialFact> facts)
{
    private readonly Dictionary<(string Name, string Unit), OfficialFact> _facts =
        facts.GroupBy(fact => (fact.Name, fact.Unit)).ToDictionary(same => same.Key, same => same.MaxBy(fact => fact.Version)!);

    public static OfficialFacts None { get; } = new([]);

    public OfficialFact? Find(string name, string unit) => _facts.GetValueOrDefault((name, unit));

    /// <summary>Criteria of the table that wait for a fact, by unit.</summary>
    public IEnumerable<(string Unit, Criterion Criterion, ScoringRefusal Refusal)> Check(CriteriaTable table, IEnumerable<string> members) =>
        from unit in members
        from criterion in table.Criteria
        let refusal = criterion.OfficialFact is null ? null : Score(criterion, unit).Refusal
        where refusal is not null
        select (unit, criterion, refusal);

    /// <summary>Scores a criterion from its fact, and says which version of it that was.</summary>
    internal Outcome Score(Criterion criterion, string unit)
    {
        var name = criterion.OfficialFact!;
        if (Find(name, unit) is not { } fact || fact.InputFor(criterion) is not { } input)
        {
            return Outcome.Refused("MISSING_OFFICIAL", $"Đơn vị {unit} chưa có đủ số liệu chính thức {name} (tiêu chí {criterion.Code}).");
        }

        var outcome = CriterionScoring.Score(criterion, input);
        var source = $"{name}, phiên bản {fact.Version}";
        return outcome with
        {
            Steps = [$"Theo số liệu chính thức {source}.", .. outcome.Steps],
            Inputs = [.. outcome.Inputs.Select(value => value.Source == "DECISION" ? value with { Source = "TABLE" } : value with { Source = "OFFICIAL", Document = source })],
        };
    }
}
