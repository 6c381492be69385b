using System.Text.Json.Nodes;

namespace ThiDua.Gateway.OpenApi;

/// <summary>
/// One OpenAPI document out of those of the services. Components of the same name and content are shared (the problem
/// schema stands there once); of the same name and other content, the later one is renamed after its service.
/// </summary>
public static class MergedDocument
{
    private const string ComponentReference = "#/components/";
    private static readonly string[] PublicPaths = ["/api/", "/connect/"];

    /// <param name="documents">Name of the service and its document, in the order in which they win names.</param>
    public static JsonObject Of(IEnumerable<(string Service, JsonObject Document)> documents)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var components = new JsonObject();
        var tags = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        var operationIds = new HashSet<string>(StringComparer.Ordinal);

        foreach (var (service, original) in documents)
        {
            var document = (JsonObject)original.DeepClone();
            MergeComponents(components, document, PascalCase(service));
            foreach (var tag in document["tags"]?.AsArray() ?? [])
            {
                tags.TryAdd(tag!["name"]!.GetValue<string>(), tag.DeepClone());
            }

            foreach (var (path, item) in document["paths"]?.AsObject() ?? [])
            {
                if (PublicPaths.Any(start => path.StartsWith(start, StringComparison.Ordinal)))
                {
                    paths.TryAdd(path, []);
                    MergePath(paths[path], path, item!.AsObject(), service, operationIds, tags);
                }
            }
        }

