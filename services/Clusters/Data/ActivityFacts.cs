using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Tells of an activity as it stands after a change, for the reports of its cluster.</summary>
internal static class ActivityFacts
{
    /// <summary>The caller holds the season's lock, so that its versions are told one after the other.</summary>
    public static async Task PublishAsync(ClustersDbContext db, Activity activity, DateTimeOffset now, CancellationToken ct)
    {
        var types = await db.ActivityTypes.AsNoTracking().Where(type => type.Code == activity.Type).ToListAsync(ct);
        db.Publish(new ActivityRecorded
        {
            ActivityId = activity.Id,
            ClusterId = activity.ClusterId,
            Season = activity.Season,
            Kind = UpperSnake.Of(activity.Kind),
            Type = activity.Type is { } type ? types.On(type, activity.PlannedOn)?.Label ?? type : null,
            Review = activity.Review is { } review ? UpperSnake.Of(review) : null,
            Title = activity.Title,
            State = UpperSnake.Of(activity.State),
            PlannedOn = activity.PlannedOn,
            HeldOn = activity.HeldOn,
            Host = activity.Host,
            Outcome = activity.Outcome,
            Minutes = activity.Minutes,
            Attendance =
            [
                .. (activity.Counted?.Entries ?? new Dictionary<string, Presence>()).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => new AttendanceFact { Unit = entry.Key, Presence = UpperSnake.Of(entry.Value) }),
            ],
            Version = activity.Version,
            At = now,
        });
    }
}
