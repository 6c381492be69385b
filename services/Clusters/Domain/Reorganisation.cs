using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Hình thức tổ chức lại.</summary>
public enum ReorganisationKind
{
    /// <summary>Hợp nhất, sáp nhập: several units become one.</summary>
    Merge,

    /// <summary>Chia, tách: one unit becomes several.</summary>
    Split,

    /// <summary>Đổi tên: the same unit under another name; its code stays unless another is given.</summary>
    Rename,

    /// <summary>Đổi cấp, đổi loại: the same unit with another level or category.</summary>
    LevelChange,

    /// <summary>Giải thể: the unit ends and nobody carries it on.</summary>
    Dissolve,
}

/// <summary>
/// Sắp xếp, tổ chức lại đơn vị (F-34): which units ended, began or went on in another form, from which day and by which document.
/// It is a fact of the past and never changes; what follows from it is computed by <see cref="Lineage"/>.
/// </summary>
public sealed class Reorganisation
{
    private readonly List<ReorganisedUnit> _units = [];

    private Reorganisation() { }

    public Guid Id { get; private init; }

    public ReorganisationKind Kind { get; private init; }

    /// <summary>Ngày có hiệu lực: first day of the new order; units that end were last active on the day before.</summary>
    public DateOnly EffectiveOn { get; private init; }

    /// <summary>Văn bản: number and issuer of the decision.</summary>
    public string Document { get; private init; } = "";

    public DateOnly? DocumentDate { get; private init; }

    public DateTimeOffset RecordedAt { get; private init; }

    public IReadOnlyList<ReorganisedUnit> Units => _units;

    public IEnumerable<string> Predecessors => Of(ReorganisationSide.Predecessor).Select(unit => unit.Unit);

    public IEnumerable<string> Successors => Of(ReorganisationSide.Successor).Select(unit => unit.Unit);

    /// <summary>Those that end: predecessors that are not among the successors.</summary>
    public IEnumerable<string> Closing => Predecessors.Except(Successors, StringComparer.Ordinal);

    /// <summary>How much of a predecessor a successor takes over: 1, but in a split its share, equal where the document names none.</summary>
    public Fraction ShareOf(string successor)
    {
        if (Kind != ReorganisationKind.Split)
        {
            return Fraction.One;
        }

        var share = Of(ReorganisationSide.Successor).Single(unit => unit.Unit == successor).Share;
        return share is null ? new Fraction(1, Successors.Count()) : Fraction.Parse(share);
    }

    /// <summary>The last day of a unit follows from its reorganisations; by hand it neither moves nor is taken back.</summary>
    /// <exception cref="RuleViolationException"><c>unit-reorganised</c>.</exception>
    public static void RequireEnd(string unit, DateOnly? lastDay, IReadOnlyCollection<Reorganisation> recorded)
    {
        if (recorded.FirstOrDefault(reorganisation => reorganisation.Closing.Contains(unit)) is { } end && lastDay != end.EffectiveOn.AddDays(-1))
        {
            throw new RuleViolationException("unit-reorganised", $"Đơn vị {unit} kết thúc hoạt động ngày {end.EffectiveOn.AddDays(-1):dd/MM/yyyy} theo {end.Document}; ngày này không thay đổi được.");
        }

        if (recorded.FirstOrDefault(reorganisation => lastDay < reorganisation.EffectiveOn && !reorganisation.Closing.Contains(unit) && reorganisation.Units.Any(part => part.Unit == unit)) is { } later)
        {
            throw new RuleViolationException("unit-reorganised", $"Đơn vị {unit} còn được tổ chức lại từ ngày {later.EffectiveOn:dd/MM/yyyy} theo {later.Document}; không thể kết thúc trước đó.");
        }
    }

    /// <summary>A plan that <see cref="ReorganisationRules"/> found nothing wrong with.</summary>
    public static Reorganisation Of(ReorganisationPlan plan, DateTimeOffset now)
    {
        var reorganisation = new Reorganisation { Id = Guid.CreateVersion7(), Kind = plan.Kind, EffectiveOn = plan.EffectiveOn, Document = plan.Document, DocumentDate = plan.DocumentDate, RecordedAt = now };
        reorganisation._units.AddRange(plan.Predecessors.Select((unit, index) => new ReorganisedUnit(ReorganisationSide.Predecessor, index, unit, null)));
        reorganisation._units.AddRange(plan.Successors.Select((successor, index) => new ReorganisedUnit(ReorganisationSide.Successor, index, successor.Code, successor.Share?.ToString())));
        return reorganisation;
    }

