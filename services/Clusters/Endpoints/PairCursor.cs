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
            : throw Bad();
    }

    public static RuleViolationException Bad() =>
        new("bad-page", "Tham số trang không hợp lệ.", [new Violation("WRONG_TYPE", "/cursor", "cursor không đúng; hãy dùng giá trị next của trang trước.")]);

    public static string Of(string first, string second) => $"{first}\n{second}";
}
