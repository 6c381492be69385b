using System.Text.Json.Nodes;

namespace ThiDua.Tests.WholeSystem;

/// <summary>One operation as the approved document describes it, and what an integrator would miss in the description.</summary>
public sealed class DescribedOperation(JsonObject document, string method, string path, JsonObject operation)
{
    /// <summary>Everything that the document describes.</summary>
    public static IReadOnlyList<DescribedOperation> All(JsonObject document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           where operation.Value is JsonObject described && described.ContainsKey("responses")
           select new DescribedOperation(document, operation.Key, path.Key, operation.Value!.AsObject()),
    ];

    public string Method { get; } = method.ToUpperInvariant();

    /// <summary>With its parameters in braces.</summary>
    public string Path { get; } = path;

    public string? Id => (string?)operation["operationId"];

    /// <summary>The roles that it says it is open to.</summary>
    public IReadOnlyList<string> Roles { get; } = [.. (operation["x-roles"] as JsonArray ?? []).Select(role => (string)role!)];

    public IReadOnlyList<JsonObject> Parameters { get; } = [.. (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject())];

    /// <summary>What it takes as a body, by media type; none when it takes no body.</summary>
    public IReadOnlyDictionary<string, JsonObject> Bodies { get; } =
        (operation["requestBody"]?["content"] as JsonObject ?? []).ToDictionary(content => content.Key, content => content.Value!.AsObject(), StringComparer.Ordinal);

    public JsonObject Answers => operation["responses"]!.AsObject();

    public bool Takes(string header) => Parameters.Any(parameter => (string?)parameter["name"] == header && (string?)parameter["in"] == "header");

    public bool Requires(string header) => Parameters.Any(parameter => (string?)parameter["name"] == header && (bool?)parameter["required"] == true);

    public bool Sends(string header) => Answers.Any(answer => answer.Key.StartsWith('2') && answer.Value!["headers"]?[header] is not null);

    public IEnumerable<string> Lacks()
    {
        if (string.IsNullOrWhiteSpace((string?)operation["summary"]))
        {
            yield return "summary";
        }

        if (Id is null)
        {
            yield return "operationId";
        }

        // Open to everybody: no roles and, as OpenAPI has it, an empty list of what must be shown.
        var needed = Operation.Open.Contains(ToString()) ? 0 : 1;
        foreach (var list in new[] { "x-roles", "security" }.Where(list => operation[list] is not JsonArray array || Math.Min(array.Count, 1) != needed).Concat(operation["tags"] is JsonArray { Count: > 0 } ? [] : ["tags"]))
        {
            yield return list;
        }

        foreach (var parameter in Parameters.Where(parameter => string.IsNullOrWhiteSpace((string?)parameter["description"])))
        {
            yield return $"description of {parameter["name"]}";
        }

        foreach (var (what, content) in Contents())
        {
            if (content["example"] is null)
            {
                yield return $"example of {what}";
            }

            if (content["schema"] is not JsonObject schema || IsAnything(schema))
            {
                yield return $"schema of {what}";
            }
        }
    }

    /// <summary>Examples that are not of the form that the document itself gives.</summary>
    public IEnumerable<string> WrongExamples() =>
        from content in Contents()
        where content.Media["example"] is not null
        from problem in new SchemaForm(document).Problems(content.Media["example"], content.Media["schema"]!.AsObject(), content.What)
        select problem;

    /// <summary>Its parameters that stand there: query, header …</summary>
    public IEnumerable<string> Named(string place) => Parameters.Where(parameter => (string?)parameter["in"] == place).Select(parameter => (string)parameter["name"]!);

    public override string ToString() => $"{Method} {Path}";

    private IEnumerable<(string What, JsonObject Media)> Contents() =>
        Of("body", operation["requestBody"])
            .Concat(Answers.Where(answer => answer.Key.StartsWith('2')).SelectMany(answer => Of(answer.Key, answer.Value)));

    private static IEnumerable<(string What, JsonObject Media)> Of(string what, JsonNode? part) =>
        part?["content"]?.AsObject().Select(content => (what, content.Value!.AsObject())) ?? [];

    private static bool IsAnything(JsonObject schema) => schema.Count == 0 || (string?)schema["$ref"] == "#/components/schemas/JsonElement";
}
