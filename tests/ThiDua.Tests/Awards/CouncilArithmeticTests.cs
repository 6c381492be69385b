using CsCheck;
using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

/// <summary>
/// “Phiên họp phải có ít nhất 2/3 số thành viên; phiên họp xét khen thưởng phải có từ 80 % số thành viên trở lên” (F-19). “Được trên 80 %
/// (90 %) tổng số thành viên của hội đồng đồng ý; thành viên vắng mặt thì lấy ý kiến bằng văn bản” (F-20): counted of all members.
/// </summary>
public sealed class CouncilArithmeticTests
{
    private static readonly CouncilSwitches s_switches = AwardPolicy.Default.Switches.OfCouncil();

    // Counted out by hand, size by size: the smallest k with 3k ≥ 2n, 5k ≥ 4n and 10k ≥ 9n.
    [Theory]
    [InlineData(5, 4, 4, 5)]
    [InlineData(6, 4, 5, 6)]
    [InlineData(7, 5, 6, 7)]
    [InlineData(8, 6, 7, 8)]
    [InlineData(9, 6, 8, 9)]
    [InlineData(10, 7, 8, 9)]
    [InlineData(11, 8, 9, 10)]
    [InlineData(12, 8, 10, 11)]
    [InlineData(13, 9, 11, 12)]
    [InlineData(14, 10, 12, 13)]
    [InlineData(15, 10, 12, 14)]
    [InlineData(16, 11, 13, 15)]
    [InlineData(17, 12, 14, 16)]
    [InlineData(18, 12, 15, 17)]
    [InlineData(19, 13, 16, 18)]
    [InlineData(20, 14, 16, 18)]
    [InlineData(21, 14, 17, 19)]
    [InlineData(22, 15, 18, 20)]
    [InlineData(23, 16, 19, 21)]
    [InlineData(24, 16, 20, 22)]
    [InlineData(25, 17, 20, 23)]
    public void Every_boundary_of_a_council_of_5_to_25_is_exact(int members, int twoThirds, int eighty, int ninety)
    {
        var ninetyPercent = AwardFacts.Policy(threshold: 90m).Switches;

        Assert.True(Quorum.Of(SessionKind.Ordinary, members, twoThirds, 0, s_switches).IsReached);
        Assert.False(Quorum.Of(SessionKind.Ordinary, members, twoThirds - 1, 0, s_switches).IsReached);
        Assert.True(Quorum.Of(SessionKind.Awards, members, eighty, 0, s_switches).IsReached);
        Assert.False(Quorum.Of(SessionKind.Awards, members, eighty - 1, 0, s_switches).IsReached);
        Assert.True(CouncilVote.Count(members, eighty, AwardPolicy.Default.Switches).Passed);
        Assert.False(CouncilVote.Count(members, eighty - 1, AwardPolicy.Default.Switches).Passed);
        Assert.True(CouncilVote.Count(members, ninety, ninetyPercent).Passed);
        Assert.False(CouncilVote.Count(members, ninety - 1, ninetyPercent).Passed);
        Assert.Equal((twoThirds, eighty, ninety), (Smallest(2, 3), Smallest(80, 100), Smallest(90, 100)));

        int Smallest(int share, int of) => Enumerable.Range(0, members + 1).First(votes => votes * of >= share * members);
    }

    [Theory] // EX-14: of 17 members 14 are present
    [InlineData(13, 0, false)] // 13 in favour: 92.9 % of those present, but 76.5 % of all
    [InlineData(13, 1, true)] // and one by letter: 82.4 % of all
    public void The_share_is_taken_of_all_members(int inTheRoom, int byLetter, bool passes) =>
        Assert.Equal(passes, CouncilVote.Count(17, inTheRoom + byLetter, AwardPolicy.Default.Switches).Passed);

    [Theory]
    [InlineData(SessionKind.Awards, false, 13, 1, false)] // F-19 asks for members at the session; letters are votes
    [InlineData(SessionKind.Awards, true, 13, 1, true)] // unless the policy counts those who wrote
    [InlineData(SessionKind.Awards, true, 13, 0, false)]
    [InlineData(SessionKind.Ordinary, true, 11, 5, false)] // the switch is about sessions on awards
    public void A_letter_counts_for_the_quorum_only_where_the_policy_says_so(SessionKind kind, bool counts, int present, int written, bool reached) =>
        Assert.Equal(reached, Quorum.Of(kind, 17, present, written, s_switches with { QuorumCountsWrittenOpinions = counts }).IsReached);

    [Fact]
    public void Nobody_is_no_quorum() => Assert.False(Quorum.Of(SessionKind.Ordinary, 0, 0, 0, s_switches).IsReached);

    [Fact]
    public void The_order_of_the_votes_never_matters_and_every_paper_is_counted() =>
        Gen.Select(Gen.Enum<PaperChoice>().Array[0, 25], Gen.Int[0, int.MaxValue]).Sample((votes, seed) =>
        {
            var shuffled = votes.ToArray();
            new Random(seed).Shuffle(shuffled);
            var count = PaperCount.Of(votes);

            Assert.Equal(count, PaperCount.Of(shuffled));
            Assert.Equal(votes.Length, count.Papers);
        });

    [Fact]
    public void However_often_the_box_is_written_anew_it_holds_the_same_papers_under_new_keys() =>
        Gen.Enum<PaperChoice>().Array[1, 25].Sample(votes =>
        {
            var item = Guid.CreateVersion7();
            var box = votes.Aggregate<PaperChoice, IReadOnlyList<BoxedPaper>>([], (before, choice) => BoxedPaper.Box(item, before.Select(paper => paper.Choice).Append(choice)));
            var counted = CountedPaper.Empty(item, 1, box.Select(paper => paper.Choice));

            Assert.Equal(PaperCount.Of(votes), PaperCount.Of([.. counted.Select(paper => paper.Choice)]));
            Assert.Empty(box.Select(paper => paper.Id).Intersect(counted.Select(paper => paper.Id)));
            Assert.Equal(votes.Length, counted.Select(paper => paper.Id).Distinct().Count());
        });

    [Fact]
    public void One_vote_more_never_turns_a_passed_award_into_a_failed_one() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 60], Gen.Int[1, 100]).Sample((members, yes, percent) =>
        {
            var switches = AwardFacts.Policy(threshold: percent).Switches;
            return !CouncilVote.Count(members, yes, switches).Passed || CouncilVote.Count(members, yes + 1, switches).Passed;
        });
}
