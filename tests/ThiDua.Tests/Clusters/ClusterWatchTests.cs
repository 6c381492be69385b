using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

public class ClusterWatchTests
{
    private static readonly CitedRule s_cited = new("SILENT_CLUSTER", new DateOnly(2000, 1, 1), "QĐ 1");

    // quá 90 ngày không có hoạt động và không có báo cáo thì cần xem xét
    [Theory]
    [InlineData(null, null, "2026-04-01", 90, false)] // the season began on 1 January
    [InlineData(null, null, "2026-04-02", 91, true)]
    [InlineData("2026-03-10", null, "2026-06-08", 90, false)]
    [InlineData("2026-03-10", null, "2026-06-09", 91, true)]
    [InlineData("2026-03-10", "2026-06-08", "2026-06-09", 1, false)] // a report is a sign of life as well
    [InlineData(null, "2026-06-08", "2026-09-07", 91, true)]
    [InlineData("2025-12-20", null, "2026-04-01", 90, false)] // what was before the season does not count
    [InlineData(null, null, "2025-11-01", 0, false)] // it has not begun
    [InlineData("2026-03-10", null, "2026-03-01", 0, false)]
    public void A_cluster_of_which_nothing_is_recorded_for_long_is_to_be_looked_at(string? activity, string? report, string today, int quiet, bool silent)
    {
        var season = Sample.Opened();
        var (lastActivity, lastReport, day) = (Day(activity), Day(report), Sample.Day(today));

        var finding = ClusterWatch.Silence(season, "C1", lastActivity, lastReport, day, new SilentClusterRule(90), s_cited);

        Assert.Equal((quiet, silent), (ClusterWatch.QuietDays(season, lastActivity, lastReport, day), finding is not null));
        Assert.True(finding is null || finding.Message.Contains("chưa có hoạt động ghi nhận", StringComparison.Ordinal));
    }

    [Fact]
    public void A_season_that_is_over_is_left_alone()
    {
        var season = Sample.Opened();
        for (var phase = SeasonPhase.Criteria; phase <= SeasonPhase.Closed; phase++)
        {
            season.Advance(phase, "Theo lịch", 1, Sample.Now);
        }

        Assert.Null(ClusterWatch.Silence(season, "C1", null, null, Sample.Day("2027-06-01"), new SilentClusterRule(90), s_cited));
    }

    [Theory]
    [InlineData("1 2 3", 3)]
    [InlineData("3 1 2", 3)]
    [InlineData("2 2 1", 2)]
    public void The_figures_of_the_latest_decision_count_in_whatever_order_they_are_told(string told, int kept)
    {
        var depth = new ClusterDepth { ClusterId = Guid.CreateVersion7(), Season = "2026" };
        foreach (var version in told.Split(' ').Select(int.Parse))
        {
            depth.Take(version, depth.Figures with { Sheets = version }, Sample.Now.AddDays(version));
        }

        Assert.Equal((kept, kept), (depth.ResultVersion, depth.Figures.Sheets));
    }

    private static DateOnly? Day(string? iso) => iso is null ? null : Sample.Day(iso);
}
