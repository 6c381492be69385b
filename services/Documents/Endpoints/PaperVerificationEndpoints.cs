using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;

namespace ThiDua.Documents.Endpoints;

/// <summary>Tra cứu văn bản: whoever holds a paper asks whether the hash in its footer is that of the published one. Open to everybody.</summary>
public static class PaperVerificationEndpoints
{
    private const int HashLength = 64;

    public static void MapPaperVerifications(this RouteGroupBuilder api) => api.MapGroup("/paper-verifications").WithTags("Papers")
        .MapGet("/{hash}", Verify).AllowAnonymous()
        .WithSummary("Văn bản mang mã này có phải là văn bản đã ban hành không")
        .WithDescription("""
            Không cần đăng nhập. Mã băm ở chân trang và trong mã QR của văn bản. PUBLISHED: đang có hiệu lực; SUPERSEDED: đã có văn bản thay thế; WITHDRAWN: đã thu hồi;
            UNKNOWN: không có văn bản đã ban hành nào mang mã này (dự thảo cũng vậy). Không cho biết nội dung. Accept: text/html thì trả lời một trang để đọc trên điện thoại.
            """);

    /// <summary>Kết quả tra cứu.</summary>
    public enum VerificationStatus
    {
        /// <summary>In force.</summary>
        Published,

        /// <summary>A later paper took its place.</summary>
        Superseded,

        /// <summary>Taken back.</summary>
        Withdrawn,

        /// <summary>No paper that ever went out has it.</summary>
        Unknown,
    }

    /// <param name="Hash">As it was asked for.</param>
    /// <param name="Status">Kết quả.</param>
    /// <param name="Kind">Loại văn bản.</param>
    /// <param name="Symbol">Số, ký hiệu.</param>
    /// <param name="Date">Ngày ban hành.</param>
    /// <param name="Agency">Cơ quan ban hành.</param>
    public sealed record PaperVerification(string Hash, VerificationStatus Status, PaperKind? Kind, string? Symbol, DateOnly? Date, string? Agency);

    private static async Task<Results<Ok<PaperVerification>, ContentHttpResult>> Verify(string hash, HttpContext http, DocumentsDbContext db, CancellationToken ct)
    {
        var asked = new string([.. hash.Where(char.IsAsciiLetterOrDigit).Take(HashLength)]).ToLowerInvariant();
        var found = await db.Papers.AsNoTracking()
            .Where(paper => paper.Hash == asked && paper.IssuedAt != null)
            .OrderBy(paper => paper.State == PaperState.Issued || paper.State == PaperState.Signed ? 0 : 1).ThenByDescending(paper => paper.IssuedAt)
            .Select(paper => new { paper.State, paper.Kind, paper.Symbol, paper.Date, paper.Agency })
            .FirstOrDefaultAsync(ct);
        var answer = found is null
            ? new PaperVerification(asked, VerificationStatus.Unknown, null, null, null, null)
            : new PaperVerification(
                asked,
                found.State switch
                {
                    PaperState.Superseded => VerificationStatus.Superseded,
                    PaperState.Withdrawn => VerificationStatus.Withdrawn,
                    _ => VerificationStatus.Published,
                },
                found.Kind, found.Symbol, found.Date, found.Agency);
        http.Response.Headers.Vary = "Accept";
        return PrefersPage(http.Request) ? TypedResults.Content(PageOf(answer), "text/html; charset=utf-8") : TypedResults.Ok(answer);
    }

    private static bool PrefersPage(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept.Where(type => type.MediaType.Value is "text/html" or "application/json").OrderByDescending(type => type.Quality ?? 1);
        return accepted.FirstOrDefault()?.MediaType.Value == "text/html";
    }

    // A telephone that has read the QR code shows this: no script, no style, nothing to load.
    private static string PageOf(PaperVerification answer)
    {
        var (title, meaning) = answer.Status switch
        {
            VerificationStatus.Published => ("Văn bản đã ban hành", "Mã này là mã của văn bản đã ban hành và đang có hiệu lực."),
            VerificationStatus.Superseded => ("Văn bản đã được thay thế", "Mã này là mã của một văn bản đã ban hành, nay đã có văn bản thay thế."),
            VerificationStatus.Withdrawn => ("Văn bản đã thu hồi", "Mã này là mã của một văn bản đã ban hành, nay đã thu hồi."),
            _ => ("Không tìm thấy văn bản", "Không có văn bản đã ban hành nào mang mã này. Dự thảo không tra cứu được."),
        };
        var lines = answer.Kind is not { } kind
            ? ""
            : $"<dl><dt>Loại văn bản</dt><dd>{Text(PaperNames.Of(kind))}</dd><dt>Số, ký hiệu</dt><dd>{Text(answer.Symbol ?? "(không đánh số)")}</dd>"
                + $"<dt>Ngày ban hành</dt><dd>{answer.Date?.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}</dd><dt>Cơ quan ban hành</dt><dd>{Text(answer.Agency ?? "")}</dd></dl>";
        return $"""
            <!DOCTYPE html>
            <html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>
            <body><h1>{title}</h1><p>{meaning}</p>{lines}<p>Mã tra cứu: <code>{Text(answer.Hash)}</code></p>
            <p>So sánh mã này với mã ở chân trang của văn bản trên tay; nội dung văn bản không được hiển thị ở đây.</p></body></html>
            """;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
