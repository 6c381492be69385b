using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Cursors of lists that are sorted by two values.</summary>
internal static class PairCursor
{
    public static (string First, string Second)? AfterPair(this PageQuery page)
    {
        if (page.After is not { } after)
        {
            return null;
        }

        var split = after.LastIndexOf('\n');
        return split >= 0
            ? (after[..split], after[(split + 1)..])
            : throw Cursor.Bad();
    }

    public static string Of(string first, string second) => $"{first}\n{second}";
}
