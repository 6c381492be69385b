using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Thời hạn báo cáo: the days on which reports are due, by type of season.</summary>
/// <param name="SeasonTypes">By code of the season's type; a type without an entry owes no reports.</param>
public sealed record ReportDueDates(IReadOnlyDictionary<string, ReportDays> SeasonTypes) : IRuleValue
{
    public static string Code => "REPORT_DUE_DATES";

    public IEnumerable<string> Problems() => SeasonTypes.Values.SelectMany(days => new[] { days.Midyear, days.Yearend }).SelectMany(day => day.Problems()).Distinct();
}

/// <summary>Thời hạn báo cáo của một loại kỳ thi đua.</summary>
/// <param name="Midyear">Báo cáo sơ kết.</param>
/// <param name="Yearend">Báo cáo tổng kết.</param>
public sealed record ReportDays(DayOfSeason Midyear, DayOfSeason Yearend);

/// <summary>Ngày trong kỳ: a day of the year in which the season begins, or of the year after.</summary>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31; the last of a shorter month.</param>
/// <param name="YearOffset">0: the year in which the season begins; 1: the year after.</param>
public sealed record DayOfSeason(int Month, int Day, int YearOffset)
{
    public DateOnly In(int year) => new(year + YearOffset, Month, Math.Min(Day, DateTime.DaysInMonth(year + YearOffset, Month)));

    internal IEnumerable<string> Problems()
    {
        if (Month is < 1 or > 12 || Day is < 1 or > 31 || YearOffset is < 0 or > 1)
        {
            yield return "Thời hạn là một ngày trong năm mở kỳ (year_offset 0) hoặc năm sau (year_offset 1).";
        }
    }
}

/// <summary>Thời hạn rơi vào ngày nghỉ: whether a due day that is no working day stays where it is.</summary>
/// <param name="Effect">What becomes of it.</param>
public sealed record DueOnDayOff(DayOffEffect Effect) : IRuleValue
{
    public static string Code => "DUE_ON_DAY_OFF";

    public IEnumerable<string> Problems() => [];

    /// <summary>The last day in time.</summary>
    public DateOnly Of(DateOnly dueOn, WorkingDayCalendar calendar) => Effect == DayOffEffect.NextWorkingDay ? calendar.WorkingDayFrom(dueOn) : dueOn;
}

/// <summary>Cách xử lý thời hạn rơi vào ngày nghỉ.</summary>
public enum DayOffEffect
{
    /// <summary>Giữ nguyên ngày.</summary>
    Stays,

    /// <summary>Chuyển sang ngày làm việc tiếp theo.</summary>
    NextWorkingDay,
}

/// <summary>Mốc coi là không gửi báo cáo .</summary>
/// <param name="WorkingDays">So many working days late a report counts as missing; null: only once the season is past appraisal.</param>
public sealed record ReportCutOff(int? WorkingDays = null) : IRuleValue
{
    public static string Code => "REPORT_CUTOFF";

    public IEnumerable<string> Problems()
    {
        if (WorkingDays is < 0 or > 366)
        {
            yield return "Số ngày làm việc từ 0 đến 366.";
        }
    }
}

/// <summary>Thời hạn giải trình phiếu bị trả lại (F-09).</summary>
/// <param name="WorkingDays">Working days after the day of the return.</param>
public sealed record ExplanationTerm(int WorkingDays) : IRuleValue
{
    public static string Code => "EXPLANATION_TERM";

    public IEnumerable<string> Problems()
    {
        if (WorkingDays is < 1 or > 366)
        {
            yield return "Số ngày làm việc từ 1 đến 366.";
        }
    }
}

/// <summary>Các quy tắc về nghĩa vụ: as they stand on the first day of a season, and for all of it.</summary>
public sealed record ObligationRules(ReportDueDates DueDates, DueOnDayOff DayOff, ReportCutOff CutOff, ExplanationTerm Explanation)
{
    public static IReadOnlyList<string> Codes { get; } = [ReportDueDates.Code, DueOnDayOff.Code, ReportCutOff.Code, ExplanationTerm.Code];

    public static ObligationRules On(IReadOnlyCollection<Rule> rules, DateOnly day) =>
        new(rules.On<ReportDueDates>(day), rules.On<DueOnDayOff>(day), rules.On<ReportCutOff>(day), rules.On<ExplanationTerm>(day));
}
