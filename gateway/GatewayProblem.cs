using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThiDua.Gateway;

/// <summary>An error that the gateway itself answers with, in the form every service uses (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable English code, for programs.</param>
/// <param name="Title">Vietnamese, for people: what kind of error.</param>
/// <param name="Detail">Vietnamese, for people: what happened and what to do.</param>
public sealed record GatewayProblem(int Status, string Code, string Title, string Detail)
{
    public const string ContentType = "application/problem+json";

    // Vietnamese as itself and not as \u escapes: the body is read in logs and terminals too.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static GatewayProblem Unauthenticated { get; } = new(
        StatusCodes.Status401Unauthorized,
        "unauthenticated",
        "Chưa đăng nhập",
        "Yêu cầu cần mã truy cập (access token) còn hiệu lực trong tiêu đề Authorization: Bearer.");

    public static GatewayProblem AccessDenied { get; } = new(
        StatusCodes.Status403Forbidden,
        "access-denied",
        "Không được phép",
        "Tài khoản này không có quyền thực hiện yêu cầu.");

    public static GatewayProblem UnknownRoute { get; } = new(
        StatusCodes.Status404NotFound,
        "unknown-route",
        "Không có địa chỉ này",
        "Cổng không có địa chỉ được yêu cầu; danh sách địa chỉ ở /openapi/v1.json.");

    public static GatewayProblem MethodNotAllowed { get; } = new(
        StatusCodes.Status405MethodNotAllowed,
        "method-not-allowed",
        "Không hỗ trợ phương thức này",
        "Địa chỉ này không nhận phương thức HTTP đã dùng; xem tiêu đề Allow.");

    public static GatewayProblem RequestTimeout { get; } = new(
        StatusCodes.Status408RequestTimeout,
        "request-too-slow",
        "Gửi dữ liệu quá chậm",
        "Nội dung yêu cầu được gửi quá chậm nên đã bị dừng.");

    public static GatewayProblem BodyTooLarge { get; } = new(
        StatusCodes.Status413PayloadTooLarge,
        "body-too-large",
        "Nội dung quá lớn",
        "Nội dung yêu cầu vượt quá giới hạn cho phép của địa chỉ này.");

    public static GatewayProblem TooManyRequests { get; } = new(
        StatusCodes.Status429TooManyRequests,
        "too-many-requests",
        "Quá nhiều yêu cầu",
        "Đã vượt giới hạn số yêu cầu; hãy gửi lại sau số giây ghi ở tiêu đề Retry-After.");

    public static GatewayProblem InternalError { get; } = new(
        StatusCodes.Status500InternalServerError,
        "internal-error",
        "Lỗi hệ thống",
        "Cổng gặp lỗi ngoài dự kiến; khi báo lỗi hãy gửi kèm traceId.");

    public static GatewayProblem ServiceUnreachable { get; } = new(
        StatusCodes.Status502BadGateway,
        "service-unreachable",
        "Dịch vụ không trả lời",
        "Dịch vụ phía sau cổng không kết nối được hoặc ngắt giữa chừng; yêu cầu có thể đã hoặc chưa được thực hiện.");

    public static GatewayProblem ServiceNotReady { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        "service-not-ready",
        "Dịch vụ chưa sẵn sàng",
        "Dịch vụ cần cho yêu cầu này chưa sẵn sàng; hãy thử lại sau.");

    public static GatewayProblem ServiceTimeout { get; } = new(
        StatusCodes.Status504GatewayTimeout,
        "service-timeout",
        "Dịch vụ trả lời quá chậm",
        "Dịch vụ phía sau cổng không trả lời trong thời gian cho phép; yêu cầu có thể đã hoặc chưa được thực hiện.");

    /// <summary>The problem of a bare status that the gateway's own parts (routing, authorization, Kestrel) leave behind.</summary>
    public static GatewayProblem OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => AccessDenied,
        StatusCodes.Status404NotFound => UnknownRoute,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status429TooManyRequests => TooManyRequests,
        StatusCodes.Status502BadGateway => ServiceUnreachable,
        StatusCodes.Status503ServiceUnavailable => ServiceNotReady,
        StatusCodes.Status504GatewayTimeout => ServiceTimeout,
        < StatusCodes.Status500InternalServerError => new(
            status, "bad-request", "Yêu cầu không hợp lệ", "Cổng không đọc được yêu cầu này theo giao thức HTTP."),
        _ => InternalError with { Status = status },
    };

    /// <summary>Writes this as the answer. Headers set before (WWW-Authenticate, Allow, RateLimit) stay.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentLength = null;
        context.Response.Headers.CacheControl = "no-store";
        if (Status is StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable && context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        var traceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        var body = new Body("about:blank", Title, Status, Detail, Code, traceId);
        return context.Response.WriteAsJsonAsync(body, Json, ContentType, CancellationToken.None);
    }

    private sealed record Body(
        string Type,
        string Title,
        int Status,
        string Detail,
        string Code,
        [property: JsonPropertyName("traceId")] string TraceId);
}
