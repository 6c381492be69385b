using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>A sheet that the caller may see, with its cluster and its table: what every step on it starts from.</summary>
internal sealed record LoadedSheet(ScoreSheet Sheet, ClusterCopy Cluster, CriteriaTable Table, int TableVersion, SheetSight Sight, Caller Caller)
{
    // Compiled once: every request of a unit begins with these. Exchanges are few, a second round trip for them would cost more.
    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<ScoreSheet?>> s_toRead = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Sheets.AsNoTracking().Include(sheet => sheet.Lines).Include(sheet => sheet.Exchanges).AsSingleQuery().SingleOrDefault(sheet => sheet.Id == id));

    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<ScoreSheet?>> s_head = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Sheets.AsNoTracking().SingleOrDefault(sheet => sheet.Id == id));

    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<ScoreSheet?>> s_toExplain = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Sheets.AsNoTracking().Include(sheet => sheet.Lines).ThenInclude(line => line.SelfDerivation).Include(sheet => sheet.Exchanges).AsSingleQuery().SingleOrDefault(sheet => sheet.Id == id));

    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<ScoreSheet?>> s_toChange = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Sheets.Include(sheet => sheet.Lines).Include(sheet => sheet.Exchanges).AsSingleQuery().SingleOrDefault(sheet => sheet.Id == id));

    private static readonly Func<ScoringDbContext, Guid, CancellationToken, Task<ClusterCopy>> s_cluster = EF.CompileAsyncQuery((ScoringDbContext db, Guid id, CancellationToken ct) =>
        db.Clusters.AsNoTracking().Include(cluster => cluster.Members).Single(cluster => cluster.Id == id));

    private static readonly Func<ScoringDbContext, string, string, IAsyncEnumerable<Tuple<string, int>>> s_evidence = EF.CompileAsyncQuery((ScoringDbContext db, string season, string unit) =>
        db.Evidence.AsNoTracking().Where(row => row.Season == season && row.Unit == unit && !row.IsRejected)
            .GroupBy(row => row.Criterion).Select(group => new Tuple<string, int>(group.Key, group.Count())));

    /// <summary>
    /// For a step that changes it: whoever changes it at this moment is waited for, so that the second one is told that the sheet has moved
    /// (412), whatever either of them writes.
    /// </summary>
    public static async Task<LoadedSheet?> FindToChangeAsync(ScoringDbContext db, AdoptedTables tables, Guid id, Caller caller, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select from score_sheets where id = {id} for update", ct);
        return await OfAsync(db, s_toChange(db, id, ct), tables, caller, ct);
    }

    /// <summary>To be read. Null: there is no such sheet, or none that this caller may know of.</summary>
    public static Task<LoadedSheet?> FindAsync(ScoringDbContext db, AdoptedTables tables, Guid id, Caller caller, CancellationToken ct) =>
        OfAsync(db, s_toRead(db, id, ct), tables, caller, ct);

    /// <summary>To be explained: with the derivation of every line.</summary>
    public static Task<LoadedSheet?> FindWithDerivationsAsync(ScoringDbContext db, AdoptedTables tables, Guid id, Caller caller, CancellationToken ct) =>
        OfAsync(db, s_toExplain(db, id, ct), tables, caller, ct);

    private static async Task<LoadedSheet?> OfAsync(ScoringDbContext db, Task<ScoreSheet?> reading, AdoptedTables tables, Caller caller, CancellationToken ct)
    {
        var sheet = await reading;
        if (sheet is null)
        {
            return null;
        }

        var cluster = await s_cluster(db, sheet.ClusterId, ct);
        if (SheetSight.Of(sheet, cluster, caller) is not { } sight)
        {
            return null;
        }

        var (table, version) = await tables.GetAsync(db, sheet.TableId, ct);
        return new LoadedSheet(sheet, cluster, table, version, sight, caller);
    }

    public Actor Actor => new(Caller.Subject, Caller.Name);

    /// <summary>Only the unit itself touches the first layer.</summary>
    public void RequireOwn()
    {
        if (!Caller.BelongsTo(Sheet.Unit))
        {
            throw new AccessDeniedException("not-own-sheet", "Chỉ đơn vị có phiếu mới được thực hiện bước này.");
        }
    }

    /// <summary>Leader or deputy of this very cluster, never on the own sheet (SoD-1, SoD-2).</summary>
    public Reviewer RequireReviewer()
    {
        if (Caller.BelongsTo(Sheet.Unit))
        {
            throw new AccessDeniedException("own-sheet", "Không ai được rà soát phiếu của chính đơn vị mình.");
        }

        return Cluster.ReviewerOf(Caller.Unit) ?? throw new AccessDeniedException("not-reviewer", "Chỉ cụm trưởng, cụm phó của cụm này được rà soát.");
    }

    /// <summary>Nobody appraises or decides the sheet of the own unit (SoD-1).</summary>
    public void RequireOther()
    {
        if (Caller.BelongsTo(Sheet.Unit))
        {
            throw new AccessDeniedException("own-sheet", "Không ai được thẩm định phiếu của chính đơn vị mình.");
        }
    }

    /// <summary>The sheet of a leader or deputy is reviewed by the other one alone.</summary>
    public bool IsReviewedByOneAlone => Cluster.ReviewerOf(Sheet.Unit) is not null;

    /// <summary>Saves, and answers with the sheet and its new state's ETag.</summary>
    public async Task<SheetView> SaveAsync(ScoringDbContext db, HttpContext http, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        return await ViewAsync(db, http, ct);
    }

    /// <summary>Saves, and counts it.</summary>
    public async Task<SheetView> SaveAsync(ScoringDbContext db, Tally count, HttpContext http, CancellationToken ct)
    {
        var view = await SaveAsync(db, http, ct);
        count.Add();
        return view;
    }

    public async Task<SheetView> ViewAsync(ScoringDbContext db, HttpContext http, CancellationToken ct)
    {
        var evidence = await EvidenceAsync(db, Sheet, ct);
        var sight = SheetSight.Of(Sheet, Cluster, Caller) ?? Sight; // the step may have opened a layer
        Preconditions.Set(http.Response, Sheet.RowVersion, Shown(Sheet, Cluster, sight, evidence));
        return SheetView.Of(Sheet, Cluster, Table, TableVersion, sight, evidence);
    }

    /// <summary>The tag of what <see cref="ViewAsync"/> would show, on an answer that shows something else of the sheet.</summary>
    public async Task SetETagAsync(ScoringDbContext db, HttpContext http, CancellationToken ct) =>
        Preconditions.Set(http.Response, Sheet.RowVersion, Shown(Sheet, Cluster, Sight, await EvidenceAsync(db, Sheet, ct)));

    /// <summary>Whether the caller already has what <see cref="ViewAsync"/> would show; answered without the sheet's lines.</summary>
    public static async Task<bool> HasCurrentAsync(ScoringDbContext db, Guid id, Caller caller, HttpContext http, CancellationToken ct)
    {
        if (await s_head(db, id, ct) is not { } sheet)
        {
            return false;
        }

        var cluster = await s_cluster(db, sheet.ClusterId, ct);
        if (SheetSight.Of(sheet, cluster, caller) is not { } sight)
        {
            return false;
        }

        var shown = Shown(sheet, cluster, sight, await EvidenceAsync(db, sheet, ct));
        if (!Preconditions.IsCurrent(http.Request, sheet.RowVersion, shown))
        {
            return false;
        }

        Preconditions.Set(http.Response, sheet.RowVersion, shown);
        return true;
    }

    private static async Task<Dictionary<string, int>> EvidenceAsync(ScoringDbContext db, ScoreSheet sheet, CancellationToken ct)
    {
        var evidence = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var (criterion, count) in s_evidence(db, sheet.Season, sheet.Unit).WithCancellation(ct))
        {
            evidence[criterion] = count;
        }

        return evidence;
    }

    /// <summary>What the view shows besides the sheet itself, in a few letters.</summary>
    private static string Shown(ScoreSheet sheet, ClusterCopy cluster, SheetSight sight, Dictionary<string, int> evidence)
    {
        var text = new StringBuilder().Append(sheet.TableId).Append(cluster.Code).Append(sight.Review).Append(sight.Final);
        foreach (var (criterion, count) in evidence.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            text.Append('|').Append(criterion).Append('=').Append(count);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(..8));
    }
}
