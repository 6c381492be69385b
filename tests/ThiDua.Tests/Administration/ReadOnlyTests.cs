using System.Collections.Concurrent;
using ThiDua.Clusters.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Administration;

/// <summary>A service that is switched to read-only: nothing is committed once the switch has answered.</summary>
public sealed class ReadOnlyTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private const string Reason = "Khóa số liệu cuối mùa";

    [Fact]
    public async Task Changes_are_refused_and_all_else_goes_on()
    {
        using var admin = host.As(Roles.Admin, subject: "quan-tri");
        using var auditor = host.As(Roles.Auditor);
        (await admin.PostJson("units", Unit("BEFORE"), idempotencyKey: "before")).Expect(200);

        var frozen = (await SwitchAsync(admin, true)).Expect(200);
        Assert.True((bool)frozen["read_only"]!);
        Assert.Equal("quan-tri", (string?)frozen["by"]);
        var refused = (await admin.PostJson("units", Unit("WHILE"))).Expect(409, "read-only");
        Assert.Contains(Reason, (string?)refused["detail"], StringComparison.Ordinal);
        (await auditor.PostJson("units", Unit("WHILE"))).Expect(403); // but for who may ask at all

        // What was done before is still answered; what was not is not done.
        Assert.Equal("true", (await admin.PostJson("units", Unit("BEFORE"), idempotencyKey: "before")).Expect(200).Headers["Idempotency-Replayed"]);
        (await admin.PostJson("units", Unit("WHILE"), idempotencyKey: "while")).Expect(409, "read-only");
        (await auditor.GetJson("units")).Expect(200);
        (await admin.GetJson("failed-messages/clusters")).Expect(200);

        Assert.Equal((string?)frozen["since"], (string?)(await SwitchAsync(admin, true)).Expect(200)["since"]); // it is so already
        (await SwitchAsync(admin, false)).Expect(200);
        (await admin.PostJson("units", Unit("AFTER"), idempotencyKey: "while")).Expect(200); // the key was used up by nothing

        var rows = (await auditor.GetJson("journal/clusters?subject=ReadOnlyState/1&limit=200")).Expect(200)["items"].AsArray().Where(row => (string?)row!["actor"] == "quan-tri").ToList();
        Assert.Equal([Reason, Reason], rows.Select(row => (string?)row!["reason"]));
    }

    [Fact]
    public async Task Nothing_is_committed_after_the_switch_has_answered()
    {
        using var admin = host.As(Roles.Admin);
        for (var round = 0; round < 5; round++)
        {
            using var stop = new CancellationTokenSource();
            var answers = new ConcurrentBag<int>();
            var writers = Enumerable.Range(0, 8).Select(async writer =>
            {
                for (var number = 0; !stop.IsCancellationRequested; number++)
                {
                    answers.Add((await admin.PostJson("units", Unit($"R{round}-{writer}-{number}"))).Status);
                }
            }).ToList();
            await Eventually.TrueAsync(() => answers.Count > 30, "changes are on their way");

            (await SwitchAsync(admin, true)).Expect(200);
            var atOnce = await CountAsync();
            await Eventually.TrueAsync(() => answers.Count(status => status == 409) > 30, "changes are refused");
            await stop.CancelAsync();
            await Task.WhenAll(writers);

            Assert.Equal(atOnce, await CountAsync());
            Assert.All(answers, status => Assert.Contains(status, new[] { 200, 409 }));
            (await SwitchAsync(admin, false)).Expect(200);
        }
    }

    [Fact]
    public async Task It_takes_a_reason_and_a_role()
    {
        using var admin = host.As(Roles.Admin);
        using var clerk = host.As(Roles.UnitClerk, "U");
        Assert.Equal([("MISSING_REASON", "/reason")], (await admin.PostJson("read-only/clusters", new { read_only = true, reason = " " })).Expect(422).Errors);
        (await admin.PostJson("read-only/clusters", new { read_only = true })).Expect(400, "malformed-json");
        (await clerk.PostJson("read-only/clusters", new { read_only = true, reason = Reason })).Expect(403);
        Assert.False((bool)(await clerk.GetJson("read-only/clusters")).Expect(200)["read_only"]!);
    }

    private static object Unit(string code) => new { units = new[] { new { code, name = $"Đơn vị {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" } } };

    private static Task<ApiAnswer> SwitchAsync(HttpClient admin, bool on) => admin.PostJson("read-only/clusters", new { read_only = on, reason = Reason });

    private Task<int> CountAsync() => host.WithDatabaseAsync(db => Task.FromResult(db.Units.Count()));
}
