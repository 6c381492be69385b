using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using System.Data.Common;

namespace ThiDua.ServiceDefaults;

/// <summary>Chế độ chỉ đọc: a row of it is there while the service refuses changes.</summary>
public sealed class ReadOnlyState
{
    internal const int LongestReason = 1000;

    public int Id { get; init; } = 1;
    public required DateTimeOffset Since { get; init; }

    /// <summary>Account that switched it on.</summary>
    public required string By { get; init; }

    public required string Reason { get; init; }
}

/// <summary>The service's changes are refused while it is read-only.</summary>
internal sealed record RefusedWhileReadOnly;

/// <summary>This change is administration: it goes on.</summary>
internal sealed record AllowedWhileReadOnly;

/// <summary>
/// Whether changes are refused, decided by the database in which they would be committed. A change holds a lock, shared with other
/// changes, from its last look at the state to its commit; who switches takes the same lock alone. So once the switch has answered,
/// no change that began before is committed any more.
/// </summary>
public static class ReadOnlySwitch
{
    private const long Lock = 0x7E31_0003;

    /// <summary>The change goes on while the system is read-only.</summary>
    public static TBuilder AllowWhileReadOnly<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AllowedWhileReadOnly());

    /// <summary>Whether the service is read-only now; for jobs, which a clock starts and no request.</summary>
    public static Task<bool> IsReadOnlyAsync(this DbContext db, CancellationToken ct) => db.Set<ReadOnlyState>().AnyAsync(ct);

    internal static bool Refuses(HttpContext? http) =>
        http is not null && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)
        && http.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<RefusedWhileReadOnly>() is not null && metadata.GetMetadata<AllowedWhileReadOnly>() is null;

    /// <summary>
    /// The first statement of a change's transaction: whether it may be made at all, and the request's trace for the database's own log
    /// (<c>%a</c> in <c>log_line_prefix</c>).
    /// </summary>
    /// <returns>The refusal; null when there is none.</returns>
    internal static async Task<RuleViolationException?> BeginAsync(DbContext db, ServiceIdentity service, HttpContext http, CancellationToken ct)
    {
        await using var command = Command(db, "select since, reason, set_config('application_name', @name, true) from (select 1) as one left join read_only on true");
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("name", Activity.Current is { } activity ? $"{service.Name} {activity.TraceId}" : service.Name);
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var refusal = await RefusalAsync(reader, ct);
        return Refuses(http) ? refusal : null;
    }

    /// <summary>The last statement of a change's transaction.</summary>
    internal static async Task EndAsync(DbContext db, CancellationToken ct)
    {
        // Two statements: the second sees what was committed while the first waited for the lock.
        await using var command = Command(db, $"select pg_advisory_xact_lock_shared({Lock}); select since, reason from read_only");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        if (await RefusalAsync(reader, ct) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Switches, when every change that is being committed has been.</summary>
    internal static async Task<ReadOnlyState?> SwitchAsync(DbContext db, ReadOnlyState? wanted, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", ct);
        var present = await db.Set<ReadOnlyState>().SingleOrDefaultAsync(ct);
        if (present is null == wanted is null)
        {
            return present; // it is so already
        }

        if (wanted is not null)
        {
            db.Add(wanted);
        }
        else
        {
            db.Remove(present!);
        }

        await db.SaveChangesAsync(ct);
        return wanted;
    }

    private static async Task<RuleViolationException?> RefusalAsync(DbDataReader reader, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct) || await reader.IsDBNullAsync(0, ct))
        {
            return null;
        }

        var since = (await reader.GetFieldValueAsync<DateTimeOffset>(0, ct)).ToVietnam();
        return new RuleViolationException("read-only", $"Hệ thống đang ở chế độ chỉ đọc từ {since:HH:mm dd/MM/yyyy}: {await reader.GetFieldValueAsync<string>(1, ct)}");
    }

    private static DbCommand Command(DbContext db, string text)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = text;
        return command;
    }
}

