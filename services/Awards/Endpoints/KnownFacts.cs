using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Facts of other services that a request needs: here, or not told yet.</summary>
internal static class KnownFacts
{
    public static async Task<KnownSeason> SeasonAsync(this AwardsDbContext db, string code, CancellationToken ct) =>
        await db.Seasons.AsNoTracking().SingleOrDefaultAsync(season => season.Code == code, ct)
            ?? throw new NotKnownYetException($"Dịch vụ khen thưởng chưa nhận được thông tin về mùa thi đua {code}.");

    /// <summary>The season, which takes no more changes once it is closed.</summary>
    public static async Task<KnownSeason> OpenSeasonAsync(this AwardsDbContext db, string code, CancellationToken ct)
    {
        var season = await db.SeasonAsync(code, ct);
        return season.IsClosed ? throw new RuleViolationException("season-closed", $"Mùa thi đua {code} đã kết thúc.") : season;
    }

    public static async Task<KnownCluster> ClusterAsync(this AwardsDbContext db, string season, string code, CancellationToken ct) =>
        await db.Clusters.AsNoTracking().FirstOrDefaultAsync(cluster => cluster.Season == season && cluster.Code == code, ct)
            ?? throw new NotKnownYetException($"Dịch vụ khen thưởng chưa nhận được thông tin về cụm, khối {code} của mùa thi đua {season}.");

    /// <summary>The policy by which the season's awards are proposed.</summary>
    public static async Task<AwardPolicy> PolicyAsync(this AwardsDbContext db, string season, int year, CancellationToken ct) =>
        AwardPolicy.For(season, year, await db.Policies.AsNoTracking().Where(policy => policy.Season == null || policy.Season == season).ToListAsync(ct))
            ?? throw new RuleViolationException("no-award-policy", $"Không có quy định xét khen thưởng nào có hiệu lực cho mùa thi đua {season}.");

    /// <summary>What nominations of that result rest on, today.</summary>
    public static async Task<NominationFacts> FactsAsync(this AwardsDbContext db, ClusterResult result, TimeProvider clock, CancellationToken ct)
    {
        var units = result.Standings.Select(standing => standing.Unit).ToList();
        var exclusions = await db.Exclusions.AsNoTracking().Where(exclusion => exclusion.Season == result.Season && exclusion.Outcome != ExclusionOutcome.Released && units.Contains(exclusion.Unit)).ToListAsync(ct);
        return NominationFacts.Of(result, exclusions.Select(exclusion => exclusion.ToFact()), clock.Today());
    }

    /// <summary>
    /// Until the end of the transaction no list of the cluster is drawn up under a vote, and no vote is recorded under a new list.
    /// Votes do not hold each other up: two on one nomination meet at the unique index.
    /// </summary>
    public static Task HoldListAsync(this AwardsDbContext db, Guid clusterId, bool toVote, CancellationToken ct)
    {
        var name = $"nominations of {clusterId}";
        return toVote
            ? db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock_shared(hashtextextended({name}, 0))", ct)
            : db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({name}, 0))", ct);
    }
}
