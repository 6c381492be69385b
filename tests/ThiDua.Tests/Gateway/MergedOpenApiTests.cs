using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ThiDua.Gateway.OpenApi;

namespace ThiDua.Tests.Gateway;

public sealed class MergedOpenApiTests
{
    private const string Problem = """{"type":"object","properties":{"code":{"type":"string"}}}""";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    // Both have a Page and a View that refers to it; the Pages differ, the Views differ only by what they refer to.
    private static readonly JsonObject Clusters = Document("/api/v1/units", "List", "string");
    private static readonly JsonObject Scoring = Document("/api/v1/score-sheets", "List", "integer");

    [Fact]
    public void Equal_schemas_stand_once_and_different_ones_are_named_after_their_service()
    {
        var merged = MergedDocument.Of([("clusters", Clusters), ("scoring", Scoring)]);

        var schemas = merged["components"]!["schemas"]!.AsObject();
        Assert.Equal(["Page", "Problem", "ScoringPage", "ScoringView", "View"], schemas.Select(schema => schema.Key).Order(StringComparer.Ordinal));
        Assert.Equal("#/components/schemas/View", AnswerOf(merged, "/api/v1/units"));
        Assert.Equal("#/components/schemas/ScoringView", AnswerOf(merged, "/api/v1/score-sheets"));
        Assert.Equal("#/components/schemas/ScoringPage", schemas["ScoringView"]!["properties"]!["page"]!["$ref"]!.GetValue<string>());
        Assert.Equal("integer", schemas["ScoringPage"]!["properties"]!["size"]!["type"]!.GetValue<string>());
    }

    [Fact]
    public void Every_reference_leads_to_a_component_and_every_operation_has_an_id_of_its_own()
    {
        var merged = MergedDocument.Of([("clusters", Clusters), ("scoring", Scoring)]);

        var references = Descendants(merged).OfType<JsonObject>().Where(node => node["$ref"] is JsonValue).Select(node => node["$ref"]!.GetValue<string>()).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(reference.Split('/').Skip(1).Aggregate((JsonNode?)merged, (node, part) => node?[part])));
        var ids = Descendants(merged).OfType<JsonObject>().Select(node => node["operationId"]?.GetValue<string>()).OfType<string>().ToList();
        Assert.Equal(["List", "ScoringList"], ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_what_the_outside_can_call_is_described_and_how_to_sign_in()
    {
        var merged = MergedDocument.Of([("clusters", Clusters), ("scoring", Scoring)]);

        Assert.Equal(["/api/v1/score-sheets", "/api/v1/units"], merged["paths"]!.AsObject().Select(path => path.Key));
        Assert.StartsWith("3.1", merged["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("/", merged["servers"]![0]!["url"]!.GetValue<string>());
        Assert.Equal("/connect/token", merged["components"]!["securitySchemes"]!["oauth2"]!["flows"]!["clientCredentials"]!["tokenUrl"]!.GetValue<string>());
        Assert.NotNull(merged["components"]!["securitySchemes"]!["oauth2"]!["flows"]!["authorizationCode"]);
        Assert.Equal("thidua", (string?)merged["paths"]!["/api/v1/units"]!["get"]!["security"]![0]!["oauth2"]![0]);
        Assert.Equal(["score-sheets", "units"], merged["tags"]!.AsArray().Select(tag => tag!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_gateway_serves_one_document_of_all_services_and_remembers_it()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        var asked = 0;
        foreach (var (name, service) in gateway.Services)
        {
            service.Answer = context =>
            {
                Interlocked.Increment(ref asked);
                Assert.Equal("/openapi/v1.json", context.Request.Path);
                return context.Response.WriteAsync(Document($"/api/v1/{name}", "Get" + name, "string").ToJsonString());
            };
        }

        using var caller = gateway.Caller();
        using var first = await caller.GetAsync("/openapi/v1.json", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await caller.SendAsync(again, Cancel);

        var document = await first.Content.ReadFromJsonAsync<JsonObject>(Cancel);
        Assert.Equal([.. gateway.Services.Keys.Append("read-only").Order(StringComparer.Ordinal)], document!["paths"]!.AsObject().Select(path => path.Key["/api/v1/".Length..])); // one operation is the gateway's own
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(5, asked);
    }

    [Fact]
    public async Task A_document_with_a_part_missing_is_not_served_until_the_part_is_there()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(("Gateway:OpenApiRefreshSeconds", "0"));
        foreach (var (name, service) in gateway.Services)
        {
            service.Answer = context => context.Response.WriteAsync(Document($"/api/v1/{name}", "Get" + name, "string").ToJsonString());
        }

        var whole = gateway.Services["awards"].Answer;
        gateway.Services["awards"].Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        using var caller = gateway.Caller();

        using var early = await caller.GetAsync("/openapi/v1.json", Cancel);
        await GatewayUnderTest.AssertProblemAsync(early, HttpStatusCode.ServiceUnavailable, "unavailable");
        gateway.Services["awards"].Answer = whole;
        using var later = await caller.GetAsync("/openapi/v1.json", Cancel);
        await gateway.Services["awards"].DisposeAsync();
        using var withoutAwards = await caller.GetAsync("/openapi/v1.json", Cancel);

        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal(HttpStatusCode.OK, withoutAwards.StatusCode); // the part it gave before
    }

    [Fact]
    public async Task The_page_to_try_the_api_needs_nothing_from_outside()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var caller = gateway.Caller();

        using var start = await caller.GetAsync("/", Cancel);
        var html = await caller.GetStringAsync("/docs/", Cancel);

        Assert.Equal("/docs", start.Headers.Location?.ToString());
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        var scripts = html.Split("src=\"").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            using var answer = await caller.GetAsync(new Uri(new Uri(gateway.Address, "/docs/"), script), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static string AnswerOf(JsonObject merged, string path) =>
        merged["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();

    private static IEnumerable<JsonNode?> Descendants(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(member => Descendants(member.Value)).Prepend(item),
        JsonArray list => list.SelectMany(Descendants),
        _ => [],
    };

    private static JsonObject Document(string path, string operation, string sizeType) => JsonNode.Parse($$$"""
        {
          "openapi": "3.1.1",
          "info": { "title": "a service", "version": "1" },
          "paths": {
            "{{{path}}}": {
              "get": {
                "operationId": "{{{operation}}}",
                "security": [ { "bearer": [] } ],
                "responses": {
                  "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/View" } } } },
                  "404": { "description": "?", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } }
                }
              }
            },
            "/internal": { "get": { "responses": { "200": { "description": "not for the outside" } } } }
          },
          "components": {
            "schemas": {
              "Problem": {{{Problem}}},
              "Page": { "type": "object", "properties": { "size": { "type": "{{{sizeType}}}" } } },
              "View": { "type": "object", "properties": { "page": { "$ref": "#/components/schemas/Page" } } }
            },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }
          }
        }
        """)!.AsObject();
}
