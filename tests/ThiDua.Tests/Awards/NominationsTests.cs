using ThiDua.Awards.Domain;

namespace ThiDua.Tests.Awards;

public class NominationsTests
{
    [Fact]
    public void A_tie_over_flag_and_certificate_leaves_both_unresolved()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("B 100", "A 100", "C 90"), [], AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 A|B UNRESOLVED", "CHAIRMAN_MERIT 2 A|B UNRESOLVED"], drawing.Lines());
        Assert.Null(drawing.First);
    }

    [Fact]
    public void A_tie_that_begins_at_an_award_position_and_ends_below_it_is_unresolved()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("A 100", "C 90", "D 90", "B 90"), [], AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 B|C|D UNRESOLVED"], drawing.Lines());
    }

    [Fact]
    public void A_tie_below_the_award_positions_matters_to_nobody()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("A 100", "B 90", "C 80", "D 80"), [], AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 B CANDIDATE"], drawing.Lines());
    }

    [Fact]
    public void Tied_units_are_listed_by_code_point_whatever_the_language()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("Đ 100", "a 100", "Z 100", "B1 100", "B-2 100"), [], AwardPolicy.Default);

        Assert.Equal("PROVINCIAL_FLAG 1 B-2|B1|Z|a|Đ UNRESOLVED", drawing.Lines()[0]);
    }

    [Fact]
    public void A_pending_unit_in_a_tie_stays_in_it()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("A 100", "B 100", "C 90"), [AwardFacts.Pending("A")], AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 A|B UNRESOLVED", "CHAIRMAN_MERIT 2 A|B UNRESOLVED"], drawing.Lines());
    }

    [Theory]
    [InlineData(DefinitivePolicy.PromoteNext, "PROVINCIAL_FLAG 1 B CANDIDATE", "CHAIRMAN_MERIT 2 C CANDIDATE")]
    [InlineData(DefinitivePolicy.LeaveVacant, "PROVINCIAL_FLAG 1 A|B UNRESOLVED", "CHAIRMAN_MERIT 2 A|B UNRESOLVED")]
    public void A_definitive_exclusion_ends_a_tie_only_where_the_unit_leaves_the_order(DefinitivePolicy definitive, params string[] expected)
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("A 100", "B 100", "C 90"), [AwardFacts.Definitive("A")], AwardFacts.Policy(definitive));

        Assert.Equal(expected, drawing.Lines());
    }

    [Fact]
    public void Too_few_eligible_units_leave_positions_without_nomination()
    {
        var two = AwardFacts.Result("A 100", "B 90");

        Assert.Equal(["PROVINCIAL_FLAG 1 B CANDIDATE"], Nominations.DrawUp(two, [AwardFacts.Definitive("A")], AwardPolicy.Default).Lines());
        Assert.Empty(Nominations.DrawUp(two, [AwardFacts.Definitive("A"), AwardFacts.Definitive("B")], AwardPolicy.Default).Positions);
    }

    [Fact]
    public void Size_is_official_so_eight_members_with_seven_eligible_still_have_two_certificates()
    {
        var eight = AwardFacts.Result("A 8", "B 7", "C 6", "D 5", "E 4", "F 3", "G 2", "H 1");

        var drawing = Nominations.DrawUp(eight, [AwardFacts.Definitive("A")], AwardPolicy.Default);

        Assert.Equal(["PROVINCIAL_FLAG 1 B CANDIDATE", "CHAIRMAN_MERIT 2 C CANDIDATE", "CHAIRMAN_MERIT 3 D CANDIDATE"], drawing.Lines());
    }

    [Fact] // the official total exists only from the final layer
    public void A_member_without_final_sheet_means_no_nominations_and_says_who()
    {
        var drawing = Nominations.DrawUp(AwardFacts.Result("A 100", "B 90", "C –"), [], AwardPolicy.Default);

        Assert.Empty(drawing.Positions);
        Assert.Null(drawing.First);
        Assert.EndsWith("Chưa có điểm chính thức: C.", drawing.Derivation.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_points_are_a_total()
    {
        Assert.Equal(["PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 B CANDIDATE"], Nominations.DrawUp(AwardFacts.Result("A 1", "B 0"), [], AwardPolicy.Default).Lines());
    }

    [Fact]
    public void The_chain_may_be_in_any_order_and_may_do_without_the_total()
    {
        var result = AwardFacts.Result("A 100 10 5", "B 90 20 0");

        Assert.Equal("PROVINCIAL_FLAG 1 B CANDIDATE", Nominations.DrawUp(result, [], AwardFacts.Policy(chain: ["group:POLITICAL_TASK", "total"])).Lines()[0]);
        Assert.Equal("PROVINCIAL_FLAG 1 B CANDIDATE", Nominations.DrawUp(result, [], AwardFacts.Policy(chain: ["deductions"])).Lines()[0]);
        Assert.Equal("PROVINCIAL_FLAG 1 A|B UNRESOLVED", Nominations.DrawUp(result, [], AwardFacts.Policy(chain: [])).Lines()[0]);
    }

    [Fact]
    public void Groups_of_one_tag_are_added()
    {
        var result = AwardFacts.Result("A 100", "B 100");
        var standings = result.Standings.ToList();
        standings[1] = standings[1] with { Groups = [new("II", "EMULATION_WORK", 3), new("III", "EMULATION_WORK", 4)] };
        standings[0] = standings[0] with { Groups = [new("II", "EMULATION_WORK", 6), new("I", "POLITICAL_TASK", 90)] };

        var drawing = Nominations.DrawUp(result with { Standings = standings }, [], AwardFacts.Policy(chain: ["total", "group:EMULATION_WORK"]));

        Assert.Equal("PROVINCIAL_FLAG 1 B CANDIDATE", drawing.Lines()[0]);
    }

    [Fact]
    public void The_explanation_names_the_version_the_documents_and_every_link_of_the_chain()
    {
        var result = AwardFacts.Result("X 130", "A 121.00 118 1", "B 121.00 118 0", "C 120.99 120 0");

        var drawing = Nominations.DrawUp(result, [AwardFacts.Definitive("X"), AwardFacts.Pending("B")], AwardPolicy.Default);

        var flag = drawing.Positions[0].Derivation;
        var text = string.Join('\n', Flat(flag).SelectMany(step => step.Facts.Select(fact => $"{fact.Name}: {fact.Value} [{fact.Source}]").Prepend($"{step.Rule} {step.Statement}")));
        Assert.Contains("Quy định xét khen thưởng: phiên bản 1 [Hướng dẫn số 923/SNV-TĐKT", text, StringComparison.Ordinal);
        Assert.Contains("kết quả chấm điểm phiên bản 1", text, StringComparison.Ordinal);
        Assert.Contains("X: SERIOUS_VIOLATION, đã có kết luận [Kết luận 34/KL-TTr]", text, StringComparison.Ordinal);
        Assert.Contains("B: SUSPECTED_PENDING, đang chờ kết luận [Công văn 12/TTr]", text, StringComparison.Ordinal);
        Assert.Contains("Tổng điểm: B 121,00; A 121,00 – bằng nhau.", text, StringComparison.Ordinal);
        Assert.Contains("Điểm trừ: B 0,00; A 1,00 – B xếp trên.", text, StringComparison.Ordinal);
        Assert.Equal("Chưa đề nghị tặng Cờ thi đua của UBND tỉnh cho B: đang chờ kết luận theo Công văn 12/TTr.", drawing.Positions[0].Reason);
    }

    private static IEnumerable<Derivation> Flat(Derivation derivation) => derivation.Steps.SelectMany(Flat).Prepend(derivation);
}
