using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Compares JSON with a schema, as far as the services' schemas go: types, members, enumerations, references.</summary>
internal sealed class SchemaForm(JsonObject document)
{
    public IEnumerable<string> Problems(JsonNode? value, JsonObject schema, string at)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, part) => node?[part]) is JsonObject named
                ? Problems(value, named, at)
                : [$"{at}: {reference} leads nowhere"];
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return choices.Any(choice => !Problems(value, choice!.AsObject(), at).Any()) ? [] : [$"{at}: none of the forms allowed"];
        }

        if (schema["enum"] is JsonArray allowed)
        {
            return allowed.Any(one => JsonNode.DeepEquals(one, value)) ? [] : [$"{at}: {value?.ToJsonString()} is not one of {allowed.ToJsonString()}"];
        }

        return HasType(value, schema["type"])
            ? value switch
            {
                JsonObject members => OfMembers(members, schema, at),
                JsonArray items when schema["items"] is JsonObject item => items.SelectMany((one, index) => Problems(one, item, $"{at}/{index}")),
                _ => [],
            }
            : [$"{at}: {value?.ToJsonString()} is not {schema["type"]!.ToJsonString()}"];
    }

    private IEnumerable<string> OfMembers(JsonObject members, JsonObject schema, string at)
    {
        var known = schema["properties"] as JsonObject ?? [];
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name)))
        {
            yield return $"{at}/{name}: missing";
        }

        foreach (var (name, value) in members)
        {
            if ((known[name] ?? schema["additionalProperties"]) is JsonObject form)
            {
                foreach (var problem in Problems(value, form, $"{at}/{name}"))
                {
                    yield return problem;
                }
            }
            else if (known.Count > 0)
            {
                yield return $"{at}/{name}: not described";
            }
        }
    }

    private static bool HasType(JsonNode? value, JsonNode? type) => type switch
    {
        null => true,
        JsonArray types => types.Any(one => HasType(value, one)),
        _ => (string?)type switch
        {
            "integer" => value?.GetValueKind() == JsonValueKind.Number && !value.ToJsonString().Contains('.', StringComparison.Ordinal),
            "number" => value?.GetValueKind() == JsonValueKind.Number,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "string" => value?.GetValueKind() == JsonValueKind.String,
            "array" => value is JsonArray,
            "object" => value is JsonObject,
            "null" => value is null,
            var other => throw new NotSupportedException($"Type {other} in a schema of ours is new; compare it here."),
        },
    };
}
