using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Toàn cảnh của tỉnh (P1, P2, P4): how every cluster of a season stands today. It names what to look at and accuses nobody.</summary>
public static class ProvinceOverviewEndpoints
{
    public static void MapProvinceOverview(this IEndpointRouteBuilder app)
    {
        var overview = app.MapGroup("/province-overview").WithTags("Province overview");

        overview.MapGet("/", Get).Produces(StatusCodes.Status409Conflict).AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Toàn cảnh các cụm, khối của một kỳ thi đua, tính đến hôm nay")
            .WithDescription("totals tính trên mọi cụm, khối của kỳ; clusters theo trang, sắp xếp theo mã. overdue là nghĩa vụ quá hạn hoặc không còn hoàn thành được, lâu nhất trước. attention nêu điều cần xem xét: SILENT_CLUSTER, LEADER_NOT_SELECTED; các lưu ý về thành phần xem ở /clusters/similarity. indicators do việc chấm điểm báo sau khi có kết quả; formalism để trống là chưa đủ số liệu. Chỉ để tham khảo: không kết luận về đơn vị hay người nào. 409 no-rule: không có quy tắc cho ngày đó.");
    }

    /// <param name="Season">Kỳ thi đua.</param>
    /// <param name="Phase">Giai đoạn.</param>
    /// <param name="PhaseLabel">Its Vietnamese name.</param>
    /// <param name="AsOf">Today, in Việt Nam.</param>
    /// <param name="Totals">Over all clusters of the season.</param>
    /// <param name="Clusters">One page of them, by code.</param>
    public sealed record ProvinceOverviewView(string Season, SeasonPhase Phase, string PhaseLabel, DateOnly AsOf, OverviewTotals Totals, Page<ClusterOverview> Clusters);

    /// <param name="Clusters">Cụm, khối.</param>
    /// <param name="Members">Đơn vị thành viên.</param>
    /// <param name="Obligations">Of all clusters.</param>
    /// <param name="OverdueByKind">Overdue and missing, by kind.</param>
    /// <param name="ActivitiesHeld">Activities and meetings held.</param>
    /// <param name="ClustersWithoutActivity">Clusters without an activity held in the season.</param>
    /// <param name="SilentClusters">Clusters with the remark SILENT_CLUSTER.</param>
    /// <param name="ClustersWithSimilarityFindings">Clusters whose composition is remarked on.</param>
    /// <param name="LeadersNotSelected">Clusters with the remark LEADER_NOT_SELECTED.</param>
    /// <param name="ClustersWithIndicators">Clusters of which Scoring told indicators.</param>
    /// <param name="FormalismSigns">Of them, those with signs of formalism to look at.</param>
    public sealed record OverviewTotals(
        int Clusters, int Members, ObligationCounts Obligations, IReadOnlyDictionary<string, int> OverdueByKind, int ActivitiesHeld, int ClustersWithoutActivity, int SilentClusters,
        int ClustersWithSimilarityFindings, int LeadersNotSelected, int ClustersWithIndicators, int FormalismSigns);

    /// <param name="Id">Khóa của cụm, khối.</param>
    /// <param name="Code">Mã.</param>
    /// <param name="Name">Tên.</param>
    /// <param name="Size">Number of members.</param>
    /// <param name="Leader">Trưởng.</param>
    /// <param name="Deputy">Phó.</param>
    /// <param name="Stage">How far its scoring is.</param>
    /// <param name="Obligations">How many of each.</param>
    /// <param name="Overdue">What is overdue, by whom and for how long.</param>
    /// <param name="Activities">How many of each.</param>
    /// <param name="LastActivityOn">Day of the last activity held.</param>
    /// <param name="LastReportOn">Day of the last report received.</param>
    /// <param name="QuietDays">Days since then, or since the season began.</param>
    /// <param name="SimilarityFindings">How many remarks on its composition.</param>
    /// <param name="Attention">What to look at.</param>
    /// <param name="Indicators">What Scoring told of its decided result; absent before it did.</param>
    public sealed record ClusterOverview(
        Guid Id, string Code, string Name, int Size, string Leader, string Deputy, ClusterStage Stage, ObligationCounts Obligations, IReadOnlyList<OverdueItem> Overdue, ActivityCounts Activities,
        DateOnly? LastActivityOn, DateOnly? LastReportOn, int QuietDays, int SimilarityFindings, IReadOnlyList<SimilarityEndpoints.FindingView> Attention, IndicatorsView? Indicators);

