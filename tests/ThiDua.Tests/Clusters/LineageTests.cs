using ThiDua.Clusters.Domain;
using static ThiDua.Tests.Clusters.Sample;
using static ThiDua.Tests.Clusters.Succession;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

/// <summary>“Cờ của huyện năm 2024 vẫn hiện trong lịch sử của các đơn vị kế thừa, nhưng không tính cho đơn vị kế thừa” (F-34, F-35).</summary>
public sealed class LineageTests
{
    [Theory]
    [InlineData("C", "B<2025-07-01 A<2025-07-01", "MERGE A,B > C 2025-07-01")]
    [InlineData("D", "C<2026-01-01 A<2025-07-01 B<2025-07-01", "MERGE A,B > C 2025-07-01", "RENAME C > D 2026-01-01")]
    [InlineData("C", "A<2025-07-01", "SPLIT A > C,D 2025-07-01")]
    [InlineData("C", "A<2025-07-01", "SPLIT A > A,C 2025-07-01")] // A còn lại: từ 01/07/2025 thành tích của A là của riêng A
    [InlineData("A", "", "SPLIT A > A,C 2025-07-01")]
    [InlineData("A", "B<2025-07-01", "MERGE A,B > A 2025-07-01")]
    [InlineData("A", "", "RENAME A > A 2025-07-01")]
    [InlineData("D", "A<2023-01-01", "SPLIT A > A,D 2023-01-01", "MERGE A,B > A 2025-07-01")] // B vào A sau khi D đã tách: không phải tiền thân của D
    [InlineData("F", "A<2026-01-01 C<2026-01-01", "SPLIT A > A,C 2023-01-01", "MERGE A,C > F 2026-01-01")] // hai đường: hiện một lần, theo đường muộn nhất
    [InlineData("D", "A<2025-07-01", "MERGE B > A! 2025-07-01", "SPLIT A > A,D 2025-07-01")] // cùng một ngày: D tách từ A của hôm trước, khi B chưa vào
    [InlineData("A", "", "DISSOLVE A 2025-07-01")]
    public void The_ancestors_of_a_unit_are_shown_each_once(string unit, string expected, params string[] recorded)
    {
        var ancestors = LineageOf(recorded).AncestorsOf(unit, Day("2030-01-01"));

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), ancestors.Select(ancestor => $"{ancestor.Unit}<{ancestor.Until:yyyy-MM-dd}").Order());
        Assert.All(ancestors, ancestor => Assert.Equal((ancestor.Unit, unit), (ancestor.Chain[0].From, ancestor.Chain[^1].To)));
        Assert.All(ancestors, ancestor => Assert.All(ancestor.Chain.Zip(ancestor.Chain.Skip(1)), pair => Assert.True(pair.First.To == pair.Second.From && pair.First.EffectiveOn < pair.Second.EffectiveOn)));
    }

    [Fact]
    public void A_chain_says_how_one_came_from_the_other()
    {
        var ancestor = LineageOf("MERGE A,B > C 2025-07-01", "SPLIT C > D,E 2026-01-01").AncestorsOf("D", Day("2030-01-01")).Single(found => found.Unit == "A");

        Assert.Equal(["A>C Merge 2025-07-01", "C>D Split 2026-01-01"], ancestor.Chain.Select(link => $"{link.From}>{link.To} {link.Kind} {link.EffectiveOn:yyyy-MM-dd}"));
        Assert.True(ancestor.HandsOn(Day("2025-06-30")));
        Assert.False(ancestor.HandsOn(Day("2025-07-01")));
    }

    [Theory]
    [InlineData("A", "2024-12-31", "C=1", "MERGE A,B > C 2025-07-01")]
    [InlineData("A", "2024-12-31", "C=1/3 D=2/3", "SPLIT A > C 1/3,D 2/3 2025-07-01")]
    [InlineData("A", "2024-12-31", "C=1/2 D=1/2", "SPLIT A > C,D 2025-07-01")] // văn bản không ghi: chia đều
    [InlineData("A", "2024-12-31", "A=1/4 D=3/4", "SPLIT A > A 1/4,D 3/4 2025-07-01")]
    [InlineData("A", "2025-07-01", "A=1", "SPLIT A > A 1/4,D 3/4 2025-07-01")] // có sau khi tách: của riêng A
    [InlineData("A", "2024-12-31", "E=1", "SPLIT A > C 1/3,D 2/3 2025-07-01", "MERGE C,D > E 2026-01-01")]
    [InlineData("A", "2024-12-31", "C=1/3 E=2/9 F=4/9", "SPLIT A > C 1/3,D 2/3 2025-07-01", "SPLIT D > E 1/3,F 2/3 2026-01-01")]
    [InlineData("B", "2024-12-31", "A=1", "MERGE B > A! 2025-07-01", "SPLIT A > A,D 2025-07-01")]
    [InlineData("A", "2024-12-31", "A=1", "DISSOLVE A 2025-07-01")]
    [InlineData("A", "2024-12-31", "A=1", "MERGE B > A! 2025-07-01")]
    [InlineData("A", "2024-12-31", "A=1", "MERGE A,B > C 2031-01-01")] // sau ngày tra cứu
    public void Whatever_a_unit_earned_is_in_somebodys_hands_exactly_once(string unit, string earnedOn, string expected, params string[] recorded)
    {
        var holders = LineageOf(recorded).HoldersOf(unit, Day(earnedOn), Day("2030-01-01"));

        Assert.Equal(expected, string.Join(' ', holders.OrderBy(holder => holder.Key, StringComparer.Ordinal).Select(holder => $"{holder.Key}={holder.Value}")));
        Assert.Equal(Fraction.One, Fraction.Sum(holders.Values));
    }

    [Theory]
    [InlineData("A", "C", "MERGE A,B > C 2025-07-01")]
    [InlineData("A", "D", "MERGE A,B > C 2025-07-01", "RENAME C > D 2026-01-01")]
    [InlineData("A", "C", "MERGE A,B > C 2025-07-01", "RENAME C > D 2031-01-01")]
    [InlineData("A", null, "SPLIT A > C,D 2025-07-01")]
    [InlineData("A", null, "DISSOLVE A 2025-07-01")]
    [InlineData("A", "C", "SPLIT A > A,B 2024-01-01", "RENAME A > C 2025-07-01")] // B tách ra trước không phải là A
    [InlineData("A", "A", "RENAME A > A 2025-07-01")]
    public void An_old_code_leads_to_the_one_unit_that_goes_on(string unit, string? expected, params string[] recorded) =>
        Assert.Equal(expected, LineageOf(recorded).CurrentOf(unit, Day("2030-01-01")));

    private static Lineage LineageOf(params string[] recorded) =>
        new(recorded.Select(line => Recorded(line[..line.LastIndexOf(' ')], line[(line.LastIndexOf(' ') + 1)..])));
}
