using System.Text.Json.Nodes;
using ThiDua.Replay;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.Play;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Tests.Replay;

public sealed class SeasonResultTests
{
    [Theory]
    [InlineData("""{"a": 1, "b": [1, 2]}""", """{"b": [1, 2], "a": 1}""", null)]
    [InlineData("""{"a": "1.00"}""", """{"a": "1.0"}""", "/a")]
    [InlineData("""{"a": [1, 2]}""", """{"a": [2, 1]}""", "/a/0")]
    [InlineData("""{"a": [1]}""", """{"a": [1, 2]}""", "/a")]
    [InlineData("""{"a": null}""", "{}", "/a")]
    [InlineData("""{"a": {"b": [{"c": 1}]}}""", """{"a": {"b": [{"c": 2}]}}""", "/a/b/0/c")]
    public void Results_are_compared_by_value(string one, string other, string? where)
    {
        var difference = SeasonResult.FirstDifference(JsonNode.Parse(one), JsonNode.Parse(other));

        Assert.Equal(where is null, SeasonResult.Equal(JsonNode.Parse(one), JsonNode.Parse(other)));
        Assert.Equal(where, difference?.Split(':')[0]);
    }

    /// <summary>What the services answer, in their order and with members of their own, becomes the published result.</summary>
    [Fact]
    public async Task What_the_services_answer_becomes_the_published_result()
    {
        var (file, errors) = SeasonFileCheck.Check(PlantedSeason.Plant(PlantedSeason.Seed, _ => { }));
        Assert.Empty(errors);
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(PlantedSeason.PathOf("01-seed-cluster.expected.json"), TestContext.Current.CancellationToken))!;
        using var gateway = new FakeGateway(asked => FakeGateway.Json(AnswerTo(asked.Request, expected).ToJsonString()));
        using var cast = new Cast(new SampleAccounts("secret"));
        var reading = new ResultReading(file!, "2023-2", cast, gateway.Client(), new Progress(TextWriter.Null, TimeProvider.System));

        var result = await reading.ReadAsync(new Dictionary<string, string> { ["C1"] = "cluster-1" }, TestContext.Current.CancellationToken);

        Assert.Null(SeasonResult.FirstDifference(expected, result));
        Assert.DoesNotContain("2023-2", result.ToJsonString(), StringComparison.Ordinal); // the file's own code, whatever it was played under
    }

    [Theory]
    [InlineData("1", "1.00")]
    [InlineData("\"12.5\"", "12.50")]
    [InlineData("\"128.000\"", "128.00")]
    public void Amounts_have_two_decimals(string written, string amount) => Assert.Equal(amount, ResultReading.Amount(System.Text.Json.JsonElement.Parse(written)));

    [Fact]
    public void A_third_decimal_is_not_hidden() =>
        Assert.Throws<InvalidDataException>(() => ResultReading.Amount(System.Text.Json.JsonElement.Parse("\"1.005\"")));

    private static JsonNode AnswerTo(string request, JsonNode expected)
    {
        var path = request.Split(' ')[1].Split('?')[0];
        var answer = path switch
        {
            "/api/v1/rankings/cluster-1" => expected["clusters"]![0]!.DeepClone(),
            "/api/v1/nominations" => new JsonObject { ["items"] = Reversed(expected["nominations"]!), ["next"] = null },
            "/api/v1/government-flag-proposals/2023-2" => expected["government_flag"]!.DeepClone(),
            "/api/v1/rotation-signals" => new JsonObject { ["rotation"] = Reversed(expected["rotation"]!) },
            _ => throw new InvalidOperationException($"Nobody should ask for {request}."),
        };
        if (path == "/api/v1/rankings/cluster-1")
        {
            answer["version"] = 1;
            answer["ranking"] = Reversed(answer["ranking"]!);
        }

        return answer;
    }

    private static JsonArray Reversed(JsonNode items) => new([.. items.AsArray().Reverse().Select(item =>
    {
        var copy = item!.DeepClone();
        copy["explanation"] = "…";
        return copy;
    })]);
}
