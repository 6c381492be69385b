using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Ngày nghỉ, ngày làm bù, as last told by the service that keeps them.</summary>
public sealed class KnownHolidays
{
    /// <summary>There is one calendar.</summary>
    public const string Only = "VN";

    public string Code { get; init; } = Only;
    public required int Version { get; set; }
    public required IReadOnlyList<SpecialDay> Days { get; set; }

    /// <summary>Lịch ngày làm việc that follows from them.</summary>
    public WorkingDayCalendar ToCalendar() => new(Of(SpecialDay.Holiday), Of(SpecialDay.MakeUpDay));

    private IEnumerable<DateOnly> Of(string kind) => Days.Where(day => day.Kind == kind).Select(day => day.Date);
}

/// <summary>Ngày nghỉ hoặc ngày làm bù.</summary>
/// <param name="Date">The day.</param>
/// <param name="Kind"><see cref="Holiday"/> or <see cref="MakeUpDay"/>.</param>
public sealed record SpecialDay(DateOnly Date, string Kind)
{
    public const string Holiday = "HOLIDAY";
    public const string MakeUpDay = "MAKE_UP_DAY";
}
