using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Clusters;

namespace ThiDua.Awards.Messaging;

/// <summary>
/// Keeps the calendar current, and with it the last day of every consultation that is still on. Safe to run twice and out of order: the
/// highest version wins.
/// </summary>
public sealed class HolidaysChangedConsumer(AwardsDbContext db) : IConsumer<HolidaysChanged>
{
    public async Task Consume(ConsumeContext<HolidaysChanged> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        await db.InTurnAsync(nameof(WorkingDayCalendar), ct);
        List<SpecialDay> days = [.. message.Days.Select(day => new SpecialDay(day.Date, day.Kind)).OrderBy(day => day.Date)];
        var calendar = await db.Calendars.FindAsync([WorkingDayCalendar.Only], ct);
        if (calendar is null)
        {
            calendar = new WorkingDayCalendar { Version = message.Version, Days = days };
            db.Add(calendar);
        }
        else if (calendar.Version < message.Version)
        {
            (calendar.Version, calendar.Days) = (message.Version, days);
        }

        foreach (var consultation in await db.Consultations.Where(known => known.State == ConsultationState.Open && known.CalendarVersion < calendar.Version).ToListAsync(ct))
        {
            consultation.Count(calendar);
        }

        await db.SaveChangesAsync(ct);
    }
}