        components["securitySchemes"] = SecuritySchemes();
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "ThiDua",
                ["version"] = "v1",
                ["description"] = "Giao diện lập trình của hệ thống thi đua, khen thưởng cấp tỉnh: cụm, khối thi đua, chấm điểm, xếp hạng, đề nghị khen thưởng và minh chứng. "
                    + "Lỗi theo RFC 9457 với mã tiếng Anh ổn định ở `code`; số thập phân là chuỗi; thời điểm theo ISO 8601 có múi giờ.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = Security(),
            ["tags"] = new JsonArray([.. tags.Values]),
            ["paths"] = new JsonObject(paths.Select(path => KeyValuePair.Create(path.Key, (JsonNode?)path.Value))),
            ["components"] = components,
        };
    }

    private static void MergePath(
        JsonObject into,
        string path,
        JsonObject item,
        string service,
        HashSet<string> operationIds,
        SortedDictionary<string, JsonNode> tags)
    {
        foreach (var (method, value) in item)
        {
            if (into.ContainsKey(method))
            {
                continue; // the same operation in several services, told apart by a part of its path (journal/{service})
            }

            var merged = value!.DeepClone();
            into[method] = merged;
            if (merged is not JsonObject operation || operation["responses"] is null)
            {
                continue; // parameters, summary: not an operation
            }

            // Said at each operation too: not every generator of clients looks at the document's own.
            operation["security"] = operation["x-roles"] is JsonArray { Count: 0 } ? new JsonArray() : Security(); // open to everybody
            foreach (var (status, answer) in OwnAnswers())
            {
                operation["responses"]!.AsObject().TryAdd(status, answer);
            }

            if (operation["operationId"]?.GetValue<string>() is { } id && !operationIds.Add(id))
            {
                operation["operationId"] = PascalCase(service) + id;
                operationIds.Add(PascalCase(service) + id);
            }

            if (operation["tags"] is not JsonArray { Count: > 0 })
            {
                operation["tags"] = new JsonArray(path.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(part => part is "api" or "v1").First());
            }

            foreach (var tag in operation["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()))
            {
                tags.TryAdd(tag, new JsonObject { ["name"] = tag });
            }
        }
    }

    private static void MergeComponents(JsonObject into, JsonObject document, string prefix)
    {
        if (document["components"] is not JsonObject sections)
        {
            return;
        }

        sections.Remove("securitySchemes");
        var names = sections.SelectMany(section => section.Value!.AsObject().Select(component => $"{section.Key}/{component.Key}")).ToList();
        var renamed = Differing(into, sections, names);
        foreach (var reference in References(document).ToList())
        {
            var name = reference["$ref"]!.GetValue<string>()[ComponentReference.Length..];
            if (renamed.Contains(name))
            {
                reference["$ref"] = ComponentReference + Renamed(name, prefix);
            }
        }

        foreach (var name in names)
        {
            var (section, key) = Split(renamed.Contains(name) ? Renamed(name, prefix) : name);
            if (into[section] is not JsonObject)
            {
                into[section] = new JsonObject();
            }

            into[section]![key] ??= Component(sections, name)!.DeepClone();
        }
    }

    // A component that refers to a renamed one is another one too, though its own text is the same: hence the fixed point.
    private static HashSet<string> Differing(JsonObject into, JsonObject sections, List<string> names)
    {
        var differing = names
            .Where(name => Component(into, name) is { } present && !JsonNode.DeepEquals(present, Component(sections, name)))
            .ToHashSet(StringComparer.Ordinal);
        int known;
        do
        {
            known = differing.Count;
            differing.UnionWith(names.Where(name =>
                Component(into, name) is not null
                && References(Component(sections, name)).Any(reference => differing.Contains(reference["$ref"]!.GetValue<string>()[ComponentReference.Length..]))));
        }
        while (differing.Count > known);
        return differing;
    }

    private static IEnumerable<JsonObject> References(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(member => References(member.Value))
            .Concat(item["$ref"] is JsonValue reference && reference.GetValue<string>().StartsWith(ComponentReference, StringComparison.Ordinal) ? [item] : []),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Component(JsonObject sections, string name)
    {
        var (section, key) = Split(name);
        return (sections[section] as JsonObject)?[key];
    }

    private static string Renamed(string name, string prefix)
    {
        var (section, key) = Split(name);
        return $"{section}/{prefix}{key}";
    }

    private static (string Section, string Key) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return (name[..slash], name[(slash + 1)..]);
    }

    private static string PascalCase(string service) => char.ToUpperInvariant(service[0]) + service[1..];

    private static JsonArray Security() => new(new JsonObject { ["oauth2"] = new JsonArray("thidua") });

    /// <summary>What the gateway answers by itself, whatever the operation.</summary>
    private static IEnumerable<(string Status, JsonObject Answer)> OwnAnswers()
    {
        (string, string)[] answers = [("429", "Gửi quá nhiều yêu cầu"), ("502", "Dịch vụ phía sau không trả lời đúng"), ("504", "Dịch vụ phía sau trả lời quá lâu")];
        foreach (var (status, description) in answers)
        {
            var answer = new JsonObject
            {
                ["description"] = description,
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"{ComponentReference}schemas/Problem" } } },
            };
            if (status is "429")
            {
                answer["headers"] = new JsonObject
                {
                    ["Retry-After"] = new JsonObject { ["description"] = "Số giây nên chờ trước khi gửi lại.", ["schema"] = new JsonObject { ["type"] = "integer" }, ["example"] = 1 },
                };
            }

            yield return (status, answer);
        }
    }

    private static JsonObject SecuritySchemes()
    {
        static JsonObject Scopes() => new() { ["thidua"] = "Sử dụng hệ thống ThiDua theo vai trò của tài khoản" };
        return new JsonObject
        {
            ["oauth2"] = new JsonObject
            {
                ["type"] = "oauth2",
                ["description"] = "Hệ thống dùng client_credentials; người dùng đăng nhập bằng authorization code với PKCE.",
                ["flows"] = new JsonObject
                {
                    ["clientCredentials"] = new JsonObject { ["tokenUrl"] = "/connect/token", ["scopes"] = Scopes() },
                    ["authorizationCode"] = new JsonObject
                    {
                        ["authorizationUrl"] = "/connect/authorize",
                        ["tokenUrl"] = "/connect/token",
                        ["scopes"] = Scopes(),
                    },
                },
            },
        };
    }
}
