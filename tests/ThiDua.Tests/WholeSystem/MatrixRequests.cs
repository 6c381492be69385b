using System.Text.Json.Nodes;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Spreadsheets;

namespace ThiDua.Tests.WholeSystem;

/// <summary>A request of an operation that names things of a scene.</summary>
internal sealed record MatrixRequest(HttpMethod Method, string Path, Func<object?> Body, string? ETag, Dictionary<string, string> Headers);

/// <summary>
/// Requests that reach the decision whether the caller may: the example that the document itself gives, about things of the scene.
/// </summary>
internal sealed class MatrixRequests(JsonObject document, MatrixScene scene)
{
    private static readonly HashSet<string> s_withinBodies = new(StringComparer.Ordinal) { "bonus", "deductions", "criterion", "document_date" };

    /// <param name="operation">What is asked for.</param>
    /// <param name="things">Ids, by noun.</param>
    /// <param name="isWhole">As somebody sends it who means it; otherwise with a body that no operation takes, and of a state long gone.</param>
    public MatrixRequest Of(Operation operation, IReadOnlyDictionary<string, string> things, bool isWhole = true)
    {
        var season = scene.SeasonOf(operation);
        var described = document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!.AsObject();
        var parameters = described["parameters"]?.AsArray().Select(parameter => parameter!.AsObject()).ToList() ?? [];
        var query = parameters.Where(parameter => (string?)parameter["in"] == "query")
            .Select(parameter => (Name: (string)parameter["name"]!, Value: QueryValue((string)parameter["name"]!, season, (bool?)parameter["required"] == true)))
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}").ToList();
        var takesIfMatch = parameters.Exists(parameter => (string?)parameter["in"] == "header" && (string?)parameter["name"] == "If-Match");
        var isTus = operation.Path.StartsWith("/api/v1/documents/uploads", StringComparison.Ordinal);
        return new MatrixRequest(
            new HttpMethod(operation.Method),
            operation.With(things) + (query.Count > 0 ? $"?{string.Join('&', query)}" : ""),
            () => BodyOf(operation, described, season, isWhole),
            !takesIfMatch || operation.Method == "GET" ? null : isWhole ? scene.ETagOf(operation) : "\"0\"",
            isTus && isWhole ? Tus(season) : []);
    }

    private static Dictionary<string, string> Tus(SmallSeason season) => new(StringComparer.Ordinal)
    {
        ["Tus-Resumable"] = "1.0.0",
        ["Upload-Length"] = "1000",
        ["Upload-Offset"] = "0",
        ["Upload-Metadata"] = TusClient.Metadata(season.Member, "Báo cáo.pdf", "application/pdf", "I.1", season.Code),
    };

    private static string? QueryValue(string name, SmallSeason season, bool isRequired) => name switch
    {
        "season" => season.Code,
        "limit" => "200",
        "unit" when isRequired => season.Member,
        "criterion" when isRequired => "I.1",
        "filename" => "Minh chứng.pdf",
        "reason" => "Theo hồ sơ",
        _ => null,
    };

    private object? BodyOf(Operation operation, JsonObject described, SmallSeason season, bool isWhole)
    {
        if (operation.Path.EndsWith("/workbook", StringComparison.Ordinal) || operation.Path.EndsWith("/workbook/check", StringComparison.Ordinal))
        {
            return operation.Method == "GET" ? null : new ByteArrayContent(WorkbookFiles.WithRows("")) { Headers = { ContentType = new(WorkbookBuilder.ContentType) } };
        }

        if (described["requestBody"]?["content"]?.AsObject() is not { } content)
        {
            return null;
        }

        if (content["application/json"] is not { } json)
        {
            var type = content.First().Key;
            return new StringContent("%PDF-1.4 minh chứng\n%%EOF") { Headers = { ContentType = new(type) } };
        }

        return !isWhole ? "{}" : ((JsonNode?)Special(operation, season) ?? About(json["example"]!, season)).ToJsonString();
    }

    // Examples that name more than a season, a unit and a cluster.
    private JsonObject? Special(Operation operation, SmallSeason season) => operation.ToString()["/api/v1".Length..] switch
    {
        _ when operation.Path == "/api/v1/papers" => new JsonObject { ["kind"] = "SCORE_SUMMARY", ["season"] = season.Code, ["cluster"] = season.ClusterCode, ["letterhead"] = season.Code },
        _ when operation is { Path: "/api/v1/criteria-tables", Method: "POST" } => new JsonObject { ["season"] = season.Code, ["clusters"] = new JsonArray(season.ClusterCode), ["table"] = scene.Table.DeepClone() },
        _ when operation is { Path: "/api/v1/criteria-tables/{id}", Method: "PUT" } => new JsonObject { ["clusters"] = new JsonArray(season.ClusterCode), ["table"] = scene.Table.DeepClone() },
        _ => null,
    };

    /// <summary>The example, with things of the season in the place of its own.</summary>
    private JsonNode About(JsonNode example, SmallSeason season)
    {
        switch (example)
        {
            case JsonObject members:
                var copy = new JsonObject();
                foreach (var (name, value) in members.Where(member => !s_withinBodies.Contains(member.Key)))
                {
                    copy[name] = Named(name, value, season) ?? (value is null ? null : About(value, season));
                }

                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => item is null ? null : About(item, season))]);
            default:
                return example.DeepClone();
        }
    }

    private JsonNode? Named(string name, JsonNode? value, SmallSeason season) => (name, value) switch
    {
        ("season", _) => season.Code,
        ("unit" or "host", JsonValue) => season.Member,
        ("cluster", JsonValue) => season.ClusterCode,
        ("clusters", JsonArray and [JsonValue, ..]) => new JsonArray(season.ClusterCode),
        ("criteria", JsonArray and [JsonValue, ..]) => new JsonArray("I.1"),
        ("lines", JsonArray) => new JsonArray(),
        ("inputs", JsonObject) => new JsonObject { ["I.1"] = new JsonObject { ["count"] = 5 } },
        ("notes", JsonObject) => new JsonObject { ["I.1"] = "Theo hồ sơ" },
        ("attendance", JsonObject) => new JsonObject([.. season.Units.Select(unit => KeyValuePair.Create<string, JsonNode?>(unit, "PRESENT"))]),
        ("type", JsonValue) when (string?)value == "HOC_TAP_KINH_NGHIEM" => "KHAC",
        ("hash", _) => scene.CovenantHash,
        ("topic", JsonValue) => "TAX",
        ("provider", _) => season.Member,
        ("nomination_id", _) => scene.Things["nominations"],
        ("nominations", JsonArray) => new JsonArray(scene.Things["nominations"]),
        ("council", _) => scene.Things["councils"],
        _ => null,
    };
}
