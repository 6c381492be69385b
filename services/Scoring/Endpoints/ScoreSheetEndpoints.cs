using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Phiếu chấm điểm: what the unit itself does with its sheet, and reading it.</summary>
public static class ScoreSheetEndpoints
{
    public static void MapScoreSheets(this IEndpointRouteBuilder api)
    {
        var sheets = api.MapGroup("/score-sheets").WithTags("Score sheets");

        sheets.MapPost("/", Open).WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Mở phiếu tự chấm của đơn vị mình")
            .WithDescription("Cần cụm đã lập, bảng tiêu chí đã thông qua (nếu không: 409 no-adopted-table) và giai đoạn tự chấm điểm. Phiếu đã có thì trả lại phiếu đó (200).");
        sheets.MapGet("/", List).WithNames<SheetState>("state").AllowRoles(SheetSight.Readers)
            .WithSummary("Danh sách phiếu chấm điểm được xem")
            .WithDescription("Lọc theo năm (season), cụm (cluster), đơn vị (unit), trạng thái (state).");
        sheets.MapGet("/{id:guid}", Get).WithETag(notModified: true).AllowRoles(SheetSight.Readers)
            .WithSummary("Một phiếu chấm điểm với ba lớp điểm")
            .WithDescription("ETag là trạng thái để gửi lại trong If-Match, hoặc trong If-None-Match để nhận 304 khi không có gì mới. Điểm thưởng, điểm trừ cũng có ba lớp theo từng mục. Lớp điểm nào chưa đến lúc được xem thì không có trong câu trả lời. warnings nêu các ghi chú yếu (WEAK_EVIDENCE).");
        sheets.MapPut("/{id:guid}/lines", EnterLines).WithIfMatch().WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Nhập số liệu, điểm thưởng, điểm trừ và ghi chú của phiếu")
            .WithDescription("Thay những gì được nêu, giữ nguyên phần còn lại. Mỗi số liệu được kiểm tra ngay: 422 với mã và đường dẫn /inputs/… của từng chỗ sai. Chỉ khi phiếu đang nhập hoặc bị trả lại.")
            .Accepts<LinesRequest>("application/json");
        sheets.MapPost("/{id:guid}/submit", Submit).WithIfMatch().WithETag().AllowRoles(Roles.UnitHead)
            .WithSummary("Thủ trưởng đơn vị nộp phiếu")
            .WithDescription("422 MISSING_INPUT, MISSING_PUBLISHED, MISSING_NOTE nêu từng tiêu chí còn thiếu. Ghi chú không có số liệu, tỷ lệ %, số văn bản hoặc minh chứng kèm theo được nêu trong warnings (WEAK_EVIDENCE), phiếu vẫn được nộp. Sau khi nộp, số liệu được giữ nguyên.");
        sheets.MapPost("/{id:guid}/explain", Explain).WithIfMatch().WithETag().AllowRoles(Roles.UnitClerk, Roles.UnitHead)
            .WithSummary("Đơn vị giải trình phiếu bị trả lại")
            .WithDescription("Có thể kèm số liệu mới cho các tiêu chí được nêu khi trả lại; phiếu trở về nơi đã trả lại.")
            .Accepts<ExplainRequest>("application/json");
    }

    public sealed record OpenRequest(string Season, string Unit);

    /// <param name="Inputs">By code of the criterion.</param>
    /// <param name="Bonus">By key: how often.</param>
    /// <param name="Deductions">By key: how often.</param>
    /// <param name="Notes">By code of the criterion: what the input rests on.</param>
    public sealed record LinesRequest(
        IReadOnlyDictionary<string, InputBody>? Inputs = null, IReadOnlyDictionary<string, decimal>? Bonus = null,
        IReadOnlyDictionary<string, decimal>? Deductions = null, IReadOnlyDictionary<string, string>? Notes = null);

    public sealed record ExplainRequest(
        string Text, IReadOnlyDictionary<string, InputBody>? Inputs = null, IReadOnlyDictionary<string, decimal>? Bonus = null,
        IReadOnlyDictionary<string, decimal>? Deductions = null, IReadOnlyDictionary<string, string>? Notes = null);

