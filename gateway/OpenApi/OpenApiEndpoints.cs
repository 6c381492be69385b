using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;

namespace ThiDua.Gateway.OpenApi;

/// <summary>The description of the whole API, and a page to read and try it.</summary>
public static class OpenApiEndpoints
{
    public static void MapOpenApiOfAllServices(this IEndpointRouteBuilder app)
    {
        app.MapGet("/openapi/v1.json", Get).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/", () => TypedResults.Redirect("/docs")).AllowAnonymous().ExcludeFromDescription();

        // Everything the page needs comes from this process: a province's network may have no way out.
        app.MapScalarApiReference("/docs", page => page
            .WithTitle("ThiDua API")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .AddDocument("v1", isDefault: true)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton()
            .AddPreferredSecuritySchemes("oauth2")).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task Get(HttpContext context, ServiceDocuments documents, CancellationToken ct)
    {
        if (await documents.GetAsync(ct) is not { } merged)
        {
            await GatewayProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Chưa đủ phần mô tả của các dịch vụ; hãy thử lại sau.");
            return;
        }

        await TypedResults.Bytes(merged.Body, "application/json; charset=utf-8", entityTag: EntityTagHeaderValue.Parse(merged.ETag)).ExecuteAsync(context);
    }
}
