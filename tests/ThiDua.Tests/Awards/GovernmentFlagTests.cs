using System.Globalization;
using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

public class GovernmentFlagTests
{
    [Theory]
    // votes of ten passed flags, quota 2; – is "no ballot held"
    [InlineData("17 16 15 – – – – – – –", "1 2", "")]
    [InlineData("15 17 16 – – – – – – –", "2 3", "")] // by votes
    [InlineData("17 17 – – – – – – – –", "1 2", "")] // a tie inside the quota, by cluster
    [InlineData("17 16 16 – – – – – – –", "1", "2 3")] // at the cut
    [InlineData("16 17 16 16 – – – – – –", "2", "1 3 4")]
    [InlineData("17 17 17 – – – – – – –", "", "1 2 3")]
    [InlineData("17 16 15 15 – – – – – –", "1 2", "")] // a tie below the cut
    [InlineData("17 13 13 13 – – – – – –", "1", "")] // 13 of 17 are not enough
    [InlineData("– – – – – – – – – –", "", "")]
    public void Those_with_the_most_votes_within_the_quota_are_proposed(string votes, string proposed, string unresolved)
    {
        var proposal = GovernmentFlag.Propose(Holders(votes), 10, AwardPolicy.Default);

        Assert.Equal((10, 2), (proposal.Base, proposal.Quota));
        Assert.Equal(proposed, Clusters(proposal.Proposed));
        Assert.Equal(unresolved, Clusters(proposal.Unresolved));
    }

    [Fact]
    public void With_a_quota_of_none_nobody_is_proposed_and_nothing_is_unresolved()
    {
        var proposal = GovernmentFlag.Propose(Holders("17 17 17 17"), 4, AwardPolicy.Default);

        Assert.Equal((4, 0), (proposal.Base, proposal.Quota));
        Assert.Empty(proposal.Proposed);
        Assert.Empty(proposal.Unresolved);
    }

    [Fact]
    public void The_explanation_shows_base_share_and_tie()
    {
        var text = string.Join('\n', GovernmentFlag.Propose(Holders("17 16 16 – – – – – – –"), 10, AwardPolicy.Default).Derivation.Steps.Select(step => step.Statement));

        Assert.Contains("⌊10 × 20 / 100⌋ = 2", text, StringComparison.Ordinal);
        Assert.Contains("2 đơn vị bằng phiếu (16)", text, StringComparison.Ordinal);
    }

    private static List<FlagHolder> Holders(string votes) =>
        [.. votes.Split(' ').Select((yes, index) => new FlagHolder($"C{index + 1:00}", $"U{index + 1}", yes == "–" ? null : CouncilVote.Count(17, int.Parse(yes, CultureInfo.InvariantCulture), AwardPolicy.Default.Switches)))];

    private static string Clusters(IEnumerable<ProposedUnit> units) => string.Join(' ', units.Select(unit => unit.Cluster.TrimStart('C', '0')));
}
