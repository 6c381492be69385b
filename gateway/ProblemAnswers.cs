using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ThiDua.Gateway;

/// <summary>
/// Gives every error that arises in the gateway its problem body, and leaves every answer of a service as it is.
/// Stands outside the timeout middleware, which puts another RequestAborted in place: only here can a timeout
/// be told from a caller who went away, and YARP reports both as a cancelled request with status 400.
/// </summary>
public sealed class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var callerGone = context.RequestAborted;
        GatewayProblem? problem;
        try
        {
            await next(context);
            problem = ProblemOf(context);
        }
        catch (BadHttpRequestException refused)
        {
            problem = GatewayProblem.OfStatus(refused.StatusCode);
        }
        catch (Exception failure) when (!callerGone.IsCancellationRequested)
        {
            logger.LogError(failure, "The gateway failed on {Method} {Path}", context.Request.Method, context.Request.Path);
            problem = GatewayProblem.InternalError;
        }

        if (problem is not null && !context.Response.HasStarted && !callerGone.IsCancellationRequested)
        {
            await problem.WriteAsync(context);
        }
    }

    private static GatewayProblem? ProblemOf(HttpContext context)
    {
        if (context.GetForwarderErrorFeature() is { } error)
        {
            return ProblemOf(error);
        }

        var answeredByService = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not null;
        return !answeredByService && context.Response is { StatusCode: >= 400, ContentType: null }
            ? GatewayProblem.OfStatus(context.Response.StatusCode)
            : null;
    }

    private static GatewayProblem ProblemOf(IForwarderErrorFeature error)
    {
        // The caller's body broke a limit while it was being passed on; whatever YARP made of it, this is the reason.
        if (Causes(error.Exception).OfType<BadHttpRequestException>().FirstOrDefault() is { } refused)
        {
            return GatewayProblem.OfStatus(refused.StatusCode);
        }

        return error.Error switch
        {
            ForwarderError.NoAvailableDestinations => GatewayProblem.ServiceNotReady,
            ForwarderError.RequestTimedOut
                or ForwarderError.RequestCanceled
                or ForwarderError.RequestBodyCanceled
                or ForwarderError.ResponseBodyCanceled => GatewayProblem.ServiceTimeout,
            ForwarderError.RequestBodyClient => GatewayProblem.OfStatus(StatusCodes.Status400BadRequest),
            _ => GatewayProblem.ServiceUnreachable,
        };
    }

    private static IEnumerable<Exception> Causes(Exception? exception) => exception switch
    {
        null => [],
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        _ => Causes(exception.InnerException).Prepend(exception),
    };
}
