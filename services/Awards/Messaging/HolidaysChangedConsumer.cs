using MassTransit;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Clusters;

namespace ThiDua.Awards.Messaging;

/// <summary>
/// Keeps the days off current, and with them the last day of every consultation that is still on. Safe to run twice and out of order: the
/// highest version wins.
/// </summary>
public sealed class HolidaysChangedConsumer(AwardsDbContext db) : IConsumer<HolidaysChanged>
{
    public async Task Consume(ConsumeContext<HolidaysChanged> context)
    {
        var (message, ct) = (context.Message, context.CancellationToken);
        await db.InTurnAsync(nameof(KnownHolidays), ct);
        List<SpecialDay> days = [.. message.Days.Select(day => new SpecialDay(day.Date, day.Kind)).OrderBy(day => day.Date)];
        var holidays = await db.Holidays.FindAsync([KnownHolidays.Only], ct);
        if (holidays is null)
        {
            holidays = new KnownHolidays { Version = message.Version, Days = days };
            db.Add(holidays);
        }
        else if (holidays.Version < message.Version)
        {
            (holidays.Version, holidays.Days) = (message.Version, days);
        }

        foreach (var consultation in await db.Consultations.Where(known => known.State == ConsultationState.Open && known.CalendarVersion < holidays.Version).ToListAsync(ct))
        {
            consultation.Count(holidays);
        }

        await db.SaveChangesAsync(ct);
    }
}
