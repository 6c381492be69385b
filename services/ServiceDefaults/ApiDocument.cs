using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>A service's part of the gateway's API document (OpenAPI 3.1): roles, errors, conditions, examples and exact numbers as they really are.</summary>
internal static class ApiDocument
{
    private static readonly Dictionary<string, string> s_answers = new()
    {
        ["200"] = "Thành công",
        ["201"] = "Đã tạo; Location là địa chỉ để đọc lại",
        ["202"] = "Đã nhận; Location là địa chỉ để theo dõi, Retry-After là số giây nên chờ",
        ["204"] = "Đã thực hiện; không có nội dung trả về",
        ["304"] = "Không thay đổi so với ETag đã gửi trong If-None-Match",
        ["400"] = "Yêu cầu không đọc được",
        ["401"] = "Chưa đăng nhập",
        ["403"] = "Không có quyền",
        ["404"] = "Không tìm thấy, hoặc không được xem",
        ["409"] = "Trạng thái hiện tại không cho phép, hoặc dữ kiện chưa tới (not-known-yet)",
        ["412"] = "Dữ liệu đã được người khác thay đổi kể từ ETag đã gửi trong If-Match",
        ["413"] = "Nội dung gửi lên quá lớn",
        ["415"] = "Loại nội dung không được hỗ trợ",
        ["422"] = "Nội dung không hợp lệ; errors nêu từng chỗ",
        ["428"] = "Thiếu If-Match",
        ["503"] = "Tạm thời chưa sẵn sàng",
    };

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            ApiSchemas.Describe(schema, context.JsonTypeInfo, context.JsonPropertyInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, ct) =>
        {
            var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, ct);
            problem.Examples = [ApiExamples.Problem()];
            context.Document?.AddComponent("Problem", problem);
            await DescribeBodyAsync(operation, context, ct);
            Describe(operation, context);
        });
    });

    // An endpoint that reads its body as it came says by Accepts<T> what it looks like; the generator sees only the former.
    private static async Task DescribeBodyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Description.ParameterDescriptions.Any(parameter => parameter.Type == typeof(JsonElement))
            && context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().FirstOrDefault(accepts => accepts.RequestType != typeof(JsonElement)) is { RequestType: { } type })
        {
            context.Document?.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, parameterDescription: null, ct));
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            {
                content.Schema = new OpenApiSchemaReference(type.Name, context.Document);
            }
        }
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = metadata.OfType<MethodInfo>().First();
        operation.OperationId ??= $"{method.DeclaringType!.Name.Replace("Endpoints", "", StringComparison.Ordinal)}_{method.Name}";
        if (metadata.OfType<AllowedRoles>().LastOrDefault() is { } allowed)
        {
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
            operation.Extensions["x-roles"] = new JsonNodeExtension(new JsonArray([.. allowed.Roles.Select(role => JsonValue.Create(role))]));
        }

        // Open to everybody, and said so: OpenAPI's own way for it is an empty list.
        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        if (isOpen)
        {
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
            operation.Extensions["x-roles"] = new JsonNodeExtension(new JsonArray());
        }

        var isChange = context.Description.HttpMethod is not ("GET" or "HEAD");
        var (ifMatch, etag) = (metadata.OfType<ChecksIfMatch>().LastOrDefault(), metadata.OfType<SendsETag>().LastOrDefault());
        var asks = operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true;
        AddAnswers(
            operation, context.Document,
            [
                "400", "503",
                .. isOpen ? (string[])[] : ["401", "403"],
                .. isChange ? ["409", "422"] : asks ? (string[])["404", "422"] : ["404"],
                .. isChange && context.Description.ParameterDescriptions.Any(parameter => parameter.Source.Id is "Path") ? (string[])["404"] : [],
                .. ifMatch is null ? (string[])[] : ifMatch.Optional ? ["412"] : ["412", "428"],
                .. operation.RequestBody is null ? (string[])[] : ["413", "415"],
                .. etag is { NotModified: true } ? (string[])["304"] : [],
            ]);
        if (etag is not null)
        {
            AddETag(operation);
        }

        ApiParameters.Describe(operation, context.Description.RelativePath ?? "");
        ApiParameters.AddHeaders(operation, isChange && !metadata.OfType<KeepsNoAnswer>().Any(), ifMatch, etag);
        ApiExamples.Of(method)?.AddTo(operation);
    }

    private static void AddAnswers(OpenApiOperation operation, OpenApiDocument? document, string[] statuses)
    {
        operation.Responses ??= [];
        foreach (var status in statuses)
        {
            operation.Responses.TryAdd(status, new OpenApiResponse());
        }

        foreach (var (status, response) in operation.Responses.Select(answer => (answer.Key, (OpenApiResponse)answer.Value)))
        {
            response.Description = s_answers.GetValueOrDefault(status, response.Description ?? "");
            if (status.StartsWith('4') || status.StartsWith('5'))
            {
                response.Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Problem", document) },
                };
            }

            if (status is "409" or "503")
            {
                AddHeader(response, "Retry-After", JsonSchemaType.Integer, "Số giây nên chờ trước khi gửi lại; ở 409 chỉ có khi gửi lại nguyên yêu cầu thì có thể thành công (not-known-yet, changed-meanwhile, idempotency-in-progress).", "1");
            }

            if (status is "202")
            {
                AddHeader(response, "Location", JsonSchemaType.String, "Địa chỉ để theo dõi.", null);
                AddHeader(response, "Retry-After", JsonSchemaType.Integer, "Số giây nên chờ trước khi hỏi lại.", "2");
            }

            if (status is "201")
            {
                AddHeader(response, "Location", JsonSchemaType.String, "Địa chỉ của điều vừa tạo.", null);
            }
        }
    }

    private static void AddETag(OpenApiOperation operation)
    {
        foreach (var (_, response) in operation.Responses!.Where(answer => answer.Key.StartsWith('2') || answer.Key == "304"))
        {
            AddHeader((OpenApiResponse)response, "ETag", JsonSchemaType.String, "Trạng thái của dữ liệu; gửi lại trong If-Match khi thay đổi.", ApiParameters.TagExample);
        }
    }

    private static void AddHeader(OpenApiResponse response, string name, JsonSchemaType type, string description, string? example)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = type },
            Example = example is null ? null : type == JsonSchemaType.Integer ? JsonNode.Parse(example) : JsonValue.Create(example),
        };
    }
}
