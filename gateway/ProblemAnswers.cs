using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ThiDua.Gateway;

/// <summary>
/// Gives every error that arises in the gateway its problem body, and leaves every answer of a service as it is.
/// Stands outside the timeout middleware, which puts another RequestAborted in place: only here can a timeout
/// be told from a caller who went away, and YARP reports both alike, as a cancelled request.
/// </summary>
public sealed class ProblemAnswers(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var callerGone = context.RequestAborted;
        await next(context);
        if (!context.Response.HasStarted && !callerGone.IsCancellationRequested && StatusOfError(context) is { } status)
        {
            await GatewayProblem.WriteAsync(context, status);
        }
    }

    private static int? StatusOfError(HttpContext context)
    {
        if (context.GetForwarderErrorFeature() is { } error)
        {
            return StatusOf(error);
        }

        var answeredByService = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not null;
        return !answeredByService && context.Response is { StatusCode: >= 400, ContentType: null } ? context.Response.StatusCode : null;
    }

    private static int StatusOf(IForwarderErrorFeature error)
    {
        // The caller's body broke a limit while it was being passed on; whatever YARP made of it, this is the reason.
        if (Causes(error.Exception).OfType<BadHttpRequestException>().FirstOrDefault() is { } refused)
        {
            return refused.StatusCode;
        }

        return error.Error switch
        {
            ForwarderError.NoAvailableDestinations => StatusCodes.Status503ServiceUnavailable,
            ForwarderError.RequestTimedOut
                or ForwarderError.RequestCanceled
                or ForwarderError.RequestBodyCanceled
                or ForwarderError.ResponseBodyCanceled => StatusCodes.Status504GatewayTimeout,
            ForwarderError.RequestBodyClient => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status502BadGateway,
        };
    }

    private static IEnumerable<Exception> Causes(Exception? exception) => exception switch
    {
        null => [],
        AggregateException several => several.InnerExceptions.SelectMany(Causes),
        _ => Causes(exception.InnerException).Prepend(exception),
    };
}
