using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Tính tương đồng: what is to be looked at in the composition of clusters.</summary>
public static class SimilarityEndpoints
{
    private const string Codes = "Các lưu ý (không chặn bước nào): MIXED_CATEGORY, MIXED_LEVEL, MIXED_SIZE, MIXED_FUNCTION, SIZE_OUT_OF_LIMITS, NO_BASIS, UNREADABLE_MEASURE, LEADER_NOT_SELECTED. worst_fit là đơn vị có khoảng cách trung bình lớn nhất đến các thành viên khác, kèm cách tính và cụm, khối gần hơn nếu có. 409 no-rule: không có quy tắc cho ngày đó.";

    public static void MapSimilarity(this IEndpointRouteBuilder app)
    {
        var clusters = app.MapGroup("/clusters").WithTags("Clusters");

        clusters.MapGet("/similarity", List).Produces(StatusCodes.Status409Conflict).AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Admin, Roles.Auditor)
            .WithSummary("Kiểm tra tính tương đồng của các cụm, khối của một kỳ thi đua")
            .WithDescription($"Theo mã cụm, khối. {Codes}");
        clusters.MapGet("/{id:guid}/similarity", Get).Produces(StatusCodes.Status409Conflict).AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Admin, Roles.Auditor)
            .WithSummary("Kiểm tra tính tương đồng của một cụm, khối")
            .WithDescription(Codes);
    }

    /// <param name="Id">Khóa của cụm, khối.</param>
    /// <param name="Code">Mã.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Size">Number of members.</param>
    /// <param name="Findings">What is to be looked at; empty when nothing is.</param>
    /// <param name="WorstFit">The member that fits worst; absent when all fit equally, or there are fewer than three.</param>
    public sealed record ClusterSimilarityView(Guid Id, string Code, string Name, int Size, IReadOnlyList<FindingView> Findings, WorstFitView? WorstFit)
    {
        internal static ClusterSimilarityView Of(Cluster cluster, SimilarityReport report) =>
            new(cluster.Id, cluster.Code, cluster.Name, cluster.Members.Count, [.. report.Findings.Select(FindingView.Of)], WorstFitView.Of(report.WorstFit, withPairs: true));
    }

    /// <param name="Code">What kind of remark.</param>
    /// <param name="Severity">Always WARN: it refuses nothing.</param>
    /// <param name="Message">Vietnamese, with the numbers.</param>
    /// <param name="Rule">Mã quy tắc.</param>
    /// <param name="Basis">Căn cứ.</param>
    /// <param name="Units">The units that it is about.</param>
    public sealed record FindingView(string Code, string Severity, string Message, string Rule, string Basis, IReadOnlyList<string> Units)
    {
        internal static FindingView Of(ClusterFinding finding) => new(finding.Code, "WARN", finding.Message, finding.Rule, finding.Basis, finding.Units);
    }

    /// <param name="Unit">Mã đơn vị.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Distance">Mean distance to the other members, 0 to 1, four decimals.</param>
    /// <param name="ExactDistance">The same as a fraction.</param>
    /// <param name="Explanation">How it was worked out.</param>
    /// <param name="Pairs">Distance to each other member; absent in proposals.</param>
    /// <param name="Better">Where it would be nearer to the members; absent when nowhere.</param>
    public sealed record WorstFitView(string Unit, string Name, decimal Distance, string ExactDistance, string Explanation, IReadOnlyList<PairView>? Pairs, BetterFitView? Better)
    {
        internal static WorstFitView? Of(WorstFit? worst, bool withPairs) => worst is null ? null : new(
            worst.Unit, worst.Name, worst.Distance.Round(UnitComparison.Decimals), worst.Distance.ToString(), worst.Explanation,
            withPairs ? [.. worst.Pairs.Select(PairView.Of)] : null,
            worst.Better is { } better ? new BetterFitView(better.Cluster, better.Distance.Round(UnitComparison.Decimals), better.Distance.ToString()) : null);
    }

    /// <param name="Unit">The other member.</param>
    /// <param name="Distance">0 to 1, four decimals.</param>
    /// <param name="ExactDistance">The same as a fraction.</param>
    /// <param name="Differences">What was compared.</param>
    public sealed record PairView(string Unit, decimal Distance, string ExactDistance, IReadOnlyList<DifferenceView> Differences)
    {
        internal static PairView Of(UnitDistance pair) =>
            new(pair.Unit, pair.Distance.Round(UnitComparison.Decimals), pair.Distance.ToString(), [.. pair.Differences.Select(difference => new DifferenceView(difference.What, difference.Weight, difference.Value))]);
    }

    /// <param name="What">category, level, or an attribute.</param>
    /// <param name="Weight">Its weight.</param>
    /// <param name="Value">0 (alike) to 1.</param>
    public sealed record DifferenceView(string What, int Weight, decimal Value);

    /// <param name="Cluster">Mã cụm, khối.</param>
    /// <param name="Distance">Mean distance to its members.</param>
    /// <param name="ExactDistance">The same as a fraction.</param>
    public sealed record BetterFitView(string Cluster, decimal Distance, string ExactDistance);

    private static async Task<Results<Ok<Page<ClusterSimilarityView>>, NotFound>> List(string season, [AsParameters] PageQuery page, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(found => found.Code == season, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var comparison = await SeasonComparison.LoadAsync(found, db, clock, ct);
        var after = page.After;
        var clusters = comparison.Clusters.Where(cluster => after is null || string.CompareOrdinal(cluster.Code, after) > 0).Take(page.Size + 1).ToList();
        return TypedResults.Ok(Page.Of(clusters.ConvertAll(cluster => ClusterSimilarityView.Of(cluster, comparison.Of(cluster))), page.Size, cluster => cluster.Code));
    }

    private static async Task<Results<Ok<ClusterSimilarityView>, NotFound>> Get(Guid id, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var season = await (from cluster in db.Clusters where cluster.Id == id join found in db.Seasons on cluster.Season equals found.Code select found).AsNoTracking().SingleOrDefaultAsync(ct);
        if (season is null)
        {
            return TypedResults.NotFound();
        }

        var comparison = await SeasonComparison.LoadAsync(season, db, clock, ct);
        var asked = comparison.Clusters.Single(cluster => cluster.Id == id);
        return TypedResults.Ok(ClusterSimilarityView.Of(asked, comparison.Of(asked)));
    }
}
