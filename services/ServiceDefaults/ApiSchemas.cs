using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>What our own converters and rules hide from the generator of schemas: text, exact decimals, members that may be absent.</summary>
internal static class ApiSchemas
{
    public static void Describe(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? member)
    {
        if (Of(type.Type) is { } plain)
        {
            schema.Type = plain.Format is null ? schema.Type ?? plain.Type : plain.Type;
            schema.Format ??= plain.Format;
            schema.Pattern = null;
            schema.Description ??= (member?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).FirstOrDefault() as DescriptionAttribute)?.Description ?? plain.Description;
        }

        if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element })
        {
            schema.Items ??= Of(element);
        }

        if (type is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } value })
        {
            schema.AdditionalProperties ??= Of(value);
        }

        // What is not known is left out of an answer, and may be left out of a request.
        if (type.Kind == JsonTypeInfoKind.Object && schema.Required is { Count: > 0 } required)
        {
            required.ExceptWith(type.Properties.Where(property => !property.IsRequired && property.IsGetNullable).Select(property => property.Name));
        }
    }

    private static OpenApiSchema? Of(Type type) =>
        type == typeof(string) ? new OpenApiSchema { Type = JsonSchemaType.String }
        : type == typeof(decimal) ? Decimal(JsonSchemaType.String)
        : type == typeof(decimal?) ? Decimal(JsonSchemaType.String | JsonSchemaType.Null)
        : null;

    private static OpenApiSchema Decimal(JsonSchemaType type) => new()
    {
        Type = type,
        Format = "decimal",
        Description = "Số thập phân chính xác, dấu chấm, ví dụ \"12.50\"; khi gửi lên có thể viết như số.",
    };
}