    /// <summary>Mở phiếu: one per unit and season.</summary>
    private static async Task<Results<Created<SheetView>, Ok<SheetView>>> Open(
        OpenRequest request, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (!caller.BelongsTo(request.Unit))
        {
            throw new AccessDeniedException("not-own-sheet", "Chỉ được mở phiếu của chính đơn vị mình.");
        }

        var existing = await db.Sheets.Where(sheet => sheet.Season == request.Season && sheet.Unit == request.Unit).Select(sheet => (Guid?)sheet.Id).SingleOrDefaultAsync(ct);
        if (existing is { } id)
        {
            var known = (await LoadedSheet.FindAsync(db, tables, id, caller, ct))!;
            return TypedResults.Ok(await known.ViewAsync(db, http, ct));
        }

        var cluster = await db.Clusters.AsNoTracking().Include(row => row.Members)
                .Where(row => row.Season == request.Season && row.Members.Any(member => member.Unit == request.Unit))
                .OrderByDescending(row => row.Version).FirstOrDefaultAsync(ct)
            ?? throw new NotKnownYetException($"Chưa biết đơn vị {request.Unit} thuộc cụm nào trong năm {request.Season}.");
        (await Season(db, request.Season, ct)).Phase.Require(SeasonPhase.SelfScoring);
        var result = await db.Results.AsNoTracking().SingleOrDefaultAsync(row => row.ClusterId == cluster.Id, ct)
            ?? throw new RuleViolationException("no-adopted-table", $"Cụm {cluster.Code} chưa có bảng tiêu chí được thông qua.");

        var sheet = ScoreSheet.Open(request.Season, cluster.Id, request.Unit, result.TableId, clock.GetUtcNow());
        db.Add(sheet);
        var (table, version) = await tables.GetAsync(db, result.TableId, ct);
        var loaded = new LoadedSheet(sheet, cluster, table, version, new SheetSight(false, false), caller);
        return TypedResults.Created($"/api/v1/score-sheets/{sheet.Id}", await loaded.SaveAsync(db, http, ct));
    }

