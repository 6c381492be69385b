using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace ThiDua.Gateway;

/// <summary>Headers that every answer carries, whoever made it.</summary>
public static class AnswerHeaders
{
    private const string NothingMayLoad = "default-src 'none'; frame-ancestors 'none'";

    // The API page brings its own script and styles inline; it loads nothing from any other host.
    private const string OwnScriptOnly =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void UseAnswerHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state => Add((HttpContext)state), context);
        return next(context);
    });

    private static Task Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        // Pages of the identity service bring their own policy; what has none gets the strictest that it works with.
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? OwnScriptOnly : NothingMayLoad;
        }

        if (headers.XFrameOptions.Count == 0)
        {
            headers.XFrameOptions = "DENY";
        }

        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        // The caller finds his request in every log, trace and journal row by this (W3C Trace Context).
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            headers.TraceParent = activity.Id;
        }

        return Task.CompletedTask;
    }
}
