using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;

namespace ThiDua.Gateway.Operations;

/// <summary>Trang vận hành: <c>/ops</c> for people, the same facts as JSON for scripts, the runbooks, and the end of a session.</summary>
public static class OperationsEndpoints
{
    private const string Json = "application/json";
    private const string Html = "text/html";

    public static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.AddOperationsSession();
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Vietnamese letters as they are; markup is encoded all the same
        builder.Services.AddHttpClient(Prometheus.HttpClientName);
        builder.Services.AddSingleton<Prometheus>();
        builder.Services.AddSingleton<ReplicaReadiness>();
        builder.Services.AddSingleton<Runbooks>();
        builder.Services.AddSingleton<OperationsReading>();
    }

    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/ops").ExcludeFromDescription();
        pages.MapGet("/", Get).AllowOperators();
        pages.MapGet("/runbooks", GetRunbooks).AllowOperators();
        pages.MapGet("/runbooks/{name}", GetRunbook).AllowOperators();
        pages.MapGet("/signed-out", context => WriteNoticeAsync(context, StatusCodes.Status200OK, "Đã đăng xuất", "Phiên làm việc ở trang vận hành đã kết thúc.", "Đăng nhập lại")).AllowAnonymous();
        pages.MapPost("/sign-out", SignOutAsync).AllowAnonymous();
    }

    /// <summary>Whether the caller named JSON, and HTML not before it.</summary>
    public static bool WantsJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        double Quality(string type) => accepted.Where(one => one.MediaType == type).Select(one => one.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Quality(Json) > Quality(Html);
    }

    /// <summary>403 for somebody who is signed in and has neither role.</summary>
    public static Task RefuseAsync(HttpContext context) => WantsJson(context.Request)
        ? GatewayProblem.WriteAsync(context, StatusCodes.Status403Forbidden)
        : WriteNoticeAsync(
            context,
            StatusCodes.Status403Forbidden,
            "Không có quyền xem trang vận hành",
            "Tài khoản đang đăng nhập không có vai trò quản trị hệ thống (admin) hoặc kiểm tra, giám sát (auditor). Hãy đăng xuất rồi đăng nhập bằng tài khoản khác, hoặc đề nghị quản trị viên cấp vai trò.",
            linkText: null);

    public static Task WriteNoticeAsync(HttpContext context, int status, string title, string text, string? linkText) => WriteAsync<Notice>(context, status, new()
    {
        [nameof(Notice.Title)] = title,
        [nameof(Notice.Text)] = text,
        [nameof(Notice.LinkText)] = linkText,
        [nameof(Notice.Who)] = SessionOf(context),
    });

    private static async Task Get(HttpContext context, OperationsReading reading, string? refresh, CancellationToken ct)
    {
        context.Response.Headers.Vary = "Accept, Authorization, Cookie";
        var facts = await reading.GetAsync(ct);
        if (WantsJson(context.Request))
        {
            await TypedResults.Json(facts).ExecuteAsync(context);
            return;
        }

        await WriteAsync<OperationsPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(OperationsPage.Facts)] = facts,
            [nameof(OperationsPage.Refresh)] = OperationsPage.Intervals.Where(seconds => int.TryParse(refresh, out var asked) && asked == seconds).Select(seconds => (int?)seconds).FirstOrDefault(),
            [nameof(OperationsPage.Who)] = SessionOf(context),
        });
    }

    private static Task GetRunbooks(HttpContext context, Runbooks runbooks) => WriteAsync<RunbookList>(context, StatusCodes.Status200OK, new()
    {
        [nameof(RunbookList.Names)] = runbooks.Names,
        [nameof(RunbookList.Who)] = SessionOf(context),
    });

    private static async Task GetRunbook(string name, HttpContext context, Runbooks runbooks, CancellationToken ct)
    {
        if (await runbooks.ReadAsync(name, ct) is not var (title, body))
        {
            await WriteNoticeAsync(context, StatusCodes.Status404NotFound, "Không có sổ tay này", "Bản cài đặt này không kèm sổ tay có tên như vậy.", "Trang vận hành");
            return;
        }

        await WriteAsync<RunbookPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(RunbookPage.Title)] = title,
            [nameof(RunbookPage.Body)] = body,
            [nameof(RunbookPage.Who)] = SessionOf(context),
        });
    }

    // The cookie comes with no form of another site (SameSite), and browsers say where a form stood.
    private static async Task SignOutAsync(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
        {
            await GatewayProblem.WriteAsync(context, StatusCodes.Status403Forbidden);
            return;
        }

        var session = await context.AuthenticateAsync(OperationsSession.CookieScheme);
        if (session.Succeeded && await OperationsSession.ProviderAsync(context) is { EndSessionEndpoint.Length: > 0 })
        {
            await context.SignOutAsync(OperationsSession.ProviderScheme, new AuthenticationProperties { RedirectUri = OperationsSession.SignedOutPath });
        }
        else
        {
            context.Response.Redirect(OperationsSession.SignedOutPath);
        }

        await context.SignOutAsync(OperationsSession.CookieScheme);
    }

    // Only a session can be ended; a token ends by itself.
    private static string? SessionOf(HttpContext context) =>
        context.User.Identities.FirstOrDefault(identity => identity is { IsAuthenticated: true, AuthenticationType: OperationsSession.CookieScheme })?.Name;

    private static async Task WriteAsync<TComponent>(HttpContext context, int status, Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        var services = context.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());

        // Signing out ends at the provider, and browsers hold a form's redirects to form-action too.
        var settings = services.GetRequiredService<IOptions<GatewaySettings>>().Value;
        var provider = settings.ExternalIdentity && services.GetRequiredService<IConfiguration>()["Authentication:Authority"] is { } authority ? " " + new Uri(authority).GetLeftPart(UriPartial.Authority) : "";
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src {PageStyle.Source}; form-action 'self'{provider}; frame-ancestors 'none'; base-uri 'none'";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, Encoding.UTF8, context.RequestAborted);
    }
}
