using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThiDua.Contracts.Clusters;

namespace ThiDua.ServiceDefaults;

/// <summary>A message that waits, in the database whose change it tells of, for the broker to confirm it.</summary>
public sealed class OutboxMessage
{
    /// <summary>Grows with time; goes out as the MessageId, by which consumers tell a second delivery.</summary>
    public required Guid Id { get; init; }

    public required string Type { get; init; }
    public required string Body { get; init; }

    /// <summary>W3C trace context of the request, so that one trace leads across the broker.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public int Attempts { get; set; }
    public DateTimeOffset? NotBefore { get; set; }
    public string? LastError { get; set; }
}

/// <summary>
/// A message that the broker has confirmed, kept for some days: a system that is restored begins with an empty broker, and sends again what
/// may not have reached its consumers. A table of its own, so that the one that is looked through for every dispatch stays as small as it was.
/// </summary>
public sealed class SentMessage
{
    public required Guid Id { get; init; }
    public required string Type { get; init; }
    public required string Body { get; init; }
    public string? TraceParent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset SentAt { get; init; }
}

public static class Outbox
{
    /// <summary>Sends the message if, and only if, this context's next SaveChanges commits.</summary>
    public static void Publish<T>(this DbContext db, T message)
        where T : class =>
        db.Add(new OutboxMessage
        {
            Id = Guid.CreateVersion7(),
            Type = typeof(T).FullName!,
            Body = JsonSerializer.Serialize(message),
            TraceParent = Activity.Current?.Id,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        });
}

/// <summary>Wakes the dispatcher as soon as a transaction with messages has committed.</summary>
public sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _committed = new(0);

    public void Dispose() => _committed.Dispose();

    public void Set() => _committed.Release();

    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        await _committed.WaitAsync(atMost, ct);
        while (_committed.Wait(0, ct))
        {
            // one look at the table answers all signals so far
        }
    }
}

internal sealed class OutboxInterceptor(OutboxSignal signal) : DbTransactionInterceptor, ISaveChangesInterceptor
{
    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SignalIfWaiting(eventData.Context);
        return Task.CompletedTask;
    }

    // Without a transaction of its own, SaveChanges is the commit.
    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            SignalIfWaiting(eventData.Context);
        }

        return ValueTask.FromResult(result);
    }

    private void SignalIfWaiting(DbContext? db)
    {
        if (db is not null && db.ChangeTracker.Entries<OutboxMessage>().Any())
        {
            signal.Set();
        }
    }
}

/// <summary>
/// Carries messages from the table to the broker. A row moves to the sent ones only after the broker has confirmed it: delivery is at least once.
/// Several instances may run at once; a message that fails waits longer each time and never holds the others up.
/// </summary>
internal sealed class OutboxDispatcher(IServiceScopeFactory scopes, IBus bus, OutboxSignal signal, MessageCounts counts, TimeProvider clock, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_confirmation = TimeSpan.FromSeconds(5); // a publish in flight when the broker dies never completes by itself
    private static readonly ActivitySource s_activities = new(Telemetry.Name);
    private static readonly Meter s_meter = new(Telemetry.Name);
    private static readonly Histogram<double> s_lag = s_meter.CreateHistogram<double>("thidua.outbox.lag", "s", "From the commit of a message to its confirmation by the broker");
    private static readonly ConcurrentDictionary<string, Type> s_types = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await DispatchAsync(stoppingToken) == BatchSize)
                {
                    // more may be waiting
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                logger.LogWarning(fault, "The outbox could not be read; trying again");
                await Task.Delay(s_poll, clock, stoppingToken);
            }

            await signal.WaitAsync(s_poll, stoppingToken);
        }
    }

    /// <returns>How many messages were taken up.</returns>
    private async Task<int> DispatchAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbContext>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var now = clock.GetUtcNow();
        var batch = await db.Set<OutboxMessage>()
            .FromSql($"select * from outbox_messages where not_before is null or not_before <= {now} order by id limit {BatchSize} for update skip locked")
            .AsNoTracking()
            .ToListAsync(ct);
        if (batch.Count == 0)
        {
            return 0;
        }

        var errors = await Task.WhenAll(batch.Select(message => PublishAsync(message, ct)));
        var confirmed = batch.Where((_, index) => errors[index] is null).Select(message => message.Id).ToList();
        await db.Database.ExecuteSqlAsync(
            $"""
            with confirmed as (delete from outbox_messages where id = any({confirmed}) returning id, type, body, trace_parent, created_at)
            insert into sent_messages (id, type, body, trace_parent, created_at, sent_at)
            select id, type, body, trace_parent, created_at, {clock.GetUtcNow()} from confirmed
            """,
            ct);
        for (var index = 0; index < batch.Count; index++)
        {
            if (errors[index] is { } error)
            {
                var message = batch[index];
                var attempts = message.Attempts + 1;
                var notBefore = now + TimeSpan.FromMilliseconds(Math.Min(60_000, 250 * Math.Pow(2, Math.Min(attempts, 10))));
                await db.Set<OutboxMessage>().Where(row => row.Id == message.Id).ExecuteUpdateAsync(
                    row => row.SetProperty(m => m.Attempts, attempts).SetProperty(m => m.NotBefore, notBefore).SetProperty(m => m.LastError, error), ct);
            }
        }

        await transaction.CommitAsync(ct);
        return batch.Count;
    }

    /// <returns>Null when the broker has confirmed; otherwise what went wrong.</returns>
    private async Task<string?> PublishAsync(OutboxMessage message, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_confirmation);
        ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out var parent);
        using var activity = s_activities.StartActivity("outbox publish", ActivityKind.Producer, parent);
        try
        {
            var type = s_types.GetOrAdd(message.Type, name => typeof(UnitRegistered).Assembly.GetType(name, throwOnError: true)!);
            var body = JsonSerializer.Deserialize(message.Body, type)!;
            await bus.Publish(body, type, context => context.MessageId = message.Id, limit.Token);
            s_lag.Record((clock.GetUtcNow() - message.CreatedAt).TotalSeconds);
            return null;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            counts.Failures.Add();
            logger.LogWarning(fault, "Message {MessageId} of type {Type} was not confirmed (attempt {Attempt})", message.Id, message.Type, message.Attempts + 1);
            return fault.Message;
        }
    }
}
