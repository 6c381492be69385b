using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ThiDua.Identity.Data;
using ThiDua.Identity.Domain;

namespace ThiDua.Identity.Endpoints;

/// <summary>Đăng nhập: how a person opens a session at the provider.</summary>
public static class SignInEndpoints
{
    private const string Home = "/account/login";
    private const int LongestForm = 16 * 1024;

    // Checked in place of an account that is not there, so that an unknown name takes as long as a known one.
    private static string? s_nobodysHash;

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/account").AllowAnonymous().ExcludeFromDescription();

        account.MapGet("/login", Show);
        account.MapPost("/login", SignIn);
    }

    /// <summary>Whether an address is one of ours: a path, and nothing that a browser reads as another host.</summary>
    internal static bool IsLocal(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(character => char.IsControl(character) || character == '\\');

    private static async Task<IResult> Show(HttpContext http, IAntiforgery antiforgery, IdentityDbContext db, string? returnUrl, CancellationToken ct)
    {
        var session = await http.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return returnUrl is null && await TokenEndpoints.OwnerAsync(session.Principal, db, ct) is not null
            ? SignInPage.Notice(http, "Đã đăng nhập", "Bạn đã đăng nhập. Hãy mở lại ứng dụng cần dùng.")
            : SignInPage.ForSigningIn(http, antiforgery.GetAndStoreTokens(http), IsLocal(returnUrl) ? returnUrl! : Home);
    }

    private static async Task<IResult> SignIn(
        HttpContext http, IAntiforgery antiforgery, IdentityDbContext db, LockOut lockOut, SignInCounts counts, IPasswordHasher<Account> hasher,
        IOptions<IdentitySettings> settings, ILogger<Account> logger, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > LongestForm)
        {
            return TypedResults.BadRequest();
        }

        var form = await http.Request.ReadFormAsync(ct);
        var user = form["user"].ToString().Trim().ToLowerInvariant();
        var returnUrl = IsLocal(form["returnUrl"]) ? form["returnUrl"].ToString() : Home;
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return SignInPage.ForSigningIn(
                http, antiforgery.GetAndStoreTokens(http), returnUrl, user, "Trang đăng nhập đã hết hạn. Hãy thử lại.", StatusCodes.Status400BadRequest);
        }

        var password = form["password"].ToString().Normalize(NormalizationForm.FormC);
        if (await FindAsync(user, password, db, lockOut, hasher, ct) is not { } account)
        {
            // What was typed is not logged: it may be a password in the wrong field.
            logger.LogWarning("A sign-in from {Source} failed", http.Connection.RemoteIpAddress);
            counts.Failed.Add();

            // One answer for every cause, so that nobody learns from it which names exist or which accounts are locked.
            var (failures, minutes) = (settings.Value.LockOutAfterFailures, settings.Value.LockOutPeriod.TotalMinutes);
            return SignInPage.ForSigningIn(
                http, antiforgery.GetAndStoreTokens(http), returnUrl, user,
                $"Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khoá. Sau {failures} lần sai liên tiếp, tài khoản bị khoá {minutes:0} phút.",
                StatusCodes.Status401Unauthorized);
        }

        logger.LogInformation("{Account} signed in from {Source}", account.Id, http.Connection.RemoteIpAddress);
        await http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, TokenEndpoints.SessionOf(account));
        return TypedResults.LocalRedirect(returnUrl);
    }

    private static async Task<Account?> FindAsync(
        string user, string password, IdentityDbContext db, LockOut lockOut, IPasswordHasher<Account> hasher, CancellationToken ct)
    {
        var account = AccountRules.IsWellFormedId(user, AccountKind.Person) ? await db.Accounts.FindAsync([user], ct) : null;
        if (account is not { Kind: AccountKind.Person, DisabledAt: null, PasswordHash: { } hash } || !await lockOut.CountAsync(user, LockOut.Anywhere, ct))
        {
            s_nobodysHash ??= hasher.HashPassword(Account.Open("nobody", AccountKind.Person, default), Guid.CreateVersion7().ToString());
            hasher.VerifyHashedPassword(Account.Open("nobody", AccountKind.Person, default), s_nobodysHash, password);
            return null;
        }

        if (hasher.VerifyHashedPassword(account, hash, password) == PasswordVerificationResult.Failed)
        {
            return null;
        }

        await lockOut.ClearAsync(user, LockOut.Anywhere, ct);
        return account;
    }
}
