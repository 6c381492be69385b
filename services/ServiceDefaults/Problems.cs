using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ThiDua.ServiceDefaults;

/// <summary>The body of every answer that is an error (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>Address of the code's entry in the documentation.</summary>
    public required string Type { get; init; }

    /// <summary>Vietnamese: what kind of error.</summary>
    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>Vietnamese: what happened in this case.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable English code, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The request's trace, by which an operator finds it everywhere.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("traceId")]
    public required string TraceId { get; init; }

    /// <summary>Every single thing that is wrong with the content sent.</summary>
    public IReadOnlyList<Violation>? Errors { get; init; }
}

/// <summary>Every error leaves as <c>application/problem+json</c>; an exception that no rule explains is a bug, is logged, and leaves as a 500.</summary>
public static partial class Problems
{
    private static readonly Dictionary<int, (string Code, string Title)> s_byStatus = new()
    {
        [400] = ("bad-request", "Yêu cầu không đúng định dạng"),
        [401] = ("unauthenticated", "Chưa đăng nhập hoặc phiên đã hết hạn"),
        [403] = ("forbidden", "Không có quyền thực hiện"),
        [404] = ("not-found", "Không tìm thấy"),
        [405] = ("method-not-allowed", "Phương thức không được hỗ trợ"),
        [406] = ("not-acceptable", "Không có dạng dữ liệu được yêu cầu"),
        [408] = ("request-timeout", "Gửi yêu cầu quá lâu"),
        [409] = ("conflict", "Chưa thể thực hiện"),
        [410] = ("gone", "Không còn nữa"),
        [412] = ("precondition-failed", "Dữ liệu đã được người khác thay đổi"),
        [413] = ("content-too-large", "Nội dung gửi lên quá lớn"),
        [415] = ("unsupported-media-type", "Loại nội dung không được hỗ trợ"),
        [416] = ("range-not-satisfiable", "Phạm vi yêu cầu không hợp lệ"),
        [422] = ("unprocessable-content", "Nội dung không hợp lệ"),
        [423] = ("locked", "Đang được một yêu cầu khác thực hiện"),
        [428] = ("precondition-required", "Thiếu điều kiện If-Match"),
        [429] = ("too-many-requests", "Gửi quá nhiều yêu cầu"),
        [431] = ("request-header-fields-too-large", "Phần đầu yêu cầu quá lớn"),
        [460] = ("checksum-mismatch", "Phần gửi lên không đúng mã kiểm tra"),
        [500] = ("internal-error", "Lỗi hệ thống"),
        [502] = ("bad-gateway", "Dịch vụ phía sau không trả lời đúng"),
        [503] = ("unavailable", "Dịch vụ tạm thời chưa sẵn sàng"),
        [504] = ("gateway-timeout", "Dịch vụ phía sau trả lời quá lâu"),
    };

    private const string UnstorableValue = "unstorable-value";
    private const int NoSpaceLeft = 28; // ENOSPC, as .NET passes it on; PostgreSQL's own is a transient fault of the database

