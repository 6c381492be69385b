using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Lịch đôn đốc (P4): on which days somebody is reminded of what is owed, and who. Days are counted from the due date T: −15 is
/// fifteen days before it, 1 the day after.
/// </summary>
/// <param name="Days">Các ngày nhắc, ascending.</param>
/// <param name="EveryDays">Chu kỳ nhắc sau ngày cuối cùng của danh sách, in days, as long as it is still owed.</param>
/// <param name="LeaderFrom">Từ ngày nào nhắc cụm trưởng.</param>
/// <param name="AgencyFrom">Từ ngày nào nhắc cơ quan thường trực.</param>
/// <param name="HeadFrom">Từ ngày nào báo lãnh đạo cơ quan thường trực: the escalation.</param>
/// <param name="Hour">Giờ gửi trong ngày, 0 to 23, of Việt Nam: before it a day has not begun for reminders.</param>
/// <param name="RetryMinutes">Khoảng chờ trước mỗi lần gửi lại, in minutes; one attempt more than it has entries, then no more.</param>
public sealed record ReminderSchedule(IReadOnlyList<int> Days, int EveryDays, int LeaderFrom, int AgencyFrom, int HeadFrom, int Hour, IReadOnlyList<int> RetryMinutes) : IRuleValue
{
    private const int MostDays = 366;
    private const int LastHour = 23;
    private const int MostEntries = 50;

    public static string Code => "REMINDER_SCHEDULE";

    /// <summary>Số lần gửi tối đa of one reminder.</summary>
    public int MaximumAttempts => RetryMinutes.Count + 1;

    public IEnumerable<string> Problems()
    {
        if (Days.Count is 0 or > MostEntries || Days.Any(day => day is < -MostDays or > MostDays) || Days.Zip(Days.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            yield return $"Các ngày nhắc phải tăng dần, từ {-MostDays} đến {MostDays}, ít nhất một ngày.";
        }

        if (EveryDays is < 1 or > MostDays)
        {
            yield return $"Chu kỳ nhắc phải từ 1 đến {MostDays} ngày.";
        }

        if (Hour is < 0 or > LastHour)
        {
            yield return $"Giờ gửi phải từ 0 đến {LastHour}.";
        }

        if (RetryMinutes.Count is 0 or > MostEntries || RetryMinutes.Any(minutes => minutes < 1))
        {
            yield return "Khoảng chờ gửi lại phải có ít nhất một mục, mỗi mục từ 1 phút.";
        }
    }

    /// <summary>The day that reminders go by: until the hour of sending it is still the day before.</summary>
    public DateOnly DayOf(DateTimeOffset now) => VietnamDate.Of(now.AddHours(-Hour));

    /// <summary>Lần nhắc gần nhất: the last occurrence on or before a day; null before the first one.</summary>
    public int? Latest(DateOnly dueOn, DateOnly day)
    {
        var elapsed = day.DayNumber - dueOn.DayNumber;
        if (elapsed < Days[0])
        {
            return null;
        }

        var last = Days[^1];
        return elapsed >= last ? last + ((elapsed - last) / EveryDays * EveryDays) : Days.Last(listed => listed <= elapsed);
    }

    /// <summary>The occurrences after one up to another, both as days from the due date.</summary>
    public IEnumerable<int> Between(int after, int upTo)
    {
        var last = Days[^1];
        foreach (var listed in Days.Where(listed => listed > after && listed <= upTo))
        {
            yield return listed;
        }

        var first = after < last ? last + EveryDays : after + EveryDays - Modulo(after - last, EveryDays);
        for (var repeated = first; repeated <= upTo; repeated += EveryDays)
        {
            yield return repeated;
        }
    }

    /// <summary>Who is reminded on an occurrence. A leader that is late itself is told once.</summary>
    /// <param name="occurrence">Days from the due date.</param>
    /// <param name="unit">Who owes it; null: the standing agency.</param>
    /// <param name="leader">Unit that leads the cluster.</param>
    public IEnumerable<ReminderRecipient> Recipients(int occurrence, string? unit, string leader)
    {
        if (unit is not null)
        {
            yield return new ReminderRecipient(RecipientKind.Unit, unit);
            if (occurrence >= LeaderFrom && leader != unit)
            {
                yield return new ReminderRecipient(RecipientKind.Leader, leader);
            }
        }

        if (unit is null || occurrence >= AgencyFrom)
        {
            yield return new ReminderRecipient(RecipientKind.Agency, null);
        }

        if (occurrence >= HeadFrom)
        {
            yield return new ReminderRecipient(RecipientKind.AgencyHead, null);
        }
    }

    /// <summary>T-15, T+8: how an occurrence is written.</summary>
    public static string Label(int occurrence) => string.Create(CultureInfo.InvariantCulture, $"T{occurrence:+0;-0;+0}");

    /// <summary>When to try again after an attempt that failed.</summary>
    public DateTimeOffset RetryAfter(int attempts, DateTimeOffset now) => now.AddMinutes(RetryMinutes[Math.Min(attempts, RetryMinutes.Count) - 1]);

    private static int Modulo(int value, int by) => ((value % by) + by) % by;
}

/// <summary>Vai trò của người được nhắc: as whom somebody is reminded.</summary>
public enum RecipientKind
{
    /// <summary>Đơn vị có nghĩa vụ.</summary>
    Unit,

    /// <summary>Cụm trưởng, khối trưởng.</summary>
    Leader,

    /// <summary>Cơ quan thường trực.</summary>
    Agency,

    /// <summary>Lãnh đạo cơ quan thường trực.</summary>
    AgencyHead,
}

/// <summary>Người được nhắc.</summary>
/// <param name="Kind">As whom.</param>
/// <param name="Unit">Whose addresses: the unit's own or the leading unit's; null: the standing agency's.</param>
public sealed record ReminderRecipient(RecipientKind Kind, string? Unit);
