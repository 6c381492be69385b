using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Tells how often units came to what was held for them, so that nobody types it again.</summary>
internal static class AttendanceFacts
{
    private const string Fact = "ATTENDANCE";

    /// <summary>
    /// Publishes what changed with this activity. The caller holds the season's lock; a unit that moved to another cluster keeps what it
    /// attended in the first.
    /// </summary>
    public static async Task PublishAsync(ClustersDbContext db, Activity changed, DateTimeOffset now, CancellationToken ct)
    {
        var others = await db.Activities.AsNoTracking()
            .Where(activity => activity.Season == changed.Season && activity.State == ActivityState.Held && activity.Id != changed.Id)
            .ToListAsync(ct);
        var rules = await db.Rules.AsNoTracking().Where(rule => rule.Code == AttendanceCount.Code).ToListAsync(ct);
        var held = others.Append(changed).Select(activity => (activity.Counted!.Entries, rules.On<AttendanceCount>(activity.HeldOn!.Value))).ToList();

        string[] units = [.. changed.Attendance.SelectMany(list => list.Entries.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var records = await db.AttendanceRecords.Where(record => record.Season == changed.Season && units.Contains(record.Unit)).ToDictionaryAsync(record => record.Unit, StringComparer.Ordinal, ct);
        foreach (var unit in units)
        {
            if (!records.TryGetValue(unit, out var record))
            {
                record = new AttendanceRecord { Season = changed.Season, Unit = unit };
                db.Add(record);
            }

            if (record.Take(Attendance.Of(unit, held)))
            {
                db.Publish(new OfficialFactEstablished
                {
                    Season = record.Season,
                    Unit = unit,
                    Fact = Fact,
                    Completed = record.Attended,
                    Assigned = record.Called,
                    Version = record.Version,
                    At = now,
                });
            }
        }
    }
}
