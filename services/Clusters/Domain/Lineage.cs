using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Quan hệ kế thừa: who comes from whom, read off the reorganisations in the order of their days. What a unit earned goes to those
/// that came out of it later, never to those that had left it before; a unit that went on keeps what it earned since.
/// </summary>
public sealed class Lineage
{
    private readonly IReadOnlyList<IGrouping<DateOnly, Reorganisation>> _days;
    private readonly ILookup<string, SuccessionLink> _after;
    private readonly Dictionary<string, Reorganisation> _endOf = new(StringComparer.Ordinal);

    public Lineage(IEnumerable<Reorganisation> reorganisations)
    {
        _days = [.. reorganisations.OrderBy(reorganisation => reorganisation.EffectiveOn).ThenBy(reorganisation => reorganisation.Id).GroupBy(reorganisation => reorganisation.EffectiveOn)];
        _after = _days.SelectMany(day => day).SelectMany(LinksOf).ToLookup(link => link.From, StringComparer.Ordinal);
        foreach (var reorganisation in _days.SelectMany(day => day))
        {
            foreach (var unit in reorganisation.Closing)
            {
                _endOf[unit] = reorganisation;
            }
        }
    }

    /// <summary>Whether one unit comes from another by any chain of links, whatever their days.</summary>
    public bool IsAncestor(string unit, string of)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([unit]);
        while (open.TryPop(out var next))
        {
            foreach (var link in _after[next].Where(link => seen.Add(link.To)))
            {
                open.Push(link.To);
            }
        }

        return seen.Contains(of);
    }

    /// <summary>Units that came directly out of this one until a day.</summary>
    public IReadOnlyList<string> SuccessorsOf(string unit, DateOnly asOf) =>
        [.. _after[unit].Where(link => link.EffectiveOn <= asOf).Select(link => link.To).Distinct()];

    /// <summary>Mã đang dùng: the one unit in which an ended one goes on, however often it changed; null where there are several or none.</summary>
    public string? CurrentOf(string unit, DateOnly asOf)
    {
        var current = unit;
        while (_endOf.TryGetValue(current, out var end) && end.EffectiveOn <= asOf)
        {
            if (end.Successors.ToList() is not [var only])
            {
                return null;
            }

            current = only;
        }

        return current;
    }

    /// <summary>
    /// Đơn vị tiền thân of a unit, each with the days up to which its achievements belong to the unit's history and the chain of links
    /// that leads from it to the unit. Each stands there once, by the chain that reaches latest into its life.
    /// </summary>
    public IReadOnlyList<Ancestor> AncestorsOf(string unit, DateOnly asOf)
    {
        // Backwards from the unit: the latest link by which one still gets there. Whatever was earned before it gets there too.
        var way = new Dictionary<string, SuccessionLink>(StringComparer.Ordinal);
        foreach (var day in _days.Reverse().Where(day => day.Key <= asOf))
        {
            // Only what is known from later days leads on: something that arrives on a day leaves again at the earliest on the next.
            var found = day.SelectMany(LinksOf).Where(link => link.From != unit && (link.To == unit || way.ContainsKey(link.To))).ToList();
            foreach (var link in found)
            {
                way.TryAdd(link.From, link);
            }
        }

        return [.. way.Values.OrderByDescending(link => link.EffectiveOn).ThenBy(link => link.From, StringComparer.Ordinal).Select(link => new Ancestor(link.From, link.EffectiveOn, ChainFrom(link, unit, way)))];
    }

    /// <summary>
    /// In whose hands, and in which exact shares, something is on a day that a unit had earned by an earlier one. The shares sum to 1:
    /// what was never passed on stays with the unit, also with one that was dissolved.
    /// </summary>
    public IReadOnlyDictionary<string, Fraction> HoldersOf(string unit, DateOnly earnedOn, DateOnly asOf)
    {
        var holders = new Dictionary<string, Fraction>(StringComparer.Ordinal) { [unit] = Fraction.One };
        foreach (var day in _days.Where(day => day.Key > earnedOn && day.Key <= asOf))
        {
            // All of a day's reorganisations start from the evening before.
            var moves = day.SelectMany(reorganisation => reorganisation.Successors.Any() ? reorganisation.Predecessors.Select(from => (From: from, reorganisation)) : [])
                .Where(move => holders.ContainsKey(move.From))
                .Select(move => (move.From, Share: holders[move.From], move.reorganisation))
                .ToList();
            moves.ForEach(move => holders.Remove(move.From));
            foreach (var (_, share, reorganisation) in moves)
            {
                foreach (var to in reorganisation.Successors)
                {
                    holders[to] = holders.GetValueOrDefault(to) + (share * reorganisation.ShareOf(to));
                }
            }
        }

        return holders;
    }

    /// <summary>The latest reorganisation out of which a unit came, or in which it took part, in a period.</summary>
    public Reorganisation? LatestOf(string unit, DateOnly first, DateOnly last) =>
        _days.Where(day => first <= day.Key && day.Key <= last).SelectMany(day => day).LastOrDefault(reorganisation => reorganisation.Successors.Contains(unit));

    private static List<SuccessionLink> ChainFrom(SuccessionLink first, string unit, Dictionary<string, SuccessionLink> way)
    {
        List<SuccessionLink> chain = [first];
        while (chain[^1].To != unit)
        {
            chain.Add(way[chain[^1].To]);
        }

        return chain;
    }

    private static IEnumerable<SuccessionLink> LinksOf(Reorganisation reorganisation) =>
        from predecessor in reorganisation.Predecessors
        from successor in reorganisation.Successors
        where predecessor != successor
        select new SuccessionLink(reorganisation.Id, reorganisation.Kind, reorganisation.EffectiveOn, reorganisation.Document, predecessor, successor);
}

/// <summary>Mối nối: one unit came out of another by a reorganisation.</summary>
public sealed record SuccessionLink(Guid Reorganisation, ReorganisationKind Kind, DateOnly EffectiveOn, string Document, string From, string To);

/// <summary>Đơn vị tiền thân of another.</summary>
/// <param name="Unit">Its code.</param>
/// <param name="Until">What it earned before this day belongs to the other's history.</param>
/// <param name="Chain">From it to the other, in the order of days.</param>
public sealed record Ancestor(string Unit, DateOnly Until, IReadOnlyList<SuccessionLink> Chain)
{
    /// <summary>Whether what it had earned by a day belongs to the other's history; what it earned since is its own alone.</summary>
    public bool HandsOn(DateOnly earnedOn) => earnedOn < Until;
}
