using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>What a request must hold. A member that is left out is not zero, not the first of an enumeration, and not a crash.</summary>
internal static class Given
{
    /// <summary>Refuses a request that lacks any of these, all of them named at once.</summary>
    public static void Require(params ReadOnlySpan<(string Path, object? Value)> members)
    {
        List<Violation> errors = [];
        Require(errors, members);
        RuleViolationException.ThrowIfAny(errors);
    }

    public static bool Require(ICollection<Violation> errors, params ReadOnlySpan<(string Path, object? Value)> members)
    {
        var complete = true;
        foreach (var (path, value) in members)
        {
            if (value is null or "")
            {
                errors.Add(new Violation("MISSING_PROPERTY", path, $"Thiếu giá trị của “{path[(path.LastIndexOf('/') + 1)..]}”."));
                complete = false;
            }
        }

        return complete;
    }
}
