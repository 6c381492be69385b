using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>The names that a list of the season file defines, for those who refer to them.</summary>
public sealed class Names
{
    private readonly HashSet<string> _known;
    private readonly bool _complete;

    private Names(HashSet<string> known, bool complete)
    {
        _known = known;
        _complete = complete;
    }

    /// <summary>A list that is missing, or has an entry without a readable name, cannot tell what is unknown: its own fault is reported already.</summary>
    public static Names Of(StrictJson root, string list, IEnumerable<string> names)
    {
        List<string> defined = [.. names];
        var complete = root.Element.TryGetProperty(list, out var written)
            && written.ValueKind == JsonValueKind.Array
            && written.GetArrayLength() == defined.Count
            && defined.TrueForAll(name => name.Length > 0);
        return new Names(defined.ToHashSet(StringComparer.Ordinal), complete);
    }

    public bool Knows(string name) => _known.Contains(name);

    /// <summary>Refuses a reference to what is not there; an empty one was refused where it was read.</summary>
    public void Require(string name, StrictJson at, string? member, string code, string what)
    {
        if (_complete && name.Length > 0 && !Knows(name))
        {
            at.Refuse(code, $"Không có {what} “{name}”.", member);
        }
    }
}
