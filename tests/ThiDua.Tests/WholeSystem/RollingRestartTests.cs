using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>
/// Replicas end and come back one after the other while everybody reads and writes: no request fails, and nothing is lost or doubled.
/// <c>./thidua measure restart</c> does it to every service.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class RollingRestartTests(SharedSystem shared)
{
    private const int Readers = 6;
    private const int Writers = 2;
    private static readonly string s_service = Environment.GetEnvironmentVariable("THIDUA_RESTART") ?? "scoring";

    // One of each service, so that whichever restarts is asked.
    private static readonly string[] s_paths = ["seasons", "rankings?season=2000", "award-policies", "retention-periods", "journal/identity?limit=1"];

    [Fact]
    public async Task No_request_fails_while_replicas_restart()
    {
        var system = await shared.Running;
        using var reader = await system.WithAccountAsync("rolling-auditor", ["auditor"]);
        using var writer = await system.AsAsync("admin");
        using var done = new CancellationTokenSource();
        var failures = new ConcurrentBag<string>();
        var (reads, written) = (0, new ConcurrentBag<string>());
        var clock = Stopwatch.StartNew();

        var load = Enumerable.Range(0, Readers).Select(number => RepeatAsync(async turn =>
            {
                Note(await reader.GetJson(s_paths[(turn + number) % s_paths.Length]), failures);
                Interlocked.Increment(ref reads);
            }, done.Token))
            .Concat(Enumerable.Range(0, Writers).Select(number => RepeatAsync(async turn =>
            {
                var account = $"rolling-{number}-{turn}";
                if (Note(await writer.PostJson("accounts", new { accounts = new[] { system.AccountBody(account, ["auditor"]) } }), failures))
                {
                    written.Add(account);
                }
            }, done.Token)))
            .ToList();
        await system.RollAsync(s_service);
        await done.CancelAsync();
        await Task.WhenAll(load);

        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Restarted {s_service} in {clock.Elapsed.TotalSeconds:0.0} s: {reads} reads and {written.Count} writes, {failures.Count} failed."));
        Assert.Empty(failures);
        Assert.NotEmpty(written);
        await Parallel.ForEachAsync(written, TestContext.Current.CancellationToken, async (account, _) => (await writer.GetJson($"accounts/{account}")).Expect(200));
    }

    private static async Task RepeatAsync(Func<int, Task> act, CancellationToken done)
    {
        for (var turn = 0; !done.IsCancellationRequested; turn++)
        {
            await act(turn);
        }
    }

    private static bool Note(ApiAnswer answer, ConcurrentBag<string> failures)
    {
        if (answer.Status == 200)
        {
            return true;
        }

        failures.Add(answer.ToString());
        return false;
    }
}
