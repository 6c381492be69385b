using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Loại ngày trong lịch làm việc.</summary>
public enum HolidayKind
{
    /// <summary>Ngày nghỉ lễ, tết, hoặc nghỉ bù: no work although it may be a weekday.</summary>
    Holiday,

    /// <summary>Ngày làm bù: work although it is a Saturday or a Sunday.</summary>
    MakeUpDay,

    /// <summary>Ngày bình thường: an entry that was taken back; the weekday alone says whether it is worked on.</summary>
    Ordinary,
}

/// <summary>Ngày nghỉ, ngày làm bù: a day on which work differs from what the weekday says. It is data: the Government announces it year by year.</summary>
public sealed class Holiday
{
    public required DateOnly Date { get; init; }

    public required HolidayKind Kind { get; set; }

    /// <summary>Tên ngày, for people.</summary>
    public required string Label { get; set; }

    /// <summary>Căn cứ: the law or the announcement; “chưa kiểm chứng” as long as nobody has checked it.</summary>
    public required string Basis { get; set; }

    /// <summary>1, and one more with every correction; a day is never taken out, so that the sum of all only grows.</summary>
    public int Version { get; set; } = 1;

    public uint RowVersion { get; private set; }
}

/// <summary>Ngày nghỉ, ngày làm bù: all of them together.</summary>
public static class Holidays
{
    /// <summary>Lịch ngày làm việc that follows from the days.</summary>
    public static WorkingDayCalendar ToCalendar(this IReadOnlyCollection<Holiday> days) => new(
        days.Where(day => day.Kind == HolidayKind.Holiday).Select(day => day.Date), days.Where(day => day.Kind == HolidayKind.MakeUpDay).Select(day => day.Date));
}
