using System.Globalization;
using CsCheck;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

public sealed class WorkingDayCalendarTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    private static readonly string[][] s_table = [.. File.ReadLines(Repository.PathOf("tests", "ThiDua.Tests", "Clusters", "working-days.csv")).Skip(1).Select(line => line.Split(','))];

    private static readonly WorkingDayCalendar s_tableCalendar = Calendar(s_table.Where(row => row[0] == "holiday").Select(row => Of(row[1], row[2] == "HOLIDAY" ? HolidayKind.Holiday : HolidayKind.MakeUpDay)));

    // “Thứ Hai đến thứ Sáu, trừ ngày nghỉ lễ”: the two days of the National Day of 2026.
    private static readonly WorkingDayCalendar s_calendar = Calendar(Of("2026-09-01"), Of("2026-09-02"));

    private static readonly Gen<DateOnly> s_days = Gen.Int[Day("2024-01-01").DayNumber, Day("2027-12-31").DayNumber].Select(DateOnly.FromDayNumber);

    private static readonly Gen<WorkingDayCalendar> s_calendars =
        Gen.Select(s_days, Gen.Enum<HolidayKind>()).Array[0, 60].Select(days => Calendar(days.DistinctBy(day => day.Item1).Select(day => Of(day.Item1.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.Item2))));

    [Fact]
    public void Every_row_of_the_table_is_answered_as_it_says()
    {
        var questions = s_table.Where(row => row[0] != "holiday").ToList();
        Assert.True(questions.Count >= 300, $"{questions.Count} rows");
        Nothing.In(questions.Where(row => Answer(row) != row[3]).Select(row => $"{string.Join(',', row)}: {Answer(row)}"));

        static string Answer(string[] row) => row[0] switch
        {
            "add" => $"{s_tableCalendar.AddWorkingDays(Day(row[1]), int.Parse(row[2], CultureInfo.InvariantCulture)):yyyy-MM-dd}",
            "late" => s_tableCalendar.WorkingDaysLate(Day(row[1]), DateTimeOffset.Parse(row[2], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture),
            "due" => $"{s_tableCalendar.WorkingDayFrom(Day(row[1])):yyyy-MM-dd}",
            _ => throw new InvalidDataException(row[0]),
        };
    }

    [Theory] // EX-18
    [InlineData("2026-06-01", 20, "2026-06-29")]
    [InlineData("2026-08-26", 5, "2026-09-04")]
    public void The_day_of_receipt_is_not_counted(string receivedOn, int workingDays, string ends) => Assert.Equal(Day(ends), s_calendar.AddWorkingDays(Day(receivedOn), workingDays));

    [Theory] // EX-18: hạn nộp thứ Sáu 19/06/2026
    [InlineData("2026-06-19T23:59:59.9999999+07:00", 0)]
    [InlineData("2026-06-20T00:00:00+07:00", 0)]
    [InlineData("2026-06-21T10:00:00+07:00", 0)]
    [InlineData("2026-06-21T23:59:59+07:00", 0)]
    [InlineData("2026-06-22T00:00:00+07:00", 1)]
    [InlineData("2026-06-21T17:00:00Z", 1)]
    [InlineData("2026-06-24T10:00:00+07:00", 3)]
    [InlineData("2026-06-29T10:00:00+07:00", 6)]
    public void Lateness_counts_working_days_after_the_due_day(string receivedAt, int late) =>
        Assert.Equal(late, s_calendar.WorkingDaysLate(Day("2026-06-19"), DateTimeOffset.Parse(receivedAt, CultureInfo.InvariantCulture)));

    [Theory] // thứ Bảy 20/06/2026
    [InlineData(DayOffEffect.Stays, "2026-06-20")]
    [InlineData(DayOffEffect.NextWorkingDay, "2026-06-22")]
    public void A_due_day_that_is_a_day_off_moves_only_when_the_rule_says_so(DayOffEffect effect, string lastDay)
    {
        Assert.Equal(Day(lastDay), new DueOnDayOff(effect).Of(Day("2026-06-20"), s_calendar));
        Assert.Equal(Day("2026-06-19"), new DueOnDayOff(effect).Of(Day("2026-06-19"), s_calendar));
    }

    [Fact]
    public void Days_at_the_end_of_all_days_are_counted_too()
    {
        var calendar = Calendar(new Holiday { Date = DateOnly.MaxValue, Kind = HolidayKind.Holiday, Label = "", Basis = "" });

        Assert.Equal(DateOnly.MaxValue, calendar.WorkingDayFrom(DateOnly.MaxValue));
        Assert.Equal(2_608_613, calendar.WorkingDaysAfter(DateOnly.MinValue, DateOnly.MaxValue)); // 521,722 weeks and five days, without the first and the last of them
    }

    [Fact]
    public void What_is_added_is_what_is_counted() => Gen.Select(s_calendars, s_days, Gen.Int[0, 80]).Sample(
        (calendar, day, workingDays) => calendar.WorkingDaysAfter(day, calendar.AddWorkingDays(day, workingDays)) == workingDays,
        iter: Cases);

    [Fact]
    public void A_term_ends_on_a_working_day_and_later_the_longer_it_is() => Gen.Select(s_calendars, s_days, Gen.Int[1, 80]).Sample(
        (calendar, day, workingDays) => calendar.IsWorkingDay(calendar.AddWorkingDays(day, workingDays)) && calendar.AddWorkingDays(day, workingDays) > calendar.AddWorkingDays(day, workingDays - 1),
        iter: Cases);

    [Fact]
    public void Counting_is_the_same_day_by_day_and_in_one_step() => Gen.Select(s_calendars, s_days, Gen.Int[0, 400]).Sample(
        (calendar, day, length) => calendar.WorkingDaysAfter(day, day.AddDays(length)) == Enumerable.Range(1, length).Count(step => calendar.IsWorkingDay(day.AddDays(step))),
        iter: Cases);

    [Fact]
    public void Who_comes_later_is_never_less_late() => Gen.Select(s_calendars, s_days, Gen.Int[0, 2_000_000], Gen.Int[0, 2_000_000]).Sample(
        (calendar, due, one, other) =>
        {
            var (first, second) = (At(due, Math.Min(one, other)), At(due, Math.Max(one, other)));
            return calendar.WorkingDaysLate(due, first) <= calendar.WorkingDaysLate(due, second) && calendar.WorkingDaysLate(due.AddDays(1), second) <= calendar.WorkingDaysLate(due, second);
        },
        iter: Cases);

    [Fact]
    public void A_holiday_never_makes_anybody_later() => Gen.Select(s_days, s_days, Gen.Int[0, 2_000_000]).Sample(
        (due, holiday, seconds) => Calendar(Of(holiday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).WorkingDaysLate(due, At(due, seconds)) <= new WorkingDayCalendar([], []).WorkingDaysLate(due, At(due, seconds)),
        iter: Cases);

    private static DateTimeOffset At(DateOnly day, int secondsAfter) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(7)).AddSeconds(secondsAfter);

    private static WorkingDayCalendar Calendar(params IEnumerable<Holiday> days) => days.ToList().ToCalendar();

    private static Holiday Of(string day, HolidayKind kind = HolidayKind.Holiday) => new() { Date = Day(day), Kind = kind, Label = "Ngày nghỉ", Basis = "Thử" };
}
