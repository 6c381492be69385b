using System.Globalization;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>
/// Walks of three to eight calls by accounts of all roles, each about what the calls before it made, with the rules of what must
/// not be possible afterwards. THIDUA_SEQUENCES says how many.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class SequenceAttackTests(SharedSystem shared, ITestOutputHelper output)
{
    private const int PerWorld = 2_000;

    [Fact, Trait("run", "long")]
    public async Task No_order_of_calls_does_what_none_of_them_may()
    {
        var count = Attacks.Size("THIDUA_SEQUENCES", 200);
        var seed = Attacks.Size("THIDUA_SEED", Attacks.Seed);
        var system = await shared.Running;
        using var anybody = system.Anonymous();
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject();
        var rules = new AnswerRules(document);
        var findings = new List<string>();
        for (var (walked, round) = (0, 0); walked < count; walked += PerWorld, round++)
        {
            await using var world = await AttackWorld.CreateAsync(shared);
            var attack = new SchemaAttack(document, world);
            var run = new AttackRun(world, rules);
            await Parallel.ForEachAsync(Enumerable.Range(walked, Math.Min(PerWorld, count - walked)), Attacks.Parallel, async (walk, _) =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{seed}-{walk}");
                await new SequenceWalk(attack, run, world.Seasons, attack.Operations, new Random(Attacks.HashOf(name)), $"{world.Seasons[0].Season}-{name}").RunAsync();
            });
            await run.LookForRefusedAsync();
            findings.AddRange(run.Findings);
            output.WriteLine($"seed {seed}, sequences {walked} … {Math.Min(walked + PerWorld, count) - 1}\n{run.Figures(attack.Operations.Count)}");
        }

        output.WriteLine($"rules tried: {string.Join(", ", SequenceRules.Tried.OrderBy(rule => rule.Key).Select(rule => $"{rule.Key} {rule.Value}"))}");
        (await anybody.GetJson("/health/ready")).Expect(200);
        Nothing.In(findings);
    }
}
