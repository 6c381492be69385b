using System.Linq.Expressions;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Identity.Data;
using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Identity.Endpoints;

/// <summary>Tài khoản: who may use the system, for administrators.</summary>
public static class AccountEndpoints
{
    private const int SecretBytes = 32;
    private const int UsualOverlap = 24;
    private const int LongestOverlap = 720;

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var accounts = app.MapGroup("/accounts").WithTags("Accounts").AllowRoles(Roles.Admin);

        accounts.MapPost("/", Register).Accepts<RegisterRequest>("application/json")
            .WithSummary("Đăng ký hoặc thay đổi nhiều tài khoản cùng lúc")
            .WithDescription("Tất cả hoặc không gì cả, tối đa 5000 tài khoản. Tài khoản đã có: thay tên, vai trò, đơn vị; không có secret thì giữ secret cũ; disabled chỉ đổi khi được nêu. Lỗi: MISSING_PROPERTY, UNKNOWN_PROPERTY, WRONG_TYPE, INVALID_ID, RESERVED_ID, DUPLICATE_CODE, UNKNOWN_ROLE, ADMIN_WITH_SCORING_ROLE, WEAK_SECRET, KIND_CHANGED, TOO_LONG, TOO_MANY.");
        accounts.MapGet("/", List)
            .WithSummary("Danh sách tài khoản, theo mã")
            .WithDescription("search tìm trong mã và tên, không phân biệt dấu và chữ hoa. Mật khẩu và khoá bí mật không bao giờ được trả về.");
        accounts.MapGet("/{id}", Get).WithSummary("Một tài khoản");
        accounts.MapPost("/{id}/unlock", Unlock)
            .WithSummary("Mở khoá tài khoản bị tạm khoá")
            .WithDescription("Bỏ mọi lần tạm khoá do sai mật khẩu hoặc khoá bí mật liên tiếp, từ mọi địa chỉ. reason, nếu có, được ghi vào nhật ký. Lỗi: MISSING_REASON, TOO_LONG.");
        accounts.MapPost("/{id}/rotate-secret", RotateSecret).WithMetadata(new KeepsNoAnswer())
            .WithSummary("Đổi khoá bí mật của một hệ thống")
            .WithDescription("""
                Khoá mới được tạo ngẫu nhiên và chỉ hiển thị một lần; khoá cũ còn dùng được trong overlap_hours giờ (mặc định 24, tối đa 720; 0: hết hiệu lực ngay). Đổi lần nữa trong thời gian đó chỉ thay khoá mới.
                409 not-a-client: tài khoản của người; secret-in-settings: khoá của tài khoản quản trị gốc nằm trong cấu hình. Lỗi: MISSING_REASON, TOO_LONG, OUT_OF_RANGE.
                """);
        accounts.MapDelete("/{id}", Disable)
            .WithSummary("Ngừng sử dụng tài khoản")
            .WithDescription("Không cấp phiên mới; phiên đã cấp hết hạn sau tối đa thời hạn của nó. 409 own-account: tài khoản của chính người gọi hoặc tài khoản quản trị gốc.");
    }

    public sealed record RegisterRequest(IReadOnlyList<AccountRequest> Accounts);

    public sealed record AccountRequest(
        string Id, AccountKind Kind, string Name, IReadOnlyList<string> Roles, string? Secret = null, string? Unit = null, bool? Disabled = null);

    /// <summary>
    /// An account as administrators see it; no secret is ever shown. <c>locked_until</c> is there while wrong passwords,
    /// or wrong client secrets from some address, keep it locked.
    /// </summary>
    public sealed record AccountView(
        string Id, AccountKind Kind, string Name, IReadOnlyList<string> Roles, string? Unit, bool Disabled, DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt);

    public sealed record RegisteredView(int Created, int Changed, int Unchanged);

    /// <param name="Reason">Lý do, ghi vào nhật ký.</param>
    public sealed record UnlockRequest(string Reason);

    /// <param name="Reason">Lý do, ghi vào nhật ký.</param>
    /// <param name="OverlapHours">Hours for which the old secret stays good; 24 when not given.</param>
    public sealed record RotateRequest(string Reason, int? OverlapHours = null);

    /// <param name="Id">Tài khoản.</param>
    /// <param name="Secret">Khoá bí mật mới; shown this once.</param>
    /// <param name="PreviousSecretUntil">Until then the old one is good too.</param>
    public sealed record RotatedView(string Id, string Secret, DateTimeOffset? PreviousSecretUntil);

    /// <summary>
    /// Registers accounts, or changes those that exist: at most 5,000 at once. A secret that is already the account's is not
    /// hashed anew; without a secret an existing account keeps its own.
    /// 422 <c>validation-failed</c> with <c>MISSING_PROPERTY</c>, <c>WRONG_TYPE</c>, <c>UNKNOWN_PROPERTY</c>, <c>INVALID_ID</c>,
    /// <c>RESERVED_ID</c>, <c>DUPLICATE_CODE</c>, <c>UNKNOWN_ROLE</c>, <c>ADMIN_WITH_SCORING_ROLE</c> (SoD-5), <c>WEAK_SECRET</c>,
    /// <c>KIND_CHANGED</c>, <c>TOO_LONG</c>, <c>TOO_MANY</c>.
    /// </summary>
    private static async Task<Ok<RegisteredView>> Register(SubmittedAccounts body, AccountRegistration registration, CancellationToken ct) =>
        TypedResults.Ok(await registration.RegisterAsync(body.Json, ct));

    private static async Task<Ok<Page<AccountView>>> List([AsParameters] PageQuery page, string? search, IdentityDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var accounts = db.Accounts.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(search))
        {
            var text = VietnameseText.Fold(search.Trim());
            accounts = accounts.Where(account => account.SearchText.Contains(text));
        }

        if (page.After is { } after)
        {
            accounts = accounts.Where(account => account.Id.CompareTo(after) > 0);
        }

        var found = await accounts.OrderBy(account => account.Id).Take(page.Size + 1).Select(View(db, clock)).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found, page.Size, account => account.Id));
    }

    private static async Task<Results<Ok<AccountView>, NotFound>> Get(string id, IdentityDbContext db, TimeProvider clock, CancellationToken ct) =>
        await db.Accounts.AsNoTracking().Where(account => account.Id == id).Select(View(db, clock)).SingleOrDefaultAsync(ct) is { } account
            ? TypedResults.Ok(account)
            : TypedResults.NotFound();

    private static async Task<Results<NoContent, NotFound>> Unlock(
        string id, UnlockRequest? body, IdentityDbContext db, LockOut lockOut, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Accounts.AnyAsync(account => account.Id == id, ct))
        {
            return TypedResults.NotFound();
        }

        journal.Because(body is null ? null : Administration.Reason(body.Reason));
        await lockOut.ClearAsync(id, ct);
        db.Record(journal, clock, "unlock", $"Account/{id}");
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>409 <c>not-a-client</c>, <c>secret-in-settings</c>.</summary>
    private static async Task<Results<Ok<RotatedView>, NotFound>> RotateSecret(
        string id, RotateRequest body, IdentityDbContext db, ClientManager clients, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        journal.Because(Administration.Reason(body.Reason));
        if (body.OverlapHours is < 0 or > LongestOverlap)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("OUT_OF_RANGE", "/overlap_hours", $"Từ 0 đến {LongestOverlap} giờ.")]);
        }

        if (!AccountRules.IsWellFormedId(id, AccountKind.Client) || await db.Accounts.FromSql($"select *, xmin from accounts where id = {id} for update").SingleOrDefaultAsync(ct) is not { } account)
        {
            return TypedResults.NotFound();
        }

        if (account.Kind != AccountKind.Client)
        {
            throw new RuleViolationException("not-a-client", "Chỉ tài khoản của hệ thống có khoá bí mật; người dùng đổi mật khẩu.");
        }

        if (id == SeedData.AdminId)
        {
            throw new RuleViolationException("secret-in-settings", "Khoá của tài khoản quản trị gốc nằm trong cấu hình (Identity:AdminSecret).");
        }

        var client = await db.Clients.SingleAsync(found => found.ClientId == id, ct);
        var secret = Base64UrlTextEncoder.Encode(RandomNumberGenerator.GetBytes(SecretBytes));
        account.RotateSecret(client.ClientSecret, TimeSpan.FromHours(body.OverlapHours ?? UsualOverlap), Administration.Now(clock));
        client.ClientSecret = await clients.HashAsync(secret, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new RotatedView(id, secret, account.PreviousSecretUntil));
    }

    /// <summary>Ngừng sử dụng: no new token from now on; one that is out runs to its end (at most its lifetime). 409 <c>own-account</c>.</summary>
    private static async Task<Results<NoContent, NotFound>> Disable(string id, Caller caller, IdentityDbContext db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Accounts.FindAsync([id], ct) is not { } account)
        {
            return TypedResults.NotFound();
        }

        if (id == caller.Subject || id == SeedData.AdminId)
        {
            throw new RuleViolationException("own-account", "Không thể ngừng sử dụng tài khoản của chính mình hoặc tài khoản quản trị gốc.");
        }

        account.Disable(true, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static Expression<Func<Account, AccountView>> View(IdentityDbContext db, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return account => new AccountView(
            account.Id,
            account.Kind,
            account.Name,
            account.Roles,
            account.Unit,
            account.DisabledAt != null,
            db.FailedAttempts.Where(failed => failed.AccountId == account.Id && failed.LockedUntil > now).Max(failed => failed.LockedUntil),
            account.CreatedAt);
    }
}
