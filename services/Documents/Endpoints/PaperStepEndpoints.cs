using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>Ban hành, ký số, thu hồi văn bản.</summary>
public static class PaperStepEndpoints
{
    public static void MapPaperSteps(this RouteGroupBuilder papers)
    {
        papers.MapPost("/{id:guid}/issue", Issue).WithIfMatch().WithETag().AllowRoles(PaperSight.Issuers)
            .WithSummary("Ban hành: cấp số, ngày và lập lại văn bản")
            .WithDescription("""
                Cần If-Match. Không nêu number thì lấy số tiếp theo của sổ (cơ quan, loại, năm); không nêu date thì là hôm nay. Văn bản cùng đối tượng ban hành trước đó chuyển sang SUPERSEDED.
                Văn bản của cụm, khối: thủ trưởng đơn vị cụm trưởng, khối trưởng; biên bản kiểm phiếu: thư ký Hội đồng; còn lại: lãnh đạo cơ quan thường trực.
                Bảng tổng hợp và danh sách kèm theo mang số và ngày của văn bản chính. Lỗi: wrong-state, facts-changed, number-taken, register-order, main-paper-missing.
                """);
        papers.MapPost("/{id:guid}/sign", Sign).WithIfMatch().WithETag().AllowRoles(PaperSight.Issuers)
            .WithSummary("Ký số văn bản đã ban hành")
            .WithDescription("Cần If-Match. Chữ ký nhúng trong PDF và chữ ký tách rời, bằng chứng thư do người vận hành cài đặt. Tệp đã ký không thay đổi. Lỗi: wrong-state, already-signed, no-certificate.");
        papers.MapPost("/{id:guid}/withdraw", Withdraw).WithIfMatch().WithETag().AllowRoles(PaperSight.Drafters)
            .WithSummary("Thu hồi văn bản, hoặc bỏ dự thảo")
            .WithDescription("Cần If-Match và lý do. Số đã cấp không cấp lại. Lỗi: wrong-state.");
    }

    /// <param name="Number">Số của sổ văn bản; null: số tiếp theo.</param>
    /// <param name="Date">Ngày ban hành; null: hôm nay.</param>
    public sealed record IssueRequest(int? Number, DateOnly? Date);

    /// <param name="Reason">Lý do.</param>
    public sealed record WithdrawRequest(string Reason);

