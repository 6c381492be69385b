using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

public class LeaderSelectionTests
{
    private static readonly string[] s_members = ["A", "B", "C", "D"];

    // “Cụm thi đua thống nhất” hiểu là đa số thành viên; bằng phiếu thì bầu lại (F-33)
    [Theory]
    [InlineData("A:A B:A C:A", "A", AgreementBy.MajorityOfMembers, null)]
    [InlineData("A:A B:A C:A", "B", AgreementBy.MajorityOfMembers, "not-elected")]
    [InlineData("A:A B:A", "A", AgreementBy.MajorityOfMembers, "no-majority")] // two of four are not more than half, though all who voted agree
    [InlineData("A:A B:A C:B D:C", "A", AgreementBy.MajorityOfMembers, "no-majority")]
    [InlineData("A:A B:A C:B D:B", "A", AgreementBy.MajorityOfMembers, "vote-tied")]
    [InlineData("A:A B:B", "A", AgreementBy.MajorityOfMembers, "vote-tied")]
    [InlineData("A:A B:A C:A", "A", AgreementBy.Unanimous, "no-majority")]
    [InlineData("A:A B:A C:A D:A", "A", AgreementBy.Unanimous, null)]
    public void A_leader_is_elected_by_the_votes_of_members(string votes, string leader, AgreementBy agreement, string? refusal)
    {
        void Count() => LeaderSelection.RequireElected(leader, s_members.Length, Votes(votes)!, agreement);

        if (refusal is null)
        {
            Count();
        }
        else
        {
            Assert.Equal(refusal, Assert.Throws<RuleViolationException>(Count).Code);
        }
    }

    [Theory]
    [InlineData("A", "B", LeaderSelectionMethod.Elected, "A:A B:A C:A", "")]
    [InlineData("A", "B", LeaderSelectionMethod.Elected, null, "MISSING_VOTES /votes")]
    [InlineData("A", "B", LeaderSelectionMethod.Elected, "Z:A B:Y", "VOTER_NOT_MEMBER /votes/Z; CANDIDATE_NOT_MEMBER /votes/B")]
    [InlineData("A", "B", LeaderSelectionMethod.Appointed, "A:A", "VOTES_NOT_COUNTED /votes")]
    [InlineData("A", "A", LeaderSelectionMethod.Appointed, null, "LEADER_IS_DEPUTY /deputy")]
    [InlineData("Z", "Y", LeaderSelectionMethod.Rotation, null, "LEADER_NOT_MEMBER /leader; LEADER_NOT_MEMBER /deputy")]
    public void A_selection_is_of_members_by_members(string leader, string deputy, LeaderSelectionMethod method, string? votes, string expected)
    {
        var errors = new List<Violation>();
        LeaderSelection.Check(s_members, new LeadershipRequest(leader, deputy, method, "BB 1", Sample.Today, Votes(votes), null), errors);
        Assert.Equal(expected, string.Join("; ", errors.Select(error => $"{error.Code} {error.Path}")));
    }

    // luân phiên: ai lâu chưa làm thì đến lượt
    [Theory]
    [InlineData("", "A")]
    [InlineData("2024:A", "B")]
    [InlineData("2022:A 2023:B 2024:C", "D")]
    [InlineData("2021:D 2022:A 2023:B 2024:C", "D")]
    [InlineData("2020:A 2021:D 2022:C 2023:B 2024:A", "D")]
    [InlineData("2023:X 2024:A", "B")] // who has left has no turn
    public void The_turn_is_that_of_who_has_not_led_for_longest(string past, string next) => Assert.Equal(next, LeaderSelection.NextInTurn(s_members, Past(past)));

    [Fact]
    public void Out_of_turn_needs_a_reason()
    {
        var cluster = Formed("A", "B");
        LeadershipRequest request = new("C", "B", LeaderSelectionMethod.Rotation, "BB 1", Sample.Today, null, null);

        var refused = Assert.Throws<RuleViolationException>(() => ClusterLeadership.Record(cluster, request, AgreementBy.MajorityOfMembers, Past("2025:A"), Sample.Now));
        Assert.Equal(("MISSING_REASON", "/reason"), (refused.Errors[0].Code, refused.Errors[0].Path));

        var recorded = ClusterLeadership.Record(cluster, request with { Reason = "B đang sáp nhập" }, AgreementBy.MajorityOfMembers, Past("2025:A"), Sample.Now);
        Assert.Equal(("B", "B đang sáp nhập"), (recorded.NextInTurn, recorded.Reason));
        Assert.Null(ClusterLeadership.Record(cluster, request with { Leader = "B", Deputy = "A" }, AgreementBy.MajorityOfMembers, Past("2025:A"), Sample.Now).Reason);
    }

    [Theory]
    [InlineData("2025:A", false, true)]
    [InlineData("2025:A", true, false)]
    [InlineData("2024:A 2025:B", false, false)]
    [InlineData("", false, false)]
    public void Who_leads_again_without_a_selection_is_to_be_looked_at(string past, bool selected, bool found)
    {
        var cluster = Formed("A", "B");
        var selection = selected ? ClusterLeadership.Record(cluster, new("A", "B", LeaderSelectionMethod.Appointed, "QĐ 1", Sample.Today, null, null), AgreementBy.MajorityOfMembers, [], Sample.Now) : null;

        Assert.Equal(found, LeaderSelection.NotSelected(cluster, Past(past), selection, Compared.Cited) is { Code: "LEADER_NOT_SELECTED" });
    }

    private static Cluster Formed(string leader, string deputy)
    {
        var season = Sample.Opened();
        MemberUnit[] members = [.. s_members.Select(unit => new MemberUnit(season.Code, Sample.Registered(unit).Versions[0]))];
        return Cluster.Form(season, Sample.Plan("C1", s_members, leader, deputy), members);
    }

    private static Dictionary<string, string>? Votes(string? written) => written?.Split(' ').Select(vote => vote.Split(':')).ToDictionary(vote => vote[0], vote => vote[1]);

    private static IEnumerable<PastLeader> Past(string written) =>
        written.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(turn => turn.Split(':')).Select(turn => new PastLeader(turn[0], Sample.Day($"{turn[0]}-01-01"), turn[1]));
}
