using System.Text.Json.Nodes;
using ThiDua.Contracts.Clusters;
using ThiDua.Recovery;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>A message may come twice, or while its receiver is dead: it takes effect once.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class DeliveryTests(SharedSystem shared)
{
    [Theory]
    [InlineData("scoring")]
    [InlineData("awards")]
    [InlineData("documents")]
    public async Task A_message_delivered_twice_to_a_service_that_was_killed_takes_effect_once(string service)
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        await using var bus = new MessageBus(system.BrokerAddress);
        var formed = new ClusterFormed
        {
            ClusterId = Guid.CreateVersion7(),
            Season = season.Code,
            Code = $"{season.Code}-X",
            Name = "Khối gửi hai lần",
            Kind = "KHOI",
            Leader = season.Leader,
            Deputy = season.Deputy,
            Members = [.. season.Units.Select(unit => new ClusterMember { Unit = unit, Name = unit, Category = "HC", Level = "TINH" })],
            Version = 1,
        };
        var id = Guid.CreateVersion7();

        await system.KillAsync(service);
        await bus.PublishAsync(formed, id);
        await bus.PublishAsync(formed, id);
        await system.RestartAsync(service);
        await system.UntilReadyAsync();
        await bus.PublishAsync(formed, id);

        // A later message shows that the queue has been worked off.
        var last = Guid.CreateVersion7();
        await bus.PublishAsync(formed with { ClusterId = Guid.CreateVersion7(), Code = $"{season.Code}-Y" }, last);
        await Eventually.TrueAsync(async () => (await EffectsAsync(season.Auditor, service, last)).Count > 0, "the last message took effect");
        Assert.Single(await EffectsAsync(season.Auditor, service, id));
        Assert.True(await system.MetricAsync(service, "thidua_inbox_duplicates") >= 2); // and what it had not acknowledged when it died
    }

    /// <summary>After a restore the broker is empty, and what it had confirmed goes out once more.</summary>
    [Fact]
    public async Task What_was_sent_is_kept_and_has_no_second_effect_when_it_is_sent_again()
    {
        var system = await shared.Running;
        using var season = await SmallSeason.CreateAsync(system);
        var data = await SystemData.RunningAsync(system.DataDirectory, TestContext.Current.CancellationToken);
        var formed = await Eventually.AnswerAsync(() => SentAsync(data, season.ClusterId), ids => ids.Count == 1, "the cluster's formation is sent");
        await Eventually.TrueAsync(async () => (await EffectsAsync(season.Auditor, "awards", formed[0])).Count == 1, "it took effect");
        var before = await system.MetricAsync("awards", "thidua_inbox_duplicates");

        Assert.True(await new RestoredDatabase(data).SendAgainAsync(TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken) > 0);

        await Eventually.TrueAsync(async () => (await SentAsync(data, season.ClusterId)).Count == 1, "it is sent again, and kept again");
        await Eventually.TrueAsync(async () => await system.MetricAsync("awards", "thidua_inbox_duplicates") > before, "it came a second time");
        Assert.Single(await EffectsAsync(season.Auditor, "awards", formed[0]));
    }

    private static async Task<IReadOnlyList<Guid>> SentAsync(SystemData data, string cluster)
    {
        await using var source = data.Open("clustersdb");
        await using var command = source.CreateCommand("select id from sent_messages where type like '%.ClusterFormed' and body ->> 'ClusterId' = $1");
        command.Parameters.AddWithValue(cluster);
        return await command.ReadAsync(row => row.GetGuid(0), TestContext.Current.CancellationToken);
    }

    private static async Task<JsonArray> EffectsAsync(HttpClient auditor, string service, Guid message) =>
        (await auditor.GetJson($"journal/{service}?subject=Message/{message}")).Expect(200)["items"].AsArray();
}
