using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;

namespace ThiDua.Awards.Endpoints;

/// <summary>
/// What is known of a season's clusters over the years: what was loaded for the season, and results decided in this very system. A
/// cluster's lineage is its code, or the code that was loaded as the one it bore then.
/// </summary>
internal static class Lineages
{
    public static async Task<IReadOnlyList<ClusterLineage>> OfAsync(AwardsDbContext db, KnownSeason season, CancellationToken ct)
    {
        var clusters = await db.Clusters.AsNoTracking().Where(cluster => cluster.Season == season.Code).ToListAsync(ct);
        var loaded = (await db.PastWinners.AsNoTracking().Where(winner => winner.Season == season.Code).ToListAsync(ct)).ToLookup(winner => winner.Cluster);
        HashSet<string> codes = [.. clusters.Select(cluster => cluster.Code), .. loaded.SelectMany(group => group).Select(winner => winner.Lineage).OfType<string>()];
        var firsts = await db.NominationLists.AsNoTracking()
            .Where(list => codes.Contains(list.Cluster) && list.State == NominationListState.Current && list.First != null)
            .ToDictionaryAsync(list => list.ClusterId, list => list.First!, ct);
        var decided = (await db.Results.AsNoTracking().Where(result => codes.Contains(result.Code) && !result.IsReopened).ToListAsync(ct))
            .Where(result => result.Facts is not null && firsts.ContainsKey(result.ClusterId) && (result.Season == season.Code || result.Facts.Year < season.Year))
            .ToLookup(result => result.Code);

        return
        [
            .. clusters.OrderBy(cluster => cluster.Code, StringComparer.Ordinal).Select(cluster =>
            {
                var here = loaded[cluster.Code].ToDictionary(winner => winner.Year);
                var bornAs = here.Values.Where(winner => winner.Lineage is not null).ToDictionary(winner => winner.Year, winner => winner.Lineage!);
                var own = decided[cluster.Code].Where(result => !bornAs.ContainsKey(result.Facts!.Year))
                    .Concat(bornAs.SelectMany(born => decided[born.Value].Where(result => result.Facts!.Year == born.Key)))
                    .GroupBy(result => result.Facts!.Year)
                    .Where(year => year.Count() == 1) // of two results of one year nobody can say which is the cluster's
                    .ToDictionary(year => year.Key, year => FromResult(year.Single().Facts!, firsts[year.Single().ClusterId]));
                return new ClusterLineage(cluster.Code, cluster.Name, cluster.Size,
                    [.. here.Keys.Union(own.Keys).Order().Select(year => Joined(here.GetValueOrDefault(year), own.GetValueOrDefault(year)))]);
            }),
        ];
    }

    private static LineageSeason FromResult(ClusterResult result, string first)
    {
        var totals = result.Standings.Select(standing => standing.Total).OfType<decimal>().OrderDescending().ToList();
        var self = result.Standings.Where(standing => standing.SelfTotal is not null).OrderByDescending(standing => standing.SelfTotal).ToList();
        var bySelf = self.Count == result.Standings.Count && (self.Count == 1 || (self.Count > 1 && self[0].SelfTotal > self[1].SelfTotal)) ? self[0].Unit : null;
        return new LineageSeason(
            result.Year, first, result.Leader,
            result.Standings.All(standing => standing.Rank is not null) ? result.Standings.ToDictionary(standing => standing.Unit, standing => standing.Rank!.Value, StringComparer.Ordinal) : null,
            totals.Count > 1 ? totals[0] - totals[1] : null, result.Max, bySelf);
    }

    /// <summary>What was loaded for the season goes first; what it leaves open the result decided here fills.</summary>
    private static LineageSeason Joined(PastWinner? loaded, LineageSeason? decided) => loaded is null
        ? decided!
        : new LineageSeason(
            loaded.Year, loaded.Winner, loaded.Leader ?? decided?.Leader, PlacesOf(loaded.Ranks) ?? decided?.Places,
            loaded.Margin ?? decided?.Margin, loaded.Maximum ?? decided?.Maximum, loaded.FiguresLeader ?? decided?.FiguresLeader);

    /// <summary>Ranks by unit, where they were given in that form; any other is kept and says nothing.</summary>
    private static Dictionary<string, int>? PlacesOf(string? ranks)
    {
        if (ranks is null || JsonElement.Parse(ranks) is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (var entry in given.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var rank) || rank < 1)
            {
                return null;
            }

            places[entry.Name] = rank;
        }

        return places.Count > 1 ? places : null;
    }
}