    public static void AddProblems(this IServiceCollection services) => services.AddExceptionHandler<Handler>().AddProblemDetails();

    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
        app.Use(async (context, next) =>
        {
            await next(context);

            // A refused range or condition of a file leaves as that file's type with no content: it is a bare status like any other.
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: 0 or null } bare)
            {
                (bare.ContentLength, bare.ContentType) = (null, null);
            }
        });
    }

    /// <summary>Writes a problem; code and detail default to what the status says by itself.</summary>
    public static Task WriteAsync(HttpContext context, int status, string? code = null, string? detail = null, IReadOnlyList<Violation>? errors = null)
    {
        var (defaultCode, title) = s_byStatus.GetValueOrDefault(status, ("error", "Lỗi"));
        code ??= defaultCode;
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new Problem
            {
                Type = $"/docs/status-codes#{code}",
                Title = title,
                Status = status,
                Detail = detail ?? $"{title}.",
                Code = code,
                TraceId = (Activity.Current?.TraceId ?? default).ToString(),
                Errors = errors is { Count: > 0 } ? errors : null,
            },
            options: null,
            contentType: "application/problem+json",
            context.RequestAborted);
    }

    private sealed record Refusal(int Status, string? Code = null, string? Detail = null, IReadOnlyList<Violation>? Errors = null, int? RetryAfter = null);

    private sealed partial class Handler(ILogger<Problem> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (httpContext.Response.HasStarted)
            {
                return false;
            }

            var refusal = Explain(exception);
            if (refusal.Status == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(exception, "Request {Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
            }

            if (refusal.Code == UnstorableValue)
            {
                logger.LogWarning(exception, "Request {Method} {Path} came to the database with a value that it cannot hold", httpContext.Request.Method, httpContext.Request.Path);
            }

            if (refusal.RetryAfter is { } seconds)
            {
                httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            await WriteAsync(httpContext, refusal.Status, refusal.Code, refusal.Detail, refusal.Errors);
            return true;
        }

        private static Refusal Explain(Exception exception) => exception switch
        {
            RuleViolationException { Errors.Count: > 0 } refused => new(422, refused.Code, refused.Message, refused.Errors),
            RuleViolationException refused => new(409, refused.Code, refused.Message),
            NotKnownYetException early => new(409, "not-known-yet", early.Message, RetryAfter: 1),
            AccessDeniedException denied => new(403, denied.Code, denied.Message),
            PreconditionException { Missing: true } => new(428, Detail: "Yêu cầu thay đổi phải kèm If-Match với ETag đã đọc."),
            PreconditionException or DbUpdateConcurrencyException => new(412, Detail: "Dữ liệu vừa được người khác thay đổi; hãy tải lại rồi thực hiện lại."),
            IdempotencyException reused => new(reused.Status, reused.Code, reused.Message, RetryAfter: reused.Status == 409 ? 1 : null),
            DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } } => new(409, "already-exists", "Bản ghi này đã có."),
            { } busy when IsSerializationConflict(busy) => new(409, "changed-meanwhile", "Dữ liệu đang được người khác thay đổi; hãy thực hiện lại.", RetryAfter: 1),
            IOException { HResult: NoSpaceLeft } => new(503, Detail: "Máy chủ đã hết chỗ lưu trữ; chưa có gì được lưu.", RetryAfter: 60),
            { } down when DatabaseFaults.IsTransient(down) => new(503, Detail: "Cơ sở dữ liệu tạm thời chưa sẵn sàng.", RetryAfter: 2),
            { } unreadable when HoldsNoText(unreadable) => new(400, "malformed-text", "Nội dung có ký tự không hợp lệ."),
            { } unstorable when IsUnstorable(unstorable) => new(422, UnstorableValue, "Có giá trị quá lớn, quá dài hoặc không lưu được."),
            BadHttpRequestException { InnerException: JsonException json } => MalformedJson(json),
            BadHttpRequestException bad => new(bad.StatusCode, Detail: bad.StatusCode == 400 ? "Không đọc được tham số hoặc nội dung của yêu cầu." : null),
            JsonException json => MalformedJson(json),
            OperationCanceledException => new(503, "cancelled", "Yêu cầu đã bị hủy."),
            _ => new(500),
        };

        private static bool IsSerializationConflict(Exception exception) =>
            (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

        // Half a surrogate pair, or NUL, which PostgreSQL cannot store: neither is text.
        private static bool HoldsNoText(Exception exception) => exception is InvalidOperationException { Source: "System.Text.Json" or "System.Text.Json.Rethrowable" } or InvalidDataException or ArgumentException { TargetSite.DeclaringType.Name: "Normalization" }
            || (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter;

        // Class 22: a value that its column cannot hold. The door that should have refused it is missing.
        private static bool IsUnstorable(Exception exception) =>
            (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState.StartsWith("22", StringComparison.Ordinal) == true;

        private static Refusal MalformedJson(JsonException json)
        {
            // "$.lines[3].points" is a path of .NET; callers get a JSON pointer.
            var pointer = (json.Path ?? "$").Replace("$", "", StringComparison.Ordinal).Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace(".", "/", StringComparison.Ordinal);
            Violation[] violations = json.Message.Contains("could not be mapped", StringComparison.Ordinal)
                ? [new("UNKNOWN_PROPERTY", pointer, "Thuộc tính này không có trong định dạng.")]
                : json.Message.Split("missing required properties including: ") is [_, var names]
                    ? [.. MissingName().Matches(names).Select(name => new Violation("MISSING_PROPERTY", $"{pointer}/{name.Groups[1].Value}", "Thiếu thuộc tính bắt buộc."))]
                    : [new("WRONG_TYPE", pointer, "Không đọc được giá trị này.")];
            return new(400, "malformed-json", "Nội dung JSON không đúng định dạng.", violations);
        }

        // The serializer tells which members are missing in words only.
        [GeneratedRegex("'([^']+)'")]
        private static partial Regex MissingName();
    }
}

/// <summary>A condition of the request does not hold: <c>If-Match</c> missing (428) or stale (412).</summary>
public sealed class PreconditionException(bool missing) : Exception(missing ? "If-Match is missing" : "If-Match is stale")
{
    public bool Missing => missing;
}
