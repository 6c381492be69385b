using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace ThiDua.ServiceDefaults;

/// <summary>The answer to a request that carried an <c>Idempotency-Key</c>, stored in the transaction of its effect.</summary>
public sealed class StoredAnswer
{
    public required string Subject { get; init; }
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, address and body: the same key for another request is a mistake of the caller.</summary>
    public required byte[] Fingerprint { get; init; }

    public required int Status { get; init; }
    public required string Headers { get; init; }
    public required byte[] Body { get; init; }
    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>The key was used for another request (422), or its first request is still running (409).</summary>
public sealed class IdempotencyException(int status, string code, string detail) : Exception(detail)
{
    public int Status => status;

    public string Code => code;
}

/// <summary>Marks an endpoint whose body is a stream too long to be compared: its own rules make a repetition harmless.</summary>
public sealed record StreamedBody;

/// <summary>
/// Marks an endpoint whose answer, or whose being asked, must not be kept under the caller's name: a secret ballot. It takes no
/// <c>Idempotency-Key</c>; its own rules make a repetition harmless.
/// </summary>
public sealed record KeepsNoAnswer;

/// <summary>Keeps a small body readable a second time, for the fingerprint of its request.</summary>
internal sealed class IdempotentBodyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(UnitOfWork.KeyHeader) && context.GetEndpoint()?.Metadata.GetMetadata<StreamedBody>() is null)
        {
            context.Request.EnableBuffering();
        }

        return next(context);
    }
}

internal static class UnitOfWork
{
    public const string KeyHeader = "Idempotency-Key";
    public const int MaximumKeyLength = 255;
    public static readonly string[] KeptHeaders = ["ETag", "Location", "Content-Type"];
}

/// <summary>
/// One change, one transaction: the endpoint's rows, its journal rows, its messages and its stored answer are committed together,
/// and an answer goes out only after the commit. Reads pass through.
/// </summary>
internal sealed class UnitOfWorkFilter<TContext>(TContext db, ServiceIdentity service, TimeProvider clock) : IEndpointFilter
    where TContext : DbContext
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            return await next(context);
        }

        var ct = http.RequestAborted;
        db.Database.AutoSavepointsEnabled = false; // a request that fails is rolled back whole
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var readOnly = await ReadOnlySwitch.BeginAsync(db, service, http, ct);
        var key = http.Request.Headers[UnitOfWork.KeyHeader].ToString();
        if (key.Length == 0)
        {
            if (readOnly is not null)
            {
                throw readOnly;
            }

            var result = await next(context);
            if (!IsRefusal(result))
            {
                await transaction.CommitAsync(CancellationToken.None);
            }

            return result;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<KeepsNoAnswer>() is not null)
        {
            throw new RuleViolationException(
                "no-idempotency-key", "Yêu cầu này không nhận Idempotency-Key.", [new Violation("NOT_TAKEN", "", "Câu trả lời của yêu cầu này không được lưu dưới tên người gửi.")]);
        }

        if (key.Length > UnitOfWork.MaximumKeyLength)
        {
            throw new RuleViolationException("bad-idempotency-key", "Idempotency-Key quá dài.", [new Violation("TOO_LONG", "", $"Tối đa {UnitOfWork.MaximumKeyLength} ký tự.")]);
        }

        var subject = Caller.Of(http.User).Subject;
        var fingerprint = await FingerprintAsync(http.Request, ct);
        if (!await db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock(hashtextextended({subject + "\n" + key}, 0)) as \"Value\"").SingleAsync(ct))
        {
            throw new IdempotencyException(StatusCodes.Status409Conflict, "idempotency-in-progress", "Yêu cầu có cùng Idempotency-Key đang được xử lý.");
        }

        var known = await db.Set<StoredAnswer>().AsNoTracking().SingleOrDefaultAsync(answer => answer.Subject == subject && answer.Key == key, ct);
        if (known is not null)
        {
            return known.Fingerprint.AsSpan().SequenceEqual(fingerprint)
                ? new Replay(known, again: true)
                : throw new IdempotencyException(StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "Idempotency-Key này đã dùng cho một yêu cầu khác.");
        }

        if (readOnly is not null)
        {
            throw readOnly; // what was done before is still answered; nothing new is done
        }

        var outcome = await next(context);
        if (IsRefusal(outcome))
        {
            return outcome; // it is not stored, and becomes a problem as it does without a key
        }

        var answer = await CaptureAsync(http, outcome, subject, key, fingerprint);
        if (answer.Status < 400)
        {
            db.Add(answer);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(CancellationToken.None);
        }

        return new Replay(answer, again: false);
    }

    private static bool IsRefusal(object? result)
    {
        while (result is INestedHttpResult nested)
        {
            result = nested.Result;
        }

        return result is IStatusCodeHttpResult { StatusCode: >= 400 };
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString} {request.ContentType} "));
        if (request.Body.CanSeek)
        {
            request.Body.Position = 0;
            hash.AppendData(await SHA256.HashDataAsync(request.Body, ct));
        }

        return hash.GetHashAndReset();
    }

    private async Task<StoredAnswer> CaptureAsync(HttpContext http, object? result, string subject, string key, byte[] fingerprint)
    {
        var original = http.Response.Body;
        using var body = new MemoryStream();
        http.Response.Body = body;
        try
        {
            switch (result)
            {
                case IResult executable: await executable.ExecuteAsync(http); break;
                case null: break;
                default: await http.Response.WriteAsJsonAsync(result, result.GetType(), http.RequestAborted); break;
            }
        }
        finally
        {
            http.Response.Body = original;
        }

        var headers = UnitOfWork.KeptHeaders.Where(http.Response.Headers.ContainsKey).ToDictionary(name => name, name => http.Response.Headers[name].ToString());
        return new StoredAnswer
        {
            Subject = subject,
            Key = key,
            Fingerprint = fingerprint,
            Status = http.Response.StatusCode,
            Headers = JsonSerializer.Serialize(headers),
            Body = body.ToArray(),
            StoredAt = clock.GetUtcNow(),
        };
    }

    private sealed class Replay(StoredAnswer answer, bool again) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = answer.Status;
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(answer.Headers)!)
            {
                httpContext.Response.Headers[name] = value;
            }

            if (again)
            {
                httpContext.Response.Headers["Idempotency-Replayed"] = "true";
            }

            if (answer.Body.Length > 0)
            {
                await httpContext.Response.Body.WriteAsync(answer.Body, httpContext.RequestAborted); // Kestrel refuses even an empty write to a 204
            }
        }
    }
}
