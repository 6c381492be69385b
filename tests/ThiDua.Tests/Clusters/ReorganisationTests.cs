using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;
using static ThiDua.Tests.Clusters.Succession;

namespace ThiDua.Tests.Clusters;

/// <summary>“Đơn vị mới, sáp nhập, chia tách … giữ lịch sử khen thưởng qua quan hệ kế thừa” (F-34): what may be recorded, and what it does.</summary>
public sealed class ReorganisationTests
{
    private static readonly ReorganisationKind[] s_kinds = Enum.GetValues<ReorganisationKind>();

    [Theory]
    [InlineData("MERGE A,B > C", "")] // hợp nhất: A và B thành C
    [InlineData("MERGE A,B > A", "")] // sáp nhập B vào A, A còn lại
    [InlineData("MERGE B > A!", "")] // như trên, chỉ nêu đơn vị được nhập
    [InlineData("MERGE A > C", "WRONG_COUNT /predecessors")]
    [InlineData("MERGE A > A", "WRONG_COUNT /predecessors")]
    [InlineData("MERGE A,B > C,D", "WRONG_COUNT /successors")]
    [InlineData("MERGE A,B >", "WRONG_COUNT /successors")]
    [InlineData("MERGE A,B > C 1", "SHARES_NOT_WHOLE /successors")]
    [InlineData("SPLIT A > C,D", "")]
    [InlineData("SPLIT A > A,C", "")] // tách C khỏi A, A còn lại
    [InlineData("SPLIT A > C 1/3,D 2/3", "")]
    [InlineData("SPLIT A > C 0.25,D 3/4", "")]
    [InlineData("SPLIT A > C 1/3,D 1/3", "SHARES_NOT_WHOLE /successors")]
    [InlineData("SPLIT A > C 1/3,D", "SHARES_NOT_WHOLE /successors")]
    [InlineData("SPLIT A > C 0,D 1", "SHARES_NOT_WHOLE /successors")]
    [InlineData("SPLIT A > C", "WRONG_COUNT /successors")]
    [InlineData("SPLIT A,B > C,D", "WRONG_COUNT /predecessors")]
    [InlineData("RENAME A > A", "")] // đổi tên giữ nguyên mã
    [InlineData("RENAME A > C", "")]
    [InlineData("RENAME A > A!", "NOTHING_CHANGES /successors/0")]
    [InlineData("RENAME A > B", "CODE_REUSED /successors/0/code")]
    [InlineData("RENAME A > C,D", "WRONG_COUNT /successors")]
    [InlineData("LEVEL_CHANGE A > A^", "")]
    [InlineData("LEVEL_CHANGE A > A", "NOTHING_CHANGES /successors/0")]
    [InlineData("DISSOLVE A", "")]
    [InlineData("DISSOLVE A,B", "")]
    [InlineData("DISSOLVE A > B", "WRONG_COUNT /successors")]
    [InlineData("DISSOLVE", "WRONG_COUNT /predecessors")]
    [InlineData("DISSOLVE X", "UNKNOWN_UNIT /predecessors/0")]
    [InlineData("DISSOLVE A,A", "DUPLICATE_CODE /predecessors/1")]
    [InlineData("DISSOLVE LATE", "BEGINS_LATER /predecessors/0")]
    [InlineData("DISSOLVE CLOSED", "UNIT_CLOSED /predecessors/0")]
    [InlineData("MERGE A,B > CLOSED", "CODE_REUSED /successors/0/code")]
    [InlineData("MERGE A,B > H42.15", "CODE_REUSED /successors/0/code")] // mã định danh của đơn vị khác
    [InlineData("MERGE A,B > C!", "MISSING_PROPERTY /successors/0/name")]
    [InlineData("MERGE X,A,CLOSED > LATER!", "UNKNOWN_UNIT /predecessors/0; UNIT_CLOSED /predecessors/2; BEGINS_LATER /successors/0/code")]
    public void A_plan_is_refused_with_everything_that_is_wrong_with_it(string plan, string expected) =>
        Assert.Equal(expected, Errors(plan, []));

