using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Carries a reorganisation into the clusters of the seasons in which units do not score themselves yet.</summary>
internal static class MembershipChanges
{
    /// <param name="reorganisation">As it is being recorded.</param>
    /// <param name="units">The units that it names, with what it changes.</param>
    /// <param name="reason">Why members leave.</param>
    /// <param name="db">Takes the changes; the caller saves.</param>
    /// <param name="clock">When.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>The clusters that changed, and what the agency has to know.</returns>
    public static async Task<(IReadOnlyList<Cluster> Changed, IReadOnlyList<Violation> Warnings)> ApplyAsync(Reorganisation reorganisation, IDictionary<string, Unit> units, string reason, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        string[] closing = [.. reorganisation.Closing];
        var changed = new List<Cluster>();
        var warnings = new List<Violation>();
        var seasons = await db.Clusters.AsNoTracking().Where(cluster => cluster.Members.Any(member => closing.Contains(member.Unit))).Select(cluster => cluster.Season).Distinct().OrderBy(code => code).ToListAsync(ct);
        foreach (var code in seasons)
        {
            var season = (await db.LockSeasonAsync(code, ct))!;
            if (season.LastDay < reorganisation.EffectiveOn || season.Phase == SeasonPhase.Closed)
            {
                continue;
            }

            if (season.Phase >= SeasonPhase.SelfScoring)
            {
                warnings.Add(new Violation(ClusterReplan.CompositionFixed, "/predecessors", $"Kỳ thi đua {code} đang ở giai đoạn “{season.Phase.Label()}”; thành phần cụm, khối giữ nguyên."));
                continue;
            }

            var formed = await db.Clusters.Where(cluster => cluster.Season == code).OrderBy(cluster => cluster.Code).ToListAsync(ct);
            var replans = formed.Where(cluster => cluster.Members.Any(member => closing.Contains(member.Unit))).Select(cluster => (Cluster: cluster, Replan: ClusterSuccession.Replan(cluster, reorganisation, formed))).ToList();
            var terms = (Levels: await db.Levels.AsNoTracking().ToListAsync(ct), Categories: await db.Categories.AsNoTracking().ToListAsync(ct));
            foreach (var (cluster, replan) in replans)
            {
                var remarks = replan.Remarks;
                if (replan.Plan is { } plan)
                {
                    var day = reorganisation.EffectiveOn < season.FirstDay ? season.FirstDay : reorganisation.EffectiveOn;
                    var composition = new ClusterComposition(season, day, await MembersAsync(plan, units, db, ct), terms.Levels, terms.Categories, formed.Where(other => other.Id != cluster.Id));
                    var errors = new List<Violation>();
                    var members = composition.Check(plan, "", errors);
                    if (errors.Count > 0)
                    {
                        remarks = [(ClusterReplan.MemberStays, $"Thành phần của {cluster.Code} giữ nguyên: {string.Join(" ", errors.Select(error => error.Message))}")];
                    }
                    else
                    {
                        cluster.Change(season, plan, members, day, reason);
                        await ClusterEndpoints.FollowAsync(db, season, cluster, clock, ct);
                        changed.Add(cluster);
                    }
                }

                warnings.AddRange(remarks.Select(remark => new Violation(remark.Code, "/predecessors", $"Kỳ thi đua {code}: {remark.Text}")));
            }
        }

        return (changed, warnings);
    }

    private static async Task<Dictionary<string, Unit>> MembersAsync(ClusterPlan plan, IDictionary<string, Unit> units, ClustersDbContext db, CancellationToken ct)
    {
        string[] codes = [.. plan.Members];
        var members = await db.Units.Where(unit => codes.Contains(unit.Code)).ToDictionaryAsync(unit => unit.Code, StringComparer.Ordinal, ct);
        foreach (var (code, unit) in units)
        {
            members[code] = unit;
        }

        return members;
    }
}
