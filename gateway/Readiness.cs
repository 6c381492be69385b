using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway;

/// <summary>The gateway is ready when everything behind it is: one question tells an operator whether the system can be used.</summary>
public static class Readiness
{
    public const string HttpClientName = "readiness";

    public sealed record ServiceView(string Status, int? StatusCode, long Milliseconds);

    public sealed record ReadinessView(string Status, IReadOnlyDictionary<string, ServiceView> Services);

    public static void MapReadiness(this IEndpointRouteBuilder app) => app.MapGet("/health/ready", Get).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Get(BackendServices backends, IHttpClientFactory clients, IOptions<GatewaySettings> settings, CancellationToken ct)
    {
        var services = backends.All().ToList();
        var views = await Task.WhenAll(services.Select(service => AskAsync(service, clients, settings.Value, ct)));
        var ready = views.All(view => view.Status == "READY");
        var body = new ReadinessView(
            ready ? "READY" : "NOT_READY",
            services.Zip(views).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal));
        return TypedResults.Json(body, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ServiceView> AskAsync(Backend service, IHttpClientFactory clients, GatewaySettings settings, CancellationToken ct)
    {
        if (service.Address is null)
        {
            return new ServiceView("NO_ADDRESS", null, 0);
        }

        var started = Stopwatch.GetTimestamp();
        long Elapsed() => (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.ReadinessTimeoutMilliseconds);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var answer = await client.GetAsync(new Uri(service.Address, "health/ready"), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new ServiceView(answer.IsSuccessStatusCode ? "READY" : "NOT_READY", (int)answer.StatusCode, Elapsed());
        }
        catch (HttpRequestException)
        {
            return new ServiceView("UNREACHABLE", null, Elapsed());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ServiceView("TOO_SLOW", null, Elapsed());
        }
    }
}