    private static async Task<Results<Ok<PaperView>, NotFound>> Issue(
        Guid id, IssueRequest request, Caller caller, HttpContext http, DocumentsDbContext db, PaperPress press, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperAsync(id, caller, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var (paper, access) = found;
        Allow(access.MayBeIssuedBy(PaperSight.Actor(caller)));
        Preconditions.Require(http.Request, paper.RowVersion);
        paper.RequireDraft();
        await db.InTurnAsync($"paper/{paper.Subject}", ct);
        var (registration, number) = paper.About.Main is { } main
            ? await AnnexAsync(request, paper, main, db, press, ct)
            : await RegisterAsync(request, paper, db, press, clock.Today(), ct);
        var printed = await press.ReprintAsync(paper, number, registration.Date, ct);

        foreach (var earlier in await db.Papers
            .Where(other => other.Subject == paper.Subject && other.Id != id && (other.State == PaperState.Draft || other.State == PaperState.Issued || other.State == PaperState.Signed))
            .ToListAsync(ct))
        {
            earlier.Supersede(id);
        }

        await db.SaveChangesAsync(ct); // before this one is in force: of each subject one is
        paper.Issue(registration, printed, caller.Subject, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, paper.RowVersion);
        return TypedResults.Ok(PaperView.Of(paper));
    }

    // Two at one moment wait for each other here, so there is neither a gap nor a number given twice.
    private static async Task<(PaperRegistration Registration, int? Number)> RegisterAsync(
        IssueRequest request, Paper paper, DocumentsDbContext db, PaperPress press, DateOnly today, CancellationToken ct)
    {
        var date = request.Date ?? today;
        PaperRegister.RequireDate(date, today);
        var (abbreviation, letters) = (await press.AbbreviationAsync(paper, date, ct), PrescribedLayout.Current.LettersOf(paper.Kind)!);
        await db.InTurnAsync($"register/{abbreviation}/{letters}/{date.Year}", ct);
        var number = PaperRegister.Next(request.Number, date, today, await TakenAsync(db, abbreviation, letters, date.Year, ct));
        return (new PaperRegistration(abbreviation, letters, number, DocumentNumber.Of(number, letters, abbreviation), date), number);
    }

    private static async Task<(PaperRegistration Registration, int? Number)> AnnexAsync(
        IssueRequest request, Paper paper, PaperSubject main, DocumentsDbContext db, PaperPress press, CancellationToken ct)
    {
        RuleViolationException.ThrowIfAny([.. new[] { (Path: "/number", Given: request.Number is not null), (Path: "/date", Given: request.Date is not null) }
            .Where(member => member.Given)
            .Select(member => new Violation("NOT_TAKEN", member.Path, "Văn bản kèm theo mang số và ngày của văn bản chính."))]);
        var letter = await db.Papers.AsNoTracking().SingleOrDefaultAsync(known => known.Subject == main.Key && (known.State == PaperState.Issued || known.State == PaperState.Signed), ct)
            ?? throw new RuleViolationException("main-paper-missing", $"Chưa ban hành văn bản chính: {PaperNames.Of(main.Kind)}.");
        var date = letter.Date!.Value;
        return (new PaperRegistration(await press.AbbreviationAsync(paper, date, ct), null, null, $"kèm theo {letter.Symbol}", date), letter.Number);
    }

    private static async Task<List<RegisteredNumber>> TakenAsync(DocumentsDbContext db, string abbreviation, string letters, int year, CancellationToken ct) =>
        [.. (await db.Papers.AsNoTracking()
            .Where(other => other.Abbreviation == abbreviation && other.Letters == letters && other.Year == year && other.Number != null)
            .OrderBy(other => other.Number)
            .Select(other => new { other.Number, other.Date })
            .ToListAsync(ct)).Select(other => new RegisteredNumber(other.Number!.Value, other.Date!.Value))];

    private static async Task<Results<Ok<PaperView>, NotFound>> Sign(
        Guid id, Caller caller, HttpContext http, DocumentsDbContext db, PaperPress press, ContentStore store, PaperSigner signer, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperAsync(id, caller, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var (paper, access) = found;
        Allow(access.MayBeIssuedBy(PaperSight.Actor(caller)));
        Preconditions.Require(http.Request, paper.RowVersion);
        paper.RequireSignable();
        paper.Sign(await press.SignAsync(paper, signer, ct), caller.Subject);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, paper.RowVersion);
        return TypedResults.Ok(PaperView.Of(paper));
    }

    private static async Task<Results<Ok<PaperView>, NotFound>> Withdraw(
        Guid id, WithdrawRequest request, Caller caller, HttpContext http, DocumentsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (await db.PaperAsync(id, caller, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var (paper, access) = found;
        Allow(access.MayBeWithdrawnBy(PaperSight.Actor(caller)));
        Preconditions.Require(http.Request, paper.RowVersion);
        if (request.Reason.Length is 0 or > Paper.LongestReason)
        {
            throw new RuleViolationException(
                "validation-failed", "Dữ liệu gửi lên chưa đúng.",
                [request.Reason.Length == 0 ? new Violation("MISSING_PROPERTY", "/reason", "Cần nêu lý do.") : new Violation("TOO_LONG", "/reason", $"Tối đa {Paper.LongestReason} ký tự.")]);
        }

        journal.Because(request.Reason);
        paper.Withdraw(request.Reason, caller.Subject, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        Preconditions.Set(http.Response, paper.RowVersion);
        return TypedResults.Ok(PaperView.Of(paper));
    }

    private static void Allow(bool isAllowed)
    {
        if (!isAllowed)
        {
            throw new AccessDeniedException("not-issuer", "Văn bản này do người khác có thẩm quyền ban hành, ký số và thu hồi.");
        }
    }
}
