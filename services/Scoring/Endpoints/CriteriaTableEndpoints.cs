using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Bảng tiêu chí: drafted, checked, adopted; from then on immutable.</summary>
public static class CriteriaTableEndpoints
{
    /// <summary>Everybody who is scored by a table or scores by it; not the council, the administrator or who confirms facts (B).</summary>
    private static readonly string[] s_readers = [Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor];
    private static readonly string[] s_drafters = [Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead];

    public static void MapCriteriaTables(this IEndpointRouteBuilder api)
    {
        var tables = api.MapGroup("/criteria-tables").WithTags("Criteria tables");

        tables.MapPost("/", Draft).WithETag().AllowRoles(s_drafters)
            .WithSummary("Soạn bảng tiêu chí, thang điểm cho các cụm")
            .WithDescription("Mỗi lần gửi là một phiên bản mới của bảng trong năm. Cơ quan thường trực soạn cho mọi cụm; thủ trưởng đơn vị cụm trưởng, cụm phó đề xuất cho cụm do đơn vị mình làm cụm trưởng, cụm phó (403 not-leader). Sai định dạng: 422 nêu từng chỗ. Cụm chưa biết: 409 not-known-yet.")
            .Accepts<DraftRequest>("application/json");
        tables.MapPut("/{id:guid}", Redraft).WithIfMatch().WithETag().AllowRoles(s_drafters)
            .WithSummary("Sửa bảng tiêu chí đang soạn")
            .WithDescription("Chỉ bản nháp, và chỉ bên đã soạn: đơn vị đã đề xuất, hoặc cơ quan thường trực nếu cơ quan thường trực soạn (403 not-drafter); đơn vị vẫn chỉ cho cụm của mình (403 not-leader). Bảng đã thông qua không bao giờ thay đổi (409 table-adopted).")
            .Accepts<RedraftRequest>("application/json");
        tables.MapGet("/", List).AllowRoles(s_readers).WithSummary("Danh sách bảng tiêu chí theo năm");
        tables.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers).WithSummary("Một bảng tiêu chí với toàn bộ nội dung")
            .WithDescription("citations: từng căn cứ được đối chiếu với sổ văn bản theo ngày thông qua (bản nháp: hôm nay).");
        tables.MapGet("/{id:guid}/lint", Lint).AllowRoles(s_readers)
            .WithSummary("Kiểm tra bảng tiêu chí")
            .WithDescription("Lỗi (ERROR, L-01 … L-07) làm bảng bị từ chối khi thông qua; cảnh báo và ghi chú để cân nhắc.");
        tables.MapPost("/{id:guid}/adopt", Adopt).WithIfMatch().WithETag().AllowRoles(Roles.AppraisalHead)
            .WithSummary("Thông qua bảng tiêu chí")
            .WithDescription("422 table-refused với các mã L-01 … L-07 nếu bảng còn lỗi; với cụm có giao ước thi đua đang có hiệu lực còn có L-11 (tiêu chí định tính phải dẫn điều khoản, covenant_clause). Cụm đó phải thống nhất qua biểu quyết (409 cluster-not-agreed), hoặc minutes {document, reason} nêu biên bản thay cho biểu quyết. Thay bảng đã thông qua của một cụm phải nêu lý do (reason) và khi cụm chưa có phiếu nào được nộp.");
    }

    /// <param name="Season">Kỳ (năm) thi đua.</param>
    /// <param name="Table">Bảng tiêu chí.</param>
    /// <param name="Clusters">Codes of the clusters that are to be scored by it.</param>
    public sealed record DraftRequest(string Season, TableBody Table, IReadOnlyList<string> Clusters);

    public sealed record RedraftRequest(TableBody Table, IReadOnlyList<string> Clusters, string? Season = null);

    public sealed record TableSummary(Guid Id, string Season, string Code, string Title, int Version, TableState State, IReadOnlyList<string> Clusters, DateTimeOffset? AdoptedAt);

    /// <summary>One version with its content as it was sent; proposed_by is the unit whose head proposed it, absent if the agency drafted it.</summary>
    public sealed record TableView(
        Guid Id, string Season, string Code, int Version, TableState State, JsonElement Table, IReadOnlyList<string> Clusters, string CreatedBy, DateTimeOffset CreatedAt,
        string? AdoptedBy, DateTimeOffset? AdoptedAt, string? Document, string? AcceptedWarningsReason, IReadOnlyList<BasisCitation>? Citations = null,
        string? ProposedBy = null);

    /// <param name="Path">JSON pointer to the basis in the table.</param>
    /// <param name="Text">Căn cứ: the whole text.</param>
    /// <param name="Number">Số, ký hiệu that it names; absent: none.</param>
    /// <param name="Instrument">Code in the register of law; absent: it is not there.</param>
    /// <param name="Status">VERIFIED, UNVERIFIED or EXPIRED.</param>
    /// <param name="Reason">Vietnamese.</param>
    public sealed record BasisCitation(string Path, string Text, string? Number, string? Instrument, CitationStatus Status, string Reason);

    public sealed record LintView(IReadOnlyList<LintFinding> Findings, bool Refused);

    public sealed record AdoptRequest(string? Document, string? AcceptedWarningsReason, string? Reason, MinutesBody? Minutes = null);

    /// <summary>Biên bản có chữ ký in the place of the members' votes.</summary>
    public sealed record MinutesBody(string? Document, string? Reason);

    /// <summary>Soạn bảng (R-10 … R-22).</summary>
    private static async Task<Created<TableView>> Draft(JsonElement body, Caller caller, ScoringDbContext db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var (season, table, content, clusters) = Read(body, seasonRequired: true);
        await ScoreSheetEndpoints.Season(db, season!, ct);
        var known = await ClustersAsync(db, season!, clusters, ct);
        var proposedBy = caller.Is(Roles.Appraiser, Roles.AppraisalHead) ? null : RequireLeader(caller, known);
        var version = 1 + (await db.CriteriaTables.Where(row => row.Season == season && row.Code == table.Id).MaxAsync(row => (int?)row.Version, ct) ?? 0);
        var draft = CriteriaTableVersion.Draft(season!, table.Id, version, content, clusters, proposedBy, caller.Subject, clock.GetUtcNow());
        db.Add(draft);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/criteria-tables/{draft.Id}", View(draft, http));
    }

    /// <summary>Sửa bản nháp.</summary>
    private static async Task<Results<Ok<TableView>, NotFound>> Redraft(Guid id, JsonElement body, Caller caller, ScoringDbContext db, HttpContext http, CancellationToken ct)
    {
        if (await LockAsync(db, id, ct) is not { } draft)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, draft.RowVersion);
        RequireDrafter(caller, draft);
        draft.RequireDraft();
        var (_, table, content, clusters) = Read(body, seasonRequired: false);
        RuleViolationException.ThrowIfAny(table.Id == draft.Code ? [] : [new Violation("WRONG_TYPE", "/table/id", $"Mã bảng phải giữ nguyên là “{draft.Code}”.")]);
        var known = await ClustersAsync(db, draft.Season, clusters, ct);
        if (draft.ProposedBy is not null)
        {
            RequireLeader(caller, known);
        }

        (draft.Content, draft.Clusters) = (content, clusters);

        // Who agreed, agreed to what is no longer there.
        db.RemoveRange(await db.TableVotes.Where(vote => vote.TableId == id).ToListAsync(ct));
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(View(draft, http));
    }

    /// <summary>Every version, by age.</summary>
    private static async Task<Ok<Page<TableSummary>>> List([AsParameters] PageQuery page, string? season, ScoringDbContext db, CancellationToken ct)
    {
        var tables = db.CriteriaTables.AsNoTracking();
        tables = season is null ? tables : tables.Where(row => row.Season == season);
        if (page.AfterAs<Guid>() is { } last)
        {
            tables = tables.Where(row => row.Id > last);
        }

        var found = await tables.OrderBy(row => row.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(
            found.ConvertAll(row => new TableSummary(row.Id, row.Season, row.Code, JsonElement.Parse(row.Content).GetProperty("title").GetString()!, row.Version, row.State, row.Clusters, row.AdoptedAt)),
            page.Size, summary => summary.Id.ToString()));
    }

    /// <summary>One version.</summary>
    private static async Task<Results<Ok<TableView>, NotFound>> Get(Guid id, ScoringDbContext db, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (await db.CriteriaTables.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } table)
        {
            return TypedResults.NotFound();
        }

        // An adopted table is judged by the law of the day on which it was adopted.
        var day = VietnamDate.Of(table.AdoptedAt ?? clock.GetUtcNow());
        var register = await db.CitableRegisterAsync(ct);
        return TypedResults.Ok(View(table, http) with
        {
            Citations =
            [
                .. AdoptedTables.Read(table.Content).Bases.SelectMany(basis => ServiceDefaults.Citations.Check(basis.Text, register, day)
                    .Select(check => new BasisCitation(basis.Path, check.Text, check.Number, check.Instrument, check.Status, check.Reason))),
            ],
        });
    }

    /// <summary>All findings of the linter (domain reference G.3).</summary>
    private static async Task<Results<Ok<LintView>, NotFound>> Lint(Guid id, ScoringDbContext db, LintSettings settings, TimeProvider clock, CancellationToken ct)
    {
        if (await db.CriteriaTables.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } version)
        {
            return TypedResults.NotFound();
        }

        var table = AdoptedTables.Read(version.Content);
        var clusters = await ClustersAsync(db, version.Season, version.Clusters, ct);
        var findings = CriteriaTableLinter.Lint(table, new LintContext
        {
            Clusters = await SizesAsync(db, clusters, ct),
            AsOf = DateOnly.FromDateTime(clock.GetLocalNow().Date),
            LastSeason = await LastSeasonAsync(db, version, ct),
            UnitsWithoutIndex = await UnitsWithoutIndexAsync(db, version.Season, table, clusters, ct),
            Settings = settings,
        });
        return TypedResults.Ok(new LintView(findings, findings.Any(finding => finding.Severity == LintSeverity.Error)));
    }

    /// <summary>Thông qua: refused with what the linter finds; the clusters are scored by it from now on.</summary>
    private static async Task<Results<Ok<TableView>, NotFound>> Adopt(
        Guid id, AdoptRequest request, Caller caller, ScoringDbContext db, TimeProvider clock, JournalContext journal, HttpContext http, CancellationToken ct)
    {
        if (await LockAsync(db, id, ct) is not { } version)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, version.RowVersion);
        version.RequireDraft();
        if ((await ScoreSheetEndpoints.Season(db, version.Season, ct)).Phase > SeasonPhase.SelfScoring)
        {
            throw new RuleViolationException("wrong-phase", "Chỉ thông qua bảng tiêu chí trước khi cụm rà soát.");
        }

        var table = AdoptedTables.Read(version.Content);
        var clusters = await ClustersAsync(db, version.Season, version.Clusters, ct);
        RuleViolationException.ThrowIfAny(CriteriaTableLinter.Violations(table, await SizesAsync(db, clusters, ct), "/table"), "table-refused", "Bảng tiêu chí chưa hợp lệ nên chưa được thông qua.");
        await RequireAgreementAsync(db, version, clusters, request.Minutes, ct);
        version.Adopt(request.Document, request.AcceptedWarningsReason, caller.Subject, clock.GetUtcNow());
        journal.Because(request.Reason ?? request.Minutes?.Reason ?? request.AcceptedWarningsReason);
        await UseAsync(db, version, table, clusters, request.Reason, clock.GetUtcNow(), ct);
        db.Publish(new CriteriaTableAdopted
        {
            TableId = version.Id,
            Season = version.Season,
            Code = version.Code,
            Title = table.Title,
            Version = version.Version,
            Clusters = version.Clusters,
            Citations = [.. table.Bases.Select(basis => new CitedBasis { Path = basis.Path, Text = basis.Text })],
            At = version.AdoptedAt!.Value,
        });
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(View(version, http));
    }

    /// <summary>Points the clusters to the version; drafts that were begun under another one keep what still fits.</summary>
    private static async Task UseAsync(
        ScoringDbContext db, CriteriaTableVersion version, CriteriaTable table, List<ClusterCopy> clusters, string? reason, DateTimeOffset now, CancellationToken ct)
    {
        var ids = clusters.ConvertAll(cluster => cluster.Id);
        var results = await db.Results.Where(result => ids.Contains(result.ClusterId)).ToDictionaryAsync(result => result.ClusterId, ct);
        if (results.Count > 0)
        {
            RuleViolationException.ThrowIfAny(string.IsNullOrWhiteSpace(reason) ? [new Violation("MISSING_REASON", "/reason", "Thay bảng tiêu chí đã thông qua phải nêu lý do.")] : []);
            if (await db.Sheets.AnyAsync(sheet => ids.Contains(sheet.ClusterId) && sheet.State != SheetState.Draft, ct))
            {
                throw new RuleViolationException("sheets-submitted", "Đã có phiếu được nộp theo bảng tiêu chí hiện hành, không thay được.");
            }

            foreach (var sheet in await db.Sheets.Include(sheet => sheet.Lines).ThenInclude(line => line.SelfDerivation).Where(sheet => ids.Contains(sheet.ClusterId)).ToListAsync(ct))
            {
                sheet.MoveTo(version.Id, table, now);
            }
        }

        foreach (var cluster in clusters)
        {
            if (results.TryGetValue(cluster.Id, out var result))
            {
                result.TableId = version.Id;
            }
            else
            {
                db.Add(new ClusterResult { ClusterId = cluster.Id, Season = version.Season, TableId = version.Id });
            }
        }

        foreach (var older in await db.CriteriaTables.Where(row => row.Season == version.Season && row.Code == version.Code && row.Id != version.Id && row.State == TableState.Adopted).ToListAsync(ct))
        {
            if (older.Clusters.All(version.Clusters.Contains))
            {
                older.Replace();
            }
        }
    }

    private static (string? Season, CriteriaTable Table, string Content, string[] Clusters) Read(JsonElement body, bool seasonRequired)
    {
        var errors = new List<Violation>();
        var json = new StrictJson(body, string.Empty, errors);
        json.ExpectObject();
        var season = json.Text("season", seasonRequired);
        var table = json.Member("table") is { } member ? CriteriaTableReader.Read(member) : null;
        string[] clusters = [.. json.List("clusters").Select(element => element.AsText()).OfType<string>().Distinct(StringComparer.Ordinal)];
        json.RefuseUnknown();
        RuleViolationException.ThrowIfAny(errors);
        return (season, table!, body.GetProperty("table").GetRawText(), clusters);
    }

    /// <summary>Cụm trưởng, cụm phó: a table is proposed for clusters that the own unit leads or is deputy of, and for no other.</summary>
    /// <returns>The proposing unit.</returns>
    private static string RequireLeader(Caller caller, List<ClusterCopy> clusters) =>
        caller.Unit is { } unit && clusters.Count > 0 && clusters.TrueForAll(cluster => cluster.ReviewerOf(unit) is not null)
            ? unit
            : throw new AccessDeniedException("not-leader", "Chỉ đề xuất bảng tiêu chí cho cụm, khối mà đơn vị mình là cụm trưởng, cụm phó.");

    /// <summary>A draft is changed by whoever drafted it; the others comment on it.</summary>
    private static void RequireDrafter(Caller caller, CriteriaTableVersion draft)
    {
        if (draft.ProposedBy is { } unit ? !(caller.Is(Roles.UnitHead) && caller.BelongsTo(unit)) : !caller.Is(Roles.Appraiser, Roles.AppraisalHead))
        {
            throw new AccessDeniedException("not-drafter", $"Bản nháp do {draft.ProposedBy ?? "cơ quan thường trực"} soạn; nơi khác chỉ góp ý.");
        }
    }

    /// <summary>The table, locked until the transaction ends: votes on it and its adoption wait for each other.</summary>
    internal static async Task<CriteriaTableVersion?> LockAsync(ScoringDbContext db, Guid id, CancellationToken ct) =>
        (await db.CriteriaTables.FromSql($"select t.*, t.xmin from criteria_tables t where t.id = {id} for update").ToListAsync(ct)).SingleOrDefault();

    /// <summary>Thống nhất (R-22): a cluster whose covenant is in force has agreed by vote, or its minutes say so.</summary>
    private static async Task RequireAgreementAsync(ScoringDbContext db, CriteriaTableVersion version, List<ClusterCopy> clusters, MinutesBody? minutes, CancellationToken ct)
    {
        if (minutes is not null)
        {
            RuleViolationException.ThrowIfAny(
            [
                .. string.IsNullOrWhiteSpace(minutes.Document) ? [new Violation("MISSING_PROPERTY", "/minutes/document", "Thiếu số, ký hiệu của biên bản.")] : Array.Empty<Violation>(),
                .. string.IsNullOrWhiteSpace(minutes.Reason) ? [new Violation("MISSING_REASON", "/minutes/reason", "Dùng biên bản thay cho biểu quyết phải nêu lý do.")] : Array.Empty<Violation>(),
            ]);
            version.AgreeByMinutes(minutes.Document!, minutes.Reason!);
            return;
        }

        var counts = await TableVoteEndpoints.CountAsync(db, version, clusters, ct);
        var missing = counts.Where(count => count is { Rule: not null, Agreed: false }).Select(count => $"{count.Cluster} ({count.Yes}/{count.Members} đồng ý)").ToList();
        if (missing.Count > 0)
        {
            throw new RuleViolationException("cluster-not-agreed", $"Chưa thống nhất bảng tiêu chí: {string.Join(", ", missing)}.");
        }
    }

    internal static async Task<List<ClusterCopy>> ClustersAsync(ScoringDbContext db, string season, string[] codes, CancellationToken ct)
    {
        var clusters = await db.Clusters.AsNoTracking().Include(cluster => cluster.Members).Where(cluster => cluster.Season == season && codes.Contains(cluster.Code)).ToListAsync(ct);
        var unknown = codes.Except(clusters.Select(cluster => cluster.Code)).ToList();
        return unknown.Count == 0 ? clusters : throw new NotKnownYetException($"Chưa biết cụm {string.Join(", ", unknown)} của năm {season}.");
    }

    private static async Task<List<ClusterSize>> SizesAsync(ScoringDbContext db, List<ClusterCopy> clusters, CancellationToken ct)
    {
        var ids = clusters.ConvertAll(cluster => cluster.Id);
        var covenants = await db.Covenants.AsNoTracking().Where(covenant => ids.Contains(covenant.ClusterId)).ToDictionaryAsync(covenant => covenant.ClusterId, ct);
        return clusters.ConvertAll(cluster => new ClusterSize(cluster.Code, cluster.Members.Count, covenants.GetValueOrDefault(cluster.Id)?.Clauses.Keys.ToList()));
    }

    private static async Task<Dictionary<string, IReadOnlyList<decimal>>> LastSeasonAsync(ScoringDbContext db, CriteriaTableVersion version, CancellationToken ct)
    {
        var year = await db.Seasons.Where(season => season.Code == version.Season).Select(season => season.Year).SingleOrDefaultAsync(ct);
        var lines = await (
            from sheet in db.Sheets
            join season in db.Seasons on sheet.Season equals season.Code
            join table in db.CriteriaTables on sheet.TableId equals table.Id
            from line in sheet.Lines
            where season.Year == year - 1 && table.Code == version.Code && line.Final != null
            select new { line.Criterion, Points = line.Final!.Value }).ToListAsync(ct);
        return lines.GroupBy(line => line.Criterion).ToDictionary(group => group.Key, group => (IReadOnlyList<decimal>)[.. group.Select(line => line.Points)]);
    }

    private static async Task<Dictionary<string, IReadOnlyList<string>>> UnitsWithoutIndexAsync(
        ScoringDbContext db, string season, CriteriaTable table, List<ClusterCopy> clusters, CancellationToken ct)
    {
        var indices = table.Criteria.Select(criterion => criterion.PublishedIndex).OfType<string>().Distinct().ToList();
        var published = (await db.PublishedResults.AsNoTracking().Where(result => result.Season == season && result.IsCurrent && indices.Contains(result.Index))
            .Select(result => new { result.Index, result.Unit }).ToListAsync(ct)).ToLookup(result => result.Index, result => result.Unit);

        // Before anything was published every unit lacks everything, which says nothing about the table.
        return indices.Where(published.Contains).ToDictionary(index => index, index => (IReadOnlyList<string>)
            [.. clusters.SelectMany(cluster => cluster.Members).Select(member => member.Unit).Except(published[index]).Order(StringComparer.Ordinal)]);
    }

    private static TableView View(CriteriaTableVersion table, HttpContext http)
    {
        Preconditions.Set(http.Response, table.RowVersion);
        return new TableView(
            table.Id, table.Season, table.Code, table.Version, table.State, JsonElement.Parse(table.Content), table.Clusters, table.CreatedBy, table.CreatedAt,
            table.AdoptedBy, table.AdoptedAt, table.Document, table.AcceptedWarningsReason, ProposedBy: table.ProposedBy);
    }
}
