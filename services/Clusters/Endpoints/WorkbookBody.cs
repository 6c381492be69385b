using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>A workbook that came as the whole body of a request, read within bounds or refused.</summary>
public sealed class WorkbookBody
{
    private WorkbookBody(Workbook workbook) => Workbook = workbook;

    public Workbook Workbook { get; }

    /// <summary>Bound by the framework into endpoints that take a body of this kind.</summary>
    public static async ValueTask<WorkbookBody> BindAsync(HttpContext context)
    {
        var limits = new WorkbookLimits();
        using var file = await UploadedWorkbook.ReadAsync(context.Request, limits, context.RequestAborted);
        return new WorkbookBody(WorkbookReader.Read(file, limits));
    }
}

/// <summary>Shows in the API document what the framework cannot know: bodies and answers that are workbooks.</summary>
internal static class WorkbookDescriptions
{
    public static RouteHandlerBuilder WithWorkbookBody(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Content() };
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder WithWorkbookAnswer(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"] = new OpenApiResponse { Description = "Bảng tính xlsx; Content-Disposition có tên tệp", Content = Content() };
            return Task.CompletedTask;
        });

    private static Dictionary<string, OpenApiMediaType> Content() => new()
    {
        [WorkbookBuilder.ContentType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            Example = JsonValue.Create("(nội dung nhị phân của tệp)"),
        },
    };
}
