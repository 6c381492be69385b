using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>
/// Every operation of the merged document, through the gateway, with requests made from its schema alone: as it allows them, and
/// wrong in one place. THIDUA_REQUESTS says how many.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class RequestAttackTests(SharedSystem shared, ITestOutputHelper output)
{
    private const int UsualRequests = 600;
    private const int PerWorld = 6_000;

    [Fact]
    public async Task Every_answer_is_one_that_the_document_describes()
    {
        var count = Attacks.Size("THIDUA_REQUESTS", UsualRequests);
        var seed = Attacks.Size("THIDUA_SEED", Attacks.Seed);
        var system = await shared.Running;
        using var anybody = system.Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject();
        var rules = new AnswerRules(document);
        var findings = new List<string>();
        for (var (sent, round) = (0, 0); sent < count; round++)
        {
            await using var world = await AttackWorld.CreateAsync(shared);
            var attack = new SchemaAttack(document, world);
            var run = new AttackRun(world, rules);
            var operations = attack.Operations.Where(operation => count > UsualRequests || !Attacks.ConcernsEverybody(operation)).ToList();
            var share = Math.Max(2, Math.Min(PerWorld, count - sent) / operations.Count);
            await Parallel.ForEachAsync(operations, Attacks.Parallel, async (operation, _) =>
                await AttackAsync(attack, run, operation, new Random(Attacks.HashOf($"{seed + round} {operation}")), share));
            await run.LookForRefusedAsync();
            sent += run.Sent;
            findings.AddRange(run.Findings);
            output.WriteLine($"seed {seed + round}\n{run.Figures(operations.Count)}\nnever 2xx: {string.Join(", ", run.NeverAccepted)}\n{string.Join('\n', run.Findings)}");
        }

        (await anybody.GetJson("/health/ready")).Expect(200);
        Nothing.In(findings);
    }

    // A quarter as allowed, the rest wrong in one place, by one caller after the other.
    private static async Task AttackAsync(SchemaAttack attack, AttackRun run, DescribedOperation operation, Random random, int count)
    {
        var before = 0;
        while (before < count)
        {
            var good = attack.Allowed(operation, random, attack.WordsFor(random), attack.Things, variety: random.Next(3) * 15);
            var batch = Math.Min(count - before, 8);
            var requests = batch < 4 ? SchemaAttack.Wrong(good, random, 2).Take(batch - 1) : SchemaAttack.Wrong(good, random, batch - 2).Take(batch - 2);
            foreach (var request in requests.Append(good))
            {
                var etag = operation.Takes("If-Match") && random.Next(10) < 7 && attack.ReadBefore(request with { Target = good.Target }) is { } read ? (await run.SendAsync(read)).Headers.GetValueOrDefault("ETag") : null;
                await run.SendAsync(etag is null || request.Headers.Any(header => header.Name == "If-Match") ? request : request with { Headers = [.. request.Headers, ("If-Match", etag)] });
                before++;
            }
        }
    }
}

/// <summary>What both attacks have in common.</summary>
internal static class Attacks
{
    public const int Seed = 20261125;

    // What every other test of the shared system stands on: changed only where the attack has a system to itself.
    private static readonly string[] s_everybodys =
    [
        "read-only", "signing-keys", "rules", "levels", "unit-categories", "activity-types", "holidays", "legal-instruments", "accounts", "failed-messages", "indicator-rules", "retention-periods", "evidence-deletions",
        "reorganisations", "paper-templates", "confirmation-topics", "award-policies", "cluster-proposals",
    ];

    public static ParallelOptions Parallel => new() { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken };

    public static int Size(string variable, int usual) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : usual;

    public static bool ConcernsEverybody(DescribedOperation operation) => operation.Method != "GET" && s_everybodys.Contains(operation.Path.Split('/')[3]);

    // The same on every machine and in every run, which string.GetHashCode is not.
    public static int HashOf(string text) => text.Aggregate(17, (hash, character) => unchecked((hash * 31) + character));
}
