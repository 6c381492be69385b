using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Chỉ số chiều sâu và dấu hiệu hình thức (P2): for the standing agency, and changing nothing.</summary>
public static class IndicatorEndpoints
{
    public static void MapIndicators(this IEndpointRouteBuilder api)
    {
        api.MapGet("/rankings/{clusterId:guid}/indicators", Get)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithTags("Rankings")
            .WithSummary("Chỉ số chiều sâu và dấu hiệu hình thức của kết quả đã quyết định")
            .WithDescription("Chỉ để tham khảo: nêu điều cần xem xét, không kết luận về đơn vị hay người nào. Dưới mức số liệu tối thiểu thì formalism để trống. Lỗi: 409 not-decided.")
            .Produces(StatusCodes.Status409Conflict);
        var rules = api.MapGroup("/indicator-rules").WithTags("Indicator rules");
        rules.MapPost("/", Register)
            .AllowRoles(Roles.AppraisalHead)
            .WithSummary("Ban hành ngưỡng của các chỉ số chiều sâu")
            .WithDescription("Mọi ngưỡng phải được nêu. Trong các quy định cùng có hiệu lực, quy định ban hành sau được áp dụng. Lỗi: 422 errors[] MISSING_PROPERTY, UNKNOWN_PROPERTY, WRONG_TYPE, OUT_OF_RANGE với con trỏ /thresholds/….");
        rules.MapGet("/", List)
            .AllowRoles(Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor)
            .WithSummary("Các quy định về ngưỡng của chỉ số chiều sâu, mới nhất trước");
    }

