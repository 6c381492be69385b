namespace ThiDua.Awards.Domain;

/// <summary>
/// Thứ tự xét khen thưởng: members by the tie chain. Units that the whole chain cannot part share one step,
/// and stay together: neither a code nor a name ever decides about an award (F-12).
/// </summary>
public sealed class AwardOrder
{
    private readonly List<IReadOnlyList<Standing>> _steps = [];
    private readonly IReadOnlyList<TieKey> _chain;
    private readonly AwardThresholds _thresholds;

    private AwardOrder(IReadOnlyList<TieKey> chain, AwardThresholds thresholds) => (_chain, _thresholds) = (chain, thresholds);

    /// <summary>Steps from the first down; a step holds one unit, or all those still tied, in code order.</summary>
    public IReadOnlyList<IReadOnlyList<Standing>> Steps => _steps;

    /// <param name="standings">Members with an official total, without those whom the policy takes out.</param>
    /// <param name="chain">Keys of the chain, as the policy writes them.</param>
    /// <param name="thresholds">Numbers that the keys compare with.</param>
    public static AwardOrder Of(IEnumerable<Standing> standings, IReadOnlyList<string> chain, AwardThresholds thresholds)
    {
        var order = new AwardOrder([.. chain.Select(TieKey.Parse)], thresholds);
        var sorted = standings.OrderBy(standing => standing.Unit, StringComparer.Ordinal).ToList();
        var ranked = sorted.Order(Comparer<Standing>.Create(order.Compare)); // stable, so a tie stays in code order
        List<Standing> step = [];
        foreach (var standing in ranked)
        {
            if (step.Count > 0 && order.Compare(step[0], standing) != 0)
            {
                order._steps.Add(step);
                step = [];
            }

            step.Add(standing);
        }

        if (step.Count > 0)
        {
            order._steps.Add(step);
        }

        return order;
    }

    /// <summary>Who may hold the position: one unit, several that are tied over it, or none when the order is shorter.</summary>
    public IReadOnlyList<Standing> At(int position)
    {
        var before = 0;
        foreach (var step in _steps)
        {
            before += step.Count;
            if (position <= before)
            {
                return step;
            }
        }

        return [];
    }

    /// <summary>The comparison of two units, key by key, until one parts them.</summary>
    public Derivation Explain(Standing upper, Standing lower)
    {
        List<Derivation> steps = [];
        foreach (var key in _chain)
        {
            var parted = key.Compare(upper, lower, _thresholds) != 0;
            var verdict = parted ? $"{upper.Label} xếp trên" : "bằng nhau";
            steps.Add(new Derivation("F-12", $"{key.Title}: {upper.Label} {key.Show(upper, _thresholds)}; {lower.Label} {key.Show(lower, _thresholds)} – {verdict}."));
            if (parted)
            {
                return new Derivation("F-12", $"{upper.Label} xếp trên {lower.Label} theo tiêu chí “{key.Title}”.") { Steps = steps };
            }
        }

        return new Derivation("F-12", $"{upper.Label} và {lower.Label} vẫn bằng nhau sau mọi tiêu chí phụ.") { Steps = steps };
    }

    private int Compare(Standing first, Standing second)
    {
        foreach (var key in _chain)
        {
            var order = key.Compare(first, second, _thresholds);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
