using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>A service's part of the gateway's API document (OpenAPI 3.1): roles, errors and exact numbers as they really are.</summary>
internal static class ApiDocument
{
    private static readonly (string Status, string Description)[] s_everywhere =
    [
        ("400", "Yêu cầu không đọc được"), ("401", "Chưa đăng nhập"), ("403", "Không có quyền"), ("503", "Tạm thời chưa sẵn sàng"),
    ];

    private static readonly (string Status, string Description)[] s_onChange =
    [
        ("409", "Trạng thái hiện tại không cho phép, hoặc dữ kiện chưa tới (not-known-yet)"), ("412", "Dữ liệu đã được người khác thay đổi"), ("422", "Nội dung không hợp lệ; errors nêu từng chỗ"), ("428", "Thiếu If-Match"),
    ];

    private static readonly (string Status, string Description)[] s_onReading = [("404", "Không tìm thấy, hoặc không được xem"), ("422", "Tham số không hợp lệ; errors nêu từng chỗ")];

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(decimal) || context.JsonTypeInfo.Type == typeof(decimal?))
            {
                schema.Type = context.JsonTypeInfo.Type == typeof(decimal) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
                schema.Format = "decimal";
                schema.Pattern = null;
                schema.Description ??= "Số thập phân chính xác, dấu chấm, ví dụ \"12.50\".";
            }

            // A converter of ours reads text, which hides from the generator that it is text.
            if (context.JsonTypeInfo.Type == typeof(string))
            {
                schema.Type ??= JsonSchemaType.String;
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, ct) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault() is { DeclaringType: { } endpoints } method)
            {
                operation.OperationId ??= $"{endpoints.Name.Replace("Endpoints", "", StringComparison.Ordinal)}_{method.Name}";
            }

            operation.Responses ??= [];
            var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), parameterDescription: null, ct);
            context.Document?.AddComponent("Problem", problem);
            var isChange = context.Description.HttpMethod is not ("GET" or "HEAD");
            var ofReading = operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true ? s_onReading : s_onReading[..1];
            foreach (var (status, description) in s_everywhere.Concat(isChange ? s_onChange : ofReading))
            {
                if (!operation.Responses.ContainsKey(status))
                {
                    operation.Responses[status] = new OpenApiResponse { Description = description };
                }
            }

            foreach (var (status, response) in operation.Responses)
            {
                if (status.StartsWith('4') || status.StartsWith('5'))
                {
                    ((OpenApiResponse)response).Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference("Problem", context.Document) },
                    };
                }
            }

            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AllowedRoles>().LastOrDefault() is { } allowed)
            {
                operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
                operation.Extensions["x-roles"] = new JsonNodeExtension(new JsonArray([.. allowed.Roles.Select(role => JsonValue.Create(role))]));
            }

            if (isChange)
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = UnitOfWork.KeyHeader,
                    In = ParameterLocation.Header,
                    Description = "Khóa do bên gọi đặt; gửi lại cùng khóa thì nhận lại đúng câu trả lời cũ, không thực hiện lần hai.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = UnitOfWork.MaximumKeyLength },
                });
            }
        });
    });
}
