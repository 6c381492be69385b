using System.Globalization;
using ThiDua.Replay.Play;

namespace ThiDua.Tests.Replay;

public sealed class UnitRegistrationTests
{
    private static readonly UnitRegistration.Period s_always = new(Day("2000-01-01"), DateOnly.MaxValue);
    private static readonly UnitRegistration.Period s_district = new(Day("2000-01-01"), Day("2025-06-30"));
    private static readonly UnitRegistration.Period s_commune = new(Day("2025-07-01"), DateOnly.MaxValue);

    [Fact]
    public void A_unit_is_registered_as_of_the_day_on_which_its_season_looks_at_it() =>
        Assert.Equal(Day("2025-12-31"), DayFor("2025-12-31", 2025, [s_always]));

    [Fact]
    public void A_district_is_registered_as_of_the_days_on_which_there_were_districts() =>
        Assert.Equal(Day("2025-01-01"), DayFor("2025-12-31", 2025, [s_district]));

    [Fact]
    public void A_level_that_began_within_the_season_is_taken_from_its_first_day() =>
        Assert.Equal(Day("2025-07-01"), DayFor("2025-01-01", 2025, [s_commune]));

    private static DateOnly DayFor(string preferred, int year, IReadOnlyList<UnitRegistration.Period> level) =>
        UnitRegistration.DayFor(Day(preferred), new UnitRegistration.Period(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31)), [s_always], level);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
