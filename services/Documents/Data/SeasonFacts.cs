using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>Năm thi đua as the services told it: everything that its papers and counts are made of.</summary>
/// <param name="Season">Kỳ thi đua.</param>
/// <param name="Clusters">By code.</param>
/// <param name="GovernmentFlag">The latest proposal; null: none was drawn up.</param>
/// <param name="Policy">The award policy that applies; null: none is known.</param>
/// <param name="Units">Members of the clusters by code, as they are registered now.</param>
/// <param name="Register">Sổ văn bản, for checking citations.</param>
public sealed record SeasonFacts(
    SeasonPhaseChanged Season,
    IReadOnlyList<ClusterFacts> Clusters,
    GovernmentFlagProposed? GovernmentFlag,
    AwardPolicySet? Policy,
    IReadOnlyDictionary<string, UnitRegistered> Units,
    ILookup<string, CitableInstrument> Register)
{
    /// <summary>The season's facts as they are known now; null: the season is not known.</summary>
    public static async Task<SeasonFacts?> LoadAsync(DocumentsDbContext db, string season, CancellationToken ct)
    {
        var known = await db.Facts.AsNoTracking().Where(fact => fact.Season == season).ToListAsync(ct);
        if (known.Find(fact => fact.Kind == nameof(SeasonPhaseChanged))?.Read<SeasonPhaseChanged>() is not { } phase)
        {
            return null;
        }

        var clusters = known.Where(fact => fact.Kind == nameof(ClusterFormed)).Select(fact => ClusterFacts.Of(fact.Read<ClusterFormed>(), known))
            .OrderBy(cluster => cluster.Cluster.Code, StringComparer.Ordinal).ToList();
        return await WithAsync(db, phase, clusters, known.Find(fact => fact.Kind == nameof(GovernmentFlagProposed)), ct);
    }

    /// <summary>The same with one cluster only, for papers about it: the facts of a whole province are not read for each of them. Null: season or cluster is not known.</summary>
    public static async Task<SeasonFacts?> LoadAroundAsync(DocumentsDbContext db, string season, Guid clusterId, CancellationToken ct)
    {
        var known = await db.Facts.AsNoTracking()
            .Where(fact => fact.Season == season && (fact.Kind == nameof(SeasonPhaseChanged) || fact.Kind == nameof(GovernmentFlagProposed)))
            .ToListAsync(ct);
        return known.Find(fact => fact.Kind == nameof(SeasonPhaseChanged))?.Read<SeasonPhaseChanged>() is { } phase && await LoadClusterAsync(db, clusterId, ct) is { } cluster
            ? await WithAsync(db, phase, [cluster], known.Find(fact => fact.Kind == nameof(GovernmentFlagProposed)), ct)
            : null;
    }

    private static async Task<SeasonFacts> WithAsync(DocumentsDbContext db, SeasonPhaseChanged phase, List<ClusterFacts> clusters, KnownFact? flag, CancellationToken ct)
    {
        var policies = await db.Facts.AsNoTracking().Where(fact => fact.Kind == nameof(AwardPolicySet) && (fact.Season == null || fact.Season == phase.Season)).ToListAsync(ct);
        var members = clusters.SelectMany(cluster => cluster.Cluster.Members).Select(member => member.Unit).Distinct().ToArray();
        var units = await db.Facts.AsNoTracking().Where(fact => fact.Kind == nameof(UnitRegistered) && members.Contains(fact.Key)).ToListAsync(ct);
        return new SeasonFacts(
            phase,
            clusters,
            flag?.Read<GovernmentFlagProposed>(),
            PolicyOf(phase, policies.ConvertAll(fact => fact.Read<AwardPolicySet>())),
            units.ConvertAll(fact => fact.Read<UnitRegistered>()).ToDictionary(unit => unit.Code, StringComparer.Ordinal),
            await db.CitableRegisterAsync(ct));
    }

    /// <summary>One cluster's facts; null: it is not known.</summary>
    public static async Task<ClusterFacts?> LoadClusterAsync(DocumentsDbContext db, Guid clusterId, CancellationToken ct)
    {
        var key = $"{clusterId}";
        var formed = await db.Facts.AsNoTracking().SingleOrDefaultAsync(fact => fact.Kind == nameof(ClusterFormed) && fact.Key == key, ct);
        if (formed?.Read<ClusterFormed>() is not { } cluster)
        {
            return null;
        }

        var members = cluster.Members.Select(member => member.Unit).ToArray();
        return ClusterFacts.Of(cluster, await db.Facts.AsNoTracking()
            .Where(fact => fact.ClusterId == clusterId || (fact.Season == cluster.Season && fact.ClusterId == null && members.Contains(fact.Unit)))
            .ToListAsync(ct));
    }

    /// <summary>A policy of the season beats a default that is in force on the last day of its year; the latest of each counts, as Awards has it.</summary>
    private static AwardPolicySet? PolicyOf(SeasonPhaseChanged season, List<AwardPolicySet> policies)
    {
        var lastDay = new DateOnly(season.Year, 12, 31);
        return policies
            .Where(policy => policy.Season == season.Season || (policy.Season is null && policy.ValidFrom <= lastDay && (policy.ValidTo ?? lastDay) >= lastDay))
            .OrderBy(policy => policy.Season is null)
            .ThenByDescending(policy => policy.Version)
            .FirstOrDefault();
    }
}

