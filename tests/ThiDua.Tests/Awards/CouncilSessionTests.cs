using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public sealed class CouncilSessionTests
{
    private static readonly DateOnly s_day = new(2026, 12, 10);
    private static readonly CouncilSwitches s_switches = AwardPolicy.Default.Switches.OfCouncil();

    [Theory]
    [InlineData("a CHAIR 2026-01-01; b MEMBER 2026-01-01", "")]
    [InlineData("a CHAIR 2026-01-01 2026-06-30; b CHAIR 2026-07-01", "")] // one chair after the other
    [InlineData("a CHAIR 2026-01-01 2026-07-01; b CHAIR 2026-07-01", "TWO_CHAIRS /members/1/role")]
    [InlineData("a MEMBER 2026-01-01 2026-06-30; a VICE 2026-07-01", "")] // the same person in another role
    [InlineData("a MEMBER 2026-01-01; a VICE 2026-07-01", "PERIODS_OVERLAP /members/1/from")]
    [InlineData("a MEMBER 2026-02-01 2026-01-31", "CLOSES_BEFORE_OPENS /members/0/to")]
    public void A_person_sits_in_the_council_once_at_a_time_and_one_chairs(string members, string expected) =>
        Assert.Equal(expected, string.Join("; ", CouncilComposition.Check(Terms(members)).Select(error => $"{error.Code} {error.Path}")));

    [Theory]
    [InlineData("2025-12-31", 0)]
    [InlineData("2026-01-01", 2)]
    [InlineData("2026-06-30", 2)]
    [InlineData("2026-07-01", 3)] // one left the day before, two came
    public void The_size_of_the_council_is_that_of_the_day(string day, int size) =>
        Assert.Equal(size, Form("a CHAIR 2026-01-01; b MEMBER 2026-01-01 2026-06-30; c MEMBER 2026-07-01; d MEMBER 2026-07-01").On(Day(day)).Count);

    [Theory]
    [InlineData("a CHAIR 2026-01-01; b MEMBER 2026-01-01 2026-12-10", true)] // ends on the day, not before it
    [InlineData("a CHAIR 2026-01-01; b MEMBER 2026-01-01 2026-12-09", false)]
    [InlineData("a CHAIR 2026-01-01; b MEMBER 2026-01-01; c MEMBER 2026-12-11", true)]
    [InlineData("a CHAIR 2026-01-01; b MEMBER 2026-01-01; c MEMBER 2026-12-10", false)]
    [InlineData("a CHAIR 2026-01-01; b VICE 2026-01-01", false)]
    public void Who_sat_on_the_day_of_a_session_can_be_told_from_who_did_not(string after, bool same) =>
        Assert.Equal(same, CouncilComposition.IsSameOn(s_day, Terms("a CHAIR 2026-01-01; b MEMBER 2026-01-01"), Terms(after)));

    [Fact]
    public void Papers_go_to_those_present_and_those_who_wrote_but_not_to_the_units_own_member()
    {
        var council = Form("a CHAIR 2026-01-01; b MEMBER 2026-01-01; c MEMBER 2026-01-01; d MEMBER 2026-01-01; own MEMBER 2026-01-01");
        var (session, item) = Session(council);
        session.Attend(Attending(("a", AttendanceKind.Present), ("b", AttendanceKind.WrittenOpinion), ("c", AttendanceKind.Absent), ("own", AttendanceKind.Present)));

        Assert.Equal(["a", "b"], session.VotersOn(item, council.On(s_day)).Select(member => member.Subject).Order());
    }

    [Theory] // F-20 says TOTAL_MEMBERS: who may not vote weighs like a vote against, unless the policy takes them out
    [InlineData(RecusedMembers.Counted, 10, 8)]
    [InlineData(RecusedMembers.NotCounted, 9, 8)]
    public void A_recused_member_stays_among_all_members_by_default(RecusedMembers recused, int denominator, int needed)
    {
        var (_, item) = Session(Form("a CHAIR 2026-01-01"));
        item.OpenVote(members: 10, recused: 1, papers: 9, policyVersion: 1, "secretary");

        Assert.Equal(RecusedMembers.Counted, s_switches.RecusedCount);
        Assert.Equal(denominator, item.Denominator(s_switches with { RecusedCount = recused }));
        Assert.Equal(needed, CouncilVote.Count(item.Denominator(s_switches with { RecusedCount = recused }), 0, AwardPolicy.Default.Switches).Needed);
    }

    [Fact]
    public void A_vote_is_opened_counted_and_confirmed_in_that_order_by_two_persons()
    {
        var (session, item) = Session(Form("a CHAIR 2026-01-01"));
        Refused("not-voting", item.RequireVoting);
        Refused("wrong-state", () => item.Close(new PaperCount(1, 0, 0), 1, "secretary"));
        item.OpenVote(1, 0, 1, 1, "secretary");
        item.RequireVoting();
        Refused("wrong-state", () => item.OpenVote(1, 0, 1, 1, "secretary"));
        Refused("vote-open", () => session.Attend(Attending()));
        item.Close(new PaperCount(1, 0, 0), 1, "secretary");
        Refused("not-voting", item.RequireVoting);
        Assert.Equal("counter-confirms", Assert.Throws<AccessDeniedException>(() => item.Confirm(new PaperCount(1, 0, 0), "BB 1", "secretary")).Code);
        Refused("count-differs", () => item.Confirm(new PaperCount(0, 1, 0), "BB 1", "chair"));
        item.Confirm(new PaperCount(1, 0, 0), "BB 1", "chair");
        Refused("wrong-state", item.Void);
    }

    [Fact]
    public void A_void_vote_is_held_again()
    {
        var (_, item) = Session(Form("a CHAIR 2026-01-01"));
        Refused("wrong-state", item.Void);
        item.OpenVote(1, 0, 1, 1, "secretary");
        item.Void();
        item.OpenVote(1, 0, 1, 1, "secretary");

        Assert.Equal((2, AgendaItemState.Voting), (item.Round, item.State));
    }

    [Fact]
    public void The_papers_of_a_vote_are_as_many_as_its_voters_and_only_their_hashes_are_known()
    {
        var (toHandOut, papers) = BallotPaper.Make(Guid.CreateVersion7(), 25);

        Assert.Equal(25, toHandOut.Select(paper => paper.Token).Distinct().Count());
        Assert.Equal(toHandOut.Select(paper => BallotPaper.HashOf(paper.Token)).Order(), papers.Select(paper => paper.Hash).Order());
        Assert.NotEqual(toHandOut.Select(paper => BallotPaper.HashOf(paper.Token)), papers.Select(paper => paper.Hash));
        Assert.True(papers[0].Cast());
        Assert.False(papers[0].Cast());
    }

    private static void Refused(string code, Action step) => Assert.Equal(code, Assert.Throws<RuleViolationException>(step).Code);

    private static Dictionary<string, (AttendanceKind, string?)> Attending(params (string Subject, AttendanceKind Kind)[] who) =>
        who.ToDictionary(entry => entry.Subject, entry => (entry.Kind, (string?)null));

    private static (CouncilSession Session, AgendaItem Item) Session(Council council)
    {
        var list = NominationList.DrawUp(new NominationFacts(AwardFacts.Result("OWN 128", "B 120"), [], s_day), AwardPolicy.Default, 1, "appraiser", DateTimeOffset.UnixEpoch);
        var item = AgendaItem.Vote(1, "Cờ thi đua", AwardKind.ProvincialFlag, list.Nominations[0], list.ClusterId);
        return (CouncilSession.Open(council, "2026", s_day, SessionKind.Awards, "GM 1", [item], "secretary", DateTimeOffset.UnixEpoch), item);
    }

    private static Council Form(string members) => Council.Form("HD", "Hội đồng", Terms(members));

    /// <summary>"subject ROLE from [to]"; the subject "own" belongs to the unit OWN.</summary>
    private static List<MembershipTerms> Terms(string members) =>
    [
        .. members.Split("; ").Select(line => line.Split(' ')).Select(words => new MembershipTerms(
            words[0], words[0], "Ủy viên", words[0] == "own" ? "OWN" : null, Enum.Parse<CouncilRole>(words[1], ignoreCase: true), Day(words[2]), words.Length > 3 ? Day(words[3]) : null, "QĐ 1")),
    ];

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
