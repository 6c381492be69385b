using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

public sealed class UnitTests
{
    [Fact]
    public void A_new_name_holds_from_its_day_and_the_old_one_up_to_the_day_before()
    {
        var unit = Unit.Register("26740", Details("Quận 1", "HUYEN"), Day("2020-01-01"), Now);

        Assert.True(unit.Change(Details("Phường Sài Gòn", "XA"), Day("2025-07-01"), Now));

        Assert.Equal("Quận 1", unit.On(Day("2025-06-30"))!.Name);
        Assert.Equal("Phường Sài Gòn", unit.On(Day("2025-07-01"))!.Name);
        Assert.Null(unit.On(Day("2019-12-31")));
    }

    [Fact]
    public void What_is_known_already_is_not_recorded_again()
    {
        var unit = Registered("A");

        Assert.False(unit.Change(Details("Đơn vị A"), Day("2024-05-05"), Now));
        Assert.Single(unit.Versions);
        Assert.Equal(1, unit.Version);
    }

    [Fact]
    public void A_correction_from_the_same_day_counts_and_the_corrected_version_is_kept()
    {
        var unit = Registered("A");

        unit.Change(Details("Sở Nội vụ"), Day("2020-01-01"), Now);

        Assert.Equal("Sở Nội vụ", unit.On(Day("2022-02-02"))!.Name);
        Assert.Equal([("Đơn vị A", true), ("Sở Nội vụ", false)], unit.Versions.Select(version => (version.Name, version.Superseded)));
    }

    [Fact]
    public void What_is_learned_later_of_earlier_days_changes_no_later_day()
    {
        var unit = Registered("A", from: "2025-01-01");

        unit.Change(Details("Tên cũ"), Day("2013-01-01"), Now);
        unit.Change(Details("Tên giữa"), Day("2020-01-01"), Now);

        Assert.Equal("Tên cũ", unit.On(Day("2019-12-31"))!.Name);
        Assert.Equal("Tên giữa", unit.On(Day("2024-12-31"))!.Name);
        Assert.Equal("Đơn vị A", unit.On(Day("2025-01-01"))!.Name);
        Assert.Equal(3, unit.Version);
    }

    [Fact]
    public void The_code_of_a_closed_unit_is_never_used_again()
    {
        var unit = Registered("A");
        unit.Close(Day("2025-06-30"));

        Assert.NotNull(unit.On(Day("2025-06-30")));
        Assert.Null(unit.On(Day("2025-07-01")));
        Assert.Equal("unit-closed", Assert.Throws<RuleViolationException>(() => unit.Change(Details("Khác"), Day("2025-07-01"), Now)).Code);
    }

    [Fact]
    public void A_unit_does_not_end_before_it_begins() =>
        Assert.Equal("closes-before-it-begins", Assert.Throws<RuleViolationException>(() => Registered("A").Close(Day("2019-01-01"))).Code);

    [Theory]
    [InlineData("26740", true)]
    [InlineData("000.00.00.H42", true)]
    [InlineData("C001-01", true)]
    [InlineData("", false)]
    [InlineData(".H42", false)]
    [InlineData("A/B", false)]
    [InlineData("Sở Y tế", false)]
    public void A_code_stands_in_an_address(string code, bool valid) => Assert.Equal(valid, BusinessCode.IsValid(code));

    [Fact]
    public void A_level_holds_only_in_its_time()
    {
        Assert.NotNull(Levels.On("HUYEN", Day("2025-06-30")));
        Assert.Null(Levels.On("HUYEN", Day("2025-07-01")));
        Assert.Equal(4, Levels.On("XA", Day("2025-06-30"))!.Order);
        Assert.Equal(3, Levels.On("XA", Day("2025-07-01"))!.Order);
        Assert.NotNull(Levels.Within("HUYEN", Day("2025-01-01"), Day("2025-12-31")));
        Assert.Null(Levels.Within("HUYEN", Day("2026-01-01"), Day("2026-12-31")));
    }

    [Fact]
    public void Two_periods_of_a_level_share_no_day()
    {
        var refused = Assert.Throws<RuleViolationException>(() => DatedTerms.RequireOwnPeriod(Level("HUYEN", 3, "2025-06-30"), isNew: true, Levels.Where(level => level.Code == "HUYEN")));
        Assert.Equal("PERIODS_OVERLAP", Assert.Single(refused.Errors).Code);

        DatedTerms.RequireOwnPeriod(Level("HUYEN", 3, "2030-01-01"), isNew: true, Levels.Where(level => level.Code == "HUYEN"));
    }
}
