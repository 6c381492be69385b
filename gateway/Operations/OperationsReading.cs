using Microsoft.Extensions.Options;

namespace ThiDua.Gateway.Operations;

/// <summary>
/// Reads everything that the page tells. One reading serves everybody who asks within a few seconds: ten operators cost
/// Prometheus what one does.
/// </summary>
public sealed class OperationsReading(Prometheus prometheus, ReplicaReadiness readiness, Runbooks runbooks, IOptions<GatewaySettings> settings, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<OperationsReading> logger)
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Task<OperationsFacts>? _current;
    private DateTimeOffset _begun;
    private DateTimeOffset? _withoutPrometheusSince;

    /// <summary>The facts of a few seconds ago, or new ones.</summary>
    public Task<OperationsFacts> GetAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_current is null or { IsCompleted: true, IsCompletedSuccessfully: false } || (_current.IsCompleted && now - _begun >= TimeSpan.FromSeconds(settings.Value.Operations.ReadingSeconds)))
            {
                (_begun, _current) = (now, ReadAsync(now)); // not with the caller's token: others wait for the same reading
            }

            return _current.WaitAsync(ct);
        }
    }

    private async Task<OperationsFacts> ReadAsync(DateTimeOffset now)
    {
        await Task.Yield(); // the lock is not held while anything is asked
        var stopping = lifetime.ApplicationStopping;
        var asked = readiness.AskAllAsync(stopping);
        var answers = prometheus.IsConfigured
            ? await Answers.AskAsync(prometheus, now, s_hour, s_step, TimeSpan.FromMilliseconds(settings.Value.Operations.PrometheusTimeoutMilliseconds), logger, stopping)
            : Answers.None("cổng chưa có thiết đặt Gateway:Prometheus");
        _withoutPrometheusSince = answers.Reason is null ? null : _withoutPrometheusSince ?? now;

        var services = Services(await asked, answers, now);
        var servers = Servers(answers, services);
        var source = new SourceView(answers.Reason is null, answers.Reason, _withoutPrometheusSince, answers.Missing, answers.Refused);
        IReadOnlyList<AlertView> alerts = [.. answers.Alerts.Select(Alert).Where(alert => alert.Level != Level.Ok).OrderByDescending(alert => alert.Firing).ThenByDescending(alert => alert.Level).ThenBy(alert => alert.Since)];
        return new OperationsFacts
        {
            At = now,
            Verdict = Verdict.Of(source, alerts, services, servers, runbooks),
            Prometheus = source,
            Alerts = alerts,
            Services = services,
            Servers = servers,
            Saturation = Saturation(answers),
            Messages = Messages(answers),
            Seasons = SeasonReading.Seasons(answers),
            Work = SeasonReading.Work(answers),
            Care = Care(answers),
            Charts = Charts(answers, now),
        };
    }

    private AlertView Alert(RawAlert alert)
    {
        var name = alert.Labels.GetValueOrDefault("alertname", "?");
        var level = alert.Labels.GetValueOrDefault("severity", "") switch
        {
            "critical" or "page" => Level.Critical,
            "info" => Level.Info,
            "none" => Level.Ok, // a rule that always fires proves that the way to the pager is open
            _ => Level.Warning,
        };
        return new AlertView(
            name,
            level,
            alert.Firing,
            alert.Since,
            alert.Annotations.GetValueOrDefault("summary", name),
            alert.Annotations.GetValueOrDefault("description"),
            runbooks.NameFor(alert.Annotations.GetValueOrDefault("runbook_url") ?? alert.Annotations.GetValueOrDefault("runbook"), name),
            alert.Labels.Where(label => label.Key is not ("alertname" or "severity")).ToDictionary(StringComparer.Ordinal));
    }

    private static List<ServiceView> Services(ILookup<string, ReplicaView> asked, Answers answers, DateTimeOffset now)
    {
        // The gateway is asked by nobody but Prometheus; that this one answers needs no question.
        var gateways = answers.Of("up").Where(series => series["job"] == OperationsQueries.Gateway)
            .Select(series => new ReplicaView(series["instance"], series.Last > 0, series.Last > 0 ? "sẵn sàng" : "không kết nối được", [], series.Last > 0 ? null : LastUp(answers, series) ?? now))
            .ToList();
        if (!gateways.Any(replica => replica.Ready))
        {
            gateways.Insert(0, new ReplicaView("", true, "sẵn sàng", [], null));
        }

        return
        [
            Service(OperationsQueries.Gateway, gateways, answers),
            .. asked.OrderBy(service => service.Key, StringComparer.Ordinal).Select(service => Service(service.Key, service, answers)),
        ];
    }

    private static ServiceView Service(string name, IEnumerable<ReplicaView> replicas, Answers answers)
    {
        double? Sum(string query) => answers.Of(query).Where(series => series["job"] == name).Select(series => (double?)series.Last).Aggregate((double?)null, (sum, value) => (sum ?? 0) + value);

        var requests = Sum("requests");
        return new ServiceView(
            name,
            requests,
            requests is > 0 ? (Sum("failures") ?? 0) / requests : null,
            answers.Number("p50", "job", name),
            answers.Number("p95", "job", name),
            [.. replicas.OrderBy(replica => replica.Address, StringComparer.Ordinal).Select(replica => Replica(name, replica, answers))]);
    }

    private static ReplicaView Replica(string service, ReplicaView replica, Answers answers)
    {
        Series? Find(string query) => answers.Of(query).FirstOrDefault(series => series["job"] == service && IsSame(series["instance"], replica.Address));

        var started = Find("started");
        return replica with
        {
            Version = started?["version"],
            Started = started is null ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)(started.Last * 1000)),
            RequestsPerSecond = Find("requests")?.Last,
            Cores = Find("process-cpu")?.Last,
            MemoryBytes = Find("process-memory")?.Last,
            Connections = Find("pool-used")?.Last,
            Since = replica.Ready ? null : LastUp(answers, Find("up")) is { } lastUp && lastUp < replica.Since ? lastUp : replica.Since,
        };
    }

    // One process has several names on its own machine.
    private static bool IsSame(string instance, string address) => instance == address || Loopback(instance) == Loopback(address);

    private static string Loopback(string authority) => authority.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal).Replace("[::1]:", "127.0.0.1:", StringComparison.Ordinal);

    private static DateTimeOffset? LastUp(Answers answers, Series? target) =>
        target is not null && answers.Of("last-up").FirstOrDefault(series => series["job"] == target["job"] && series["instance"] == target["instance"]) is { } last
            ? DateTimeOffset.FromUnixTimeSeconds((long)last.Last)
            : null;

    private static List<TargetView> Servers(Answers answers, IEnumerable<ServiceView> services)
    {
        var ours = services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        return [.. answers.Of("up").Where(series => !ours.Contains(series["job"]))
            .OrderBy(series => series["job"], StringComparer.Ordinal).ThenBy(series => series["instance"], StringComparer.Ordinal)
            .Select(series => new TargetView(series["job"], series["instance"], series.Last > 0, series.Last > 0 ? null : LastUp(answers, series)))];
    }

    private static SaturationView Saturation(Answers answers) => new()
    {
        Cpu = answers.Number("cpu"),
        Cores = answers.Number("cores"),
        Memory = answers.Number("memory"),
        MemoryTotalBytes = answers.Number("memory-total"),
        Disk = answers.Number("disk"),
        DiskFreeBytes = answers.Number("disk-free"),
        DatabaseConnections = answers.Number("connections"),
        DatabaseConnectionsMost = answers.Number("connections-most"),
        DatabaseBytes = answers.Number("database-size"),
        BrokerConnections = answers.Number("broker-connections"),
    };

    private static MessagesView Messages(Answers answers)
    {
        string[] perService = ["outbox", "outbox-oldest", "outbox-failures", "duplicates", "event-p50", "event-p95"];
        var services = perService.SelectMany(answers.Of).Select(series => series["job"]).Distinct().Order(StringComparer.Ordinal);
        return new MessagesView
        {
            Outboxes = [.. services.Select(service => new OutboxView(
                service,
                answers.Number("outbox", "job", service),
                answers.Number("outbox-oldest", "job", service),
                answers.Number("outbox-failures", "job", service),
                answers.Number("duplicates", "job", service),
                answers.Number("event-p50", "job", service),
                answers.Number("event-p95", "job", service)))],
            Queues = [.. answers.Of("queues").Select(series => new QueueView(series["queue"], series.Last, answers.Number("consumers", "queue", series["queue"]))).OrderByDescending(queue => queue.IsError && queue.Messages > 0).ThenBy(queue => queue.Name, StringComparer.Ordinal)],
            WebhooksWaiting = answers.Number("webhooks-waiting"),
            WebhooksFailed = answers.Number("webhooks-failed"),
        };
    }

    private static CareView Care(Answers answers)
    {
        DateTimeOffset? Moment(string query) => answers.Number(query) is { } seconds and > 0 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

        return new CareView
        {
            Journals = [.. answers.Of("journal").OrderBy(series => series["job"], StringComparer.Ordinal).Select(series => new JournalView(series["job"], series.Last, answers.Number("journal-growth", "job", series["job"])))],
            LastBackup = Moment("backup"),
            BackupSeconds = answers.Number("backup-duration"),
            BackupBytes = answers.Number("backup-bytes"),
            LastDrill = Moment("drill"),
            DrillSeconds = answers.Number("drill-rto"),
            SignInsFailed = answers.Number("sign-ins-failed"),
            ReadOnly = answers.Number("frozen") is { } frozen ? frozen > 0 : null,
        };
    }

    private static List<ChartView> Charts(Answers answers, DateTimeOffset now)
    {
        ChartView Chart(string id, string title, string unit, params (string Query, string Name)[] lines) => new(id, title, unit, now - s_hour, now,
            [.. lines.SelectMany(line => answers.HourOf(line.Query).Take(1).Select(series => new LineView(line.Name, series.Samples)))]);

        return
        [
            Chart("requests", "Yêu cầu mỗi giây ở cổng", "yêu cầu/s", ("requests", "tất cả"), ("failures", "lỗi 5xx")),
            Chart("latency", "Thời gian trả lời ở cổng", "ms", ("p50", "p50"), ("p95", "p95")),
            Chart("machine", "Máy chủ: CPU và bộ nhớ đã dùng", "%", ("cpu", "CPU"), ("memory", "bộ nhớ")),
            Chart("sheets", "Phiếu điểm mỗi phút", "phiếu/phút", ("saved", "lưu"), ("submitted", "nộp")),
            Chart("messages", "Thông điệp chờ", "thông điệp", ("outbox", "hộp gửi"), ("errors", "hàng lỗi")),
            Chart("events", "Độ trễ sự kiện (p95)", "giây", ("event-p95", "p95")),
        ];
    }
}
