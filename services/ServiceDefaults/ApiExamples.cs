using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// One example of an operation's request and of its answer, for the API document. They stand beside the endpoints:
/// <c>SeasonEndpoints.examples.json</c>, embedded, has a member for each method of <c>SeasonEndpoints</c>.
/// </summary>
/// <param name="Body">Null: the operation takes none.</param>
/// <param name="Answer">Null: the operation answers without content.</param>
internal sealed record ApiExamples(JsonNode? Body, JsonNode? Answer)
{
    private static readonly ConcurrentDictionary<Type, JsonObject?> s_files = new();

    /// <summary>Null: the file has none for this endpoint.</summary>
    /// <exception cref="JsonException">The file is not JSON.</exception>
    public static ApiExamples? Of(MethodInfo endpoint) =>
        s_files.GetOrAdd(endpoint.DeclaringType!, Read)?[endpoint.Name] is { } examples ? new ApiExamples(examples["body"], examples["answer"]) : null;

    public static JsonNode Problem() => s_files.GetOrAdd(typeof(Problem), Read)!.DeepClone();

    /// <summary>A file of examples that cannot be read is a mistake of ours: the process does not start with it.</summary>
    public static void Check(IEndpointRouteBuilder app)
    {
        foreach (var endpoint in app.DataSources.SelectMany(source => source.Endpoints).Select(endpoint => endpoint.Metadata.GetMetadata<MethodInfo>()).OfType<MethodInfo>())
        {
            Of(endpoint);
        }
    }

    public void AddTo(OpenApiOperation operation)
    {
        foreach (var content in operation.RequestBody?.Content?.Values ?? [])
        {
            content.Example ??= Body?.DeepClone();
        }

        foreach (var content in operation.Responses!.Where(answer => answer.Key.StartsWith('2')).SelectMany(answer => answer.Value.Content?.Values ?? []))
        {
            content.Example ??= Answer?.DeepClone();
        }
    }

    private static JsonObject? Read(Type endpoints)
    {
        using var file = endpoints.Assembly.GetManifestResourceStream(endpoints, $"{endpoints.Name}.examples.json");
        return file is null ? null : JsonNode.Parse(file)!.AsObject();
    }
}
