using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>
/// Bands must part the range from 0 upwards: every percentage lies in exactly one (R-18 f, L-02). Bounds are compared exactly, with
/// "from" and "above" kept apart. The top needs no band: over_top says what a percentage above all of them yields.
/// </summary>
public static class BandLinter
{
    /// <summary>A place between two numbers: just before or just after <see cref="Value"/>. Null: unbounded.</summary>
    private readonly record struct Edge(decimal? Value, bool After) : IComparable<Edge>
    {
        public int CompareTo(Edge other) => (Value, other.Value) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            ({ } mine, { } theirs) => mine == theirs ? After.CompareTo(other.After) : mine.CompareTo(theirs),
        };
    }

    private static readonly Edge Bottom = new(0, After: false);

    public static IEnumerable<string> Problems(IReadOnlyList<Band> bands)
    {
        if (bands.Count == 0)
        {
            yield return "chưa có dải điểm nào.";
            yield break;
        }

        var ordered = bands.Select(band => (From: Lower(band), To: Upper(band))).OrderBy(band => band.From).ThenBy(band => band.To).ToList();
        var reached = Bottom;
        foreach (var (from, to) in ordered)
        {
            if (to.CompareTo(from) <= 0)
            {
                yield return $"dải từ {Text(from)} đến {Text(to)} không chứa giá trị nào.";
                continue;
            }

            if (from.CompareTo(reached) > 0)
            {
                yield return reached == Bottom
                    ? $"thiếu dải thấp nhất, dưới {Text(from)}% không có điểm."
                    : $"hở giữa {Text(reached)}% và {Text(from)}%.";
            }
            else if (from.CompareTo(reached) < 0)
            {
                yield return $"hai dải cùng chứa {Text(from)}%.";
            }

            reached = to.CompareTo(reached) > 0 ? to : reached;
        }
    }

    private static Edge Lower(Band band)
    {
        var edge = Bottom;
        if (band.Gte is { } gte && new Edge(gte, After: false) is var from && from.CompareTo(edge) > 0)
        {
            edge = from;
        }

        return band.Gt is { } gt && new Edge(gt, After: true) is var above && above.CompareTo(edge) > 0 ? above : edge;
    }

    private static Edge Upper(Band band)
    {
        var edge = new Edge(null, After: false);
        if (band.Lte is { } lte && new Edge(lte, After: true) is var upTo && upTo.CompareTo(edge) < 0)
        {
            edge = upTo;
        }

        return band.Lt is { } lt && new Edge(lt, After: false) is var below && below.CompareTo(edge) < 0 ? below : edge;
    }

    private static string Text(Edge edge) => edge.Value is { } value ? Fraction.FromDecimal(value).ToVietnamese() : "vô hạn";
}
