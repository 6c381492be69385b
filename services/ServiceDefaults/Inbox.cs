using System.Diagnostics.Metrics;
using System.Globalization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ThiDua.ServiceDefaults;

/// <summary>A message that has taken effect.</summary>
public sealed class InboxMessage
{
    public required Guid MessageId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>
/// Runs a consumer in one transaction with the note that its message was handled: a second delivery finds the note and changes nothing.
/// </summary>
public sealed class InboxFilter<T>(DbContext db, JournalContext journal, TimeProvider clock, MessageCounts counts, ILogger<InboxFilter<T>> logger) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly Meter s_meter = new(Telemetry.Name);
    private static readonly Histogram<double> s_latency = s_meter.CreateHistogram<double>("thidua.event.latency", "s", "From the commit of a message to the end of its consumer, by message");

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var id = context.MessageId ?? throw new InvalidOperationException($"A message of type {typeof(T).Name} came without an id.");
        journal.Act($"message {typeof(T).Name}");

        db.Database.AutoSavepointsEnabled = false; // a message that fails is rolled back whole
        await using var transaction = await db.Database.BeginTransactionAsync(context.CancellationToken);
        var isNew = await db.Database.ExecuteSqlAsync(
            $"insert into inbox_messages (message_id, received_at) values ({id}, {clock.GetUtcNow()}) on conflict do nothing", context.CancellationToken) == 1;
        if (isNew)
        {
            await next.Send(context);

            // Copies of other services' facts stand in no journal, but what made them does: one trace leads to every service.
            db.Record(journal, clock, $"message {typeof(T).Name}", $"Message/{id}");
            await db.SaveChangesAsync(context.CancellationToken);
        }
        else
        {
            counts.Duplicates.Add();
        }

        await transaction.CommitAsync(context.CancellationToken);
        logger.LogInformation("{Message} {MessageId} {Outcome}", typeof(T).Name, id, isNew ? "took effect" : "had taken effect before");
        if (isNew && PublishedAt(id) is { } published)
        {
            s_latency.Record(Math.Max(0, (TimeProvider.System.GetUtcNow() - published).TotalSeconds), new KeyValuePair<string, object?>("message", typeof(T).Name));
        }
    }

    // The id was made in the transaction that the message tells of, and carries its time (RFC 9562, version 7).
    private static DateTimeOffset? PublishedAt(Guid id) =>
        id.Version == 7 ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(id.ToString("N").AsSpan(0, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture)) : null;

    public void Probe(ProbeContext context) => context.CreateFilterScope("inbox");
}
