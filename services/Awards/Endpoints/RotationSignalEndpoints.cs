using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Dấu hiệu luân phiên (G.2): for the standing agency only, and changing nothing.</summary>
public static class RotationSignalEndpoints
{
    public static void MapRotationSignals(this RouteGroupBuilder api)
    {
        var signals = api.MapGroup("/rotation-signals").WithTags("Rotation signals");
        signals.MapGet("/", List)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Dấu hiệu luân phiên của các cụm, khối trong một mùa thi đua")
            .WithDescription("""
                Chỉ để tham khảo: không làm thay đổi kết quả nào. S1 chu kỳ lặp lại; S2 không lặp đơn vị nào; S6 đơn vị dẫn đầu là cụm trưởng (level, signals).
                further: S3 nhảy hạng, S4 khoảng cách rất nhỏ, S5 việc điều chỉnh điểm chuyển vị trí dẫn đầu sang đơn vị chờ lâu nhất; found để trống khi chưa đủ số liệu. Lỗi: 409 not-known-yet.
                """)
            .Produces(StatusCodes.Status409Conflict);
        signals.MapGet("/province", Province)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Dấu hiệu luân phiên ở mức toàn tỉnh, gộp chính xác các cụm, khối")
            .WithDescription("Một cụm riêng lẻ chỉ được mô tả, không bị kết luận. Dưới mức số liệu tối thiểu thì level để trống. Việc luân phiên cụm trưởng theo quy định được nêu riêng và không phải là dấu hiệu. Lỗi: 409 not-known-yet.")
            .Produces(StatusCodes.Status409Conflict);
    }

    private static async Task<RotationView> List(string season, AwardsDbContext db, CancellationToken ct)
    {
        var known = await db.SeasonAsync(season, ct);
        var thresholds = (await db.PolicyAsync(season, known.Year, ct)).Thresholds.Rotation;
        var lineages = (await Lineages.OfAsync(db, known, ct)).ToDictionary(lineage => lineage.Cluster, StringComparer.Ordinal);
        var clusters = await db.Clusters.AsNoTracking().Where(cluster => cluster.Season == season).ToListAsync(ct);
        var history = (await db.PastWinners.AsNoTracking().Where(winner => winner.Season == season).ToListAsync(ct)).ToLookup(winner => winner.Cluster);
        var now = await db.NominationLists.AsNoTracking()
            .Where(list => list.Season == season && list.State == NominationListState.Current)
            .Select(list => new { list.Cluster, list.First })
            .ToDictionaryAsync(list => list.Cluster, list => list.First, ct);

        return new RotationView(
        [
            .. clusters.OrderBy(cluster => cluster.Code, StringComparer.Ordinal).Select(cluster =>
            {
                var winners = history[cluster.Code].Select(winner => new SeasonWinner(winner.Year, winner.Winner, winner.Leader)).OrderBy(winner => winner.Year).ToList();
                if (now.GetValueOrDefault(cluster.Code) is { } first)
                {
                    winners.Add(new SeasonWinner(known.Year, first, cluster.Leader));
                }

                var finding = RotationSignals.Detect(winners, cluster.Size, thresholds);
                return new RotationClusterView(
                    cluster.Code, cluster.Name, finding.Level, finding.Signals, finding.Explanation, winners,
                    lineages.TryGetValue(cluster.Code, out var lineage) ? FurtherSignals.Detect(lineage.Seasons, thresholds.LeastWinners, Numbers(thresholds)) : []);
            }),
        ]);
    }

    private static async Task<ProvinceFinding> Province(string season, AwardsDbContext db, CancellationToken ct)
    {
        var known = await db.SeasonAsync(season, ct);
        var thresholds = (await db.PolicyAsync(season, known.Year, ct)).Thresholds.Rotation;
        return ProvinceRotation.Judge(await Lineages.OfAsync(db, known, ct), Numbers(thresholds));
    }

    private static FurtherThresholds Numbers(RotationThresholds thresholds) => thresholds.Further ?? AwardPolicy.Default.Thresholds.Rotation.Further!;
}

/// <param name="Rotation">Clusters by code.</param>
public sealed record RotationView(IReadOnlyList<RotationClusterView> Rotation);

/// <param name="Cluster">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Level">NONE, WATCH or ALERT.</param>
/// <param name="Signals">S1, S2, S6.</param>
/// <param name="Explanation">Vietnamese, one sentence each.</param>
/// <param name="Winners">What it was read from, by year.</param>
/// <param name="Further">S3, S4, S5.</param>
public sealed record RotationClusterView(
    string Cluster, string Name, RotationLevel Level, IReadOnlyList<string> Signals, IReadOnlyList<string> Explanation, IReadOnlyList<SeasonWinner> Winners,
    IReadOnlyList<FurtherSignal> Further);