/// <summary>Looks once more, under the lock, before any commit of a request that may be refused.</summary>
internal sealed class ReadOnlyInterceptor(IHttpContextAccessor http) : DbTransactionInterceptor
{
    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && ReadOnlySwitch.Refuses(http.HttpContext))
        {
            await ReadOnlySwitch.EndAsync(db, cancellationToken);
        }

        return result;
    }
}

/// <summary>Chế độ chỉ đọc of one service; the gateway's <c>/read-only</c> switches all of them.</summary>
public static class ReadOnlyEndpoints
{
    internal static void MapReadOnly(this RouteGroupBuilder api, ServiceIdentity service)
    {
        var readOnly = api.MapGroup($"/read-only/{service.Name}").WithTags("Administration");
        readOnly.MapGet("/", Get).AllowAnyRole()
            .WithSummary($"Dịch vụ {service.Name} có đang ở chế độ chỉ đọc không");
        readOnly.MapPost("/", Switch).AllowWhileReadOnly().AllowRoles(Roles.Admin, Roles.AppraisalHead)
            .WithSummary($"Bật hoặc tắt chế độ chỉ đọc của dịch vụ {service.Name}")
            .WithDescription("""
                Khi bật, mọi thay đổi bị từ chối với 409 read-only; đọc, đăng nhập và quản trị vẫn tiếp tục. Khi có câu trả lời thì không còn thay đổi nào được ghi nữa.
                Bình thường dùng POST /api/v1/read-only, áp dụng cho tất cả dịch vụ. Lỗi: MISSING_REASON, TOO_LONG.
                """);
    }

    /// <param name="ReadOnly">true: bật chế độ chỉ đọc.</param>
    /// <param name="Reason">Lý do; shown to whoever is refused, and in the journal.</param>
    public sealed record SwitchRequest(bool ReadOnly, string Reason);

    /// <param name="Service">Dịch vụ.</param>
    /// <param name="ReadOnly">Đang ở chế độ chỉ đọc.</param>
    /// <param name="MessagesWaiting">Messages of changes made before that have not left yet; they go on to their end.</param>
    /// <param name="Since">Từ lúc nào.</param>
    /// <param name="By">Tài khoản đã bật.</param>
    /// <param name="Reason">Lý do.</param>
    public sealed record ReadOnlyView(string Service, bool ReadOnly, int MessagesWaiting, DateTimeOffset? Since = null, string? By = null, string? Reason = null);

    private static async Task<Ok<ReadOnlyView>> Get(DbContext db, ServiceIdentity service, CancellationToken ct) =>
        TypedResults.Ok(await ViewAsync(db, service, await db.Set<ReadOnlyState>().AsNoTracking().SingleOrDefaultAsync(ct), ct));

    private static async Task<Ok<ReadOnlyView>> Switch(SwitchRequest body, Caller caller, DbContext db, ServiceIdentity service, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        var reason = Administration.Reason(body.Reason);
        journal.Because(reason);
        var wanted = body.ReadOnly ? new ReadOnlyState { Since = Administration.Now(clock), By = caller.Subject, Reason = reason } : null;
        return TypedResults.Ok(await ViewAsync(db, service, await ReadOnlySwitch.SwitchAsync(db, wanted, ct), ct));
    }

    private static async Task<ReadOnlyView> ViewAsync(DbContext db, ServiceIdentity service, ReadOnlyState? state, CancellationToken ct) =>
        new(service.Name, state is not null, await db.Set<OutboxMessage>().CountAsync(ct), state?.Since, state?.By, state?.Reason);
}

/// <summary>What acts of administration have in common.</summary>
public static class Administration
{
    /// <summary>The moment as the database keeps it: told again later, it is the same.</summary>
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>A reason that can be written down: not empty, at most 1000 characters; 422 with <c>MISSING_REASON</c>, <c>TOO_LONG</c>.</summary>
    public static string Reason(string? reason)
    {
        var text = reason?.Trim() ?? "";
        return text.Length is > 0 and <= ReadOnlyState.LongestReason ? text
            : throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [text.Length == 0
                ? new Violation("MISSING_REASON", "/reason", "Phải nêu lý do.")
                : new Violation("TOO_LONG", "/reason", $"Tối đa {ReadOnlyState.LongestReason} ký tự.")]);
    }
}