    /// <summary>Ends the predecessors on the day before, and registers or changes the successors from the day on.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="units">The units it names, by code; takes those that are registered.</param>
    /// <param name="now">When.</param>
    /// <returns>The units that got a new version, new ones included.</returns>
    /// <exception cref="RuleViolationException"><c>closes-before-it-begins</c>, <c>unit-closed</c>: not after a check without errors.</exception>
    public static IReadOnlyList<Unit> Apply(ReorganisationPlan plan, IDictionary<string, Unit> units, DateTimeOffset now)
    {
        var changed = new List<Unit>();
        foreach (var code in plan.Closing)
        {
            units[code].Close(plan.EffectiveOn.AddDays(-1));
        }

        foreach (var successor in plan.Successors)
        {
            if (!units.TryGetValue(successor.Code, out var unit))
            {
                units[successor.Code] = unit = Unit.Register(successor.Code, successor.Details!, plan.EffectiveOn, now);
                changed.Add(unit);
            }
            else if (successor.Details is { } details && unit.Change(details, plan.EffectiveOn, now))
            {
                changed.Add(unit);
            }
        }

        return changed;
    }

    private IEnumerable<ReorganisedUnit> Of(ReorganisationSide side) => _units.Where(unit => unit.Side == side).OrderBy(unit => unit.Position);
}

/// <summary>Vai trò trong việc tổ chức lại.</summary>
public enum ReorganisationSide
{
    /// <summary>Đơn vị tiền thân.</summary>
    Predecessor,

    /// <summary>Đơn vị kế thừa.</summary>
    Successor,
}

/// <summary>Đơn vị được tổ chức lại: a unit on one side of a <see cref="Reorganisation"/>.</summary>
public sealed class ReorganisedUnit
{
    private ReorganisedUnit() { }

    internal ReorganisedUnit(ReorganisationSide side, int position, string unit, string? share) =>
        (Side, Position, Unit, Share) = (side, position, unit, share);

    public ReorganisationSide Side { get; private init; }
    public int Position { get; private init; }
    public string Unit { get; private init; } = "";

    /// <summary>Phần kế thừa of a successor in a split, an exact fraction such as 1/3; null: none was named.</summary>
    public string? Share { get; private init; }
}

/// <summary>Phương án tổ chức lại: what somebody asks to have recorded.</summary>
public sealed record ReorganisationPlan(ReorganisationKind Kind, DateOnly EffectiveOn, string Document, DateOnly? DocumentDate, IReadOnlyList<string> Predecessors, IReadOnlyList<SuccessorPlan> Successors)
{
    /// <summary>Predecessors that end.</summary>
    public IEnumerable<string> Closing => Predecessors.Except(Successors.Select(successor => successor.Code), StringComparer.Ordinal);
}

/// <summary>Đơn vị kế thừa of a plan.</summary>
/// <param name="Code">Mã.</param>
/// <param name="Details">What is true of it from the day on; null leaves an existing unit as it is.</param>
/// <param name="Share">Phần kế thừa in a split, above 0 and up to 1.</param>
/// <param name="IsIncomplete">Details were given that cannot be; what is wrong with them has been named.</param>
public sealed record SuccessorPlan(string Code, UnitDetails? Details, Fraction? Share, bool IsIncomplete = false);

/// <summary>Tên gọi of the kinds, for people.</summary>
public static class ReorganisationLabels
{
    public static string Label(this ReorganisationKind kind) => kind switch
    {
        ReorganisationKind.Merge => "Hợp nhất, sáp nhập",
        ReorganisationKind.Split => "Chia, tách",
        ReorganisationKind.Rename => "Đổi tên",
        ReorganisationKind.LevelChange => "Đổi cấp, đổi loại",
        ReorganisationKind.Dissolve => "Giải thể",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
