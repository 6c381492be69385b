using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Storm;

/// <summary>
/// Whatever breaks in the rush: what was acknowledged is kept, once; what was refused is not; nothing is written after the lock; each sheet
/// behaves as one that only one hand at a time ever touched. docs/faults.md tells of the run of 200 rounds (<c>./thidua measure storm</c>).
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class StormTests(BreakableSystem breakable)
{
    private const int GatewaySeconds = 6;
    private const int UsualRounds = 3; // of the six, others each time

    // The gateway gives up after its limit; what is beyond it is a machine that runs the clients, too.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(GatewaySeconds + 10);
    private static readonly TimeSpan s_usualPatience = TimeSpan.FromSeconds(62);

    [Fact]
    public async Task Nothing_that_breaks_loses_doubles_or_falsifies_a_write()
    {
        var rounds = Environment.GetEnvironmentVariable("THIDUA_STORM_ROUNDS") is { Length: > 0 } wanted ? int.Parse(wanted, CultureInfo.InvariantCulture) : 0;
        var seed = Environment.GetEnvironmentVariable("THIDUA_STORM_SEED") is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFF;
        if (rounds == 0)
        {
            await PlayAsync(await breakable.Running, StormFault.Few, UsualRounds, seed, s_usualPatience, longestHold: 1_000);
            return;
        }

        await using var disk = await SmallDisk.CreateAsync();
        await using var system = await RunningSystem.StartAsync(
            replicas: 2,
            new Dictionary<string, string> { ["Gateway__RequestTimeoutSeconds"] = GatewaySeconds.ToString(CultureInfo.InvariantCulture) },
            disk.Data);
        await PlayAsync(system, StormFault.All(disk), rounds, seed, s_patience, longestHold: 3_000);
    }

    /// <summary>Every fault in an order of chance, again and again.</summary>
    private static async Task PlayAsync(RunningSystem system, IReadOnlyList<StormFault> faults, int rounds, int seed, TimeSpan patience, int longestHold)
    {
        Say($"seed {seed}, {rounds} rounds");
        var wanted = (Environment.GetEnvironmentVariable("THIDUA_STORM_FAULTS") ?? "").Split('|');
        var chosen = faults.Where(fault => wanted.Any(part => fault.Name.Contains(part, StringComparison.Ordinal))).ToArray();
        Assert.NotEmpty(chosen);
        var random = new Random(seed);
        var bag = new Queue<StormFault>();
        var reports = new List<StormReport>();
        var failures = new List<string>();
        StormFault? before = null;
        for (var number = 1; number <= rounds; number++)
        {
            if (bag.Count == 0)
            {
                random.Shuffle(chosen);
                bag = new Queue<StormFault>(chosen);
            }

            var (fault, its) = (bag.Dequeue(), random.Next());
            try
            {
                using var round = new StormRound(system, fault, its, patience, longestHold);
                var report = await round.PlayAsync();
                reports.Add(report);
                Say(report.Line(number));
                failures.AddRange(report.Wrong.Select(wrong => $"round {number}, {fault.Name}: {wrong}"));
                if (report.Wrong.Count > 0)
                {
                    await KeepAsync(seed, number, report.Wrong.Concat(report.History));
                }
            }
            catch (Exception broken) when (rounds > StormFault.Few.Count && broken is not OperationCanceledException)
            {
                if (before is { MayStopBroker: true })
                {
                    // What a full disk broke in the broker may show only now: what the runbook of the outbox's alert says, and the round again.
                    Say($"round {number} | broker started by hand after {before.Name}, and the round begun again");
                    before = null;
                    bag = new Queue<StormFault>([fault, .. bag]);
                    number--;
                    await system.RestartAsync("rabbitmq");
                    await system.UntilWholeAsync();
                    continue;
                }

                // One round that could not be played to its end is wrong, and no reason to see nothing of the others.
                Say($"round {number} seed {its} | {fault.Name} | not played to its end: {broken}");
                failures.Add($"round {number}, {fault.Name}: {broken.Message}; {await new Ledger(system).SessionsAsync()}");
                foreach (var ended in system.Ended())
                {
                    await system.RestartAsync(ended);
                }

                await system.UntilWholeAsync();
                await StormRound.ThawAsync(system);
            }

            before = fault;
        }

        Summarise(reports);
        Nothing.In(failures);
    }

    private static void Summarise(List<StormReport> reports)
    {
        Say("| fault | rounds | reads | acknowledged | refused | never answered | failed requests | longest answer, s | whole after, s |");
        foreach (var group in reports.GroupBy(report => report.Fault).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Say(Row(group.Key, [.. group]));
        }

        Say(Row("all", reports));
        foreach (var fault in reports.GroupBy(report => report.Fault).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var services = fault.SelectMany(report => report.Unanswered).GroupBy(one => one.Service).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} {group.Sum(one => one.Unanswered)}/{group.Sum(one => one.Probes)}");
            Say($"probes unanswered, {fault.Key}: {string.Join(", ", services)}");
        }

        Say($"broker started by hand: {reports.Count(report => report.ByHand)} rounds");
        var phases = reports.Where(report => report.BeforePhaseArrived > 0).ToList();
        Say(string.Create(CultureInfo.InvariantCulture, $"next phase under way: {phases.Sum(report => report.BeforePhaseArrived)} writes in {phases.Count} rounds, at most {(phases.Count == 0 ? 0 : phases.Max(report => report.PhaseUnderWay.TotalSeconds)):0.0} s after its acknowledgement"));
    }

    private static string Row(string name, List<StormReport> reports) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {reports.Count} | {reports.Sum(report => report.Reads)} | {reports.Sum(report => report.Done)} | {reports.Sum(report => report.Refused)} | {reports.Sum(report => report.Unknown)} | {reports.Sum(report => report.Failures)} | {reports.Max(report => report.Longest.TotalSeconds):0.0} | {reports.Max(report => report.Whole.TotalSeconds):0.0} |");

    private static async Task KeepAsync(int seed, int number, IEnumerable<string> lines)
    {
        var directory = Repository.PathOf("artifacts", "storm");
        Directory.CreateDirectory(directory);
        await File.WriteAllLinesAsync(Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{seed}-{number}.txt")), lines, TestContext.Current.CancellationToken);
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
