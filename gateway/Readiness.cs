using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway;

/// <summary>The gateway is ready when everything behind it is: one question tells an operator whether the system can be used.</summary>
public static class Readiness
{
    public const string HttpClientName = "readiness";
    private const string Healthy = "Healthy";
    private const string Unhealthy = "Unhealthy";

    /// <param name="Answer">HTTP status it gave; null when it gave none in time.</param>
    /// <param name="Milliseconds">How long it took.</param>
    public sealed record AnswerView(int? Answer, long Milliseconds);

    public sealed record ServiceView(string Status, AnswerView Data);

    public sealed record ReadinessView(string Status, IReadOnlyDictionary<string, ServiceView> Checks);

    public static void MapHealthOfAllServices(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = Healthy })).AllowAnonymous();
        app.MapGet("/health/ready", Get).AllowAnonymous();
    }

    private static async Task<IResult> Get(BackendServices backends, IHttpClientFactory clients, IOptions<GatewaySettings> settings, CancellationToken ct)
    {
        var services = backends.All().ToList();
        var limit = TimeSpan.FromMilliseconds(settings.Value.ReadinessTimeoutMilliseconds);
        var views = await Task.WhenAll(services.Select(service => AskAsync(service, clients, limit, ct)));
        var ready = views.All(view => view.Status == Healthy);
        var body = new ReadinessView(
            ready ? Healthy : Unhealthy,
            services.Zip(views).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal));
        return TypedResults.Json(body, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ServiceView> AskAsync(Backend service, IHttpClientFactory clients, TimeSpan limit, CancellationToken ct)
    {
        if (service.Address is null)
        {
            return new ServiceView(Unhealthy, new AnswerView(null, 0));
        }

        var started = Stopwatch.GetTimestamp();
        int? status = null;
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(limit);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var answer = await client.GetAsync(new Uri(service.Address, "health/ready"), HttpCompletionOption.ResponseHeadersRead, inTime.Token);
            status = (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Nobody there, or not in time: the absence of a status says so.
        }

        return new ServiceView(
            status == StatusCodes.Status200OK ? Healthy : Unhealthy,
            new AnswerView(status, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds));
    }
}