    /// <summary>Counts the indicators of a decision and tells of them, in the decision's own transaction. Without a rule in force nothing is said.</summary>
    internal static async Task ComputeIndicatorsAsync(this ScoringDbContext db, ClusterScope scope, SeasonCopy season, ClusterDecision decision, CancellationToken ct)
    {
        var today = VietnamDate.Of(decision.DecidedAt);
        if (IndicatorRule.On(today, await db.IndicatorRules.AsNoTracking().ToListAsync(ct)) is not { } rule)
        {
            return;
        }

        var sheets = scope.Sheets.Where(sheet => sheet.State == SheetState.Locked).ToList();
        var (ids, units) = (sheets.ConvertAll(sheet => sheet.Id), sheets.ConvertAll(sheet => sheet.Unit));
        var returned = await db.Set<SheetExchange>().AsNoTracking()
            .Where(exchange => ids.Contains(exchange.SheetId) && exchange.Kind == ExchangeKind.Return)
            .Select(exchange => exchange.SheetId).Distinct().ToListAsync(ct);
        var files = await db.Evidence.AsNoTracking()
            .Where(row => row.Season == season.Code && units.Contains(row.Unit) && !row.IsRejected)
            .GroupBy(row => new { row.Unit, row.Criterion })
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => (group.Key.Unit, group.Key.Criterion), group => group.Count, ct);
        var facts = ClusterIndicators.Of(
            sheets.ConvertAll(sheet => new IndicatorSheet(
                sheet.SelfTotalOf(scope.Table), sheet.Total, returned.Contains(sheet.Id),
                [.. scope.Table.Criteria.Select(criterion =>
                {
                    var line = sheet.Line(criterion.Code);
                    return new IndicatorLine(criterion.IsPublished, files.GetValueOrDefault((sheet.Unit, criterion.Code)), line?.Note, line?.Self, line?.Review, line?.Final);
                })])),
            scope.Table.TotalMax, rule.Thresholds);
        db.Add(new DepthIndicators { ClusterId = decision.ClusterId, ResultVersion = decision.Version, RuleId = rule.Id, Facts = facts, ComputedAt = decision.DecidedAt });
        db.Publish(new ClusterIndicatorsComputed
        {
            ClusterId = decision.ClusterId,
            Season = season.Code,
            Year = season.Year,
            Code = scope.Cluster.Code,
            Name = scope.Cluster.Name,
            ResultVersion = decision.Version,
            Sheets = facts.Sheets,
            ReturnedSheets = facts.ReturnedSheets,
            Lines = facts.Lines,
            EvidencedLines = facts.EvidencedLines,
            ComparedLines = facts.ComparedLines,
            UnchangedLines = facts.UnchangedLines,
            Max = facts.Max,
            Spread = facts.Spread,
            MeanInflation = facts.MeanInflation,
            Formalism = facts.Formalism,
            Explanation = facts.Explanation,
            ComputedAt = decision.DecidedAt,
        });
    }

    private static async Task<Results<Ok<IndicatorsView>, NotFound>> Get(Guid clusterId, ScoringDbContext db, CancellationToken ct)
    {
        if (await db.Clusters.AsNoTracking().SingleOrDefaultAsync(row => row.Id == clusterId, ct) is not { } cluster)
        {
            return TypedResults.NotFound();
        }

        var latest = await db.Indicators.AsNoTracking().Where(row => row.ClusterId == clusterId).OrderByDescending(row => row.ResultVersion).FirstOrDefaultAsync(ct)
            ?? throw new RuleViolationException("not-decided", "Kết quả của cụm chưa được quyết định nên chưa có chỉ số.");
        var rule = await db.IndicatorRules.AsNoTracking().SingleAsync(row => row.Id == latest.RuleId, ct);
        return TypedResults.Ok(IndicatorsView.Of(cluster, latest, rule));
    }

    private static async Task<Created<IndicatorRuleView>> Register(IndicatorRuleRequest request, Caller caller, ScoringDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        foreach (var (path, value) in new (string, object?)[] { ("valid_from", request.ValidFrom), ("basis", request.Basis), ("thresholds", request.Thresholds) })
        {
            if (value is null or "")
            {
                errors.Add(new Violation("MISSING_PROPERTY", $"/{path}", $"Thiếu giá trị của “{path}”."));
            }
        }

        if (request.ValidTo < request.ValidFrom)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/valid_to", "Ngày hết hiệu lực trước ngày có hiệu lực."));
        }

        var thresholds = request.Thresholds is { } given ? IndicatorThresholds.Read(new StrictJson(given, "/thresholds", errors)) : null;
        RuleViolationException.ThrowIfAny(errors);
        var rule = new IndicatorRule
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Version = 1 + (await db.IndicatorRules.MaxAsync(known => (int?)known.Version, ct) ?? 0),
            ValidFrom = request.ValidFrom!.Value,
            ValidTo = request.ValidTo,
            Basis = request.Basis!,
            Thresholds = thresholds!,
            RegisteredAt = clock.GetUtcNow(),
            RegisteredBy = caller.Subject,
        };
        db.Add(rule);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created("/api/v1/indicator-rules", IndicatorRuleView.Of(rule));
    }

    private static async Task<Page<IndicatorRuleView>> List([AsParameters] PageQuery page, ScoringDbContext db, CancellationToken ct)
    {
        var rules = db.IndicatorRules.AsNoTracking();
        if (page.AfterAs<int>() is { } version)
        {
            rules = rules.Where(rule => rule.Version < version);
        }

        var found = await rules.OrderByDescending(rule => rule.Version).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(IndicatorRuleView.Of), page.Size, view => view.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; left out is open.</param>
/// <param name="Basis">Căn cứ.</param>
/// <param name="Thresholds">least_sheets, least_lines, unchanged_percent, high_percent, narrow_percent, count_published, document_marks.</param>
public sealed record IndicatorRuleRequest(DateOnly? ValidFrom, DateOnly? ValidTo, string? Basis, JsonElement? Thresholds);

/// <summary>Ngưỡng của các chỉ số chiều sâu.</summary>
/// <param name="Id">Id.</param>
/// <param name="Version">Grows with each rule registered.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; null is open.</param>
/// <param name="Basis">Căn cứ.</param>
/// <param name="Thresholds">The numbers.</param>
/// <param name="RegisteredAt">When.</param>
/// <param name="RegisteredBy">Account.</param>
public sealed record IndicatorRuleView(
    Guid Id, int Version, DateOnly ValidFrom, DateOnly? ValidTo, string Basis, IndicatorThresholds Thresholds, DateTimeOffset RegisteredAt, string RegisteredBy)
{
    internal static IndicatorRuleView Of(IndicatorRule rule) =>
        new(rule.Id, rule.Version, rule.ValidFrom, rule.ValidTo, rule.Basis, rule.Thresholds, rule.RegisteredAt, rule.RegisteredBy);
}

/// <summary>Chỉ số chiều sâu của một kết quả đã quyết định.</summary>
/// <param name="ClusterId">Id of the cluster.</param>
/// <param name="Cluster">Its code.</param>
/// <param name="Season">Its season.</param>
/// <param name="ResultVersion">Version of the decision that they are of.</param>
/// <param name="Sheets">Sheets of the result.</param>
/// <param name="ReturnedSheets">Of them, returned at least once.</param>
/// <param name="ReturnedPercent">The same as a share, in per cent.</param>
/// <param name="Lines">Lines looked at.</param>
/// <param name="EvidencedLines">Of them, with a file of evidence or a document in the note.</param>
/// <param name="EvidencedPercent">The same as a share, in per cent.</param>
/// <param name="ComparedLines">Lines with points of the first and of the last layer.</param>
/// <param name="UnchangedLines">Of them, the same in all three layers.</param>
/// <param name="UnchangedPercent">The same as a share, in per cent.</param>
/// <param name="Max">Tổng điểm tối đa of the table.</param>
/// <param name="Spread">Highest less lowest total, in points.</param>
/// <param name="SpreadPercent">The same as a share of the maximum, in per cent.</param>
/// <param name="MeanInflation">Mean of self total less final total, in points.</param>
/// <param name="Formalism">Null: too little to say anything.</param>
/// <param name="Explanation">Vietnamese, one sentence each.</param>
/// <param name="RuleVersion">Version of the thresholds used.</param>
/// <param name="Basis">Căn cứ of the thresholds.</param>
/// <param name="ComputedAt">When.</param>
public sealed record IndicatorsView(
    Guid ClusterId, string Cluster, string Season, int ResultVersion,
    int Sheets, int ReturnedSheets, decimal? ReturnedPercent,
    int Lines, int EvidencedLines, decimal? EvidencedPercent,
    int ComparedLines, int UnchangedLines, decimal? UnchangedPercent,
    decimal Max, decimal? Spread, decimal? SpreadPercent, decimal? MeanInflation,
    bool? Formalism, IReadOnlyList<string> Explanation, int RuleVersion, string Basis, DateTimeOffset ComputedAt)
{
    internal static IndicatorsView Of(ClusterCopy cluster, DepthIndicators indicators, IndicatorRule rule)
    {
        var facts = indicators.Facts;
        return new IndicatorsView(
            cluster.Id, cluster.Code, cluster.Season, indicators.ResultVersion,
            facts.Sheets, facts.ReturnedSheets, facts.ReturnedPercent,
            facts.Lines, facts.EvidencedLines, facts.EvidencedPercent,
            facts.ComparedLines, facts.UnchangedLines, facts.UnchangedPercent,
            facts.Max, facts.Spread, facts.SpreadPercent, facts.MeanInflation,
            facts.Formalism, facts.Explanation, rule.Version, rule.Basis, indicators.ComputedAt);
    }
}
