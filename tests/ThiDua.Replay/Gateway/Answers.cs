using System.Net;
using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Gateway;

/// <summary>An answer that granted what was asked.</summary>
/// <param name="ETag">The version of the resource, for the next If-Match; null when none was given.</param>
/// <param name="Body">The JSON of the answer; undefined when it had none.</param>
public sealed record Answer(HttpStatusCode Status, string? ETag, JsonElement Body)
{
    public string Text(string member) => Body.GetProperty(member).GetString()
        ?? throw new InvalidDataException($"The answer has no text in “{member}”: {Body}");
}

/// <summary>An answer that refused for good: asking again would bring the same.</summary>
public sealed class RefusedException(string request, HttpStatusCode status, string code, string detail, IReadOnlyList<Violation> errors)
    : Exception($"{request} → {(int)status} {code}: {detail}{string.Concat(errors.Select(error => $"{Environment.NewLine}  {error.Code} {error.Path} {error.Message}"))}")
{
    public HttpStatusCode Status => status;

    public string Code => code;

    public IReadOnlyList<Violation> Errors => errors;
}

/// <summary>No usable answer within the time that a replay waits for a system that is being repaired.</summary>
public sealed class UnreachableException(string request, string last) : Exception($"{request}: gave up waiting, the last answer was: {last}");
