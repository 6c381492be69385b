using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Tells the calendar of working days to the services that count in them.</summary>
internal static class HolidayFacts
{
    /// <summary>
    /// To be called after a day was saved, and with every step of a season: a service that was not there yet when the calendar last changed
    /// has it before it needs it.
    /// </summary>
    public static async Task TellHolidaysAsync(this ClustersDbContext db, CancellationToken ct)
    {
        // Two changes at once would count alike and tell different days.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({nameof(Holiday)}, 0))", ct);
        var days = await db.Holidays.AsNoTracking().OrderBy(holiday => holiday.Date).ToListAsync(ct);
        db.Publish(new HolidaysChanged
        {
            Days = [.. days.Where(day => day.Kind != HolidayKind.Ordinary).Select(day => new CalendarDay { Date = day.Date, Kind = UpperSnake.Of(day.Kind) })],
            Version = days.Sum(day => day.Version),
        });
    }
}
