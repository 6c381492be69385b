using System.Text;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;
using ThiDua.Contracts.Clusters;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Administration;

/// <summary>What could not be handled is listed, put back and given up, and is never lost on the way.</summary>
public sealed class FailedMessageTests(FailingHost host) : IClassFixture<FailingHost>
{
    private const string Path = "failed-messages/scoring";
    private const string Reason = "Đã sửa lỗi theo phiếu 118";

    [Fact]
    public async Task What_failed_is_listed_without_its_content_put_back_and_takes_effect_once()
    {
        using var admin = host.As(Roles.Admin);
        using var auditor = host.As(Roles.Auditor);
        Guid[] ids = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        await host.WhileBrokenAsync(async () =>
        {
            foreach (var id in ids)
            {
                await host.PublishAsync(host.Fact("Cụm của Nguyễn Văn Kín"), id);
            }

            await FailedAsync(admin, 2);
        });

        var listed = (await auditor.GetJson(Path)).Expect(200);
        Assert.Equal(ids.Order(), listed["items"].AsArray().Select(item => (Guid)item!["id"]!).Order());
        var one = listed["items"][0]!;
        Assert.Equal(("ClusterFormed", 0), ((string?)one["type"], (int)one["put_back"]!));
        Assert.EndsWith("PostgresException", (string?)one["reason"], StringComparison.Ordinal);
        Assert.StartsWith("ThiDua.Scoring.", (string?)one["place"], StringComparison.Ordinal);
        Assert.Equal(32, ((string)one["trace_id"]!).Length);
        Assert.DoesNotContain("Nguyễn", listed.Text, StringComparison.Ordinal);
        Assert.Single((await auditor.GetJson($"{Path}?limit=1")).Expect(200)["items"].AsArray());
        (await auditor.PostJson($"{Path}/retry", new { reason = Reason })).Expect(403);

        Assert.Equal([ids[0]], (await admin.PostJson($"{Path}/{ids[0]}/retry", new { reason = Reason })).Expect(200)["messages"].AsArray().Select(id => (Guid)id!));
        (await admin.PostJson($"{Path}/{ids[0]}/retry", new { reason = Reason })).Expect(404);
        Assert.Equal([ids[1]], (await admin.PostJson($"{Path}/retry", new { reason = Reason })).Expect(200)["messages"].AsArray().Select(id => (Guid)id!));
        await FailedAsync(admin, 0);
        foreach (var id in ids)
        {
            await host.EventuallyAsync(async () => await host.EffectsAsync(id) == 1, "it took effect");
            var rows = (await auditor.GetJson($"journal/scoring?subject=Message/{id}")).Expect(200)["items"].AsArray();
            Assert.Contains(rows, row => (string?)row!["action"] == "put back failed messages" && (string?)row["reason"] == Reason);
        }
    }

    [Fact]
    public async Task Who_dies_between_putting_back_and_taking_off_loses_nothing_and_nothing_counts_twice()
    {
        using var admin = host.As(Roles.Admin);
        var id = Guid.CreateVersion7();
        await host.WhileBrokenAsync(async () =>
        {
            await host.PublishAsync(host.Fact("Cụm"), id);
            await FailedAsync(admin, 1);
        });

        // The journal cannot be written: the message has been put back by then, and must stay here as well.
        await host.SqlAsync("alter table journal add constraint nothing_now check (action <> 'put back failed messages') not valid");
        Assert.NotEqual(200, (await admin.PostJson($"{Path}/retry", new { reason = Reason })).Status);
        await host.SqlAsync("alter table journal drop constraint nothing_now");
        await host.EventuallyAsync(async () => await host.EffectsAsync(id) == 1, "what was put back took effect");
        await FailedAsync(admin, 1);

        (await admin.PostJson($"{Path}/retry", new { reason = Reason })).Expect(200);
        await FailedAsync(admin, 0);
        Assert.Equal(1, await host.EffectsAsync(id));
    }

    [Fact]
    public async Task What_is_no_message_at_all_comes_back_counted_and_can_be_given_up()
    {
        using var admin = host.As(Roles.Admin);
        await host.SendRubbishAsync("{\"không phải\": \"thông điệp của Trần Thị Ẩn\"}");
        var listed = await FailedAsync(admin, 1);
        var id = (Guid)listed["items"][0]!["id"]!;
        Assert.Equal("unknown", (string?)listed["items"][0]!["type"]);

        (await admin.PostJson($"{Path}/{id}/retry", new { reason = Reason })).Expect(200);
        await Eventually.AnswerAsync(() => admin.GetJson(Path), answer => answer.Json!["items"]!.AsArray() is [{ } item] && (int)item["put_back"]! == 1, "it came back");
        Assert.Equal([("MISSING_REASON", "/reason")], (await admin.PostJson($"{Path}/{id}/discard", new { reason = "" })).Expect(422).Errors);
        (await admin.PostJson($"{Path}/{id}/discard", new { reason = "Không phải thông điệp của hệ thống" })).Expect(200);
        await FailedAsync(admin, 0);
        (await admin.PostJson($"{Path}/{id}/discard", new { reason = Reason })).Expect(404);
    }

    private static Task<ApiAnswer> FailedAsync(HttpClient admin, int count) =>
        Eventually.AnswerAsync(() => admin.GetJson(Path), answer => answer.Status == 200 && (int)answer["count"]! == count, $"{count} messages have failed");
}

/// <summary>A service that can be broken and mended.</summary>
public sealed class FailingHost(Servers servers) : ServiceHost<ScoringDbContext>(servers)
{
    private int _made;

    public ClusterFormed Fact(string name) => new()
    {
        ClusterId = Guid.CreateVersion7(),
        Season = "FAIL",
        Code = $"F{Interlocked.Increment(ref _made)}",
        Name = name,
        Kind = "KHOI",
        Leader = "A",
        Deputy = "B",
        Members = [new ClusterMember { Unit = "A", Name = "A", Category = "HC", Level = "TINH" }, new ClusterMember { Unit = "B", Name = "B", Category = "HC", Level = "TINH" }],
        Version = 1,
    };

    /// <summary>A table is missing meanwhile, as after a migration that was forgotten.</summary>
    public async Task WhileBrokenAsync(Func<Task> work)
    {
        await SqlAsync("alter table clusters rename to clusters_away");
        await work();
        await SqlAsync("alter table clusters_away rename to clusters");
    }

    public Task SqlAsync(string sql) => WithDatabaseAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    /// <summary>How often a message took effect.</summary>
    public Task<int> EffectsAsync(Guid message) => WithDatabaseAsync(db =>
    {
        var subject = $"Message/{message}";
        return db.Set<JournalEntry>().CountAsync(entry => entry.Subjects.Contains(subject) && entry.Action.StartsWith("message "));
    });

    public async Task SendRubbishAsync(string body)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(BrokerAddress) }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await channel.BasicPublishAsync("", Name, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
    }
}
