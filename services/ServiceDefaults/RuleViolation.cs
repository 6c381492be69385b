namespace ThiDua.ServiceDefaults;

/// <summary>One thing that is wrong with what a caller sent.</summary>
/// <param name="Code">Stable English code, for programs: <c>MISSING_INPUT</c>, <c>L-02</c> …</param>
/// <param name="Path">JSON pointer (RFC 6901) to what is wrong.</param>
/// <param name="Message">Vietnamese, for people.</param>
public sealed record Violation(string Code, string Path, string Message);

/// <summary>
/// A refusal by a rule of the domain. Without <paramref name="errors"/> the state of things forbids the step (409);
/// with them the content sent is wrong, all of it named at once (422).
/// </summary>
/// <param name="code">Stable English code in kebab-case, for programs.</param>
/// <param name="detail">Vietnamese, for people.</param>
/// <param name="errors">Every single thing that is wrong.</param>
public sealed class RuleViolationException(string code, string detail, IReadOnlyList<Violation>? errors = null) : Exception(detail)
{
    public string Code => code;

    public IReadOnlyList<Violation> Errors { get; } = errors ?? [];

    /// <summary>Refuses with everything that was found wrong, or does nothing when nothing was.</summary>
    public static void ThrowIfAny(IReadOnlyList<Violation> errors, string code = "validation-failed", string detail = "Dữ liệu gửi lên chưa đúng.")
    {
        if (errors.Count > 0)
        {
            throw new RuleViolationException(code, detail, errors);
        }
    }
}

/// <summary>A fact of another service that this one was not told yet; the caller may ask again in a moment (409 <c>not-known-yet</c>).</summary>
/// <param name="detail">Vietnamese, for people: what is not known.</param>
public sealed class NotKnownYetException(string detail) : Exception(detail);

/// <summary>The caller may see the thing but not do this to it (403).</summary>
/// <param name="code">Stable English code in kebab-case.</param>
/// <param name="detail">Vietnamese, for people: why not.</param>
public sealed class AccessDeniedException(string code, string detail) : Exception(detail)
{
    public string Code => code;
}
