using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Lập văn bản hàng loạt: all papers of a season as one piece of work.</summary>
public static class PaperJobEndpoints
{
    private const string RetryAfterSeconds = "2";
    private const int FailuresShown = 200;
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead];

    public static void MapPaperJobs(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/paper-jobs").WithTags("Papers");

        jobs.MapPost("/", Start).AllowRoles(s_agency)
            .WithSummary("Lập mọi văn bản của một mùa thi đua")
            .WithDescription("""
                Trả lời 202 với Location để theo dõi. Không nêu kinds là mọi loại; không nêu clusters là mọi cụm, khối. Văn bản lập ra là dự thảo; văn bản đã có từ đúng số liệu ấy thì dùng lại.
                Việc tiếp tục dù dịch vụ khởi động lại. Lỗi: no-letterhead, UNKNOWN_SIGNER, UNKNOWN_CLUSTER, NOTHING_TO_MAKE.
                """);
        jobs.MapGet("/", List).AllowRoles([.. s_agency, Roles.Auditor]).WithSummary("Các lần lập văn bản hàng loạt, mới nhất trước");
        jobs.MapGet("/{id:guid}", Get).WithETag().AllowRoles([.. s_agency, Roles.Auditor])
            .WithSummary("Tiến độ của một lần lập văn bản hàng loạt")
            .WithDescription("Retry-After cho biết khi nào nên hỏi lại. failures nêu văn bản chưa lập được và lý do.");
        jobs.MapPost("/{id:guid}/cancel", Cancel).WithIfMatch(optional: true).WithETag().AllowRoles(s_agency)
            .WithSummary("Dừng một lần lập văn bản hàng loạt")
            .WithDescription("Văn bản đang lập dở vẫn xong; văn bản đã lập được giữ. Lỗi: wrong-state.");
        jobs.MapPost("/{id:guid}/restart", Restart).WithIfMatch(optional: true).WithETag().AllowRoles(s_agency)
            .WithSummary("Chạy tiếp phần còn thiếu")
            .WithDescription("Của lần đã dừng hoặc còn thiếu: chỉ lập những văn bản chưa có. Lỗi: wrong-state.");
        jobs.MapGet("/{id:guid}/archive", Archive).WithFileAnswer(PaperFiles.Zip).AllowRoles([.. s_agency, Roles.Auditor])
            .WithSummary("Tải gói kết quả (zip)")
            .WithDescription("Có manifest.json và SHA256SUMS. Mỗi lần tải được ghi nhật ký. Chưa xong thì 404.");
    }

    /// <param name="Season">Mã kỳ thi đua.</param>
    /// <param name="Kinds">Loại văn bản; null: mọi loại.</param>
    /// <param name="Clusters">Mã cụm, khối; null: tất cả.</param>
    /// <param name="Format">DOCX, PDF hoặc BOTH.</param>
    /// <param name="Letterhead">Thể thức cho văn bản của cơ quan.</param>
    /// <param name="Signer">Người ký các văn bản ấy.</param>
    /// <param name="ClusterLetterhead">Thể thức cho văn bản của cụm, khối.</param>
    public sealed record PaperJobRequest(
        string Season, IReadOnlyList<PaperKind>? Kinds, IReadOnlyList<string>? Clusters, PaperFormat Format, string? Letterhead, string? Signer, string? ClusterLetterhead);

    private static async Task<Accepted<PaperJobView>> Start(
        PaperJobRequest request, Caller caller, HttpResponse response, DocumentsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        PaperKind[] kinds = [.. (request.Kinds is { Count: > 0 } named ? named : Enum.GetValues<PaperKind>()).Distinct().Order()];
        await CheckIssuersAsync(request, kinds, db, clock.Today(), ct);
        var clusters = await ClustersAsync(request, db, ct);
        var id = Guid.CreateVersion7();
        var items = PaperJobPlan.Of(id, kinds, clusters);
        RuleViolationException.ThrowIfAny(items.Count > 0 ? [] : [new Violation("NOTHING_TO_MAKE", "/kinds", "Không có văn bản nào thuộc phạm vi đã nêu.")]);
        var job = new PaperJob
        {
            Id = id,
            Season = request.Season,
            Kinds = kinds,
            Clusters = [.. (request.Clusters ?? []).Distinct().Order(StringComparer.Ordinal)],
            Format = request.Format,
            Letterhead = request.Letterhead,
            Signer = request.Signer,
            ClusterLetterhead = request.ClusterLetterhead,
            Total = items.Count,
            StartedBy = caller.Subject,
            StartedAt = clock.GetUtcNow(),
        };
        db.Add(job);
        db.AddRange(items);
        await db.SaveChangesAsync(ct);
        response.Headers.RetryAfter = RetryAfterSeconds;
        return TypedResults.Accepted($"/api/v1/paper-jobs/{job.Id}", PaperJobView.Of(job, 0, 0, []));
    }

    // What every paper of the job would be refused for is said at once.
    private static async Task CheckIssuersAsync(PaperJobRequest request, PaperKind[] kinds, DocumentsDbContext db, DateOnly today, CancellationToken ct)
    {
        var (ofAgency, ofClusters) = (kinds.Where(kind => !PaperSubject.IsOfCluster(kind)).ToList(), kinds.Where(PaperSubject.IsOfCluster).ToList());
        var errors = new List<Violation>();
        if (ofAgency.Count > 0 && string.IsNullOrEmpty(request.Letterhead))
        {
            errors.Add(new Violation("MISSING_PROPERTY", "/letterhead", "Cần thể thức cho văn bản của cơ quan."));
        }

        if (ofClusters.Count > 0 && string.IsNullOrEmpty(request.ClusterLetterhead))
        {
            errors.Add(new Violation("MISSING_PROPERTY", "/cluster_letterhead", "Cần thể thức cho văn bản của cụm, khối."));
        }

        RuleViolationException.ThrowIfAny(errors);
        if (ofAgency.Count > 0)
        {
            (await db.LetterheadAsync(request.Letterhead!, today, ct)).IssueFor(ofAgency[0], request.Signer, null, today);
        }

        if (ofClusters.Count > 0)
        {
            (await db.LetterheadAsync(request.ClusterLetterhead!, today, ct)).IssueForCluster(ofClusters[0], "", "", isKhoi: false, null, null, today);
        }
    }

    private static async Task<List<PlannedCluster>> ClustersAsync(PaperJobRequest request, DocumentsDbContext db, CancellationToken ct)
    {
        if (!await db.Seasons.AnyAsync(season => season.Code == request.Season, ct))
        {
            throw new NotKnownYetException($"Chưa biết mùa thi đua {request.Season}.");
        }

        var formed = await db.Facts.AsNoTracking().Where(fact => fact.Kind == nameof(ClusterFormed) && fact.Season == request.Season).ToListAsync(ct);
        var all = formed.ConvertAll(fact => fact.Read<ClusterFormed>()).ConvertAll(cluster => new PlannedCluster(cluster.ClusterId, cluster.Code, [.. cluster.Members.Select(member => member.Unit)]));
        if (request.Clusters is not { Count: > 0 } named)
        {
            return all;
        }

        var known = all.ToDictionary(cluster => cluster.Code, StringComparer.Ordinal);
        RuleViolationException.ThrowIfAny([.. named
            .Select((code, index) => (Code: code, Index: index))
            .Where(cluster => cluster.Code is null || !known.ContainsKey(cluster.Code))
            .Select(cluster => new Violation("UNKNOWN_CLUSTER", $"/clusters/{cluster.Index}", "Không có cụm, khối này trong mùa thi đua."))]);
        return [.. named.Distinct().Select(code => known[code])];
    }

    private static async Task<Ok<Page<PaperJobView>>> List([AsParameters] PageQuery page, DocumentsDbContext db, CancellationToken ct)
    {
        var found = db.PaperJobs.AsNoTracking();
        if (page.After is { } cursor)
        {
            var after = Guid.TryParse(cursor, out var id) ? id : throw Cursor.Bad();
            found = found.Where(job => job.Id < after);
        }

        var jobs = await found.OrderByDescending(job => job.Id).Take(page.Size + 1).ToListAsync(ct);
        var shown = Page.Of(jobs, page.Size, job => $"{job.Id}");
        var ids = shown.Items.Select(job => job.Id).ToList();
        var counts = await db.PaperJobItems.Where(item => ids.Contains(item.JobId)).GroupBy(item => new { item.JobId, item.State }).Select(items => new { items.Key, Count = items.Count() }).ToListAsync(ct);
        int Count(Guid job, PaperJobItemState state) => counts.Find(count => count.Key.JobId == job && count.Key.State == state)?.Count ?? 0;
        return TypedResults.Ok(new Page<PaperJobView>(
            [.. shown.Items.Select(job => PaperJobView.Of(job, Count(job.Id, PaperJobItemState.Made), Count(job.Id, PaperJobItemState.Failed), null))], shown.Next));
    }

    private static async Task<Results<Ok<PaperJobView>, NotFound>> Get(Guid id, HttpResponse response, DocumentsDbContext db, CancellationToken ct)
    {
        if (await db.PaperJobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, ct) is not { } job)
        {
            return TypedResults.NotFound();
        }

        return TypedResults.Ok(await ShowAsync(job, response, db, ct));
    }

    private static async Task<Results<Ok<PaperJobView>, NotFound>> Cancel(Guid id, HttpContext http, DocumentsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperJobs.SingleOrDefaultAsync(job => job.Id == id, ct) is not { } job)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, job.RowVersion);
        job.Cancel(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(await ShowAsync(job, http.Response, db, ct));
    }

    private static async Task<Results<Ok<PaperJobView>, NotFound>> Restart(Guid id, HttpContext http, DocumentsDbContext db, CancellationToken ct)
    {
        if (await db.PaperJobs.SingleOrDefaultAsync(job => job.Id == id, ct) is not { } job)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Require(http.Request, job.RowVersion);
        job.Restart();
        await db.SaveChangesAsync(ct);
        await db.PaperJobItems.Where(item => item.JobId == id && item.State == PaperJobItemState.Failed).ExecuteUpdateAsync(
            item => item.SetProperty(i => i.State, PaperJobItemState.Waiting).SetProperty(i => i.Attempts, 0).SetProperty(i => i.FailureCode, (string?)null).SetProperty(i => i.FailureReason, (string?)null), ct);
        return TypedResults.Ok(await ShowAsync(job, http.Response, db, ct));
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> Archive(
        Guid id, HttpContext http, DocumentsDbContext db, ContentStore store, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperJobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, ct) is not { Archive: { } archive } job)
        {
            return TypedResults.NotFound();
        }

        db.Record(journal, clock, "GET /api/v1/paper-jobs/{id}/archive", $"{nameof(PaperJob)}/{id}");
        await db.SaveChangesAsync(ct); // who read it is known before a byte leaves
        return await PaperFiles.AnswerAsync(http.Response, store, archive, PaperFiles.Zip, PaperArchive.NameOf(job), ct);
    }

    private static async Task<PaperJobView> ShowAsync(PaperJob job, HttpResponse response, DocumentsDbContext db, CancellationToken ct)
    {
        var counts = await db.PaperJobItems.Where(item => item.JobId == job.Id).GroupBy(item => item.State).Select(items => new { State = items.Key, Count = items.Count() }).ToListAsync(ct);
        var failures = await db.PaperJobItems.AsNoTracking().Where(item => item.JobId == job.Id && item.State == PaperJobItemState.Failed).OrderBy(item => item.Position).Take(FailuresShown)
            .Select(item => new PaperJobFailure(item.Kind, item.Cluster, item.Unit, item.Award, item.FailureCode!, item.FailureReason!)).ToListAsync(ct);
        Preconditions.Set(response, job.RowVersion);
        if (job.IsOpen)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        int Count(PaperJobItemState state) => counts.Find(count => count.State == state)?.Count ?? 0;
        return PaperJobView.Of(job, Count(PaperJobItemState.Made), Count(PaperJobItemState.Failed), failures);
    }
}
