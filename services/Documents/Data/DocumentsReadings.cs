using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>Figures of the evidence for operators (docs/dashboards.md).</summary>
internal static class DocumentsReadings
{
    public static readonly MetricReading[] All =
    [
        new("thidua_evidence_waiting", "Evidence that waits for the scanner", "select count(*) as value from evidence where state = 'Quarantined'"),
        new("thidua_evidence_waiting_seconds", "Age of the oldest evidence that waits for the scanner",
            "select coalesce(extract(epoch from now() - min(stored_at)), 0) as value from evidence where state = 'Quarantined'"),
    ];
}
