namespace ThiDua.Gateway.Operations;

/// <summary>
/// What the page asks Prometheus. Gauges of the business are read from the database by every replica, so that they are never
/// summed over instances; only what each process counts for itself is.
/// </summary>
public static class OperationsQueries
{
    private const string Requests = "http_server_request_duration_seconds";

    // Orchestrators and Prometheus ask all the time: what people and systems wait for is told without them.
    private const string Real = "http_route!~\"/health.*|/metrics.*\"";
    private const string Failed = Real + ",http_response_status_code=~\"5..\"";
    private const string Disks = "fstype!~\"tmpfs|ramfs|devtmpfs|squashfs|proc|nsfs\"";

    public const string Gateway = "gateway";

    /// <summary>Queries for this moment, by the name under which the reading finds the answer.</summary>
    public static IReadOnlyDictionary<string, string> Instant { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["up"] = "up",
        ["last-up"] = "max by (job, instance) (max_over_time((timestamp(up == 1))[1h:15s])) and on (job, instance) (up == 0)",
        ["started"] = "max by (job, instance, version) (thidua_process_start_seconds)",
        ["health"] = "min by (job, check) (thidua_health) < 1",

        ["requests"] = $"sum by (job, instance) (rate({Requests}_count{{{Real}}}[2m]))",
        ["failures"] = $"sum by (job, instance) (rate({Requests}_count{{{Failed}}}[2m]))",
        ["p50"] = Quantile("0.5", "job", Requests, Real, "5m"),
        ["p95"] = Quantile("0.95", "job", Requests, Real, "5m"),
        ["process-cpu"] = "sum by (job, instance) (rate(dotnet_process_cpu_time_seconds_total[2m]))",
        ["process-memory"] = "max by (job, instance) (dotnet_process_memory_working_set_bytes)",
        ["pool-used"] = "sum by (job, instance) (db_client_connections{db_client_connection_state=\"used\"})",

        ["cpu"] = "1 - avg(rate(node_cpu_seconds_total{mode=\"idle\"}[2m]))",
        ["cores"] = "count(count by (cpu) (node_cpu_seconds_total))",
        ["memory"] = "1 - sum(node_memory_MemAvailable_bytes) / sum(node_memory_MemTotal_bytes)",
        ["memory-total"] = "sum(node_memory_MemTotal_bytes)",
        ["disk"] = $"topk(1, max by (mountpoint) (1 - node_filesystem_avail_bytes{{{Disks}}} / node_filesystem_size_bytes{{{Disks}}}))",
        ["disk-free"] = $"bottomk(1, min by (mountpoint) (node_filesystem_avail_bytes{{{Disks}}}))",
        ["connections"] = "sum(pg_stat_activity_count)",
        ["connections-most"] = "max(pg_settings_max_connections)",
        ["database-size"] = "sum(pg_database_size_bytes)",
        ["broker-connections"] = "sum(rabbitmq_connections)",

        ["outbox"] = "max by (job) (thidua_outbox_pending)",
        ["outbox-oldest"] = "max by (job) (thidua_outbox_oldest_seconds)",
        ["outbox-failures"] = "sum by (job) (increase(thidua_outbox_failures_total[1h]))",
        ["duplicates"] = "sum by (job) (increase(thidua_inbox_duplicates_total[1h]))",
        ["queues"] = "sum by (queue) (rabbitmq_detailed_queue_messages)",
        ["consumers"] = "sum by (queue) (rabbitmq_detailed_queue_consumers)",
        ["event-p50"] = Quantile("0.5", "job", "thidua_event_latency_seconds", "", "15m"),
        ["event-p95"] = Quantile("0.95", "job", "thidua_event_latency_seconds", "", "15m"),
        ["webhooks-waiting"] = "max(thidua_webhooks_waiting)",
        ["webhooks-failed"] = "max(thidua_webhooks_failed)",

        ["sheets"] = "max by (season, cluster, state) (thidua_sheets)",
        ["overdue"] = "max by (season, what) (thidua_overdue_units)",
        ["deadline"] = "max by (season, phase) (thidua_deadline_seconds)",
        ["appraisals"] = "max by (season, age) (thidua_appraisals_waiting)",
        ["nominations"] = "max by (season, award, state) (thidua_nominations)",
        ["saved"] = "60 * sum(rate(thidua_sheets_saved_total[5m]))",
        ["submitted"] = "sum(increase(thidua_sheets_submitted_total[1h]))",
        ["returned"] = "sum(increase(thidua_sheets_returned_total[1h]))",
        ["evidence"] = "max(thidua_evidence_waiting)",
        ["evidence-oldest"] = "max(thidua_evidence_waiting_seconds)",

        ["journal"] = "max by (job) (thidua_journal_rows)",
        ["journal-growth"] = "max by (job) (delta(thidua_journal_rows[1h]))",
        ["sign-ins-failed"] = "sum(increase(thidua_sign_ins_failed_total[15m]))",
        ["backup"] = "max(thidua_backup_last_success_timestamp_seconds)",
        ["backup-duration"] = "max(thidua_backup_last_duration_seconds)",
        ["backup-bytes"] = "max(thidua_backup_last_bytes)",
        ["drill"] = "max(thidua_restore_drill_last_success_timestamp_seconds)",
        ["drill-rto"] = "max(thidua_restore_drill_rto_seconds)",
        ["frozen"] = "max(thidua_frozen)",
    };

    /// <summary>Queries for the last hour, each of which a chart draws; one line a series.</summary>
    public static IReadOnlyDictionary<string, string> Range { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["requests"] = $"sum(rate({Requests}_count{{job=\"{Gateway}\",{Real}}}[2m]))",
        ["failures"] = $"sum(rate({Requests}_count{{job=\"{Gateway}\",{Failed}}}[2m])) or 0 * sum(rate({Requests}_count{{job=\"{Gateway}\",{Real}}}[2m]))",
        ["p50"] = $"1000 * {Quantile("0.5", "", Requests, $"job=\"{Gateway}\",{Real}", "2m")}",
        ["p95"] = $"1000 * {Quantile("0.95", "", Requests, $"job=\"{Gateway}\",{Real}", "2m")}",
        ["cpu"] = "100 * (1 - avg(rate(node_cpu_seconds_total{mode=\"idle\"}[2m])))",
        ["memory"] = "100 * (1 - sum(node_memory_MemAvailable_bytes) / sum(node_memory_MemTotal_bytes))",
        ["saved"] = "60 * sum(rate(thidua_sheets_saved_total[2m]))",
        ["submitted"] = "60 * sum(rate(thidua_sheets_submitted_total[2m]))",
        ["outbox"] = "sum(max by (job) (thidua_outbox_pending))",
        ["errors"] = "sum(rabbitmq_detailed_queue_messages{queue=~\".*_error\"})",
        ["event-p95"] = Quantile("0.95", "", "thidua_event_latency_seconds", "", "5m"),
        ["connections"] = "sum(pg_stat_activity_count)",
    };

    private static string Quantile(string share, string by, string histogram, string matching, string window) =>
        $"histogram_quantile({share}, sum by ({(by.Length > 0 ? by + ", " : "")}le) (rate({histogram}_bucket{{{matching}}}[{window}])))";
}
