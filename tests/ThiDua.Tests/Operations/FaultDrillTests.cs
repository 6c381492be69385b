using System.Diagnostics;
using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Operations;

/// <summary>A fault is told of by its alert within two minutes, and the alert goes when it is mended.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class FaultDrillTests(SharedSystem shared)
{
    private static readonly TimeSpan s_detected = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_resolved = TimeSpan.FromMinutes(5);

    /// <summary><c>./thidua measure faults</c> does them all, and waits until each is over; without the variable it is the one that needs no mending.</summary>
    [Fact, Trait("run", "long")]
    public async Task A_fault_is_detected_within_two_minutes()
    {
        var wanted = Environment.GetEnvironmentVariable("THIDUA_FAULTS");
        var faults = wanted switch { null or "" => [Fault.All[0]], "all" => Fault.All, _ => [.. Fault.All.Where(fault => wanted.Split(',').Contains(fault.Name.Split(':')[0]))] };
        Assert.NotEmpty(faults);
        var system = await shared.Running;
        using var prometheus = new Prometheus(system.Prometheus);
        if (!string.IsNullOrEmpty(wanted))
        {
            using var season = await SmallSeason.CreateAsync(system);
            await season.PlayUntilDecidedAsync();
        }

        await Eventually.TrueAsync(() => prometheus.FiresAsync("Watchdog"), "Prometheus evaluates its rules");
        var failures = new List<string>();
        foreach (var fault in faults)
        {
            Assert.False(await prometheus.FiresAsync(fault.Alert, fault.Labels), $"{fault.Alert} fires before the fault");
            var clock = Stopwatch.StartNew();
            var mend = await fault.DoAsync(system);
            var done = clock.Elapsed;
            var detected = await UntilAsync(clock, s_detected + TimeSpan.FromMinutes(1), () => prometheus.FiresAsync(fault.Alert, fault.Labels));
            await mend();
            if (string.IsNullOrEmpty(wanted))
            {
                Assert.True(detected <= s_detected, $"{fault.Name}: {detected}");
                return;
            }

            clock.Restart();
            var resolved = await UntilAsync(clock, s_resolved, async () => !await prometheus.FiresAsync(fault.Alert, fault.Labels));
            await system.UntilReadyAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {fault.Name} | {fault.Alert} | {Seconds(detected)} | {Seconds(resolved)} |"));
            if (detected is null || detected > s_detected || resolved is null)
            {
                failures.Add($"{fault.Name} (done after {done.TotalSeconds:0} s): {fault.Alert} after {Seconds(detected)}, resolved after {Seconds(resolved)}");
            }
        }

        Nothing.In(failures);
    }

    private static string Seconds(TimeSpan? time) => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0} s") : "never";

    private static async Task<TimeSpan?> UntilAsync(Stopwatch clock, TimeSpan limit, Func<Task<bool>> happened)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (clock.Elapsed < limit)
        {
            if (await happened())
            {
                return clock.Elapsed;
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return null;
    }
}
