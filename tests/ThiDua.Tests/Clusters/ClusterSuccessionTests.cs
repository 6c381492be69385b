using ThiDua.Clusters.Domain;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

/// <summary>“Đơn vị kết thúc hoạt động trước khi tự chấm điểm thì rời cụm, khối; đơn vị kế thừa tham gia từ ngày đó” (F3).</summary>
public sealed class ClusterSuccessionTests
{
    // K1 of A (leader), B (deputy), C; K2 of D (leader), E (deputy), F.
    [Theory]
    [InlineData("RENAME C > X", "A,B: A B X", "")]
    [InlineData("RENAME A > X", "X,B: B C X", "LEADER_REPLACED")]
    [InlineData("RENAME B > X", "A,X: A C X", "LEADER_REPLACED")]
    [InlineData("MERGE B,C > X", "A,X: A X", "LEADER_REPLACED")]
    [InlineData("MERGE A,B > X", null, "MEMBER_STAYS")] // trưởng và phó thành một
    [InlineData("MERGE C > B!", "A,B: A B", "")] // B nhận C, B đã là thành viên
    [InlineData("MERGE C > D!", "A,B: A B", "SUCCESSOR_NOT_JOINED")] // D thuộc cụm khác
    [InlineData("MERGE C,F > X", "A,B: A B", "SUCCESSOR_NOT_JOINED")] // tiền thân thuộc hai cụm
    [InlineData("SPLIT C > X,Y", "A,B: A B X Y", "")]
    [InlineData("SPLIT A > X,Y", null, "MEMBER_STAYS")] // ai làm trưởng phải do cơ quan thường trực chọn
    [InlineData("SPLIT C > C,X", "A,B: A B C X", "")]
    [InlineData("DISSOLVE C", "A,B: A B", "")]
    [InlineData("DISSOLVE A", null, "MEMBER_STAYS")]
    public void A_cluster_follows_where_nothing_is_to_be_chosen(string line, string? expected, string remarks)
    {
        var season = Opened();
        Cluster[] formed = [Form(season, "K1", "A", "B", "C"), Form(season, "K2", "D", "E", "F")];

        var replan = ClusterSuccession.Replan(formed[0], Succession.Recorded(line, "2026-03-01"), formed);

        Assert.Equal(expected, replan.Plan is { } plan ? $"{plan.Leader},{plan.Deputy}: {string.Join(' ', plan.Members.Order(StringComparer.Ordinal))}" : null);
        Assert.Equal(remarks, string.Join(' ', replan.Remarks.Select(remark => remark.Code)));
    }

    [Fact]
    public void The_members_of_every_day_are_known()
    {
        var season = Opened();
        var cluster = Form(season, "K1", "A", "B", "C");
        cluster.Change(season, Plan("K1", ["A", "B", "D"]), Members(season, "A", "B", "D"), Day("2026-05-15"), "Điều chỉnh");
        cluster.Change(season, Plan("K1", ["A", "B", "C"]), Members(season, "A", "B", "C"), Day("2026-08-01"), "C trở lại");

        string On(string day) => string.Join(' ', cluster.MembershipsOn(Day(day)).Select(period => period.Unit).Order(StringComparer.Ordinal));
        Assert.Equal(("A B C", "A B D", "A B D", "A B C"), (On("2026-05-14"), On("2026-05-15"), On("2026-07-31"), On("2026-08-01")));
        Assert.Equal(["C 2026-01-01 2026-05-14 Điều chỉnh", "D 2026-05-15 2026-07-31 C trở lại"], cluster.FormerMembers.Select(member => $"{member.Unit} {member.JoinedOn:yyyy-MM-dd} {member.LeftOn:yyyy-MM-dd} {member.Reason}"));
    }

    [Fact]
    public void Nobody_is_a_member_before_the_unit_begins()
    {
        var season = Opened();
        var late = new MemberUnit(season.Code, Registered("L", from: "2026-04-01").Versions[0], Day("2026-04-01"));
        var cluster = Cluster.Form(season, Plan("K1", ["A", "L"]), [.. Members(season, "A"), late]);

        Assert.Equal([("A", Day("2026-01-01")), ("L", Day("2026-04-01"))], cluster.Members.Select(member => (member.Unit, member.JoinedOn)));
    }

    private static Cluster Form(Season season, string code, params string[] members) => Cluster.Form(season, Plan(code, members), Members(season, members));

    private static List<MemberUnit> Members(Season season, params string[] codes) => [.. codes.Select(code => new MemberUnit(season.Code, Registered(code).Versions[0]))];
}
