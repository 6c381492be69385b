using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Cụm, khối as a plan of papers needs it.</summary>
/// <param name="Id">Key.</param>
/// <param name="Code">For people.</param>
/// <param name="Members">Codes.</param>
public sealed record PlannedCluster(Guid Id, string Code, IReadOnlyList<string> Members);

/// <summary>Danh mục văn bản của một mùa thi đua: which papers a season has, in the order of its archive. The same season gives the same list.</summary>
public static class PaperJobPlan
{
    /// <summary>First the papers of the season, then those of each cluster, then the notices to its members.</summary>
    public static IReadOnlyList<PaperJobItem> Of(Guid job, IReadOnlyCollection<PaperKind> kinds, IEnumerable<PlannedCluster> clusters)
    {
        var items = new List<PaperJobItem>();
        foreach (var kind in kinds.Where(kind => !PaperSubject.IsOfCluster(kind) && kind != PaperKind.UnitNotice).Order())
        {
            var awards = PaperSubject.AwardsOf(kind);
            foreach (var award in awards.Count == 0 ? [null] : awards.Cast<string?>())
            {
                Add(kind, null, null, award);
            }
        }

        foreach (var cluster in clusters.OrderBy(cluster => cluster.Code, StringComparer.Ordinal))
        {
            foreach (var kind in kinds.Where(PaperSubject.IsOfCluster).Order())
            {
                Add(kind, cluster, null, null);
            }

            foreach (var unit in kinds.Contains(PaperKind.UnitNotice) ? cluster.Members.Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            {
                Add(PaperKind.UnitNotice, cluster, unit, null);
            }
        }

        return items;

        void Add(PaperKind kind, PlannedCluster? cluster, string? unit, string? award) => items.Add(new PaperJobItem
        {
            JobId = job, Position = items.Count + 1, Kind = kind, ClusterId = cluster?.Id, Cluster = cluster?.Code, Unit = unit, Award = award,
        });
    }

    /// <summary>Where a paper lies in the archive, without its extension: Vietnamese, safe on every system, and no two the same.</summary>
    public static string NameOf(PaperJobItem item, string title)
    {
        var name = $"{item.Position:0000} {title}{(item.Award is null ? "" : $" {item.Award}")}{(item.Unit is null ? "" : $" {item.Unit}")}";
        return $"{Safe(item.Cluster is null ? "Toàn tỉnh" : $"Cụm, khối {item.Cluster}")}/{Safe(name)}";
    }

    // What one of Windows, macOS, Linux and a browser would not save.
    private static string Safe(string text)
    {
        var safe = string.Concat(VietnameseText.Normalize(text).Select(character => character < ' ' || "<>:\"|?*/\\".Contains(character, StringComparison.Ordinal) ? '_' : character)).Trim('.', ' ');
        return safe.Length <= FileName.Longest ? safe : safe[..FileName.Longest];
    }
}
