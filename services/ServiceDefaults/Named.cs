using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>One of the names of <typeparamref name="T"/> in an address, in UPPER_SNAKE form and no other.</summary>
public readonly record struct Named<T>(T Value)
    where T : struct, Enum
{
    [SuppressMessage("Design", "CA1000", Justification = "The framework binds a parameter by the TryParse of its type.")]
    public static bool TryParse(string? text, IFormatProvider? provider, out Named<T> named)
    {
        var known = UpperSnake.TryParse<T>(text, out var value);
        named = new Named<T>(value);
        return known;
    }
}

/// <summary>Names in the API document.</summary>
public static class NamedChoices
{
    /// <summary>Shows in the API document which names the parameter may have.</summary>
    public static RouteHandlerBuilder WithNames<T>(this RouteHandlerBuilder endpoint, string parameter)
        where T : struct, Enum =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var found in operation.Parameters?.OfType<OpenApiParameter>().Where(found => found.Name == parameter) ?? [])
            {
                found.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. UpperSnake.All<T>().Select(name => (JsonNode)name!)],
                };
            }

            return Task.CompletedTask;
        });
}
