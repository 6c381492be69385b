using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway;

/// <summary>
/// One bucket of requests per signed-in client, or per address for callers who are not signed in; a caller who empties
/// his own leaves everybody else's as full as it was. Every answer tells the caller how much is left
/// (RateLimit-Policy, RateLimit: IETF draft-ietf-httpapi-ratelimit-headers).
/// </summary>
/// <remarks>Not ASP.NET's middleware, which tells the caller nothing until the limit is reached.</remarks>
public sealed class RateLimits : IDisposable
{
    private const int TicksPerSecond = 10; // as often as the limiter looks at its buckets

    private readonly RequestDelegate _next;
    private readonly GatewaySettings _settings;
    private readonly PartitionedRateLimiter<HttpContext> _limiter;

    public RateLimits(RequestDelegate next, IOptions<GatewaySettings> settings)
    {
        _next = next;
        _settings = settings.Value;
        _limiter = PartitionedRateLimiter.Create<HttpContext, (string Policy, string Caller)>(PartitionOf);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase))
        {
            await _next(context); // orchestrators ask at their own pace
            return;
        }

        using var lease = _limiter.AttemptAcquire(context);
        Announce(context);
        if (lease.IsAcquired)
        {
            await _next(context);
            return;
        }

        await GatewayProblem.WriteAsync(context, StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _limiter.Dispose();

    private static (string Policy, string Caller) CallerOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (context.Request.Path.StartsWithSegments("/connect", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase))
        {
            return ("sign-in", address);
        }

        if (context.Request.Path.StartsWithSegments("/ops", StringComparison.OrdinalIgnoreCase))
        {
            return ("operations", address);
        }

        return context.User.FindFirst("sub")?.Value is { } subject && context.User.Identity is { IsAuthenticated: true }
            ? ("client", subject)
            : ("anonymous", address);
    }

    private RateLimit LimitOf(string policy) => policy switch
    {
        "client" => _settings.ClientRateLimit,
        "sign-in" => _settings.SignInRateLimit,
        "operations" => _settings.Operations.RateLimit,
        _ => _settings.AnonymousRateLimit,
    };

    private RateLimitPartition<(string Policy, string Caller)> PartitionOf(HttpContext context) =>
        RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), caller =>
        {
            var limit = LimitOf(caller.Policy);
            var perTick = Math.Max(1, limit.Requests / (limit.WindowSeconds * TicksPerSecond));
            return new TokenBucketRateLimiterOptions
            {
                TokenLimit = limit.Requests,
                TokensPerPeriod = perTick,
                ReplenishmentPeriod = TimeSpan.FromSeconds(limit.WindowSeconds) * perTick / limit.Requests,
                QueueLimit = 0,
            };
        });

    private void Announce(HttpContext context)
    {
        var policy = CallerOf(context).Policy;
        var limit = LimitOf(policy);
        var remaining = _limiter.GetStatistics(context)?.CurrentAvailablePermits ?? limit.Requests;
        var secondsToFull = Seconds((limit.Requests - remaining) * (long)limit.WindowSeconds, limit.Requests);
        context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";q={limit.Requests};w={limit.WindowSeconds}");
        context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";r={remaining};t={secondsToFull}");
        if (remaining == 0)
        {
            context.Response.Headers.RetryAfter = Seconds(limit.WindowSeconds, limit.Requests).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static long Seconds(long numerator, long denominator) => Math.Max(1, (numerator + denominator - 1) / denominator);
}
