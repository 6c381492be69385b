using System.Globalization;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class HolidayEndpointsTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private const string Unchecked = "chưa kiểm chứng";

    [Theory] // Bộ luật Lao động 2019, Điều 112
    [InlineData(2024)]
    [InlineData(2025)]
    [InlineData(2026)]
    [InlineData(2027)]
    public async Task The_holidays_of_the_law_are_there_from_the_start(int year)
    {
        var days = await OfAsync(year);
        Assert.All([(1, 1), (4, 30), (5, 1), (9, 2)], date => Assert.Contains(days, day => day.Date == new DateOnly(year, date.Item1, date.Item2)));
        Assert.Single(days, day => day.Label.Contains("liền kề", StringComparison.Ordinal) && Math.Abs(day.Date.DayNumber - new DateOnly(year, 9, 2).DayNumber) == 1);

        // The Vietnamese and the Chinese lunisolar calendars agree on these years; they are an hour apart and differ only about new moons near midnight.
        var lunar = new ChineseLunisolarCalendar();
        Assert.True(lunar.GetLeapMonth(year) is 0 or > 3);
        Assert.Contains(days, day => day.Date == DateOnly.FromDateTime(lunar.ToDateTime(year, 3, 10, 0, 0, 0, 0)) && day.Label.StartsWith("Giỗ Tổ", StringComparison.Ordinal));
        var tet = days.Where(day => day.Label.StartsWith("Tết Nguyên đán", StringComparison.Ordinal)).Select(day => day.Date).ToList();
        var first = DateOnly.FromDateTime(lunar.ToDateTime(year, 1, 1, 0, 0, 0, 0));
        Assert.True(tet.Count >= 5 && Enumerable.Range(-1, 4).All(step => tet.Contains(first.AddDays(step))));

        // Whoever falls on a day of rest is made up for on the next working day; of days that depend on an announcement only those known are sure.
        var calendar = days.ToCalendar();
        Assert.All(days.Where(day => day.Date.DayOfWeek is DayOfWeek.Sunday or DayOfWeek.Saturday && !tet.Contains(day.Date)), day => Assert.Contains(days, other => other.Label.EndsWith("nghỉ bù", StringComparison.Ordinal) && other.Date > day.Date && calendar.WorkingDaysAfter(day.Date, other.Date) == 0));
        Assert.Equal(year == 2027, days.Exists(day => day.Basis.Contains(Unchecked, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_agency_enters_and_corrects_days_with_a_reason()
    {
        using var head = host.As(Roles.AppraisalHead);
        using var reader = host.As(Roles.UnitClerk, "U1");
        object Day(string date, string kind) => new { date, kind, label = "Hoán đổi", basis = "Thông báo" };
        Assert.Equal([("DUPLICATE_DAY", "/holidays/1/date"), ("WRONG_TYPE", "/holidays/2/kind")], (await head.PostJson("holidays", new { holidays = new[] { Day("2030-08-31", "HOLIDAY"), Day("2030-08-31", "HOLIDAY"), Day("2030-09-07", "WORK") } })).Expect(422).Errors);
        Assert.Equal(2, (int)(await head.PostJson("holidays", new { holidays = new[] { Day("2030-08-30", "HOLIDAY"), Day("2030-09-07", "MAKE_UP_DAY") } })).Expect(201)["added"]);
        (await reader.PostJson("holidays", new { holidays = new[] { Day("2030-08-29", "HOLIDAY") } })).Expect(403);

        var page = (await reader.GetJson("holidays?from=2030-08-30&to=2030-12-31&limit=1")).Expect(200);
        Assert.Equal("2030-08-30", (string?)page["items"][0]!["date"]);
        Assert.Equal("MAKE_UP_DAY", (string?)(await reader.GetJson($"holidays?from=2030-08-30&to=2030-12-31&limit=1&cursor={page["next"]}")).Expect(200)["items"][0]!["kind"]);

        var read = (await head.GetJson("holidays/2030-09-07")).Expect(200);
        Assert.Equal([("MISSING_REASON", "/reason")], (await head.PutJson("holidays/2030-09-07", new { kind = "HOLIDAY", label = "Nghỉ", basis = "Thông báo" }, read.ETag)).Expect(422).Errors);
        (await head.PutJson("holidays/2030-09-07", new { kind = "HOLIDAY", label = "Nghỉ", basis = "Thông báo", reason = "Nhầm" }, read.ETag)).Expect(200);
        (await head.PutJson("holidays/2030-09-07", new { kind = "ORDINARY", label = "Nghỉ", basis = "Thông báo", reason = "Nhầm" }, read.ETag)).Expect(412);
        (await head.GetJson("holidays/2030-09-08")).Expect(404);
    }

    [Fact]
    public async Task A_day_that_the_agency_took_back_does_not_come_back()
    {
        using var head = host.As(Roles.Admin);
        var read = (await head.GetJson("holidays/2027-02-11")).Expect(200);
        (await head.PutJson("holidays/2027-02-11", new { kind = "ORDINARY", label = "Ngày thường", basis = "Thông báo lịch nghỉ", reason = "Theo thông báo" }, read.ETag)).Expect(200);

        await host.WithDatabaseAsync(async db =>
        {
            await SeedData.ApplyAsync(host.Services, db, TestContext.Current.CancellationToken);
            return true;
        });

        Assert.Equal("ORDINARY", (string?)(await head.GetJson("holidays/2027-02-11")).Expect(200)["kind"]);
    }

    private Task<List<Holiday>> OfAsync(int year) => host.WithDatabaseAsync(db => Task.FromResult(db.Holidays.Where(day => day.Date.Year == year && day.Date < new DateOnly(2028, 1, 1)).OrderBy(day => day.Date).ToList()));
}
