using System.Text.Json.Nodes;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>Indicators are told with the decision, by thresholds that are data.</summary>
public sealed class IndicatorEndpointsTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    [Fact]
    public async Task A_decision_tells_its_indicators_once_and_with_every_version_anew()
    {
        await using var collected = await service.CollectAsync<ClusterIndicatorsComputed>();
        await using var results = await service.CollectAsync<ClusterResultDecided>();
        var season = new ScoringSeason(service, "IND");
        await season.AppraisedAsync();
        using var head = service.As(Roles.AppraisalHead, subject: "decides");
        (await season.Appraiser.GetJson($"rankings/{season.Cluster}/indicators")).Expect(409, "not-decided");
        (await ScoringSeason.KnownAsync(() => head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ 5" }))).Expect(200);

        // Three sheets of three declared lines each: too few lines to speak of formalism.
        var seen = (await season.Appraiser.GetJson($"rankings/{season.Cluster}/indicators")).Expect(200);
        Assert.Equal((3, 0, 9, 6, 9, 9), ((int)seen["sheets"], (int)seen["returned_sheets"], (int)seen["lines"], (int)seen["evidenced_lines"], (int)seen["compared_lines"], (int)seen["unchanged_lines"]));
        Assert.Null(seen.Json!["formalism"]);
        Assert.StartsWith("Chưa đủ số liệu", (string)seen["explanation"][0]!, StringComparison.Ordinal);
        var fact = await collected.FirstAsync(message => message.ClusterId == season.Cluster);
        Assert.Equal((1, 9, null), (fact.ResultVersion, fact.UnchangedLines, fact.Formalism));
        var result = await results.FirstAsync(message => message.ClusterId == season.Cluster);
        Assert.Equal(40m, result.Max);
        Assert.All(result.Ranking, unit => Assert.Equal((unit.Total, unit.Total), (unit.SelfTotal, unit.ReviewTotal)));

        // With a smaller sample in the rule the same sheets say that the layers never differ.
        (await head.PostJson("indicator-rules", Thresholds(leastLines: 9))).Expect(201);
        (await head.PostJson($"rankings/{season.Cluster}/reopen", new { reason = "Số liệu công bố lại" })).Expect(200);
        (await head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ 6" })).Expect(200);
        var second = await collected.FirstAsync(message => message.ClusterId == season.Cluster && message.ResultVersion == 2);
        Assert.True(second.Formalism);
        Assert.Contains("9/9 dòng tiêu chí", second.Explanation[0], StringComparison.Ordinal);
        Assert.Equal(2, (int)(await season.Head.GetJson($"rankings/{season.Cluster}/indicators")).Expect(200)["result_version"]);
    }

    [Fact]
    public async Task Only_the_agency_and_the_auditor_read_them()
    {
        foreach (var role in Roles.All)
        {
            using var client = service.As(role, role is Roles.UnitClerk or Roles.UnitHead ? "A" : null);
            var open = role is Roles.Appraiser or Roles.AppraisalHead or Roles.Auditor;
            Assert.Equal(open ? 404 : 403, (await client.GetJson($"rankings/{Guid.CreateVersion7()}/indicators")).Status);
            Assert.Equal(open ? 200 : 403, (await client.GetJson("indicator-rules")).Status);
        }
    }

    [Fact]
    public async Task A_rule_names_all_its_thresholds_and_everything_that_is_wrong_is_said_at_once()
    {
        using var head = service.As(Roles.AppraisalHead);
        var body = Thresholds(leastLines: 9);
        body["thresholds"]!["unchanged_percent"] = "101";
        body["thresholds"]!.AsObject().Remove("least_sheets");
        body["thresholds"]!["extra"] = 1;
        body.Remove("basis");

        var answer = (await head.PostJson("indicator-rules", body)).Expect(422);

        Assert.Equal(
            [("MISSING_PROPERTY", "/basis"), ("MISSING_PROPERTY", "/thresholds/least_sheets"), ("OUT_OF_RANGE", "/thresholds/unchanged_percent"), ("UNKNOWN_PROPERTY", "/thresholds/extra")],
            answer.Errors);
    }

    private static JsonObject Thresholds(int leastLines) => JsonNode.Parse($$$"""
        {"valid_from": "2026-01-01", "basis": "KH 15/KH-SNV", "thresholds": {"least_sheets": 3, "least_lines": {{{leastLines}}}, "unchanged_percent": "95",
         "high_percent": "98", "narrow_percent": "1", "count_published": false, "document_marks": ["BC", "biên bản"]}}
        """)!.AsObject();
}
