using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>The API as other departments read it does not change unawares.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class ApiDocumentTests(SharedSystem shared)
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_merged_document_is_the_approved_one()
    {
        using var anybody = (await shared.Running).Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject();
        document.Remove("servers"); // where it runs is no part of the contract

        await Approved.MatchAsync("openapi.approved.json", Sorted(document)!.ToJsonString(s_readable) + "\n");
    }

    [Fact]
    public async Task Every_operation_has_a_summary_and_its_errors()
    {
        using var anybody = (await shared.Running).Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!;
        var lacking =
            from path in document["paths"]!.AsObject()
            where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
            from operation in path.Value!.AsObject().Where(member => member.Value is JsonObject body && body.ContainsKey("responses"))
            let responses = operation.Value!["responses"]!.AsObject()
            let isOpen = Operation.Open.Contains($"{operation.Key.ToUpperInvariant()} {path.Key}")
            where string.IsNullOrWhiteSpace((string?)operation.Value["summary"]) || responses.ContainsKey("401") == isOpen || responses.ContainsKey("403") == isOpen
            select $"{operation.Key} {path.Key}";

        Assert.StartsWith("3.1", (string)document["openapi"]!, StringComparison.Ordinal);
        Nothing.In(lacking);
    }

    [Fact]
    public async Task Every_operation_says_which_roles_it_is_open_to()
    {
        var operations = await Operation.AllAsync(await shared.Running);

        Nothing.In(operations.Where(operation => operation.Roles is null).Select(operation => operation.ToString()));
        Assert.Equal(Operation.Open, operations.Where(operation => operation.IsOpen).Select(operation => operation.ToString()));
    }

    // Services may be merged in any order; the order of members says nothing.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
