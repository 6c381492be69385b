using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>What a paper would need and the services have not told: it is refused with all of it named, and never made up.</summary>
internal sealed class MissingFacts
{
    private readonly List<Violation> _missing = [];

    /// <summary>Notes that something is missing, unless it is there.</summary>
    /// <param name="isThere">Whether it is.</param>
    /// <param name="code">Stable English code.</param>
    /// <param name="path">Pointer to where it would be in the season's facts.</param>
    /// <param name="text">Vietnamese: what is missing, of whom.</param>
    public MissingFacts Need(bool isThere, string code, string path, string text)
    {
        if (!isThere)
        {
            _missing.Add(new Violation(code, path, text));
        }

        return this;
    }

    /// <exception cref="RuleViolationException"><c>facts-missing</c>, with every missing fact.</exception>
    public void Refuse()
    {
        if (_missing.Count > 0)
        {
            throw new RuleViolationException("facts-missing", $"Chưa lập được văn bản vì còn thiếu số liệu: {string.Join("; ", _missing.Select(missing => missing.Message.TrimEnd('.')))}.", _missing);
        }
    }
}
