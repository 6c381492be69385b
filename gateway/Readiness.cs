using System.Diagnostics;
using Microsoft.Extensions.Options;
using ThiDua.ServiceDefaults;

namespace ThiDua.Gateway;

/// <summary>The gateway is ready when of everything behind it one copy is: one question tells an operator whether the system can be used.</summary>
public static class Readiness
{
    public const string HttpClientName = "readiness";
    private const string Healthy = "Healthy";
    private const string Unhealthy = "Unhealthy";

    /// <param name="Answer">HTTP status that the best copy gave; null when none gave any in time.</param>
    /// <param name="Milliseconds">How long it took.</param>
    /// <param name="Replicas">How many copies of the service there are.</param>
    /// <param name="Ready">How many of them are ready.</param>
    public sealed record AnswerView(int? Answer, long Milliseconds, int Replicas, int Ready);

    public sealed record ServiceView(string Status, AnswerView Data);

    public sealed record ReadinessView(string Status, IReadOnlyDictionary<string, ServiceView> Checks);

    public static void MapHealthOfAllServices(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = Healthy })).AllowAnonymous();
        app.MapGet("/health/ready", Get).AllowAnonymous();
    }

    private static async Task<IResult> Get(BackendServices backends, IHttpClientFactory clients, IOptions<GatewaySettings> settings, Draining draining, CancellationToken ct)
    {
        var services = backends.All().ToList();
        var limit = TimeSpan.FromMilliseconds(settings.Value.ReadinessTimeoutMilliseconds);
        var views = await Task.WhenAll(services.Select(service => AskAsync(service, clients, limit, ct)));
        var ready = !draining.IsOn && views.All(view => view.Status == Healthy);
        var body = new ReadinessView(
            ready ? Healthy : Unhealthy,
            services.Zip(views).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal));
        return TypedResults.Json(body, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ServiceView> AskAsync(Backend service, IHttpClientFactory clients, TimeSpan limit, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(service.Addresses.Select(address => AskAsync(address, clients, limit, ct)));
        var ready = answers.Count(status => status == StatusCodes.Status200OK);
        return new ServiceView(
            ready > 0 ? Healthy : Unhealthy,
            new AnswerView(answers.Min(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, answers.Length, ready));
    }

    /// <returns>Null: nobody there, or not in time.</returns>
    private static async Task<int?> AskAsync(Uri address, IHttpClientFactory clients, TimeSpan limit, CancellationToken ct)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(ct);
        inTime.CancelAfter(limit);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var answer = await client.GetAsync(new Uri(address, "health/ready"), HttpCompletionOption.ResponseHeadersRead, inTime.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
