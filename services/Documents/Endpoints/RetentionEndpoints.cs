using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Thời hạn bảo quản, and the only way in which evidence is ever deleted.</summary>
public static class RetentionEndpoints
{
    private const int Most = 1000;
    private const int LongestYears = 200;

    public static void MapRetention(this RouteGroupBuilder api)
    {
        var periods = api.MapGroup("/retention-periods").WithTags("Retention");
        periods.MapGet("/", List).AllowRoles(Roles.UnitClerk, Roles.UnitHead, Roles.Appraiser, Roles.AppraisalHead, Roles.Auditor, Roles.Admin)
            .WithSummary("Thời hạn bảo quản, kèm căn cứ và thời gian áp dụng");
        periods.MapPost("/", Add).AllowRoles(Roles.AppraisalHead)
            .WithSummary("Thêm một thời hạn bảo quản áp dụng từ một ngày")
            .WithDescription("Thời hạn đang áp dụng của cùng mã kết thúc vào ngày trước đó. Năm thi đua theo thời hạn áp dụng vào ngày cuối của năm đó.");
        api.MapGroup("/evidence-deletions").WithTags("Retention").MapPost("/", Delete).AllowRoles(Roles.AppraisalHead)
            .WithSummary("Xóa tệp minh chứng đã hết thời hạn bảo quản")
            .WithDescription($"dry_run: chỉ liệt kê. Chỉ những tệp mà mọi nơi dùng đều đã hết thời hạn, của năm thi đua đã kết thúc; dòng và nhật ký vẫn còn. Mỗi lần tối đa {Most} minh chứng.");
    }

    /// <summary>A period as it is shown.</summary>
    /// <param name="Years">Absent: for ever.</param>
    /// <param name="Doubt">What is not certain about it.</param>
    public sealed record RetentionPeriodView(string Code, string Title, int? Years, string Basis, string? Doubt, DateOnly ValidFrom, DateOnly? ValidTo);

    /// <param name="Years">Full years after the end of the season's year; absent: for ever.</param>
    /// <param name="Basis">The text that says so.</param>
    public sealed record RetentionPeriodBody(string Code, string Title, int? Years, string Basis, DateOnly ValidFrom);

    /// <param name="DryRun">Only list what would go.</param>
    /// <param name="Reason">Stands in the journal; needed unless it is a dry run.</param>
    public sealed record EvidenceDeletionBody(bool DryRun, string? Reason);

    /// <summary>What went, or would go.</summary>
    /// <param name="More">There is more than one run takes.</param>
    public sealed record EvidenceDeletionView(bool DryRun, DateOnly Today, IReadOnlyList<DeletedEvidence> Items, bool More);

    /// <summary>One piece of evidence whose period is over.</summary>
    public sealed record DeletedEvidence(Guid Id, string Season, string Unit, string Criterion, string FileName, long Size, string Sha256, DateOnly RetainUntil, string Basis);

    private static async Task<Ok<List<RetentionPeriodView>>> List(DocumentsDbContext db, CancellationToken ct) =>
        TypedResults.Ok((await db.RetentionPeriods.AsNoTracking().OrderBy(p => p.Code).ThenBy(p => p.ValidFrom).ToListAsync(ct)).ConvertAll(View));

