using System.Globalization;
using System.Text.Json.Nodes;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Hostile;

/// <summary>Values and whole bodies that a schema of the document allows; those of the examples first, with the codes of a running season in them.</summary>
/// <param name="document">The merged document.</param>
/// <param name="random">Seeded.</param>
internal sealed class SchemaBodies(JsonObject document, Random random)
{
    private static readonly string[] s_units = ["SNV", "STC", "SYT", "STP", "SKHCN", "STTTT"];
    private static readonly string[] s_criteria = ["I.1", "I.2", "II.1", "II.3"];
    private static readonly string[] s_texts = ["Sở", "Số 12/TB-SNV", "Đơn vị “A” & <B>", "e\u0301\u0323", "=1+1", "'; --", "🏆", "a/b", "0", "THU"];

    // Free text: a mark in it shows whether it was kept.
    private static readonly HashSet<string> s_free = new(["reason", "document", "basis", "title", "text", "note", "summary", "outcome", "ground", "answer", "conclusion", "label", "name", "minutes", "provision"], StringComparer.Ordinal);

    /// <summary>A body of this form: an example, with other words, varied within the schema.</summary>
    /// <param name="media">Schema and example.</param>
    /// <param name="words">Of the season that it is about.</param>
    /// <param name="known">Values of members seen in answers before.</param>
    /// <param name="fresh">A new code, where one is to be given.</param>
    /// <param name="variety">Of a hundred members, how many change.</param>
    public JsonNode Body(JsonObject media, Words words, Func<string, string?> known, string? fresh, int variety)
    {
        var body = media["example"] is { } example ? Spoken(example, "", words, known, fresh) : Any(media["schema"]!.AsObject(), 0);
        return Varied(body, media["schema"]!.AsObject(), "", variety)!;
    }

