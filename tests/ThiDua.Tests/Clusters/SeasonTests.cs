using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

public sealed class SeasonTests
{
    [Fact]
    public void A_season_runs_through_its_phases_in_order()
    {
        var season = Opened();

        foreach (var phase in Enum.GetValues<SeasonPhase>().Skip(1))
        {
            season.Advance(phase, null, clusters: 1, Now);
        }

        Assert.Equal(SeasonPhase.Closed, season.Phase);
        Assert.Equal(8, season.Version);
        Assert.Equal("season-closed", Refused(() => season.Advance(SeasonPhase.Council, "nhầm", 1, Now)).Code);
    }

    [Fact]
    public void No_phase_is_skipped_and_none_follows_itself()
    {
        Assert.Equal("wrong-phase", Refused(() => Opened().Advance(SeasonPhase.SelfScoring, "vội", 1, Now)).Code);
        Assert.Equal("wrong-phase", Refused(() => Opened().Advance(SeasonPhase.Setup, "lại", 1, Now)).Code);
    }

    [Fact]
    public void A_way_back_needs_a_reason()
    {
        var season = Opened();
        season.Advance(SeasonPhase.Criteria, null, 1, Now);

        Assert.Equal(("MISSING_REASON", "/reason"), Assert.Single(Refused(() => season.Advance(SeasonPhase.Setup, "", 1, Now)).Errors.Select(error => (error.Code, error.Path))));

        season.Advance(SeasonPhase.Setup, "Bổ sung cụm", 1, Now);
        Assert.Equal((SeasonPhase.Setup, 3), (season.Phase, season.Version));
    }

    [Fact]
    public void Criteria_need_a_cluster_to_apply_to() =>
        Assert.Equal("no-clusters", Refused(() => Opened().Advance(SeasonPhase.Criteria, null, clusters: 0, Now)).Code);

    [Fact]
    public void A_phase_opens_before_its_day_only_with_a_reason()
    {
        var season = Opened(calendar: Calendar((SeasonPhase.Criteria, "2026-03-02", "2026-03-31")));

        Assert.Equal("not-open-yet", Refused(() => season.Advance(SeasonPhase.Criteria, null, 1, Now)).Code);
        season.Advance(SeasonPhase.Criteria, "Hội nghị sớm hơn dự kiến", 1, Now);

        Opened(calendar: season.Calendar).Advance(SeasonPhase.Criteria, null, 1, Now.AddHours(15)); // already 2 March in Việt Nam
    }

    [Fact]
    public void A_calendar_runs_forwards()
    {
        var errors = Season.CheckCalendar(Calendar(
            (SeasonPhase.SelfScoring, "2026-11-15", "2026-11-10"),
            (SeasonPhase.ClusterReview, "2026-11-01", "2026-12-08"),
            (SeasonPhase.Appraisal, "2026-12-09", "2026-12-31")));

        Assert.Equal([(SeasonPhase.SelfScoring, "CLOSES_BEFORE_OPENS"), (SeasonPhase.ClusterReview, "PHASES_OUT_OF_ORDER")], errors.Select(error => (error.Phase, error.Code)));
    }

    [Fact]
    public void A_school_year_ends_in_the_year_after_it_begins() =>
        Assert.Equal((Day("2024-09-01"), Day("2025-08-31")), SchoolYear.Period(2024));

    [Theory]
    [InlineData(2024, "2024-12-31")]
    [InlineData(2026, "2026-03-01")]
    [InlineData(2027, "2027-01-01")]
    public void Members_are_looked_at_on_the_day_of_the_season_nearest_to_today(int year, string day) =>
        Assert.Equal(Day(day), Opened(year).MembershipDay(Today));

    private static Dictionary<SeasonPhase, PhaseWindow> Calendar(params (SeasonPhase Phase, string Opens, string Closes)[] windows) =>
        windows.ToDictionary(window => window.Phase, window => new PhaseWindow(Day(window.Opens), Day(window.Closes)));

    private static RuleViolationException Refused(Action step) => Assert.Throws<RuleViolationException>(step);
}
