using System.Globalization;
using CsCheck;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public sealed class ConsultationTests
{
    // Tết of 2026 as data, with one made-up working Saturday; the days are those of this test and of no law.
    private static readonly KnownHolidays s_holidays = new()
    {
        Version = 3,
        Days =
        [
            .. Enumerable.Range(16, 5).Select(day => new SpecialDay(new DateOnly(2026, 2, day), SpecialDay.Holiday)),
            new SpecialDay(new DateOnly(2026, 2, 28), SpecialDay.MakeUpDay),
            new SpecialDay(new DateOnly(2026, 2, 15), SpecialDay.Holiday), // a Sunday: no working day anyhow
        ],
    };

    private static readonly WorkingDayCalendar s_calendar = s_holidays.ToCalendar();

    [Theory] // “ít nhất 7 ngày làm việc”; the day of opening is not counted
    [InlineData("2026-03-02", 7, "2026-03-11")] // Monday: 3, 4, 5, 6, 9, 10, 11
    [InlineData("2026-03-06", 7, "2026-03-17")] // Friday
    [InlineData("2026-03-07", 7, "2026-03-17")] // Saturday: begins to count on Monday like Friday
    [InlineData("2026-03-08", 7, "2026-03-17")]
    [InlineData("2026-03-09", 5, "2026-03-16")]
    [InlineData("2026-02-12", 1, "2026-02-13")]
    [InlineData("2026-02-13", 1, "2026-02-23")] // over the holidays
    [InlineData("2026-02-13", 7, "2026-03-02")] // 23, 24, 25, 26, 27, Saturday the 28th made up, 2
    [InlineData("2026-02-27", 1, "2026-02-28")] // the made-up Saturday is a working day
    [InlineData("2026-03-02", 0, "2026-03-02")]
    public void A_term_ends_with_its_last_working_day(string opened, int days, string last) => Assert.Equal(Day(last), s_calendar.AddWorkingDays(Day(opened), days));

    [Fact]
    public void A_term_counts_exactly_so_many_working_days() =>
        Gen.Select(Gen.Int[0, 800], Gen.Int[1, 60]).Sample((offset, days) =>
        {
            var opened = new DateOnly(2025, 6, 1).AddDays(offset);
            var last = s_calendar.AddWorkingDays(opened, days);
            Assert.True(s_calendar.IsWorkingDay(last));
            Assert.Equal(days, Enumerable.Range(1, last.DayNumber - opened.DayNumber).Count(after => s_calendar.IsWorkingDay(opened.AddDays(after))));
        });

    [Fact]
    public void A_day_off_that_becomes_known_later_moves_the_end_of_what_is_still_on()
    {
        var consultation = Open();
        consultation.Count(new KnownHolidays { Version = 4, Days = [new SpecialDay(new DateOnly(2026, 3, 4), SpecialDay.Holiday)] });
        Assert.Equal((Day("2026-03-12"), 4), (consultation.ClosesOn, consultation.CalendarVersion));

        consultation.Count(s_holidays); // told earlier, arrives later
        Assert.Equal(4, consultation.CalendarVersion);
    }

    [Fact]
    public void It_is_concluded_after_its_last_day_when_all_comments_are_answered()
    {
        var consultation = Open();
        var comment = consultation.Receive(new PublicComment { Id = Guid.CreateVersion7(), Unit = "A", Text = "Chưa đồng ý", ReceivedOn = Day("2026-03-04"), RecordedBy = "x" });

        Assert.Equal("consultation-running", Refused(() => consultation.Conclude(Day("2026-03-11"), "…", "BC 1", "head"))); // the last day is a day of the term
        Assert.Equal("comments-unanswered", Refused(() => consultation.Conclude(Day("2026-03-12"), "…", "BC 1", "head")));
        consultation.Answer(comment, "Đã xác minh", "appraiser");
        consultation.Conclude(Day("2026-03-12"), "Không có ý kiến phản đối có căn cứ", "BC 1", "head");
        Assert.Equal("wrong-state", Refused(() => consultation.Conclude(Day("2026-03-13"), "…", "BC 2", "head")));
        Assert.Equal("wrong-state", Refused(() => consultation.Answer(comment, "…", "appraiser")));
    }

    [Fact]
    public void The_duration_is_data_with_its_basis_and_no_consultation_is_required_by_default()
    {
        var switches = AwardPolicy.Default.Switches.OfConsultation();

        Assert.Equal(7, switches.WorkingDays);
        Assert.Contains("chưa kiểm chứng", switches.Basis, StringComparison.Ordinal);
        Assert.Empty(switches.RequiredFor);
    }

    private static string Refused(Action step) => Assert.Throws<RuleViolationException>(step).Code;

    private static Consultation Open()
    {
        var list = NominationList.DrawUp(new NominationFacts(AwardFacts.Result("A 128", "B 120"), [], Day("2026-03-02")), AwardPolicy.Default, 1, "appraiser", DateTimeOffset.UnixEpoch);
        var consultation = Consultation.Open("2026", AwardKind.GovernmentFlag, list.Nominations.Take(1), Day("2026-03-02"), 7, s_holidays, "TB 1", "tdkt@example.vn", 1, "appraiser");
        Assert.Equal(Day("2026-03-11"), consultation.ClosesOn);
        return consultation;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
