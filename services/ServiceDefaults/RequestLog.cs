using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// One line for each request, good or bad, so that its trace id leads into every log. It names the route and not the address:
/// what an address holds beyond its route (a file's name, a search) may be about a person.
/// </summary>
public sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    private static readonly PathString[] s_silent = ["/health", "/metrics"]; // asked for every few seconds by machines

    public async Task InvokeAsync(HttpContext context)
    {
        if (s_silent.Any(path => context.Request.Path.StartsWithSegments(path)))
        {
            await next(context);
            return;
        }

        var started = Stopwatch.GetTimestamp();
        var endpoint = context.GetEndpoint(); // known here where routing comes first; gone after an exception
        try
        {
            await next(context);
        }
        finally
        {
            endpoint ??= context.GetEndpoint();
            var milliseconds = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            logger.LogInformation("{Method} {Route} {Status} {Milliseconds} ms", Known(context.Request.Method), (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)", context.Response.StatusCode, milliseconds);
        }
    }

    // A caller may send any word for a method.
    private static string Known(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? method : "(other)";
}
