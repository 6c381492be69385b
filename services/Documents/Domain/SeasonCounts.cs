namespace ThiDua.Documents.Domain;

/// <summary>Số liệu của kỳ thi đua: everything that the system counts in a season, in the order in which it is shown.</summary>
public sealed record SeasonCounts(IReadOnlyList<CountSection> Sections)
{
    /// <summary>Key of the part of a count that one category of units has.</summary>
    public static string OfCategory(string key, string category) => $"{key}/CATEGORY/{category}";

    /// <summary>A count, or of it the part of some categories; null: not known, which is not zero.</summary>
    public int? Find(string key, IReadOnlyList<string>? categories)
    {
        var counts = Sections.SelectMany(section => section.Counts).ToLookup(count => count.Key, StringComparer.Ordinal);
        var whole = counts[key].SingleOrDefault()?.Value;
        return whole is null || categories is null ? whole : categories.SelectMany(category => counts[OfCategory(key, category)]).Sum(count => count.Value ?? 0);
    }
}

/// <summary>Nhóm số liệu.</summary>
public sealed record CountSection(string Title, IReadOnlyList<SeasonCount> Counts);

/// <summary>Một số liệu.</summary>
/// <param name="Key">Name for programs, such as PROVINCIAL_FLAG/PASSED/CATEGORY/HC.</param>
/// <param name="Label">Vietnamese.</param>
/// <param name="Value">Null: not known, which is not zero.</param>
/// <param name="Reason">Vietnamese: why it is not known, or what it does not say.</param>
public sealed record SeasonCount(string Key, string Label, int? Value, string? Reason = null);
