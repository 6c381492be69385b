using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ThiDua.ServiceDefaults;

/// <summary>What every process of the system does the same way, whatever its business.</summary>
public static class ServiceDefaultsExtensions
{
    private const long DefaultRequestBodyLimit = 8 * 1024 * 1024;

    /// <param name="builder">The process.</param>
    /// <param name="service">The name that AppHost gives it: its queue, its journal and its telemetry carry it.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        VietnameseText.RequireUnicode();

        var services = builder.Services;
        services.AddSingleton(new ServiceIdentity(service));
        services.TryAddSingleton(TimeProvider.System); // whoever hosts the process may have set another clock before
        services.AddHttpContextAccessor();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Limits:RequestBody", DefaultRequestBodyLimit);
        });

        builder.AddTelemetry(service);
        ProcessStart.Announce();
        builder.AddTokenAuthentication();
        services.AddProblems();
        services.AddApiDocument();
        services.ConfigureHttpJsonOptions(json => ConfigureJson(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]).AddCheck<Draining>("draining");
        HealthGauge.AddTo(services);
    }

    /// <summary>The JSON of every request, answer, message and stored document.</summary>
    public static void ConfigureJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false));
        json.Converters.Add(new DecimalConverter());
        json.Converters.Add(new NormalizedTextConverter());
        json.Converters.Add(new JsonAsSentConverter());
        json.RespectNullableAnnotations = true;
        json.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(RequireWhatIsNotNullable);
    }

    // A request that leaves out what its record does not call nullable is refused; without this it would arrive as null or zero.
    private static void RequireWhatIsNotNullable(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { IsNullable: false, HasDefaultValue: false })
            {
                property.IsRequired = true;
            }
        }
    }

    public static void UseServiceDefaults(this WebApplication app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint().AllowAnonymous();
    }

    /// <summary>
    /// The service's endpoints under <c>/api/v1</c>. Each change runs in one transaction together with its journal rows,
    /// its messages and, when the caller sent an <c>Idempotency-Key</c>, its answer.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="map">Its endpoints.</param>
    /// <param name="led">Journal scopes of the clusters that a unit leads or is deputy of; none where the service knows no clusters.</param>
    /// <param name="administers">All that the service does is administration, which goes on while the system is read-only.</param>
    public static void MapApi<TContext>(
        this WebApplication app, Action<RouteGroupBuilder> map, Func<TContext, string, CancellationToken, Task<List<string>>>? led = null, bool administers = false)
        where TContext : DbContext
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseRequestText();
        app.UseMiddleware<IdempotentBodyMiddleware>();
        var service = app.Services.GetRequiredService<ServiceIdentity>();
        var api = app.MapGroup("/api/v1").AddEndpointFilter<UnitOfWorkFilter<TContext>>();
        map(api);
        api.MapJournal(service, led);
        if (!administers)
        {
            api.WithMetadata(new RefusedWhileReadOnly());
            api.MapReadOnly(service);
        }

        if (app.Services.GetService<BrokerAddress>() is not null)
        {
            api.MapFailedMessages(service);
        }

        app.RequireDeclaredRoles();
        ApiExamples.Check(app);
    }

    private static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live"), ResponseWriter = WriteHealthAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteHealthAsync }).AllowAnonymous();
    }

    // The checks' names and states only: an exception's text may hold an address.
    private static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new { status = report.Status.ToString(), checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), data = entry.Value.Data }) });
}

/// <summary>Which service this process is.</summary>
public sealed record ServiceIdentity(string Name);

/// <summary>Decimals travel as strings, "12.50", and are read from strings or numbers as written.</summary>
internal sealed class DecimalConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => JsonElement.ParseValue(ref reader).GetRawText(),
            _ => null,
        };
        return text is not null && ExactDecimal.TryParse(text, out var number) ? number : throw new JsonException("Phải là số thập phân (ví dụ 12.5), tối đa 28 chữ số.");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>Text enters in NFC, whatever keyboard or file it came from.</summary>
internal sealed class NormalizedTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? VietnameseText.Normalize(reader.GetString()!) : throw new JsonException("Phải là chuỗi ký tự.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