    /// <summary>Sheets that the caller may see, by cluster and unit.</summary>
    private static async Task<Ok<Page<SheetSummary>>> List(
        [AsParameters] PageQuery page, string? season, Guid? cluster, string? unit, Named<SheetState>? state, Caller caller, ScoringDbContext db, CancellationToken ct)
    {
        var sheets = db.Sheets.AsNoTracking();
        sheets = season is null ? sheets : sheets.Where(sheet => sheet.Season == season);
        sheets = cluster is null ? sheets : sheets.Where(sheet => sheet.ClusterId == cluster);
        sheets = unit is null ? sheets : sheets.Where(sheet => sheet.Unit == unit);
        sheets = state?.Value is { } wanted ? sheets.Where(sheet => sheet.State == wanted) : sheets;
        if (!SheetSight.IsAgency(caller))
        {
            var own = caller.Is(Roles.UnitClerk, Roles.UnitHead) ? caller.Unit : null;
            var isHead = caller.Is(Roles.UnitHead);
            var isCouncil = SheetSight.IsCouncil(caller);
            sheets = sheets.Where(sheet =>
                (own != null && sheet.Unit == own)
                || (isHead && sheet.State != SheetState.Draft && db.Clusters.Any(row => row.Id == sheet.ClusterId && (row.Leader == own || row.Deputy == own)))
                || (sheet.State == SheetState.Locked && (isCouncil || (own != null && db.ClusterMembers.Any(member => member.ClusterId == sheet.ClusterId && member.Unit == own)))));
        }

        if (page.AfterAs<Guid>() is { } last)
        {
            sheets = sheets.Where(sheet => sheet.Id > last);
        }

        var found = await sheets.OrderBy(sheet => sheet.Id).Take(page.Size + 1)
            .Select(sheet => new { sheet.Id, sheet.Season, sheet.ClusterId, sheet.Unit, sheet.State, sheet.Version, sheet.Total, sheet.SubmittedAt }).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(
            found.ConvertAll(sheet => new SheetSummary(sheet.Id, sheet.Season, sheet.ClusterId, sheet.Unit, sheet.State, SheetStates.Name(sheet.State), sheet.Version, sheet.Total, sheet.SubmittedAt)),
            page.Size, summary => summary.Id.ToString()));
    }

    /// <summary>One sheet, as far as the caller may see it.</summary>
    private static async Task<Results<Ok<SheetView>, StatusCodeHttpResult, NotFound>> Get(
        Guid id, Caller caller, ScoringDbContext db, AdoptedTables tables, HttpContext http, CancellationToken ct)
    {
        if (Preconditions.IsConditional(http.Request) && await LoadedSheet.HasCurrentAsync(db, id, caller, http, ct))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await LoadedSheet.FindAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.Ok(await loaded.ViewAsync(db, http, ct));
    }

    /// <summary>Nhập số liệu: raw values, never points.</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> EnterLines(
        Guid id, JsonElement body, Caller caller, ScoringDbContext db, AdoptedTables tables, SheetCounts counts, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        loaded.RequireOwn();
        Preconditions.Require(http.Request, loaded.Sheet.RowVersion);
        await RequireOpenAsync(db, loaded.Sheet, ct);
        var errors = new List<Violation>();
        var json = new StrictJson(body, string.Empty, errors);
        json.ExpectObject();
        Enter(loaded, json, errors, clock.GetUtcNow());
        return TypedResults.Ok(await loaded.SaveAsync(db, counts.Saved, http, ct));
    }

    /// <summary>Nộp phiếu: refused with everything that is missing.</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> Submit(
        Guid id, Caller caller, ScoringDbContext db, AdoptedTables tables, SheetCounts counts, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        var sheet = loaded.Sheet;
        loaded.RequireOwn();
        Preconditions.Require(http.Request, sheet.RowVersion);
        (await Season(db, sheet.Season, ct)).Phase.Require(SeasonPhase.SelfScoring);
        var scope = await ClusterScope.LoadAsync(db, tables, sheet.ClusterId, sheet.TableId, withSheets: false, ct);
        var card = sheet.CardOf(loaded.Table);
        sheet.Submit(loaded.Table, card, scope.ScoreAlone(sheet.Unit, card), loaded.Actor, clock.GetUtcNow());
        db.Publish(new SheetSubmitted
        {
            SheetId = sheet.Id,
            Season = sheet.Season,
            ClusterId = sheet.ClusterId,
            Unit = sheet.Unit,
            Version = sheet.Version,
            At = sheet.SubmittedAt!.Value,
        });
        return TypedResults.Ok(await loaded.SaveAsync(db, counts.Submitted, http, ct));
    }

    /// <summary>Giải trình (F-09): text, and new values where the return opened them.</summary>
    private static async Task<Results<Ok<SheetView>, NotFound>> Explain(
        Guid id, JsonElement body, Caller caller, ScoringDbContext db, AdoptedTables tables, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LoadedSheet.FindToChangeAsync(db, tables, id, caller, ct) is not { } loaded)
        {
            return TypedResults.NotFound();
        }

        var sheet = loaded.Sheet;
        loaded.RequireOwn();
        Preconditions.Require(http.Request, sheet.RowVersion);
        var errors = new List<Violation>();
        var json = new StrictJson(body, string.Empty, errors);
        json.ExpectObject();
        var text = json.Text("text") ?? string.Empty;
        if (json.Has("text") && text.Length == 0)
        {
            json.Refuse("MISSING_REASON", "Nội dung giải trình không được để trống.", "text");
        }

        Enter(loaded, json, errors, clock.GetUtcNow());
        sheet.Explain(text, loaded.Actor, clock.GetUtcNow());
        journal.Because(text);
        db.Publish(new SheetExplained
        {
            SheetId = sheet.Id,
            Season = sheet.Season,
            ClusterId = sheet.ClusterId,
            Unit = sheet.Unit,
            Version = sheet.Version,
            At = sheet.ChangedAt,
        });
        await db.SaveChangesAsync(ct);
        if (json.Has("inputs") && loaded.Table.Criteria.Any(criterion => criterion is RelativeCriterion))
        {
            var scope = await ClusterScope.LoadAsync(db, tables, sheet.ClusterId, sheet.TableId, withSheets: true, ct);
            scope.Rescore(clock.GetUtcNow());
        }

        return TypedResults.Ok(await loaded.SaveAsync(db, http, ct));
    }

    /// <summary>Checks, enters and scores what the request names.</summary>
    private static void Enter(LoadedSheet loaded, StrictJson json, List<Violation> errors, DateTimeOffset now)
    {
        var card = ScoreCardReader.Read(json, loaded.Table);
        json.RefuseUnknown();
        RuleViolationException.ThrowIfAny(errors);
        Enter(loaded.Sheet, loaded.Table, card, json.Element, now);
    }

    /// <summary>Enters and scores a card that was read out of this request, whether it came as JSON or as a workbook.</summary>
    internal static void Enter(ScoreSheet sheet, CriteriaTable table, ScoreCard card, JsonElement request, DateTimeOffset now)
    {
        if (card is { Inputs.Count: 0, Notes.Count: 0, Bonus.Count: 0, Deductions.Count: 0 })
        {
            return;
        }

        var inputs = card.Inputs.Keys.ToDictionary(code => code, code => request.GetProperty("inputs").GetProperty(code).GetRawText());
        sheet.Enter(inputs, card, now);
        var context = new ScoringContext(table, [sheet.Unit], PublishedValues.None, new Dictionary<string, ScoreCard> { [sheet.Unit] = card });
        sheet.Score(card.Inputs.Keys.Select(code => table.Find(code)!).Where(criterion => criterion is not RelativeCriterion)
            .Select(criterion => ScoringEngine.ScoreLine(context, sheet.Unit, criterion)));
        sheet.ScoreExtras(ScoringEngine.BonusOf(table, sheet.BonusItems.Declared), ScoringEngine.DeductionsOf(table, sheet.DeductionItems.Declared));
    }

    /// <summary>A draft is filled in while units score themselves; a returned sheet whenever it was returned.</summary>
    internal static async Task RequireOpenAsync(ScoringDbContext db, ScoreSheet sheet, CancellationToken ct)
    {
        if (sheet.State == SheetState.Draft)
        {
            (await Season(db, sheet.Season, ct)).Phase.Require(SeasonPhase.SelfScoring);
        }
    }

    /// <summary>The season, which stays in its phase until the step that asks is committed.</summary>
    internal static async Task<SeasonCopy> Season(ScoringDbContext db, string season, CancellationToken ct)
    {
        await PhaseLock.HoldAsync(db, ct);
        return await db.Seasons.AsNoTracking().SingleOrDefaultAsync(row => row.Code == season, ct)
            ?? throw new NotKnownYetException($"Chưa biết năm thi đua {season}.");
    }
}
