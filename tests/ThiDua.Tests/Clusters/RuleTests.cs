using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class RuleTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Fact]
    public async Task A_rule_is_read_by_the_day_on_which_it_is_asked_for()
    {
        using var head = host.As(Roles.AppraisalHead);
        var rule = await head.GetJson("rules/CLUSTER_SIZE/2000-01-01");
        (await head.PutJson("rules/CLUSTER_SIZE/2000-01-01", new { label = "Quy mô", value = new { min = 3, max = 20 }, valid_to = "2026-12-31", basis = "F-32" }, rule.ETag)).Expect(200);
        (await head.PostJson("rules", new { code = "CLUSTER_SIZE", label = "Quy mô", value = new { min = 5, max = 15 }, valid_from = "2027-01-01", basis = "QĐ 7" })).Expect(201);

        Assert.Equal(new ClusterSizeLimits(3, 20), await OnAsync("2026-12-31"));
        Assert.Equal(new ClusterSizeLimits(5, 15), await OnAsync("2027-01-01"));
        Assert.Equal("no-rule", (await Assert.ThrowsAsync<RuleViolationException>(() => OnAsync("1999-12-31"))).Code);
    }

    [Theory]
    [InlineData("CLUSTER_SIZE", """{"min":9,"max":3}""", "BAD_VALUE", "/value")]
    [InlineData("CLUSTER_SIZE", """{"min":3}""", "BAD_VALUE", "/value")]
    [InlineData("CLUSTER_SIZE", """{"min":3,"max":9,"top":1}""", "BAD_VALUE", "/value")]
    [InlineData("CLUSTER_SIZE", "7", "BAD_VALUE", "/value")]
    [InlineData("WEATHER", "7", "UNKNOWN_RULE", "/code")]
    public async Task A_value_that_the_rule_cannot_hold_is_refused(string code, string value, string expected, string path)
    {
        using var head = host.As(Roles.AppraisalHead);
        var answer = await head.PostJson("rules", $$"""{"code":"{{code}}","label":"Quy tắc","value":{{value}},"valid_from":"1980-01-01","valid_to":"1980-12-31","basis":"QĐ"}""");
        Assert.Equal((422, expected, path), (answer.Status, (string)answer["errors"][0]!["code"]!, (string)answer["errors"][0]!["path"]!));
    }

    [Fact]
    public async Task Every_rule_that_the_service_knows_starts_with_a_value_it_accepts()
    {
        var rules = (await host.As(Roles.Auditor).GetJson("rules")).Expect(200)["items"].AsArray();
        Assert.Equal(RuleValues.Codes.Order(StringComparer.Ordinal), rules.Select(rule => (string)rule!["code"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.Empty(RuleValues.Problems((string)rule!["code"]!, rule["value"]!.ToJsonString())));
    }

    private Task<ClusterSizeLimits> OnAsync(string day) => host.WithDatabaseAsync(db => db.RuleAsync<ClusterSizeLimits>(Sample.Day(day), TestContext.Current.CancellationToken));
}
