namespace ThiDua.Clusters.Domain;

/// <summary>
/// Mã: the short name by which a unit, a cluster or a season is known in decisions and in other systems:
/// 26740, H42.15, 000.00.00.H42, TTH-01. It stands in addresses, so it has no spaces and no slashes.
/// </summary>
public static class BusinessCode
{
    public const int MaximumLength = 60;

    public static bool IsValid(string code) =>
        code.Length is > 0 and <= MaximumLength
        && char.IsLetterOrDigit(code[0])
        && code.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_');
}
