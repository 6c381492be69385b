using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace ThiDua.Spreadsheets;

/// <summary>Endpoints that take or give workbooks: their limits, and what the API document cannot know by itself.</summary>
public static class WorkbookEndpoints
{
    /// <summary>The whole body of the request is a workbook, taken as a <see cref="WorkbookBody"/>.</summary>
    /// <param name="endpoint">Which.</param>
    /// <param name="limits">Of the file; null: the usual.</param>
    public static RouteHandlerBuilder WithWorkbookBody(this RouteHandlerBuilder endpoint, WorkbookLimits? limits = null)
    {
        limits ??= new WorkbookLimits();
        return endpoint
            .WithMetadata(limits, new RequestSizeLimitAttribute(limits.FileBytes))
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = File() };
                foreach (var (status, what) in new[] { ("413", "Tệp quá lớn"), ("415", "Loại nội dung không được nhận") })
                {
                    operation.Responses![status] = new OpenApiResponse { Description = what, Content = operation.Responses["400"].Content?.ToDictionary() };
                }

                return Task.CompletedTask;
            });
    }

    /// <summary>The answer is a workbook.</summary>
    /// <param name="endpoint">Which.</param>
    /// <param name="state">What its ETag is the state of; null: it has none.</param>
    public static RouteHandlerBuilder WithWorkbookAnswer(this RouteHandlerBuilder endpoint, string? state = null) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Responses!["200"] = new OpenApiResponse
        {
            Description = "Bảng tính .xlsx; Content-Disposition có tên tệp",
            Content = File(),
            Headers = state is null ? null : new Dictionary<string, IOpenApiHeader> { ["ETag"] = new OpenApiHeader { Description = state, Schema = new OpenApiSchema { Type = JsonSchemaType.String } } },
        };
        return Task.CompletedTask;
    });

    private static Dictionary<string, OpenApiMediaType> File() => new()
    {
        [WorkbookBuilder.ContentType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            Example = JsonValue.Create("(nội dung nhị phân của tệp)"),
        },
    };
}
