using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Clusters as requests name them: by season and code.</summary>
internal static class ClusterReferences
{
    private const int MaximumTexts = 100;

    /// <summary>The cluster that a body names; violation <c>UNKNOWN_CLUSTER</c>, also for one that the caller may not know of.</summary>
    public static async Task<Cluster?> FindAsync(StrictJson root, string? season, string? code, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (season is null || code is null)
        {
            return null;
        }

        var cluster = await db.Clusters.AsNoTracking().SingleOrDefaultAsync(found => found.Season == season && found.Code == code, ct);
        if (cluster is null || !caller.Sees(cluster))
        {
            root.Refuse("UNKNOWN_CLUSTER", $"Không có cụm, khối {code} trong kỳ thi đua {season}.", "cluster");
            return null;
        }

        return cluster;
    }

    /// <summary>Clusters whose doings the caller may see, narrowed by season, code and member.</summary>
    public static IQueryable<Cluster> Visible(ClustersDbContext db, Caller caller, string? season, string? code, string? unit)
    {
        var clusters = db.Clusters.AsNoTracking();
        if (!caller.SeesAllClusters())
        {
            var own = caller.OwnUnit();
            clusters = clusters.Where(cluster => own != null && cluster.Members.Any(member => member.Unit == own));
        }

        clusters = season is null ? clusters : clusters.Where(cluster => cluster.Season == season);
        clusters = code is null ? clusters : clusters.Where(cluster => cluster.Code == code);
        return unit is null ? clusters : clusters.Where(cluster => cluster.Members.Any(member => member.Unit == unit));
    }

    /// <summary>References of documents: a list of short texts, none empty.</summary>
    public static List<string> TextsOf(StrictJson root, string name)
    {
        var texts = new List<string>();
        foreach (var item in root.List(name, required: false))
        {
            if (item.AsText() is not { } text)
            {
                continue;
            }

            if (text.Length is 0 or > ClustersDbContext.NameLength)
            {
                item.Refuse(text.Length == 0 ? "MISSING_PROPERTY" : "TOO_LONG", $"Từ 1 đến {ClustersDbContext.NameLength} ký tự.");
                continue;
            }

            texts.Add(text);
        }

        if (texts.Count > MaximumTexts)
        {
            root.Refuse("TOO_MANY", $"Tối đa {MaximumTexts} mục.", name);
        }

        return texts;
    }
}
