using System.Globalization;
using Microsoft.OpenApi;

namespace ThiDua.Clusters.Endpoints;

/// <summary>A day in an address, in the form 2025-07-01 and no other: 03/04/2026 would be read by guess.</summary>
public readonly record struct IsoDate(DateOnly Day)
{
    public static bool TryParse(string? text, IFormatProvider? provider, out IsoDate date)
    {
        var parsed = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        date = new IsoDate(day);
        return parsed;
    }

    public override string ToString() => Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal static class IsoDates
{
    /// <summary>Shows the endpoint's days in the API document as what they are: dates.</summary>
    public static RouteHandlerBuilder WithDates(this RouteHandlerBuilder endpoint, params string[] parameters) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameters.Contains(parameter.Name)) ?? [])
            {
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" };
            }

            return Task.CompletedTask;
        });
}
