using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public class CouncilVoteTests
{
    [Theory]
    [InlineData(AwardKind.ProvincialFlag, NominationStatus.Candidate, "")]
    [InlineData(AwardKind.ProvincialFlag, NominationStatus.Hold, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.ProvincialFlag, NominationStatus.Vacant, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.ProvincialFlag, NominationStatus.Unresolved, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.ProvincialFlag, NominationStatus.Passed, "BALLOT_NOT_CANDIDATE")] // voted on already
    [InlineData(AwardKind.ProvincialFlag, null, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.GovernmentFlag, NominationStatus.Passed, "")]
    [InlineData(AwardKind.GovernmentFlag, NominationStatus.Candidate, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.GovernmentFlag, NominationStatus.Failed, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.GovernmentFlag, NominationStatus.Hold, "BALLOT_NOT_CANDIDATE")]
    [InlineData(AwardKind.ChairmanMerit, NominationStatus.Candidate, "BALLOT_NOT_CANDIDATE")] // certificates need no ballot
    public void A_ballot_needs_a_candidate(AwardKind award, NominationStatus? flag, string expected)
    {
        Assert.Equal(expected, string.Join(' ', CouncilVote.Check(award, 17, 14, flag, alreadyVoted: false).Select(error => error.Code)));
    }

    [Fact]
    public void One_government_flag_has_one_ballot() =>
        Assert.Equal(["BALLOT_NOT_CANDIDATE"], CouncilVote.Check(AwardKind.GovernmentFlag, 17, 14, NominationStatus.Passed, alreadyVoted: true).Select(error => error.Code));

    [Theory]
    [InlineData(17, 17, "")]
    [InlineData(17, 18, "VOTES_EXCEED_MEMBERS")]
    [InlineData(17, -1, "NEGATIVE")]
    [InlineData(0, 0, "NEGATIVE")]
    public void There_are_no_more_votes_than_members(int members, int yes, string expected) =>
        Assert.Equal(expected, string.Join(' ', CouncilVote.Check(AwardKind.ProvincialFlag, members, yes, NominationStatus.Candidate, alreadyVoted: false).Select(error => error.Code)));

    [Fact]
    public void Everything_wrong_is_named_at_once() =>
        Assert.Equal(["VOTES_EXCEED_MEMBERS", "BALLOT_NOT_CANDIDATE"], CouncilVote.Check(AwardKind.ProvincialFlag, 9, 10, NominationStatus.Hold, alreadyVoted: false).Select(error => error.Code));

    [Theory]
    [InlineData("66.6667", 3, 3)] // a hair above two thirds takes all three
    [InlineData("66.6666", 3, 2)]
    [InlineData("80.0000000000000000000000001", 5, 5)]
    [InlineData("0", 9, 0)]
    [InlineData("100", 9, 9)]
    public void A_threshold_is_an_exact_fraction(string percent, int members, int needed) =>
        Assert.Equal(needed, CouncilVote.NeededOf(members, Fraction.Percent(decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture))));
}
