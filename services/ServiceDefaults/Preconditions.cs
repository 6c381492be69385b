using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// ETag and If-Match over PostgreSQL's own row version (xmin): a writer says which state it saw,
/// and the database refuses it when another was quicker.
/// </summary>
public static class Preconditions
{
    public static void Set(HttpResponse response, uint rowVersion) => response.Headers.ETag = Tag(rowVersion);

    /// <summary>Refuses a write that does not name the state it changes (428), or names an older one (412).</summary>
    public static void Require(HttpRequest request, uint rowVersion)
    {
        var conditions = request.GetTypedHeaders().IfMatch;
        if (conditions.Count == 0)
        {
            throw new PreconditionException(missing: true);
        }

        var current = new EntityTagHeaderValue(Tag(rowVersion));
        if (!conditions.Any(condition => condition.Compare(current, useStrongComparison: true)))
        {
            throw new PreconditionException(missing: false);
        }
    }

    /// <summary>Whether the caller already has this state (If-None-Match), so that 304 is answer enough.</summary>
    public static bool IsCurrent(HttpRequest request, uint rowVersion)
    {
        var current = new EntityTagHeaderValue(Tag(rowVersion));
        return request.GetTypedHeaders().IfNoneMatch.Any(condition => condition.Compare(current, useStrongComparison: false));
    }

    private static string Tag(uint rowVersion) => string.Create(CultureInfo.InvariantCulture, $"\"{rowVersion:x}\"");
}
