namespace ThiDua.Awards.Domain;

/// <summary>Lịch ngày làm việc, as last told by the service that keeps it: Monday to Friday, without holidays, with make-up days.</summary>
public sealed class WorkingDayCalendar
{
    /// <summary>There is one calendar.</summary>
    public const string Only = "VN";

    public string Code { get; init; } = Only;
    public required int Version { get; set; }
    public required IReadOnlyList<SpecialDay> Days { get; set; }

    public bool IsWorkingDay(DateOnly day)
    {
        var isWeekday = day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        return isWeekday ? !Has(day, SpecialDay.Holiday) : Has(day, SpecialDay.MakeUpDay);
    }

    /// <summary>The last day of a term of so many working days; the day on which it begins is not counted (F-22).</summary>
    public DateOnly LastDayOf(DateOnly begins, int workingDays)
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

    private bool Has(DateOnly day, string kind) => Days.Any(special => special.Date == day && special.Kind == kind);
}

/// <summary>Ngày nghỉ hoặc ngày làm bù.</summary>
/// <param name="Date">The day.</param>
/// <param name="Kind"><see cref="Holiday"/> or <see cref="MakeUpDay"/>.</param>
public sealed record SpecialDay(DateOnly Date, string Kind)
{
    public const string Holiday = "HOLIDAY";
    public const string MakeUpDay = "MAKE_UP_DAY";
}
