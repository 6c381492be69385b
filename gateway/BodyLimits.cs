using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Model;

namespace ThiDua.Gateway;

/// <summary>
/// Refuses a body over its route's limit: by its announced length before a byte of it is read, and while it is
/// passed on when it comes in chunks. A route's own limit is YARP's <c>MaxRequestBodySize</c>.
/// </summary>
public sealed class BodyLimits(RequestDelegate next, IOptions<GatewaySettings> settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.MaxRequestBodySize ?? settings.Value.RequestBodyLimit;
        if (context.Request.ContentLength > limit)
        {
            context.Response.Headers.Connection = "close"; // the body is on its way, and nobody will read it
            return (GatewayProblem.BodyTooLarge with
            {
                Detail = $"Nội dung yêu cầu vượt quá giới hạn {limit} byte của địa chỉ này.",
            }).WriteAsync(context);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }

        return next(context);
    }
}
