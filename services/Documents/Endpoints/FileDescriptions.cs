using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Endpoints;

/// <summary>Shows in the API document what the framework cannot know: bodies and answers that are files.</summary>
internal static class FileDescriptions
{
    private const string Example = "(nội dung nhị phân của tệp)";

    /// <summary>The whole body of the request is one file of an allowed type.</summary>
    public static RouteHandlerBuilder WithFileBody(this RouteHandlerBuilder endpoint, IReadOnlyList<string> allowed) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = FileKind.Named(allowed).ToDictionary(kind => kind.MediaType, _ => File()),
            };
            operation.Responses!["413"] = Refusal(operation, "Tệp quá lớn");
            operation.Responses["415"] = Refusal(operation, "Loại tệp không được nhận, hoặc nội dung không đúng loại");
            return Task.CompletedTask;
        });

    /// <summary>The answer is a file of one of these types, whole, in part, or none when the caller already has it.</summary>
    public static RouteHandlerBuilder WithFileAnswer(this RouteHandlerBuilder endpoint, params IReadOnlyList<string> mediaTypes) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"] = Answer("Tệp như đã gửi; Content-Type là loại tệp, Content-Disposition có tên tệp, ETag là mã băm SHA-256", mediaTypes);
            operation.Responses["206"] = Answer("Phần của tệp được yêu cầu trong Range", mediaTypes);
            operation.Responses["304"] = new OpenApiResponse { Description = "Không thay đổi so với ETag đã gửi trong If-None-Match" };
            operation.Responses["409"] = Refusal(operation, "Tệp đang chờ quét mã độc (evidence-quarantined)", operation.Responses["503"].Headers);
            operation.Responses["410"] = Refusal(operation, "Tệp có mã độc, hoặc đã hết thời hạn bảo quản, và đã bị xóa");
            operation.Responses["412"] = Refusal(operation, "Tệp không còn như If-Match hoặc If-Unmodified-Since đã nêu");
            operation.Responses["416"] = Refusal(operation, "Range nằm ngoài tệp");
            operation.Parameters ??= [];
            operation.Parameters.Add(Header("Range", "Phần cần tải, ví dụ để tải tiếp.", "bytes=0-1023"));
            operation.Parameters.Add(Header("If-Match", "Tùy chọn: ETag của tệp đang tải dở; nếu tệp không còn như vậy thì 412.", "\"034360b8929e7273d543cf892ed752d6f6add7cf407ab271cbdd5a6d290fe5a0\""));
            operation.Parameters.Add(Header("If-None-Match", "ETag của tệp đã có; nếu giống thì trả lời 304.", "\"034360b8929e7273d543cf892ed752d6f6add7cf407ab271cbdd5a6d290fe5a0\""));
            return Task.CompletedTask;
        });

    /// <summary>The answer is a file that is made anew each time.</summary>
    public static RouteHandlerBuilder WithReportAnswer(this RouteHandlerBuilder endpoint, string mediaType) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"] = new OpenApiResponse
            {
                Description = "Tệp; Content-Disposition có tên tệp",
                Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = File() },
            };
            return Task.CompletedTask;
        });

    /// <summary>The body is a part of a file.</summary>
    public static RouteHandlerBuilder WithPartBody(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [Tus.PartType] = File() } };
            operation.Parameters ??= [];
            operation.Parameters.Add(Header(Tus.OffsetHeader, "Số byte đã gửi trước đó.", "0"));
            operation.Parameters.Add(Header(Tus.ChecksumHeader, "Tùy chọn: sha256 và mã băm base64 của phần này; sai thì 460 và phần này không được nhận.", "sha256 uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="));
            operation.Responses!["413"] = Refusal(operation, "Dài hơn đã báo trước");
            operation.Responses["415"] = Refusal(operation, "Content-Type không phải " + Tus.PartType);
            operation.Responses["423"] = Refusal(operation, "Một yêu cầu khác đang gửi tiếp tệp này");
            operation.Responses["460"] = Refusal(operation, "Phần gửi lên không đúng Upload-Checksum");
            return Task.CompletedTask;
        });

    /// <summary>The headers of the tus protocol.</summary>
    public static RouteHandlerBuilder WithTusHeaders(this RouteHandlerBuilder endpoint, bool creates) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["412"] = Refusal(operation, "Thiếu Tus-Resumable, hoặc là phiên bản khác");
            operation.Parameters ??= [];
            operation.Parameters.Add(Header(Tus.ResumableHeader, "Phiên bản giao thức tus.", Tus.Version));
            if (!creates)
            {
                operation.Responses["410"] = Refusal(operation, "Lần gửi đã kết thúc");
            }
            else
            {
                operation.Responses["413"] = Refusal(operation, "Dài hơn giới hạn của loại tệp");
                operation.Parameters.Add(Header(Tus.LengthHeader, "Số byte của cả tệp.", "524288000"));
                operation.Parameters.Add(Header(Tus.MetadataHeader, "Các cặp tên và giá trị base64, cách nhau bằng dấu phẩy.", "season MjAyNQ==,unit U05W,criterion SS4x,filename YmFvLWNhby5wZGY=,filetype YXBwbGljYXRpb24vcGRm"));
            }

            DescribeUploadId(operation);
            return Task.CompletedTask;
        });

    /// <summary>The key in the address is an upload's.</summary>
    public static RouteHandlerBuilder WithUploadId(this RouteHandlerBuilder endpoint) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            DescribeUploadId(operation);
            return Task.CompletedTask;
        });

    private static void DescribeUploadId(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == "id") ?? [])
        {
            parameter.Description = "Khóa của lần gửi tệp.";
        }
    }

    private static OpenApiMediaType File() =>
        new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }, Example = JsonValue.Create(Example) };

    private static OpenApiResponse Answer(string description, IReadOnlyList<string> mediaTypes) => new()
    {
        Description = description,
        Content = mediaTypes.ToDictionary(mediaType => mediaType, _ => File()),
        Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["ETag"] = new OpenApiHeader { Description = "Mã băm SHA-256 của tệp.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    private static OpenApiResponse Refusal(OpenApiOperation operation, string description, IDictionary<string, IOpenApiHeader>? headers = null) =>
        new() { Description = description, Content = operation.Responses!["400"].Content?.ToDictionary(), Headers = headers?.ToDictionary() };

    private static OpenApiParameter Header(string name, string description, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Example = JsonValue.Create(example),
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
