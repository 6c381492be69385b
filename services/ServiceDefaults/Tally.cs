using System.Diagnostics.Metrics;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// A counter that Prometheus sees from the first scrape on: one that appears only with its first event has no increase by it, and an alert on
/// the increase would miss the event that matters most.
/// </summary>
public sealed class Tally
{
    private static readonly Meter s_meter = new(Telemetry.Name);
    private long _count;

    /// <param name="name">As in OpenTelemetry, <c>thidua.sheets.saved</c>: Prometheus shows <c>thidua_sheets_saved_total</c>.</param>
    /// <param name="description">What is counted.</param>
    public Tally(string name, string description) => s_meter.CreateObservableCounter(name, () => Volatile.Read(ref _count), description: description);

    public void Add() => Interlocked.Increment(ref _count);
}

/// <summary>What went wrong, or twice, between outbox and inbox. One of a process.</summary>
public sealed class MessageCounts
{
    public Tally Failures { get; } = new("thidua.outbox.failures", "Attempts to publish that the broker did not confirm");

    public Tally Duplicates { get; } = new("thidua.inbox.duplicates", "Messages delivered again after they had taken effect");
}
