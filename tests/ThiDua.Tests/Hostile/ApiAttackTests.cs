using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>
/// Every operation of the merged document through the gateway, with requests made from the document alone. THIDUA_REQUESTS and
/// THIDUA_SEQUENCES say how many, THIDUA_SEED which; more than usual are for a system that nothing else is tried on.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class ApiAttackTests(SharedSystem shared, AttackScene scene, ITestOutputHelper output) : IClassFixture<AttackScene>
{
    private const int UsualRequests = 500;
    private const int UsualSequences = 40;
    private const int RequestsPerWorld = 6_000;
    private const int SequencesPerWorld = 1_000;
    private const int Tries = 4;

    private static readonly int s_seed = Size("THIDUA_SEED", 20261125);

    // What every other test of the shared system stands on: changed only where the attack has the system to itself.
    private static readonly string[] s_everybodys =
    [
        "read-only", "signing-keys", "rules", "levels", "unit-categories", "activity-types", "holidays", "legal-instruments", "accounts", "failed-messages", "indicator-rules", "retention-periods", "evidence-deletions",
        "reorganisations", "paper-templates", "confirmation-topics", "award-policies", "cluster-proposals",
    ];

    private static ParallelOptions Connections => new() { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };

    [Fact]
    public async Task Every_answer_is_one_that_the_document_describes()
    {
        var count = Size("THIDUA_REQUESTS", UsualRequests);
        await AttackAsync(count, RequestsPerWorld, count > UsualRequests, async (attack, run, operations, _, number, round) =>
        {
            var share = Math.Max(2, number / operations.Count);
            await Parallel.ForEachAsync(operations, Connections, async (operation, _) => await RequestsAsync(attack, run, operation, new Random(HashOf($"{s_seed + round} {operation}")), share));
            return run.Sent;
        });
    }

    [Fact]
    public async Task No_order_of_calls_does_what_none_of_them_may()
    {
        var count = Size("THIDUA_SEQUENCES", UsualSequences);
        await AttackAsync(count, SequencesPerWorld, count > UsualSequences, async (attack, run, operations, world, number, round) =>
        {
            await Parallel.ForEachAsync(Enumerable.Range(round * SequencesPerWorld, number), Connections, async (walk, _) =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{s_seed}-{walk}");
                await new SequenceWalk(attack, run, world.Seasons, world.OtherParents, operations, new Random(HashOf(name)), $"{world.Seasons[0].Season}-{name}").RunAsync();
            });
            return number;
        });
        output.WriteLine($"rules tried         {string.Join(", ", SequenceRules.Tried.OrderBy(rule => rule.Key, StringComparer.Ordinal).Select(rule => $"{rule.Key} {rule.Value}"))}");
    }

    /// <summary>In rounds, each on things that no round before has worn out.</summary>
    private async Task AttackAsync(int count, int perWorld, bool isLong, Func<SchemaAttack, AttackRun, IReadOnlyList<DescribedOperation>, AttackWorld, int, int, Task<int>> round)
    {
        using var anybody = (await shared.Running).Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject();
        var rules = new AnswerRules(document);
        var findings = new List<string>();
        for (var (done, number) = (0, 0); done < count; number++)
        {
            var world = number == 0 ? await scene.World : await scene.NewWorldAsync();
            var attack = new SchemaAttack(document, world);
            var run = new AttackRun(world, rules);
            var operations = attack.Operations.Where(operation => isLong || operation.Method == "GET" || !s_everybodys.Contains(operation.Path.Split('/')[3])).ToList();
            done += await round(attack, run, operations, world, Math.Min(perWorld, count - done), number);
            await run.LookForRefusedAsync();
            findings.AddRange(run.Findings);
            output.WriteLine($"round {number}, seed {s_seed}: {done} of {count}\n{run.Figures(operations.Count)}\nnever 2xx         {string.Join(", ", run.NeverAccepted)}\n{string.Join('\n', run.Findings)}");
        }

        (await anybody.GetJson("/health/ready")).Expect(200);
        Nothing.In(findings);
    }

    // One of eight as allowed, the rest wrong in one place, by one caller after the other. What is allowed and refused is tried again
    // as the example has it: by another caller it may be taken.
    private static async Task RequestsAsync(SchemaAttack attack, AttackRun run, DescribedOperation operation, Random random, int count)
    {
        for (var sent = 0; sent < count;)
        {
            var good = Good(variety: random.Next(3) * 15);
            var batch = Math.Min(count - sent, 8);
            foreach (var request in SchemaAttack.Wrong(good, random, batch).Take(batch - 1))
            {
                await SendAsync(request, good.Target, withState: random.Next(10) < 7);
                sent++;
            }

            for (var tries = 1; (await SendAsync(good, good.Target, withState: true)).Status >= 400 && tries < Tries; tries++)
            {
                good = Good(variety: 0);
                sent++;
            }

            sent++;
        }

        AttackRequest Good(int variety) => attack.Allowed(operation, random, attack.WordsFor(operation, random), attack.Things, variety: variety);

        async Task<RawAnswer> SendAsync(AttackRequest request, string target, bool withState)
        {
            var etag = withState && operation.Takes("If-Match") && attack.ReadBefore(request with { Target = target }) is { } read ? (await run.SendAsync(read)).Headers.GetValueOrDefault("ETag") : null;
            return await run.SendAsync(etag is null || request.Headers.Any(header => header.Name == "If-Match") ? request : request with { Headers = [.. request.Headers, ("If-Match", etag)] });
        }
    }

    private static int Size(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : usual;

    // The same on every machine and in every run, which string.GetHashCode is not.
    private static int HashOf(string text) => text.Aggregate(17, (hash, character) => unchecked((hash * 31) + character));
}

/// <summary>One world for all attacks that leave it usable, and further ones for those that wear it out.</summary>
public sealed class AttackScene(SharedSystem shared) : IAsyncDisposable
{
    private readonly List<AttackWorld> _worlds = [];
    private Task<AttackWorld>? _first;

    internal Task<AttackWorld> World => _first ??= NewWorldAsync();

    internal async Task<AttackWorld> NewWorldAsync()
    {
        var world = await AttackWorld.CreateAsync(shared);
        _worlds.Add(world);
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var world in _worlds)
        {
            await world.DisposeAsync();
        }
    }
}