    private static async Task<Created<RetentionPeriodView>> Add(RetentionPeriodBody body, DocumentsDbContext db, CancellationToken ct)
    {
        var errors = new List<Violation>();
        void Require(bool holds, string code, string path, string message)
        {
            if (!holds)
            {
                errors.Add(new Violation(code, path, message));
            }
        }

        Require(body.Code.Length is > 0 and <= 60 && body.Code.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_'), "BAD_CODE", "/code", "Mã gồm chữ in hoa, chữ số và gạch dưới, tối đa 60 ký tự.");
        Require(body.Title.Length is > 0 and <= 500, "TOO_LONG", "/title", "Từ 1 đến 500 ký tự.");
        Require(body.Basis.Length is > 0 and <= 500, "TOO_LONG", "/basis", "Từ 1 đến 500 ký tự.");
        Require(body.Years is null or (> 0 and <= LongestYears), "OUT_OF_RANGE", "/years", $"Từ 1 đến {LongestYears}; bỏ trống là vĩnh viễn.");
        RuleViolationException.ThrowIfAny(errors);

        var present = await db.RetentionPeriods.SingleOrDefaultAsync(p => p.Code == body.Code && p.ValidTo == null, ct);
        present?.EndBefore(body.ValidFrom);
        var period = new RetentionPeriod { Code = body.Code, Title = body.Title, Years = body.Years, Basis = body.Basis, ValidFrom = body.ValidFrom };
        db.Add(period);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created("/api/v1/retention-periods", View(period));
    }

    private static async Task<Ok<EvidenceDeletionView>> Delete(EvidenceDeletionBody body, DocumentsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (!body.DryRun && string.IsNullOrEmpty(body.Reason))
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("MISSING_PROPERTY", "/reason", "Cần nêu lý do.")]);
        }

        var today = clock.Today();
        var over = await OverAsync(db, today, ct);
        var seasons = over.Keys.ToList();

        // A file goes when no season that is still kept uses it; what the scanner refused has no content any more.
        var rows = await db.Evidence
            .Where(e => seasons.Contains(e.Season) && e.ContentDeletedAt == null && e.State != EvidenceState.Rejected && e.State != EvidenceState.Quarantined
                && !db.Evidence.Any(other => other.Sha256 == e.Sha256 && other.ContentDeletedAt == null && other.State != EvidenceState.Rejected
                    && (!seasons.Contains(other.Season) || other.State == EvidenceState.Quarantined)))
            .OrderBy(e => e.Sha256).ThenBy(e => e.Id).Take(Most + 1).ToListAsync(ct);
        var more = rows.Count > Most;
        if (more)
        {
            // A file's rows go together or not at all.
            var cut = rows[Most].Sha256;
            rows = rows.FindAll(row => row.Sha256 != cut);
        }

        if (!body.DryRun)
        {
            await GiveUpAsync(rows, body.Reason!, db, journal, clock, ct);
        }

        return TypedResults.Ok(new EvidenceDeletionView(
            body.DryRun, today, rows.ConvertAll(e => new DeletedEvidence(e.Id, e.Season, e.Unit, e.Criterion, e.FileName, e.Size, e.Sha256, over[e.Season].Until!.Value, over[e.Season].Basis!)), more));
    }

    private static async Task GiveUpAsync(List<Evidence> rows, string reason, DocumentsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        journal.Because(reason);
        var now = clock.GetUtcNow();
        rows.ForEach(row => row.GiveUpContent(now));
        var hashes = rows.Select(row => row.Sha256).Distinct().ToList();
        var known = await db.Removals.Where(removal => hashes.Contains(removal.Sha256)).Select(removal => removal.Sha256).ToListAsync(ct);
        db.AddRange(hashes.Except(known).Select(sha256 => new ContentRemoval { Sha256 = sha256, At = now })); // the contents go after the commit
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Seasons that are closed and whose evidence need not be kept any longer.</summary>
    private static async Task<Dictionary<string, Retention>> OverAsync(DocumentsDbContext db, DateOnly today, CancellationToken ct)
    {
        var periods = await db.RetentionPeriods.AsNoTracking().ToListAsync(ct);
        var closed = await db.Seasons.AsNoTracking().Where(season => season.Closed).ToListAsync(ct);
        return closed.Select(season => (season.Code, Retention: Retention.Of(periods, season.Days))).Where(one => one.Retention.IsOver(today)).ToDictionary(one => one.Code, one => one.Retention);
    }

    private static RetentionPeriodView View(RetentionPeriod period) => new(period.Code, period.Title, period.Years, period.Basis, period.Doubt, period.ValidFrom, period.ValidTo);
}