/// <summary>Cụm, khối as the services told it.</summary>
/// <param name="Cluster">As it stands.</param>
/// <param name="Result">Null unless it stands decided.</param>
/// <param name="Scores">Line by line, of the same version; null while they have not come.</param>
/// <param name="Nominations">The list in force: the latest, drawn up from this very result; null while there is none or it waits.</param>
/// <param name="Ballots">The council's votes on it.</param>
/// <param name="Counts">Those of them that were counted from papers.</param>
/// <param name="Revocations">What was revoked since.</param>
/// <param name="Activities">By planned day.</param>
/// <param name="Official">Official facts of the members.</param>
/// <param name="Covenant">Giao ước in force.</param>
public sealed record ClusterFacts(
    ClusterFormed Cluster,
    ClusterResultDecided? Result,
    ClusterScoresDecided? Scores,
    NominationsDrawnUp? Nominations,
    IReadOnlyList<AwardDecided> Ballots,
    IReadOnlyList<BallotCounted> Counts,
    IReadOnlyList<AwardRevoked> Revocations,
    IReadOnlyList<ActivityRecorded> Activities,
    IReadOnlyList<OfficialFactEstablished> Official,
    CovenantInForce? Covenant)
{
    /// <summary>Đăng ký thi đua of the members, by unit.</summary>
    public IReadOnlyList<RegistrationSubmitted> Registrations { get; init; } = [];

    /// <summary>Where a position stands after the votes: PASSED, FAILED, REVOKED, or as it was drawn up while nobody has voted on it.</summary>
    public string StatusOf(NominatedPosition position) =>
        Revocations.Any(revoked => revoked.NominationId == position.NominationId && revoked.Award == position.Award) ? "REVOKED"
        : Ballots.FirstOrDefault(ballot => ballot.NominationId == position.NominationId && ballot.Award == position.Award) is { } ballot ? ballot.Passed ? "PASSED" : "FAILED"
        : position.Status;

    /// <param name="cluster">As it stands.</param>
    /// <param name="known">What is known of it and of its members, among what else may be known.</param>
    internal static ClusterFacts Of(ClusterFormed cluster, IReadOnlyList<KnownFact> known)
    {
        var own = known.Where(fact => fact.ClusterId == cluster.ClusterId).ToLookup(fact => fact.Kind, StringComparer.Ordinal);
        List<T> All<T>() => [.. own[typeof(T).Name].Select(fact => fact.Read<T>())];
        T? Latest<T>()
            where T : class => own[typeof(T).Name].SingleOrDefault()?.Read<T>();

        // Opening again bears the version that it opens, so only a later decision stands.
        var result = Latest<ClusterResultDecided>();
        result = result is null || Latest<ClusterResultReopened>()?.Version >= result.Version ? null : result;
        var list = Latest<NominationsDrawnUp>();
        list = result is null || list?.ResultVersion != result.Version ? null : list;

        // Votes on a list that another has taken the place of are not in this one; a vote on the Government's flag bears the id of the provincial one's nomination.
        var nominated = (list?.Positions ?? []).Select(position => position.NominationId).ToHashSet();
        var members = cluster.Members.Select(member => member.Unit).ToHashSet(StringComparer.Ordinal);
        var ofMembers = known.Where(fact => fact.ClusterId is null && fact.Season == cluster.Season && fact.Unit is { } unit && members.Contains(unit)).ToList();
        return new ClusterFacts(
            cluster,
            result,
            Latest<ClusterScoresDecided>() is { } scores && scores.Version == result?.Version ? scores : null,
            list,
            [.. All<AwardDecided>().Where(ballot => nominated.Contains(ballot.NominationId)).OrderByDescending(ballot => ballot.Award, StringComparer.Ordinal)],
            [.. All<BallotCounted>().Where(count => nominated.Contains(count.NominationId)).OrderByDescending(count => count.Award, StringComparer.Ordinal)],
            [.. All<AwardRevoked>().Where(revoked => nominated.Contains(revoked.NominationId)).OrderByDescending(revoked => revoked.Award, StringComparer.Ordinal)],
            [.. All<ActivityRecorded>().OrderBy(activity => activity.PlannedOn).ThenBy(activity => activity.ActivityId)],
            [.. OfMembers<OfficialFactEstablished>()],
            Latest<CovenantInForce>())
        {
            Registrations = [.. OfMembers<RegistrationSubmitted>()],
        };

        IEnumerable<T> OfMembers<T>() =>
            ofMembers.Where(fact => fact.Kind == typeof(T).Name).OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => fact.Read<T>());
    }
}

/// <summary>Sổ văn bản as it is known here.</summary>
public static class KnownRegister
{
    public static async Task<ILookup<string, CitableInstrument>> CitableRegisterAsync(this DocumentsDbContext db, CancellationToken ct)
    {
        var known = await db.Facts.AsNoTracking().Where(fact => fact.Kind == nameof(LegalInstrumentRegistered)).ToListAsync(ct);
        return known.ConvertAll(fact => fact.Read<LegalInstrumentRegistered>()).ToCitable();
    }
}
