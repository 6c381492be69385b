using System.Globalization;
using CsCheck;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public class AwardPropertyTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    // few distinct values, so that ties of every kind are common
    private static readonly Gen<ClusterResult> Results =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 3])
            .Array[1, 12]
            .Select(units => AwardFacts.Result([.. units.Select((unit, index) =>
                $"U{index} {unit.Item1 * 10} {unit.Item2} {unit.Item3}{(unit.Item4 == 3 ? "" : $" {60 + (10 * unit.Item4)}")}")]));

    private static readonly Gen<AwardPolicy> Policies =
        Gen.Select(Gen.Enum<DefinitivePolicy>(), Gen.Shuffle(AwardPolicy.Default.Switches.TieChain.ToArray()), Gen.Int[0, 4])
            .Select((definitive, chain, length) => AwardFacts.Policy(definitive, chain: chain[..length]));

    [Fact] // P-4: 5·q ≤ B < 5·(q+1)
    public void The_quota_is_a_fifth_of_the_base_and_never_more() =>
        Gen.Int[0, 2000].Sample(
            flags =>
            {
                var quota = Fraction.Percent(20).FloorOf(flags);
                return 5 * quota <= flags && flags < 5 * (quota + 1);
            },
            iter: Cases);

    [Fact] // P-7
    public void An_exclusion_never_changes_a_score_or_a_displayed_rank() =>
        Gen.Select(Results, Policies, Gen.Int[0, 11], Gen.Bool).Sample(
            (result, policy, excluded, pending) =>
            {
                var unit = $"U{excluded % result.Size}";
                var before = result.Standings.Select(standing => (standing.Unit, standing.Total, standing.Rank)).ToList();
                var without = Nominations.DrawUp(result, [], policy);
                var with = Nominations.DrawUp(result, [pending ? AwardFacts.Pending(unit) : AwardFacts.Definitive(unit)], policy);

                Assert.Equal(before, result.Standings.Select(standing => (standing.Unit, standing.Total, standing.Rank)));
                var moves = !pending && policy.Switches.DefinitivePolicy is DefinitivePolicy.PromoteNext;
                if (!moves)
                {
                    // a unit that stays in the order keeps everybody's position; at most its own status changes
                    Assert.Equal(
                        without.Positions.Select(nomination => (nomination.Award, nomination.Position, nomination.Unit, string.Join('|', nomination.Tied))),
                        with.Positions.Select(nomination => (nomination.Award, nomination.Position, nomination.Unit, string.Join('|', nomination.Tied))));
                    Assert.All(without.Positions.Zip(with.Positions), pair => Assert.True(pair.First.Unit == unit || pair.First.Status == pair.Second.Status));
                }
                else
                {
                    Assert.DoesNotContain(with.Positions, nomination => nomination.Unit == unit || nomination.Tied.Contains(unit));
                }
            },
            iter: Cases);

    [Fact]
    public void A_unit_holds_one_position_and_the_order_of_the_members_never_matters() =>
        Gen.Select(Results, Policies, Gen.Int).Sample(
            (result, policy, seed) =>
            {
                var shuffled = result with { Standings = [.. result.Standings.OrderBy(standing => HashCode.Combine(standing.Unit, seed))] };
                var drawing = Nominations.DrawUp(result, [], policy);

                Assert.Equal(drawing.Lines(), Nominations.DrawUp(shuffled, [], policy).Lines());
                var single = drawing.Positions.Where(nomination => nomination.Unit is not null).ToList();
                Assert.Equal(single.Count, single.Select(nomination => nomination.Unit).Distinct().Count());
            },
            iter: Cases);

    [Fact]
    public void Never_more_than_the_quota_and_nobody_left_out_has_more_votes() =>
        Gen.Int[0, 9].Array[0, 60].Sample(
            votes =>
            {
                var holders = votes.Select((yes, index) => new FlagHolder($"C{index:000}", $"U{index}", CouncilVote.Count(9, yes, AwardPolicy.Default.Switches))).ToList();
                var proposal = GovernmentFlag.Propose(holders, votes.Length, AwardPolicy.Default);

                Assert.True(proposal.Proposed.Count <= proposal.Quota);
                Assert.Empty(proposal.Proposed.Intersect(proposal.Unresolved));
                var left = holders.Where(holder => holder.Vote!.Passed && proposal.Proposed.All(unit => unit.Unit != holder.Unit)).ToList();
                Assert.True(proposal.Proposed.Count == 0 || left.All(holder => holder.Vote!.Yes < proposal.Proposed.Min(unit => unit.Yes)));
                Assert.True(proposal.Unresolved.Count == 0 || proposal.Unresolved.Count > proposal.Quota - proposal.Proposed.Count);
            },
            iter: Cases);
}
