using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.Fuzzing;

/// <summary>Changes of a JSON document that leave it one: members go, come twice, change places or become something else.</summary>
internal sealed class JsonMutation(Random random, ByteMutation bytes)
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 10_000 };

    public byte[] Change(byte[] input, byte[] other)
    {
        try
        {
            return ChangeTree(input, other);
        }
        catch (InvalidOperationException)
        {
            return bytes.Change(input, other); // a text of half a pair is JSON, and cannot be written again
        }
    }

    private byte[] ChangeTree(byte[] input, byte[] other)
    {
        if (Parse(input) is not { } root)
        {
            return bytes.Change(input, other);
        }

        var nodes = Nodes(root);
        var strangers = Parse(other) is { } second ? Nodes(second) : nodes;
        for (var steps = 1 << random.Next(3); steps > 0; steps--)
        {
            Step(nodes[random.Next(nodes.Count)], strangers[random.Next(strangers.Count)]);
        }

        var changed = JsonSerializer.SerializeToUtf8Bytes(root, s_options);
        return random.Next(8) == 0 ? bytes.Change(changed, other) : changed;
    }

    private static JsonNode? Parse(byte[] json)
    {
        try
        {
            var root = JsonNode.Parse(json);
            _ = root is null ? 0 : Nodes(root).Count; // duplicate names are found only now
            return root;
        }
        catch (Exception reason) when (reason is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<JsonNode> Nodes(JsonNode root)
    {
        var found = new List<JsonNode> { root };
        for (var at = 0; at < found.Count; at++)
        {
            found.AddRange(found[at] switch
            {
                JsonObject members => members.Select(member => member.Value).OfType<JsonNode>(),
                JsonArray items => items.OfType<JsonNode>(),
                _ => [],
            });
        }

        return found;
    }

    private void Step(JsonNode node, JsonNode stranger)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                var name = node.GetPropertyName();
                switch (random.Next(4))
                {
                    case 0:
                        parent.Remove(name);
                        break;
                    case 1:
                        parent.Remove(name);
                        parent[bytes.Word()] = node;
                        break;
                    default:
                        parent[name] = random.Next(3) == 0 ? stranger.DeepClone() : Value(node);
                        break;
                }

                break;
            case JsonArray parent:
                var index = node.GetElementIndex();
                switch (random.Next(5))
                {
                    case 0:
                        parent.RemoveAt(index);
                        break;
                    case 1:
                        parent.Insert(random.Next(parent.Count + 1), node.DeepClone());
                        break;
                    case 2:
                        parent.Insert(index, stranger.DeepClone());
                        break;
                    default:
                        parent[index] = Value(node);
                        break;
                }

                break;
        }
    }

    private JsonNode? Value(JsonNode node)
    {
        switch (random.Next(12))
        {
            case 0: return null;
            case 1: return random.Next(2) == 0;
            case 2: return random.Next(-2, 200);
            case 3: return new[] { decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, -0.0m, 100.000m, 33.333333m }[random.Next(6)];
            case 4: return new JsonArray();
            case 5: return new JsonObject();
            case 6: return bytes.Word();
            case 7: return node.ToJsonString();
            case 8:
                JsonNode deep = new JsonArray();
                for (var depth = random.Next(80); depth > 0; depth--)
                {
                    deep = new JsonArray(deep);
                }

                return deep;
            case 9: return JsonNode.Parse(new[] { "1e400", "-1e-400", "123456789012345678901234567890123456789", "0.1e1", "1E+2", "1e28", "7e-28" }[random.Next(7)]);
            case 10: return new string('đ', random.Next(5000));
            default: return node is JsonValue value && value.TryGetValue<string>(out var text) ? text + bytes.Word() : random.Next();
        }
    }
}
