namespace ThiDua.Tests.Support;

/// <summary>For checks that list what is wrong: fails with the whole list, one a line.</summary>
public static class Nothing
{
    public static void In(IEnumerable<string?> wrong)
    {
        string?[] all = [.. wrong.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
