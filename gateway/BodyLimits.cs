using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Model;

namespace ThiDua.Gateway;

/// <summary>
/// Refuses a body over its route's limit: by its announced length before a byte of it is read, and while it is
/// passed on when it comes in chunks. A route's own limit is YARP's <c>MaxRequestBodySize</c>.
/// </summary>
public sealed class BodyLimits(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without a limit of the route, the one that all processes have (Limits:RequestBody) stands here already.
        var feature = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.MaxRequestBodySize ?? feature.MaxRequestBodySize;
        if (context.Request.ContentLength > limit)
        {
            context.Response.Headers.Connection = "close"; // the body is on its way, and nobody will read it
            return GatewayProblem.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, $"Nội dung gửi lên vượt quá giới hạn {limit} byte của địa chỉ này.");
        }

        if (!feature.IsReadOnly)
        {
            feature.MaxRequestBodySize = limit;
        }

        return next(context);
    }
}
