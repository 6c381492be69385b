using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public class AwardRulesTests
{
    private static readonly IReadOnlyList<MeritRanks> OnlyThirdInLargeClusters = [new(null, 7, [2]), new(8, null, [3])];

    // "Xét đề nghị tặng Bằng khen của Chủ tịch đối với đơn vị xếp thứ nhì (đối với cụm có 7 đơn vị trở xuống),
    //  thứ ba cụm thi đua (đối với cụm có 8 đơn vị trở lên)."
    [Theory]
    [InlineData("EX-12.1", 4, "2", "2")]
    [InlineData("EX-12.2", 7, "2", "2")]
    [InlineData("EX-12.3", 8, "3", "2 3")]
    [InlineData("EX-12.4", 12, "3", "2 3")]
    public void Certificates_go_by_official_size(string example, int size, string onlyThird, string secondAndThird)
    {
        Assert.NotEmpty(example);
        Assert.Equal(secondAndThird, string.Join(' ', AwardPolicy.Default.Switches.MeritPositions(size)));
        Assert.Equal(onlyThird, string.Join(' ', AwardFacts.Policy(meritRanks: OnlyThirdInLargeClusters).Switches.MeritPositions(size)));
    }

    [Fact] // EX-12.5, EX-12.6
    public void Thirty_small_and_eighteen_large_clusters_have_66_or_48_certificates()
    {
        int Certificates(AwardSwitches switches) => (30 * switches.MeritPositions(7).Count) + (18 * switches.MeritPositions(8).Count);

        Assert.Equal(66, Certificates(AwardPolicy.Default.Switches));
        Assert.Equal(48, Certificates(AwardFacts.Policy(meritRanks: OnlyThirdInLargeClusters).Switches));
    }

    // "xem xét đề nghị Thủ tướng Chính phủ tặng Cờ thi đua của Chính phủ (không quá 20% số đơn vị được tặng cờ thi đua của UBND tỉnh)"
    [Theory]
    [InlineData("EX-13.1", 0, 0)]
    [InlineData("EX-13.2", 4, 0)]
    [InlineData("EX-13.3", 5, 1)]
    [InlineData("EX-13.4", 9, 1)]
    [InlineData("EX-13.5", 10, 2)]
    [InlineData("EX-13.6", 14, 2)]
    [InlineData("EX-13.7", 17, 3)]
    [InlineData("EX-13.8", 23, 4)]
    [InlineData("EX-13.9", 34, 6)]
    [InlineData("EX-13.10", 37, 7)]
    [InlineData("EX-13.11", 48, 9)]
    [InlineData("EX-13.12", 54, 10)]
    [InlineData("EX-13.13", 57, 11)]
    public void The_government_flag_quota_is_rounded_down(string example, int flags, int quota)
    {
        Assert.NotEmpty(example);
        var holders = Enumerable.Range(1, flags).Select(number => new FlagHolder($"C{number}", $"U{number}", null)).ToList();

        Assert.Equal(quota, GovernmentFlag.Propose(holders, decidedClusters: 0, AwardPolicy.Default).Quota);
    }

    [Fact] // 37 clusters, 34 flags decided, 3 on hold
    public void The_base_is_flags_passed_or_clusters_decided()
    {
        var holders = Enumerable.Range(1, 34).Select(number => new FlagHolder($"C{number}", $"U{number}", null)).ToList();
        var awarded = GovernmentFlag.Propose(holders, 37, AwardPolicy.Default);
        var leading = GovernmentFlag.Propose(holders, 37, AwardFacts.Policy(share: new GovernmentFlagShare(20, GovernmentFlagBase.Leading)));

        Assert.Equal((34, 6), (awarded.Base, awarded.Quota));
        Assert.Equal((37, 7), (leading.Base, leading.Quota));
    }

    // "đạt từ 80% trở lên số phiếu đồng ý của tổng số thành viên Hội đồng": of all members, rounded up (F-20)
    [Theory]
    [InlineData("EX-14.1", 9, 8, 9)]
    [InlineData("EX-14.2", 11, 9, 10)]
    [InlineData("EX-14.3", 15, 12, 14)]
    [InlineData("EX-14.4", 17, 14, 16)]
    [InlineData("EX-14.5", 21, 17, 19)]
    [InlineData("EX-14.6", 25, 20, 23)]
    public void Votes_needed_are_rounded_up(string example, int members, int eighty, int ninety)
    {
        Assert.NotEmpty(example);
        Assert.Equal(eighty, CouncilVote.NeededOf(members, Fraction.Percent(80)));
        Assert.Equal(ninety, CouncilVote.NeededOf(members, Fraction.Percent(90)));
    }

    [Fact] // EX-14.7, EX-14.8: 14 of 17 attend
    public void Absent_members_count_and_a_written_opinion_is_a_vote()
    {
        Assert.False(CouncilVote.Count(17, 13, AwardPolicy.Default.Switches).Passed); // 13/17 = 76.5 %, though 13/14 = 92.9 % of those present
        Assert.True(CouncilVote.Count(17, 13 + 1, AwardPolicy.Default.Switches).Passed);
    }

    [Fact] // EX-14.9: quorum of 17 members, two thirds, and 80 % for sessions on awards
    public void A_quorum_is_rounded_up_too()
    {
        Assert.Equal(12, CouncilVote.NeededOf(17, new Fraction(2, 3)));
        Assert.Equal(14, CouncilVote.NeededOf(17, Fraction.Percent(80)));
    }

    // "lựa chọn … tập thể có tỷ lệ nữ từ 70% trở lên", after total, group I and fewest deductions (F-12)
    [Theory]
    [InlineData("EX-15.1", "B", "A 121.00 118 1", "B 121.00 118 0", "C 120.99 120 0 80")]
    [InlineData("EX-15.2", "A", "A 121 118 0 70", "B 121 118 0 69.99")]
    [InlineData("EX-15.2 unknown is not 70", "A", "A 121 118 0 70", "B 121 118 0")]
    [InlineData("EX-15.3", "A|B", "A 121 118 0", "B 121 118 0")]
    [InlineData("121 = 121.00 numerically", "A|B", "A 121 118.0 0.00", "B 121.00 118 0")]
    public void Equal_units_are_parted_by_the_chain_or_not_at_all(string example, string first, params string[] units)
    {
        Assert.NotEmpty(example);
        var flag = Nominations.DrawUp(AwardFacts.Result(units), [], AwardPolicy.Default).Lines()[0];

        Assert.Equal($"PROVINCIAL_FLAG 1 {first} {(first.Contains('|', StringComparison.Ordinal) ? "UNRESOLVED" : "CANDIDATE")}", flag);
    }

    // "những trường hợp không đề nghị khen thưởng … hoặc có dấu hiệu sai phạm đang chờ các cơ quan có thẩm quyền kết luận"
    [Theory]
    [InlineData("EX-16.1", "", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    [InlineData("EX-16.2", "A?", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 A HOLD", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    [InlineData("EX-16.3", "A!", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 C CANDIDATE", "CHAIRMAN_MERIT 2 B CANDIDATE")]
    [InlineData("EX-16.4", "A!", DefinitivePolicy.LeaveVacant, "PROVINCIAL_FLAG 1 A VACANT", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    [InlineData("a pending one keeps its slot under either policy", "A?", DefinitivePolicy.LeaveVacant, "PROVINCIAL_FLAG 1 A HOLD", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    [InlineData("of several a definitive one decides", "A? A! A?", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 C CANDIDATE", "CHAIRMAN_MERIT 2 B CANDIDATE")]
    [InlineData("one leaves, another holds", "A! C?", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 C HOLD", "CHAIRMAN_MERIT 2 B CANDIDATE")]
    [InlineData("one left vacant, another holds", "A! C?", DefinitivePolicy.LeaveVacant, "PROVINCIAL_FLAG 1 A VACANT", "CHAIRMAN_MERIT 2 C HOLD")]
    [InlineData("one far down changes nothing", "G!", DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    public void Exclusions_hold_free_or_empty_a_slot(string example, string flags, DefinitivePolicy definitive, params string[] expected)
    {
        Assert.NotEmpty(example);
        var drawing = Nominations.DrawUp(AwardFacts.Seed, Exclusions(flags), AwardFacts.Policy(definitive));

        Assert.Equal(expected, drawing.Lines());
    }

    [Fact] // EX-16.5
    public void In_a_cluster_of_eight_the_second_may_be_held_and_the_third_is_still_the_third()
    {
        var eight = AwardFacts.Result("A 128", "C 122", "B 120", "D 118", "E 116", "G 98", "F 94", "H 90");

        var drawing = Nominations.DrawUp(eight, Exclusions("C?"), AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 C HOLD", "CHAIRMAN_MERIT 3 B CANDIDATE"], drawing.Lines());
    }

    private static List<Exclusion> Exclusions(string flags) =>
        [.. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(flag => flag[1] == '!' ? AwardFacts.Definitive(flag[..1]) : AwardFacts.Pending(flag[..1]))];
}
