using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ThiDua.ServiceDefaults;

/// <summary>Thông điệp chưa xử lý được of a service: what lies in its error queue, put back or given up by an administrator.</summary>
public static class FailedMessageEndpoints
{
    private const long Lock = 0x7E31_0004;
    private const int MostShown = 200;

    internal static void MapFailedMessages(this RouteGroupBuilder api, ServiceIdentity service)
    {
        var failed = api.MapGroup($"/failed-messages/{service.Name}").WithTags("Administration").AllowWhileReadOnly();
        failed.MapGet("/", List).AllowRoles(Roles.Admin, Roles.Auditor)
            .WithSummary($"Thông điệp mà dịch vụ {service.Name} chưa xử lý được")
            .WithDescription("Từ cũ đến mới, tối đa 200, không kèm nội dung. limit: số thông điệp cần xem.");
        failed.MapPost("/retry", RetryAll).AllowRoles(Roles.Admin)
            .WithSummary("Đưa tất cả trở lại hàng đợi để xử lý lại")
            .WithDescription("Cần lý do. Không thông điệp nào bị mất hoặc có hiệu lực hai lần; cái nào lại không xử lý được thì quay về đây. Lỗi: MISSING_REASON, TOO_LONG.");
        failed.MapPost("/{id:guid}/retry", Retry).AllowRoles(Roles.Admin)
            .WithSummary("Đưa một thông điệp trở lại hàng đợi")
            .WithDescription("Cần lý do. 404: không còn ở đây. Lỗi: MISSING_REASON, TOO_LONG.");
        failed.MapPost("/{id:guid}/discard", Discard).AllowRoles(Roles.Admin)
            .WithSummary("Bỏ hẳn một thông điệp")
            .WithDescription("Cần lý do. Dịch vụ sẽ không bao giờ biết điều mà thông điệp báo. 404: không còn ở đây. Lỗi: MISSING_REASON, TOO_LONG.");
    }

    /// <param name="Reason">Lý do, ghi vào nhật ký.</param>
    public sealed record ReasonRequest(string Reason);

    /// <param name="Count">How many there are.</param>
    /// <param name="Items">The oldest of them.</param>
    public sealed record FailedMessagesView(long Count, IReadOnlyList<FailedMessageView> Items);

    /// <param name="Messages">Ids of the messages that left the error queue.</param>
    public sealed record TakenOffView(IReadOnlyList<Guid> Messages);

    private static async Task<Ok<FailedMessagesView>> List([FromQuery(Name = "limit")] int? limit, DbContext db, [FromServices] IServiceProvider services, CancellationToken ct)
    {
        var most = limit switch
        {
            null => MostShown,
            >= 1 and <= MostShown => limit.Value,
            _ => throw new RuleViolationException("bad-page", "Tham số trang không hợp lệ.", [new Violation("OUT_OF_RANGE", "/limit", $"limit phải từ 1 đến {MostShown}.")]),
        };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await LockAsync(db, ct);
        var (count, oldest) = await services.GetRequiredService<ErrorQueue>().ReadAsync(most, ct);
        return TypedResults.Ok(new FailedMessagesView(count, oldest));
    }

    private static async Task<Ok<TakenOffView>> RetryAll(ReasonRequest body, DbContext db, [FromServices] IServiceProvider services, CancellationToken ct) =>
        TypedResults.Ok(new TakenOffView(await TakeOffAsync(null, putBack: true, body, db, services, ct)));

    private static async Task<Results<Ok<TakenOffView>, NotFound>> Retry(Guid id, ReasonRequest body, DbContext db, [FromServices] IServiceProvider services, CancellationToken ct) =>
        Answer(await TakeOffAsync(id, putBack: true, body, db, services, ct));

    private static async Task<Results<Ok<TakenOffView>, NotFound>> Discard(Guid id, ReasonRequest body, DbContext db, [FromServices] IServiceProvider services, CancellationToken ct) =>
        Answer(await TakeOffAsync(id, putBack: false, body, db, services, ct));

    private static Results<Ok<TakenOffView>, NotFound> Answer(IReadOnlyList<Guid> messages) =>
        messages.Count == 0 ? TypedResults.NotFound() : TypedResults.Ok(new TakenOffView(messages));

    private static async Task<IReadOnlyList<Guid>> TakeOffAsync(Guid? only, bool putBack, ReasonRequest body, DbContext db, IServiceProvider services, CancellationToken ct)
    {
        var reason = Administration.Reason(body.Reason);
        await LockAsync(db, ct);
        return await services.GetRequiredService<ErrorQueue>().TakeOffAsync(
            only,
            putBack,
            async messages =>
            {
                // In a transaction of its own: what leaves the queue stands in the journal before it does.
                await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                var journal = scope.ServiceProvider.GetRequiredService<JournalContext>();
                var own = scope.ServiceProvider.GetRequiredService<DbContext>();
                journal.Because(reason);
                own.Record(journal, scope.ServiceProvider.GetRequiredService<TimeProvider>(), putBack ? "put back failed messages" : "discard failed message", [.. messages.Select(message => $"Message/{message.Id}")]);
                await own.SaveChangesAsync(CancellationToken.None);
            },
            ct);
    }

    // One at a time, of all copies of the service: who lists holds what he reads, and another would not find it.
    private static Task<int> LockAsync(DbContext db, CancellationToken ct) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", ct);
}
