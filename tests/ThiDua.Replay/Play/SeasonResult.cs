using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Replay.Play;

/// <summary>A season result as a JSON document: how it is written, and when two of them say the same.</summary>
public static class SeasonResult
{
    private static readonly JsonSerializerOptions _written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode result) => result.ToJsonString(_written) + "\n";

    /// <summary>The same values, whatever the order of an object's members; lists are ordered.</summary>
    public static bool Equal(JsonNode? a, JsonNode? b) => FirstDifference(a, b) is null;

    /// <summary>The JSON pointer of the first difference, with both values; null when there is none.</summary>
    public static string? FirstDifference(JsonNode? a, JsonNode? b) => Difference(a, b, "");

    private static string? Difference(JsonNode? a, JsonNode? b, string path) => (a, b) switch
    {
        (JsonObject left, JsonObject right) => left.Select(member => member.Key).Union(right.Select(member => member.Key), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => left.ContainsKey(name) && right.ContainsKey(name)
                ? Difference(left[name], right[name], $"{path}/{name}")
                : $"{path}/{name}: only in the {(left.ContainsKey(name) ? "first" : "second")}")
            .FirstOrDefault(found => found is not null),
        (JsonArray left, JsonArray right) when left.Count == right.Count =>
            left.Select((item, index) => Difference(item, right[index], $"{path}/{index}")).FirstOrDefault(found => found is not null),
        (JsonArray left, JsonArray right) => $"{path}: {left.Count} items, {right.Count} items",
        _ when JsonNode.DeepEquals(a, b) => null,
        _ => $"{path}: {Text(a)} is not {Text(b)}",
    };

    private static string Text(JsonNode? value) => value?.ToJsonString(_written) ?? "null";
}
