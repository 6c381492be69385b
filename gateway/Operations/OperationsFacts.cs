namespace ThiDua.Gateway.Operations;

/// <summary>How bad it is, from nothing to do to somebody's night.</summary>
public enum Level
{
    Ok,
    Info,
    Warning,
    Critical,
}

/// <summary>What the page tells, and what <c>Accept: application/json</c> gets: everything about one moment.</summary>
/// <remarks>A number that is not known is absent; it is never zero instead.</remarks>
public sealed record OperationsFacts
{
    public required DateTimeOffset At { get; init; }

    public required VerdictView Verdict { get; init; }

    public required SourceView Prometheus { get; init; }

    public required IReadOnlyList<AlertView> Alerts { get; init; }

    public required IReadOnlyList<ServiceView> Services { get; init; }

    /// <summary>The servers that are no service of ours: PostgreSQL, RabbitMQ, the machine, the watchers themselves.</summary>
    public required IReadOnlyList<TargetView> Servers { get; init; }

    public required SaturationView Saturation { get; init; }

    public required MessagesView Messages { get; init; }

    public required IReadOnlyList<SeasonView> Seasons { get; init; }

    public required WorkView Work { get; init; }

    public required CareView Care { get; init; }

    public required IReadOnlyList<ChartView> Charts { get; init; }
}

/// <summary>The answer to "does it work?".</summary>
public sealed record VerdictView(Level Level, string Text, string Detail, IReadOnlyList<ProblemView> Problems);

/// <param name="Level">How bad.</param>
/// <param name="Text">What is wrong, in words.</param>
/// <param name="Since">Since when; null when nobody saw it begin.</param>
/// <param name="Runbook">Name of the page that tells what to do; null when there is none.</param>
public sealed record ProblemView(Level Level, string Text, DateTimeOffset? Since, string? Runbook);

/// <param name="Available">Whether the last reading got its figures.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Since">Since when this gateway does without.</param>
/// <param name="Missing">Queries that were answered, with nothing: nobody exports that series, or nothing has happened yet.</param>
/// <param name="Refused">Queries that got no answer.</param>
public sealed record SourceView(bool Available, string? Reason, DateTimeOffset? Since, IReadOnlyList<string> Missing, IReadOnlyList<string> Refused);

public sealed record AlertView(string Name, Level Level, bool Firing, DateTimeOffset Since, string Summary, string? Description, string? Runbook, IReadOnlyDictionary<string, string> Labels);

public sealed record ServiceView(string Name, double? RequestsPerSecond, double? ErrorShare, double? P50Seconds, double? P95Seconds, IReadOnlyList<ReplicaView> Replicas)
{
    public int ReadyReplicas => Replicas.Count(replica => replica.Ready);
}

/// <param name="Address">Host and port.</param>
/// <param name="Ready">Answers that it can serve.</param>
/// <param name="State">What it answered, or that it did not.</param>
/// <param name="Failing">Its checks that are not healthy.</param>
/// <param name="Since">Not ready since then, as far as this gateway or Prometheus saw it.</param>
public sealed record ReplicaView(string Address, bool Ready, string State, IReadOnlyList<string> Failing, DateTimeOffset? Since)
{
    /// <summary>It runs, whatever it said.</summary>
    public bool HasAnswered { get; init; }

    public string? Version { get; init; }

    public DateTimeOffset? Started { get; init; }

    public double? RequestsPerSecond { get; init; }

    /// <summary>Cores in use: 1 is one core, whole.</summary>
    public double? Cores { get; init; }

    public double? MemoryBytes { get; init; }

    public double? Connections { get; init; }
}

public sealed record TargetView(string Name, string Address, bool Up, DateTimeOffset? Since);

/// <remarks>Shares are of 1.</remarks>
public sealed record SaturationView
{
    public double? Cpu { get; init; }

    public double? Cores { get; init; }

    public double? Memory { get; init; }

    public double? MemoryTotalBytes { get; init; }

    public double? Disk { get; init; }