    [Theory]
    [InlineData("SPLIT A > A,C 2024-01-01", "MERGE C,B > A", "OWN_ANCESTOR /successors/0/code")] // C đã tách từ A: A không thể là con của C
    [InlineData("RENAME A > C 2024-01-01", "RENAME B > C", "CODE_REUSED /successors/0/code")]
    [InlineData("MERGE A,B > C 2025-07-01", "DISSOLVE A", "ALREADY_REORGANISED /predecessors/0")]
    [InlineData("MERGE A,B > C 2025-07-01", "SPLIT A > A,D", "ALREADY_REORGANISED /predecessors/0; CODE_REUSED")]
    [InlineData("MERGE A,B > C 2026-01-01", "DISSOLVE A", "ALREADY_REORGANISED /predecessors/0")]
    [InlineData("MERGE A,B > C 2026-01-01", "RENAME A > A", "")] // đổi tên trước khi hợp nhất, ghi nhận sau
    [InlineData("SPLIT A > A,C 2025-07-01", "SPLIT A > A,D", "ALREADY_REORGANISED /predecessors/0")]
    [InlineData("SPLIT A > A,C 2024-01-01", "MERGE C,B > D", "")]
    public void What_was_recorded_before_is_looked_at_too(string before, string plan, string expected)
    {
        var earlier = Plan(before[..before.LastIndexOf(' ')], Day(before[(before.LastIndexOf(' ') + 1)..]));
        Assert.StartsWith(expected.Split(';')[0], Errors(plan, [earlier]), StringComparison.Ordinal);
        Assert.Equal(expected.Length == 0, Errors(plan, [earlier]).Length == 0);
    }

    [Fact]
    public void Predecessors_end_on_the_day_before_and_successors_hold_from_the_day_on()
    {
        var units = Units();
        var changed = Reorganisation.Apply(Plan("MERGE A,B > C", Day("2025-07-01")), units, Now);

        Assert.Equal(["C"], changed.Select(unit => unit.Code));
        Assert.Equal((Day("2025-06-30"), Day("2025-06-30")), (units["A"].ClosesOn, units["B"].ClosesOn));
        Assert.NotNull(units["A"].On(Day("2025-06-30")));
        Assert.Null(units["A"].On(Day("2025-07-01")));
        Assert.Null(units["C"].On(Day("2025-06-30")));
        Assert.Equal("Đơn vị C", units["C"].On(Day("2025-07-01"))!.Name);
    }

    [Fact]
    public void A_unit_that_goes_on_keeps_its_code_and_its_past()
    {
        var units = Units();
        Reorganisation.Apply(Plan("RENAME A > A", Day("2025-07-01")), units, Now);

        Assert.Null(units["A"].ClosesOn);
        Assert.Equal(("Đơn vị A", "Đơn vị A (mới)"), (units["A"].On(Day("2025-06-30"))!.Name, units["A"].On(Day("2025-07-01"))!.Name));
    }

    [Fact]
    public void Every_kind_has_its_name() => Assert.Equal(s_kinds.Length, s_kinds.Select(kind => kind.Label()).Distinct().Count());

    private static string Errors(string plan, ReorganisationPlan[] before)
    {
        var units = Units();
        var recorded = new List<Reorganisation>();
        foreach (var earlier in before)
        {
            recorded.Add(Reorganisation.Of(earlier, Now));
            Reorganisation.Apply(earlier, units, Now);
        }

        var errors = new List<Violation>();
        new ReorganisationRules(units, recorded, new HashSet<string> { "H42.15" }).Check(Succession.Plan(plan, Day("2025-07-01")), errors);
        return string.Join("; ", errors.Select(error => $"{error.Code} {error.Path}"));
    }

    private static Dictionary<string, Unit> Units()
    {
        var closed = Registered("CLOSED");
        closed.Close(Day("2024-12-31"));
        return new[] { Registered("A"), Registered("B"), Registered("LATE", from: "2025-07-01"), Registered("LATER", from: "2025-08-01"), closed }.ToDictionary(unit => unit.Code, StringComparer.Ordinal);
    }
}

/// <summary>Plans of reorganisations, written on one line: <c>SPLIT A &gt; C 1/3,D 2/3</c>.</summary>
internal static class Succession
{
    /// <summary>A successor is described anew, unless it ends with <c>!</c>; with <c>^</c> its level is another.</summary>
    public static ReorganisationPlan Plan(string line, DateOnly effectiveOn)
    {
        var (kind, rest) = line.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? (line[..space], line[(space + 1)..]) : (line, "");
        var sides = rest.Split('>', StringSplitOptions.TrimEntries);
        string[] predecessors = sides[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var successors = sides.ElementAtOrDefault(1)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new ReorganisationPlan(Enum.Parse<ReorganisationKind>(kind.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), effectiveOn, "NQ 1", null, predecessors, [.. successors.Select(successor => Successor(successor, kind, predecessors))]);
    }

    public static Reorganisation Recorded(string line, string effectiveOn) => Reorganisation.Of(Plan(line, Day(effectiveOn)), Now);

    private static SuccessorPlan Successor(string text, string kind, string[] predecessors)
    {
        var words = text.Split(' ');
        var code = words[0].TrimEnd('!', '^');
        var name = kind == "RENAME" && predecessors.Contains(code) ? $"Đơn vị {code} (mới)" : $"Đơn vị {code}";
        Fraction? share = words.Length > 1 ? Fraction.Parse(words[1]) : null;
        return new SuccessorPlan(code, words[0].EndsWith('!') ? null : Details(name, words[0].EndsWith('^') ? "XA" : "TINH"), share);
    }
}
