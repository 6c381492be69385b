using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// ETag and If-Match over PostgreSQL's own row version (xmin): a writer says which state it saw,
/// and the database refuses it when another was quicker. What an endpoint asks for or sends it declares, so that the API
/// document says the same as the code. Where more is shown than the row, a second part of the tag stands for the rest: a reader's
/// <c>If-None-Match</c> means both, a writer's <c>If-Match</c> only the row.
/// </summary>
public static class Preconditions
{
    private const char ShownFollows = '-';

    /// <summary>Declares that the endpoint checks <c>If-Match</c>; <paramref name="optional"/>: only when the caller sends it.</summary>
    public static TBuilder WithIfMatch<TBuilder>(this TBuilder endpoint, bool optional = false)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ChecksIfMatch(optional));

    /// <summary>Declares that the endpoint's answer carries an <c>ETag</c>; <paramref name="notModified"/>: and that it answers 304 to who has that state.</summary>
    public static TBuilder WithETag<TBuilder>(this TBuilder endpoint, bool notModified = false)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SendsETag(notModified));

    public static void Set(HttpResponse response, uint rowVersion, string? shown = null)
    {
        Declared<SendsETag>(response.HttpContext, nameof(WithETag));
        response.Headers.ETag = Tag(rowVersion, shown);
    }

    /// <summary>Refuses a write that names an older state than the present one (412), or none where it must name one (428).</summary>
    public static void Require(HttpRequest request, uint rowVersion)
    {
        var declared = Declared<ChecksIfMatch>(request.HttpContext, nameof(WithIfMatch));
        var conditions = request.GetTypedHeaders().IfMatch;
        if (conditions.Count == 0)
        {
            if (declared.Optional && request.Headers.IfMatch.Count == 0)
            {
                return;
            }

            throw new PreconditionException(missing: !declared.Optional); // an unreadable condition is met by no state
        }

        var current = Tag(rowVersion, null).AsSpan(..^1);
        foreach (var condition in conditions)
        {
            var tag = condition.Tag.AsSpan();
            if (!condition.IsWeak && tag.StartsWith(current, StringComparison.Ordinal) && tag[current.Length] is '"' or ShownFollows)
            {
                return;
            }
        }

        throw new PreconditionException(missing: false);
    }

    /// <summary>Whether the caller asks for the thing only if it is another than he has.</summary>
    public static bool IsConditional(HttpRequest request) => request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Whether the caller already has this state (If-None-Match), so that 304 is answer enough.</summary>
    public static bool IsCurrent(HttpRequest request, uint rowVersion, string? shown = null)
    {
        var current = new EntityTagHeaderValue(Tag(rowVersion, shown));
        return request.GetTypedHeaders().IfNoneMatch.Any(condition => condition.Compare(current, useStrongComparison: false));
    }

    private static string Tag(uint rowVersion, string? shown) => string.Create(CultureInfo.InvariantCulture, $"\"{rowVersion:x}{(shown is null ? "" : ShownFollows)}{shown}\"");

    private static T Declared<T>(HttpContext context, string by)
        where T : class => context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<T>() is { } declared
            ? declared
            : throw new InvalidOperationException($"{context.GetEndpoint()?.DisplayName} does not declare what it does: {by} is missing at its mapping.");
}

/// <param name="Optional">Checked only when the caller sends it.</param>
internal sealed record ChecksIfMatch(bool Optional);

/// <param name="NotModified">Whether <c>If-None-Match</c> is answered with 304.</param>
internal sealed record SendsETag(bool NotModified);