    public double? DiskFreeBytes { get; init; }

    public double? DatabaseConnections { get; init; }

    public double? DatabaseConnectionsMost { get; init; }

    public double? DatabaseBytes { get; init; }

    public double? BrokerConnections { get; init; }
}

public sealed record MessagesView
{
    public required IReadOnlyList<OutboxView> Outboxes { get; init; }

    public required IReadOnlyList<QueueView> Queues { get; init; }

    public double? WebhooksWaiting { get; init; }

    public double? WebhooksFailed { get; init; }

    public double? InErrorQueues => Queues.Count == 0 ? null : Queues.Where(queue => queue.IsError).Sum(queue => queue.Messages);
}

public sealed record OutboxView(string Service, double? Pending, double? OldestSeconds, double? FailuresOfHour, double? DuplicatesOfHour, double? LatencyP50, double? LatencyP95);

public sealed record QueueView(string Name, double Messages, double? Consumers)
{
    public bool IsError => Name.EndsWith("_error", StringComparison.Ordinal);
}

/// <param name="Code">As in the API.</param>
/// <param name="Deadlines">What is due when, the next first.</param>
/// <param name="Clusters">The sheets of each.</param>
/// <param name="Overdue">Units that are late, by what they owe; null when nobody counts them.</param>
/// <param name="AppraisalsWaiting">Sheets that wait for the agency, by how long.</param>
/// <param name="Nominations">By award and state.</param>
public sealed record SeasonView(string Code, IReadOnlyList<DeadlineView> Deadlines, IReadOnlyList<ClusterView> Clusters, IReadOnlyList<CountView>? Overdue, IReadOnlyList<CountView> AppraisalsWaiting, IReadOnlyList<NominationView> Nominations)
{
    public double Sheets => Clusters.Sum(cluster => cluster.Sheets);

    /// <summary>Nothing is due any more: every deadline has passed, or there is none and every sheet is decided.</summary>
    public bool IsOver => Deadlines.Count > 0
        ? Deadlines.All(deadline => deadline.Seconds < 0)
        : Sheets > 0 && Clusters.All(cluster => cluster.ByState.All(state => state.Key.Equals("LOCKED", StringComparison.OrdinalIgnoreCase)));
}

/// <param name="Phase">The phase that ends.</param>
/// <param name="Seconds">Until then; negative when it has passed.</param>
public sealed record DeadlineView(string Phase, double Seconds);

public sealed record ClusterView(string Code, IReadOnlyDictionary<string, double> ByState)
{
    public double Sheets => ByState.Values.Sum();
}

public sealed record NominationView(string Award, IReadOnlyDictionary<string, double> ByState);

public sealed record CountView(string What, double Count);

public sealed record WorkView
{
    public double? SheetsSavedPerMinute { get; init; }

    public double? SubmittedInHour { get; init; }

    public double? ReturnedInHour { get; init; }

    public double? EvidenceWaiting { get; init; }

    public double? EvidenceOldestSeconds { get; init; }
}

public sealed record CareView
{
    public required IReadOnlyList<JournalView> Journals { get; init; }

    public DateTimeOffset? LastBackup { get; init; }

    public double? BackupSeconds { get; init; }

    public double? BackupBytes { get; init; }

    public DateTimeOffset? LastDrill { get; init; }

    public double? DrillSeconds { get; init; }

    public double? SignInsFailed { get; init; }

    /// <summary>The system takes no changes; null when nobody tells.</summary>
    public bool? ReadOnly { get; init; }
}

public sealed record JournalView(string Service, double Rows, double? GrowthOfHour);

/// <summary>The last hour of something.</summary>
/// <param name="Id">For anchors.</param>
/// <param name="Title">In words, with the unit.</param>
/// <param name="Unit">As it stands behind a number.</param>
/// <param name="Lines">None when nobody exports it.</param>
public sealed record ChartView(string Id, string Title, string Unit, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<LineView> Lines);

public sealed record LineView(string Name, IReadOnlyList<Sample> Samples);