    /// <param name="SheetsSubmitted">Members whose sheet was handed in.</param>
    /// <param name="SheetsReviewed">Members whose sheet leader and deputy are done with.</param>
    /// <param name="DecidedAt">When the result that stands was decided; absent: none stands.</param>
    public sealed record ClusterStage(int SheetsSubmitted, int SheetsReviewed, DateTimeOffset? DecidedAt);

    /// <param name="ResultVersion">Number of the decision that they are of.</param>
    /// <param name="ComputedAt">When.</param>
    /// <param name="Figures">The figures.</param>
    public sealed record IndicatorsView(int ResultVersion, DateTimeOffset ComputedAt, DepthFigures Figures);

    private static async Task<Results<Ok<ProvinceOverviewView>, NotFound>> Get(string season, [AsParameters] PageQuery page, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Seasons.AsNoTracking().SingleOrDefaultAsync(found => found.Code == season, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var today = clock.Today();
        var (size, after) = (page.Size, page.After);
        var facts = await OverviewFacts.LoadAsync(found, today, db, clock, ct);
        var clusters = facts.Comparison.Clusters.ConvertAll(facts.Of);
        var shown = clusters.Where(cluster => after is null || string.CompareOrdinal(cluster.Code, after) > 0).Take(size + 1).ToList();
        return TypedResults.Ok(new ProvinceOverviewView(found.Code, found.Phase, found.Phase.Label(), today, TotalsOf(clusters), Page.Of(shown, size, cluster => cluster.Code)));
    }

    private static OverviewTotals TotalsOf(List<ClusterOverview> clusters) => new(
        clusters.Count,
        clusters.Sum(cluster => cluster.Size),
        clusters.Aggregate(new ObligationCounts(0, 0, 0, 0, 0), (sum, cluster) => sum + cluster.Obligations),
        clusters.SelectMany(cluster => cluster.Overdue).GroupBy(item => item.Kind).OrderBy(kind => kind.Key).ToDictionary(kind => UpperSnake.Of(kind.Key), kind => kind.Count()),
        clusters.Sum(cluster => cluster.Activities.Held),
        clusters.Count(cluster => cluster.Activities.Held == 0),
        clusters.Count(cluster => cluster.Attention.Any(finding => finding.Code == "SILENT_CLUSTER")),
        clusters.Count(cluster => cluster.SimilarityFindings > 0),
        clusters.Count(cluster => cluster.Attention.Any(finding => finding.Code == "LEADER_NOT_SELECTED")),
        clusters.Count(cluster => cluster.Indicators is not null),
        clusters.Count(cluster => cluster.Indicators?.Figures.Formalism == true));

    /// <summary>Everything about a season's clusters on one day, read at once.</summary>
    private sealed class OverviewFacts
    {
        private readonly Season _season;
        private readonly DateOnly _today;
        private readonly ObligationRules _rules;
        private readonly WorkingDayCalendar _calendar;
        private readonly ILookup<Guid, Obligation> _obligations;
        private readonly ILookup<Guid, Activity> _activities;
        private readonly ILookup<Guid, SheetHistory> _sheets;
        private readonly Dictionary<Guid, DecidedResult> _results;
        private readonly Dictionary<Guid, ClusterDepth> _depths;

        private OverviewFacts(
            Season season, DateOnly today, SeasonComparison comparison, ObligationRules rules, WorkingDayCalendar calendar, ILookup<Guid, Obligation> obligations, ILookup<Guid, Activity> activities,
            ILookup<Guid, SheetHistory> sheets, Dictionary<Guid, DecidedResult> results, Dictionary<Guid, ClusterDepth> depths)
        {
            (_season, _today, Comparison, _rules, _calendar) = (season, today, comparison, rules, calendar);
            (_obligations, _activities, _sheets, _results, _depths) = (obligations, activities, sheets, results, depths);
        }

        public SeasonComparison Comparison { get; }

        public static async Task<OverviewFacts> LoadAsync(Season season, DateOnly today, ClustersDbContext db, TimeProvider clock, CancellationToken ct)
        {
            var comparison = await SeasonComparison.LoadAsync(season, db, clock, ct);
            Guid[] ids = [.. comparison.Clusters.Select(cluster => cluster.Id)];
            var obligations = await db.Obligations.AsNoTracking().Where(obligation => obligation.Season == season.Code).ToListAsync(ct);
            var activities = await db.Activities.AsNoTracking().Where(activity => activity.Season == season.Code).ToListAsync(ct);
            var sheets = await db.SheetHistories.AsNoTracking().Where(sheet => ids.Contains(sheet.ClusterId)).ToListAsync(ct);
            var results = await db.DecidedResults.AsNoTracking().Where(result => ids.Contains(result.ClusterId)).ToDictionaryAsync(result => result.ClusterId, ct);
            var depths = await db.Depths.AsNoTracking().Where(depth => depth.Season == season.Code).ToDictionaryAsync(depth => depth.ClusterId, ct);
            return new OverviewFacts(
                season, today, comparison, ObligationRules.On(await db.ObligationRulesAsync(ct), season.FirstDay), await db.WorkingDaysAsync(ct),
                obligations.ToLookup(obligation => obligation.ClusterId), activities.ToLookup(activity => activity.ClusterId), sheets.ToLookup(sheet => sheet.ClusterId), results, depths);
        }

        public ClusterOverview Of(Cluster cluster)
        {
            Activity[] activities = [.. _activities[cluster.Id]];
            var (counts, overdue) = ClusterWatch.Of(_obligations[cluster.Id], _today, _rules, _calendar);
            var lastActivity = activities.Where(activity => activity.State == ActivityState.Held).Max(activity => activity.HeldOn);
            var lastReport = _obligations[cluster.Id]
                .Where(obligation => obligation.Kind is ObligationKind.MidyearReport or ObligationKind.YearendReport && obligation.MetAt is not null)
                .Max(obligation => (DateOnly?)VietnamDate.Of(obligation.MetAt!.Value));
            var (silent, cited) = Comparison.Rule<SilentClusterRule>();
            ClusterFinding?[] attention = [ClusterWatch.Silence(_season, cluster.Code, lastActivity, lastReport, _today, silent, cited), Comparison.LeaderFinding(cluster)];
            var members = cluster.Members.Select(member => member.Unit).ToHashSet(StringComparer.Ordinal);
            SheetHistory[] sheets = [.. _sheets[cluster.Id].Where(sheet => members.Contains(sheet.Unit))];
            return new ClusterOverview(
                cluster.Id, cluster.Code, cluster.Name, cluster.Members.Count, cluster.Leader, cluster.Deputy,
                new ClusterStage(sheets.Count(sheet => sheet.SubmittedAt is not null), sheets.Count(sheet => sheet.ReviewedAt is not null), _results.GetValueOrDefault(cluster.Id)?.StandsSince),
                counts, overdue, ClusterWatch.Of(activities), lastActivity, lastReport, ClusterWatch.QuietDays(_season, lastActivity, lastReport, _today), Comparison.FindingsOf(cluster).Count,
                [.. attention.OfType<ClusterFinding>().Select(SimilarityEndpoints.FindingView.Of)],
                _depths.TryGetValue(cluster.Id, out var depth) ? new IndicatorsView(depth.ResultVersion, depth.ComputedAt, depth.Figures) : null);
        }
    }
}
