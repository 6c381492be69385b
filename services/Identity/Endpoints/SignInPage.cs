using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ThiDua.Identity.Endpoints;

/// <summary>The provider's only two pages, as plain HTML: no script, no asset, nothing from another host.</summary>
internal static class SignInPage
{
    private const string Style = """
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f4f5; color: #18181b; font: 16px/1.5 "Noto Sans", "Liberation Sans", Arial, sans-serif }
        main { box-sizing: border-box; width: min(100%, 24rem); padding: 2rem; background: #fff; border: 1px solid #d4d4d8; border-radius: .5rem }
        h1 { margin: 0 0 1rem; font-size: 1.25rem }
        label { display: block; margin-top: 1rem; font-weight: 600 }
        input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #71717a; border-radius: .25rem }
        button { margin-top: 1.5rem; width: 100%; padding: .6rem; font: inherit; font-weight: 600; color: #fff; background: #b91c1c; border: 0; border-radius: .25rem; cursor: pointer }
        [role=alert] { padding: .5rem .75rem; background: #fef2f2; border-left: 4px solid #b91c1c }
        """;

    private static readonly HtmlEncoder s_html = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string s_styleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    public static ContentHttpResult ForSigningIn(HttpContext http, AntiforgeryTokenSet form, string returnUrl, string user = "", string? error = null, int status = StatusCodes.Status200OK) =>
        Page(http, status, "Đăng nhập", $"""
            {(error is null ? "" : $"<p role=\"alert\">{s_html.Encode(error)}</p>")}
            <form method="post" action="/account/login">
            {Hidden(form.FormFieldName, form.RequestToken!)}
            {Hidden("returnUrl", returnUrl)}
            <label for="user">Tên đăng nhập</label>
            <input id="user" name="user" value="{s_html.Encode(user)}" maxlength="64" autocomplete="username" autocapitalize="none" required autofocus>
            <label for="password">Mật khẩu</label>
            <input id="password" name="password" type="password" maxlength="256" autocomplete="current-password" required>
            <button>Đăng nhập</button>
            </form>
            """);

    public static ContentHttpResult ForSigningOut(HttpContext http, AntiforgeryTokenSet form, IEnumerable<KeyValuePair<string, string>> parameters) =>
        Page(http, StatusCodes.Status200OK, "Đăng xuất", $"""
            <p>Bạn muốn đăng xuất khỏi hệ thống?</p>
            <form method="post" action="/connect/logout">
            {Hidden(form.FormFieldName, form.RequestToken!)}
            {string.Join('\n', parameters.Select(parameter => Hidden(parameter.Key, parameter.Value)))}
            <button>Đăng xuất</button>
            </form>
            """);

    public static ContentHttpResult Notice(HttpContext http, string title, string text) =>
        Page(http, StatusCodes.Status200OK, title, $"<p>{s_html.Encode(text)}</p>");

    private static ContentHttpResult Page(HttpContext http, int status, string title, string body)
    {
        // Browsers hold a form's redirects to form-action too, so the addresses that sign-in ends at are named.
        var settings = http.RequestServices.GetRequiredService<IOptions<IdentitySettings>>().Value;
        var targets = string.Join(' ', settings.RedirectAddresses.Concat(settings.OperationsAddresses)
            .Select(uri => uri.IsLoopback && uri.HostNameType == UriHostNameType.IPv4 ? $"{uri.Scheme}://{uri.Host}:*" : uri.GetLeftPart(UriPartial.Authority))
            .Distinct());

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{s_styleHash}'; form-action 'self' {targets}; frame-ancestors 'none'; base-uri 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";

        return TypedResults.Text($"""
            <!doctype html>
            <html lang="vi">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{s_html.Encode(title)} – Thi đua</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{s_html.Encode(title)}</h1>
            {body}
            </main>
            </body>
            </html>

            """, "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    private static string Hidden(string name, string value) => $"<input type=\"hidden\" name=\"{s_html.Encode(name)}\" value=\"{s_html.Encode(value)}\">";
}
