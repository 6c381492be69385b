using System.Text.Json.Nodes;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests;

/// <summary>
/// What an integrator finds in the API document. It is read from the approved file, which a test over the running system keeps
/// equal to what the gateway serves.
/// </summary>
public sealed class ApiDescriptionTests
{
    private static readonly JsonObject s_document = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "ThiDua.Tests", "Approved", "openapi.approved.json")))!.AsObject();
    private static readonly IReadOnlyList<DescribedOperation> s_operations = DescribedOperation.All(s_document);

    [Fact]
    public void Every_operation_is_described_in_full()
    {
        Assert.NotEmpty(s_operations);
        Nothing.In(s_operations.SelectMany(operation => operation.Lacks().Select(lack => $"{operation}: {lack}")));
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own() =>
        Nothing.In(s_operations.GroupBy(operation => operation.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same)}"));

    [Fact]
    public void Examples_have_the_form_that_the_document_gives() =>
        Nothing.In(s_operations.SelectMany(operation => operation.WrongExamples().Select(problem => $"{operation}: {problem}")));

    [Fact]
    public void Only_an_operation_that_checks_If_Match_answers_that_it_failed()
    {
        Nothing.In(s_operations.Where(operation => (operation.Takes("If-Match") || operation.Takes("Tus-Resumable")) != operation.Answers.ContainsKey("412")).Select(operation => $"{operation}: 412"));
        Nothing.In(s_operations.Where(operation => operation.Requires("If-Match") != operation.Answers.ContainsKey("428")).Select(operation => $"{operation}: 428"));
        Assert.Contains(s_operations, operation => operation.Requires("If-Match"));
        Assert.Contains(s_operations, operation => operation.Takes("If-Match") && !operation.Requires("If-Match"));
    }

    /// <summary>Whoever has to send an ETag finds it in the answer to a GET of the same thing.</summary>
    [Fact]
    public void What_is_changed_with_If_Match_can_be_read_with_its_ETag()
    {
        var readable = s_operations.Where(operation => operation.Sends("ETag")).Select(operation => operation.ToString()).ToHashSet(StringComparer.Ordinal);
        var blind = s_operations.Where(operation => operation.Takes("If-Match"))
            .Select(operation => operation.ToString())
            .Where(changed => !readable.Any(read => read.StartsWith("GET ", StringComparison.Ordinal) && $"{changed[changed.IndexOf('/', StringComparison.Ordinal)..]}/".StartsWith($"{read[4..]}/", StringComparison.Ordinal)));

        Nothing.In(blind);
    }

    [Fact]
    public void When_to_try_again_is_said_where_it_may_help() =>
        Nothing.In(s_operations.Where(operation => operation.Answers.Any(answer => answer.Key is "409" or "503" && answer.Value!["headers"]?["Retry-After"] is null)).Select(operation => operation.ToString()));

    [Fact]
    public void A_file_is_described_by_the_types_that_it_has() =>
        Nothing.In(s_operations.Where(operation => operation.Answers.Any(answer => answer.Value!["content"]?["application/octet-stream"] is not null)).Select(operation => operation.ToString()));

    [Fact]
    public void What_belongs_to_a_unit_may_not_be_there_for_another() =>
        Nothing.In(s_operations.Where(operation => operation.Named("query").Contains("unit") && !operation.Answers.ContainsKey("404")).Select(operation => operation.ToString()));

    [Fact]
    public void A_key_is_taken_only_where_the_answer_is_kept() =>
        Assert.False(s_operations.Single(operation => operation.ToString() == "POST /api/v1/read-only").Takes("Idempotency-Key"));

    [Fact]
    public void Every_list_says_of_what() =>
        Nothing.In(s_document["components"]!["schemas"]!.AsObject().Where(schema => Lists(schema.Value).Any(list => list["items"] is null)).Select(schema => schema.Key));

    private static IEnumerable<JsonObject> Lists(JsonNode? node) => node switch
    {
        JsonObject schema => schema.SelectMany(member => Lists(member.Value)).Concat(IsList(schema["type"]) ? [schema] : []),
        JsonArray several => several.SelectMany(Lists),
        _ => [],
    };

    private static bool IsList(JsonNode? type) => type switch
    {
        JsonArray types => types.Any(IsList),
        JsonValue name => name.TryGetValue<string>(out var text) && text == "array",
        _ => false,
    };
}
