namespace ThiDua.ServiceDefaults;

/// <summary>
/// Lịch ngày làm việc: Monday to Friday, without holidays, with make-up days; days are those of Việt Nam. Counting takes no longer for
/// a century than for a week.
/// </summary>
public sealed class WorkingDayCalendar
{
    private const int DaysOfWeek = 7;
    private const int WorkingDaysOfWeek = 5;

    private readonly DateOnly[] _exceptions;

    // By how much the working days up to and including an exception differ from the plain weekdays.
    private readonly int[] _differences;

    /// <param name="holidays">Ngày nghỉ; those on a Saturday or a Sunday change nothing.</param>
    /// <param name="makeUpDays">Ngày làm bù; those on other days change nothing.</param>
    public WorkingDayCalendar(IEnumerable<DateOnly> holidays, IEnumerable<DateOnly> makeUpDays)
    {
        var difference = 0;
        _exceptions = [.. holidays.Where(IsWeekday).Concat(makeUpDays.Where(day => !IsWeekday(day))).Distinct().Order()];
        _differences = [.. _exceptions.Select(day => difference += IsWeekday(day) ? -1 : 1)];
    }

    public bool IsWorkingDay(DateOnly day) => IsWeekday(day) != (Array.BinarySearch(_exceptions, day) >= 0);

    /// <summary>The day itself when it is a working day, otherwise the next that is.</summary>
    public DateOnly WorkingDayFrom(DateOnly day)
    {
        while (!IsWorkingDay(day) && day < DateOnly.MaxValue)
        {
            day = day.AddDays(1);
        }

        return day;
    }

    /// <summary>The day on which a term of so many working days ends; the day on which it begins is not counted (F-22).</summary>
    public DateOnly AddWorkingDays(DateOnly begins, int workingDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workingDays);
        var day = begins;
        for (var left = workingDays; left > 0;)
        {
            day = day.AddDays(1);
            left -= IsWorkingDay(day) ? 1 : 0;
        }

        return day;
    }

    /// <summary>Working days after the one day, up to and including the other; 0 when it is not later.</summary>
    public int WorkingDaysAfter(DateOnly day, DateOnly until) => until <= day ? 0 : CountUpTo(until) - CountUpTo(day);

    /// <summary>How many working days late: 0 for what came on the last day, up to its last moment, and on days off after it.</summary>
    public int WorkingDaysLate(DateOnly dueOn, DateTimeOffset receivedAt) => WorkingDaysAfter(dueOn, VietnamDate.Of(receivedAt));

    private static bool IsWeekday(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    // The first day of all, 01/01/0001, is a Monday.
    private int CountUpTo(DateOnly day)
    {
        var (weeks, rest) = Math.DivRem(day.DayNumber + 1, DaysOfWeek);
        var at = Array.BinarySearch(_exceptions, day);
        var last = at >= 0 ? at : ~at - 1;
        return (weeks * WorkingDaysOfWeek) + Math.Min(rest, WorkingDaysOfWeek) + (last >= 0 ? _differences[last] : 0);
    }
}
