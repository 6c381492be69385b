using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Kết quả được công bố qua bảng tính.</summary>
public static class ResultWorkbookEndpoints
{
    public static void MapResultWorkbooks(this IEndpointRouteBuilder api)
    {
        var workbooks = api.MapGroup("/published-results/workbook").WithTags("Published results");

        workbooks.MapGet("/", Download).AllowRoles(Roles.Appraiser).WithWorkbookAnswer()
            .WithSummary("Tải mẫu nạp kết quả được công bố dạng .xlsx")
            .WithDescription("Có các kết quả đang có hiệu lực của năm, các kết quả mà bảng tiêu chí đã thông qua còn chờ, và dòng trống để thêm.");
        workbooks.MapPost("/check", Check).AllowRoles(Roles.Appraiser).WithWorkbookBody(SheetWorkbookReading.Limits)
            .WithSummary("Kiểm tra bảng tính kết quả, chưa nạp gì")
            .WithDescription("Nêu từng thay đổi, từng chỗ sai theo ô và từng xung đột với kết quả đã sửa trong hệ thống từ khi tải mẫu.");
        workbooks.MapPost("/", Apply).AllowRoles(Roles.Appraiser).WithWorkbookBody(SheetWorkbookReading.Limits)
            .WithSummary("Nạp kết quả được công bố từ bảng tính")
            .WithDescription("Tất cả hoặc không gì cả (422 workbook-has-problems). Sửa kết quả đã nạp phải nêu lý do (reason). Nạp lại cùng tệp không thay đổi gì.");
    }

    /// <summary>Tải mẫu of one season.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> Download(
        string season, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Seasons.AnyAsync(row => row.Code == season, ct))
        {
            return TypedResults.NotFound();
        }

        var current = await CurrentAsync(db, season, ct);
        var file = ResultWorkbook.Write(season, [.. current.Values], await WantedAsync(db, tables, season, ct), seal, clock.GetUtcNow());
        return TypedResults.File(file, WorkbookBuilder.ContentType, $"ket-qua-cong-bo-{season}.xlsx");
    }

    /// <summary>Kiểm tra: everything that loading would say, without loading.</summary>
    private static async Task<Ok<WorkbookReport>> Check(
        string? season, WorkbookBody body, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, CancellationToken ct)
    {
        var (origin, reading) = await ReadAsync(season, body.Workbook, db, tables, seal, ct);
        if (reading.Results.Count > 0)
        {
            await PublishedResultEndpoints.LockUndecidedAsync(db, origin.Season, [.. reading.Results.Select(result => result.Unit).Distinct()], ct);
        }

        return TypedResults.Ok(reading.Report with
        {
            Notices = reading.Corrects ? [new Violation("MISSING_REASON", "/reason", "Tệp sửa kết quả đã nạp: khi nạp phải nêu lý do.")] : [],
        });
    }

    /// <summary>Nạp: the same way that JSON goes.</summary>
    private static async Task<Ok<WorkbookReport>> Apply(
        string? season, string? reason, WorkbookBody body, Caller caller, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, TimeProvider clock, JournalContext journal, CancellationToken ct)
    {
        var (origin, reading) = await ReadAsync(season, body.Workbook, db, tables, seal, ct);
        reading.Report.RequireClean();
        await PublishedResultEndpoints.LoadAsync(
            db, tables, origin.Season, reason, [.. reading.Results.Select(result => new PublishedResultEndpoints.GivenResult(result.Index, result.Unit, result.Value, result.Document))],
            caller, clock, journal, ct);
        return TypedResults.Ok(reading.Report with { Applied = true });
    }

    private static async Task<(ResultOrigin Origin, ResultWorkbookReading Reading)> ReadAsync(
        string? season, Workbook workbook, ScoringDbContext db, AdoptedTables tables, WorkbookSeal seal, CancellationToken ct)
    {
        var origin = ResultWorkbookReading.OriginOf(workbook, seal);
        if (season is not null && season != origin.Season)
        {
            throw ResultWorkbookReading.Refused("OTHER_SEASON", $"Tệp là của năm thi đua {origin.Season}, không phải {season}.");
        }

        await ScoreSheetEndpoints.Season(db, origin.Season, ct);
        return (origin, ResultWorkbookReading.Read(workbook, origin, await CurrentAsync(db, origin.Season, ct), await WantedAsync(db, tables, origin.Season, ct)));
    }

    private static async Task<Dictionary<(string Index, string Unit), ResultValue>> CurrentAsync(ScoringDbContext db, string season, CancellationToken ct) =>
        (await db.PublishedResults.AsNoTracking().Where(row => row.Season == season && row.IsCurrent).OrderBy(row => row.Index).ThenBy(row => row.Unit)
            .Select(row => new ResultValue(row.Index, row.Unit, row.Value, row.Document)).ToListAsync(ct)).ToDictionary(result => result.Key);

    private static async Task<WantedResults> WantedAsync(ScoringDbContext db, AdoptedTables tables, string season, CancellationToken ct)
    {
        var units = await db.Units.AsNoTracking().ToDictionaryAsync(unit => unit.Code, unit => unit.Name, ct);
        var clusters = await db.Results.AsNoTracking().Where(result => result.Season == season).Select(result => new { result.ClusterId, result.TableId }).ToListAsync(ct);
        var ids = clusters.ConvertAll(cluster => cluster.ClusterId);
        var members = (await db.ClusterMembers.AsNoTracking().Where(member => ids.Contains(member.ClusterId)).Select(member => new { member.ClusterId, member.Unit }).ToListAsync(ct)).ToLookup(member => member.ClusterId, member => member.Unit);
        var wanted = new SortedSet<(string Index, string Unit)>();
        var levels = new Dictionary<string, List<Level>>(StringComparer.Ordinal);
        var numbers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cluster in clusters)
        {
            foreach (var criterion in (await tables.GetAsync(db, cluster.TableId, ct)).Table.Criteria.Where(criterion => criterion.IsPublished))
            {
                wanted.UnionWith(members[cluster.ClusterId].Select(unit => (criterion.PublishedIndex!, unit)));
                if (criterion is LevelCriterion level)
                {
                    if (!levels.TryGetValue(level.Index!, out var known))
                    {
                        levels[level.Index!] = known = [];
                    }

                    known.AddRange(level.Levels);
                }
                else
                {
                    numbers.Add(criterion.PublishedIndex!);
                }
            }
        }

        return new WantedResults(
            levels.Where(entry => !numbers.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => (IReadOnlyList<KeyValuePair<string, string>>)
                [.. entry.Value.Select(level => KeyValuePair.Create(level.Key, level.Key)).Concat(entry.Value.Select(level => KeyValuePair.Create(level.Label, level.Key))).Distinct()]),
            numbers, [.. wanted], units);
    }
}
