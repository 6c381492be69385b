using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;

namespace ThiDua.Clusters.Data;

/// <summary>Tables of activities, meetings and attendance.</summary>
internal static class ActivityTables
{
    public static void MapActivities(this ModelBuilder model)
    {
        model.Entity<ActivityType>(type => ClustersDbContext.DatedTerm(type, "activity_types"));
        model.Entity<Activity>(activity =>
        {
            activity.ToTable("activities");
            activity.Property(a => a.Id).ValueGeneratedNever();
            ClustersDbContext.Code(activity.Property(a => a.Season));
            ClustersDbContext.Code(activity.Property(a => a.Type!));
            ClustersDbContext.Code(activity.Property(a => a.Host));
            activity.Property(a => a.Kind).HasConversion<string>().HasMaxLength(10);
            activity.Property(a => a.Review).HasConversion<string>().HasMaxLength(10);
            activity.Property(a => a.State).HasConversion<string>().HasMaxLength(10);
            activity.Property(a => a.Title).HasMaxLength(ClustersDbContext.NameLength);
            activity.Property(a => a.Minutes).HasMaxLength(ClustersDbContext.NameLength);
            ClustersDbContext.AsJson(activity.Property(a => a.Evidence), []);
            activity.Property(a => a.RowVersion).IsRowVersion();
            activity.Ignore(a => a.Counted);
            activity.HasOne<Cluster>().WithMany().HasForeignKey(a => a.ClusterId).OnDelete(DeleteBehavior.Restrict);
            activity.HasIndex(a => new { a.Season, a.ClusterId });

            // Two reviews a year: whoever races, one of each is held.
            activity.HasIndex(a => new { a.ClusterId, a.Review }).IsUnique().HasFilter("state = 'Held' and review is not null");
            activity.OwnsMany(a => a.Attendance, list =>
            {
                list.ToTable("activity_attendance");
                list.WithOwner().HasForeignKey("ActivityId");
                list.HasKey("ActivityId", nameof(AttendanceList.Number));
                list.Property(l => l.Number).ValueGeneratedNever();
                ClustersDbContext.AsJson(list.Property(l => l.Entries), new Dictionary<string, Presence>());
            });
        });
        model.Entity<AttendanceRecord>(record =>
        {
            record.ToTable("attendance_records");
            record.HasKey(r => new { r.Season, r.Unit });
            ClustersDbContext.Code(record.Property(r => r.Season));
            ClustersDbContext.Code(record.Property(r => r.Unit));
            record.Property(r => r.Version).IsConcurrencyToken();
        });
    }
}