    /// <summary>Writes the mark into the first text of the body that says nothing to the program; false when there is none.</summary>
    public static bool Mark(JsonNode? node, string mark)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (name, value) in item.ToList())
                {
                    if (s_free.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var said) && said.Length < 120)
                    {
                        item[name] = $"{said} {mark}";
                        return true;
                    }
                }

                return item.Any(member => Mark(member.Value, mark));
            case JsonArray list:
                return list.Any(one => Mark(one, mark));
            default:
                return false;
        }
    }

    /// <summary>A value of a parameter of an address, as text.</summary>
    public string Parameter(string name, JsonObject schema, Words words) => name switch
    {
        "season" => words.Season,
        "unit" => One(words.Units),
        "cluster" => (string?)schema["format"] == "uuid" ? words.ClusterId : words.Cluster,
        "criterion" => One(words.Criteria),
        "filename" => "Quyết định.pdf",
        "limit" => random.Next(1, 200).ToString(CultureInfo.InvariantCulture),
        "cursor" => Cursor.Encode($"{One(words.Units)}"),
        _ => Any(schema, 0)?.ToString() ?? "",
    };

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private static JsonNode? Spoken(JsonNode? node, string name, Words words, Func<string, string?> known, string? fresh)
    {
        switch (node)
        {
            case JsonObject item:
                return new JsonObject(item.Select(member => KeyValuePair.Create(Word(member.Key, words), Spoken(member.Value, member.Key, words, known, fresh))).DistinctBy(member => member.Key));
            case JsonArray list:
                return new JsonArray([.. list.Select((one, index) => Spoken(one, name, words, known, fresh is null ? null : $"{fresh}{index}")).DistinctBy(one => one?.ToJsonString())]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(name switch
                {
                    "season" => words.Season,
                    "cluster" or "clusters" => words.Cluster,
                    "code" when fresh is not null && !s_criteria.Contains(text) && text is not ("I" or "II" or "III") && !text.Contains('_', StringComparison.Ordinal) => fresh, // CLUSTER_SIZE is one that there is
                    "nomination_id" => known("nominations") ?? text,
                    "id" or "url" or "email" when fresh is not null => text.Replace("tinh", fresh.ToLowerInvariant(), StringComparison.Ordinal).Replace("SNV", fresh, StringComparison.Ordinal),
                    _ => known(name) ?? Word(text, words),
                });
            default:
                return node?.DeepClone();
        }
    }

    private static string Word(string text, Words words) =>
        Array.IndexOf(s_units, text) is >= 0 and var unit ? words.Units[unit % words.Units.Count]
        : Array.IndexOf(s_criteria, text) is >= 0 and var criterion ? words.Criteria[criterion % words.Criteria.Count]
        : text switch
        {
            "chu-tich-ubnd" => "attack-council_chair",
            "giam-doc-snv" => "attack-council_member",
            _ => text,
        };

    private JsonNode? Varied(JsonNode? node, JsonObject schema, string name, int variety)
    {
        schema = Resolved(schema);
        switch (node)
        {
            case JsonObject item:
                var required = (schema["required"] as JsonArray ?? []).Select(one => (string)one!).ToHashSet(StringComparer.Ordinal);
                var members = (schema["properties"] as JsonObject ?? []).ToDictionary(one => one.Key, one => one.Value!.AsObject(), StringComparer.Ordinal);
                var varied = new JsonObject();
                foreach (var (key, value) in item)
                {
                    if (!members.TryGetValue(key, out var form) && (schema["additionalProperties"] as JsonObject) is { } others)
                    {
                        form = others;
                    }

                    if (required.Contains(key) || !members.ContainsKey(key) || random.Next(100) >= variety / 2)
                    {
                        varied[key] = form is null ? value?.DeepClone() : Varied(value, form, key, variety);
                    }
                }

                foreach (var (key, form) in members.Where(member => !item.ContainsKey(member.Key) && random.Next(100) < variety))
                {
                    varied[key] = Any(form, 1);
                }

                return varied;
            case JsonArray list:
                return new JsonArray([.. list.Select(one => Varied(one, schema["items"] as JsonObject ?? [], name, variety))]);
            default:
                return name is not ("season" or "unit" or "code") && random.Next(100) < variety && schema.Count > 0 ? Any(schema, 1) : node?.DeepClone();
        }
    }

    private JsonNode? Any(JsonObject schema, int depth)
    {
        schema = Resolved(schema);
        if (schema["enum"] is JsonArray allowed)
        {
            return allowed[random.Next(allowed.Count)]?.DeepClone();
        }

        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => (string)type!).Where(type => type != "null" || random.Next(5) == 0).ToList(),
            null => ["string"],
            var single => [(string)single!],
        };
        return One(types) switch
        {
            "null" => null,
            "boolean" => random.Next(2) == 0,
            "integer" => One<int>([0, 1, 2, 5, 10, 12, 100, 2026, 2027, 5000, int.MaxValue, -1]),
            "number" => One<decimal>([0m, 0.5m, 1m, 9.75m, 10m, 100m, 12345.678m, -1m, 1e20m]),
            "array" => new JsonArray([.. Enumerable.Range(0, depth > 3 ? 0 : random.Next(3)).Select(_ => Any(schema["items"] as JsonObject ?? [], depth + 1))]),
            "object" => AnyObject(schema, depth),
            _ => AnyText((string?)schema["format"], types.Contains("number")),
        };
    }

    private JsonObject AnyObject(JsonObject schema, int depth)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(one => (string)one!).ToHashSet(StringComparer.Ordinal);
        var made = new JsonObject((schema["properties"] as JsonObject ?? []).ToList()
            .Where(member => required.Contains(member.Key) || (depth < 4 && random.Next(2) == 0))
            .Select(member => KeyValuePair.Create(member.Key, Any(member.Value!.AsObject(), depth + 1))));
        if (schema["additionalProperties"] is JsonObject others && depth < 4)
        {
            made[One<string>(["I.1", "a", "SELF_SCORING", "X-1"])] = Any(others, depth + 1);
        }

        return made;
    }

    private JsonValue AnyText(string? format, bool isNumber) => JsonValue.Create(format switch
    {
        "date" => new DateOnly(random.Next(2020, 2031), random.Next(1, 13), random.Next(1, 29)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "date-time" => new DateTimeOffset(random.Next(2020, 2031), random.Next(1, 13), random.Next(1, 29), random.Next(24), 0, 0, TimeSpan.FromHours(7)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
        "uuid" => Guid.CreateVersion7().ToString(),
        "decimal" or "double" => One<string>(["0", "0.25", "1", "7.5", "10", "-1", "100000", "0.000001"]),
        _ when isNumber => One<string>(["0", "0.25", "1", "7.5", "10", "-1"]),
        _ => One(s_texts),
    });

    private JsonObject Resolved(JsonObject schema)
    {
        while (true)
        {
            if ((string?)schema["$ref"] is { } reference)
            {
                schema = reference.Split('/').Skip(1).Aggregate((JsonNode)document, (node, part) => node[part]!).AsObject();
            }
            else if (schema["oneOf"] is JsonArray choices)
            {
                schema = One(choices.Where(choice => (string?)choice!["type"] != "null").ToList())!.AsObject();
            }
            else
            {
                return schema;
            }
        }
    }
}
