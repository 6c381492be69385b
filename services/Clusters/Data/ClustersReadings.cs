using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Figures of the year for operators (docs/dashboards.md).</summary>
internal static class ClustersReadings
{
    private const string Today = "(now() at time zone 'Asia/Ho_Chi_Minh')::date";

    public static readonly MetricReading[] All =
    [
        // By the day alone: where a rule moves a deadline to the next working day, this is early by the days off.
        new("thidua_overdue_units", "Units past a deadline, by what they owe",
            $"""
            select obligation.season, {MetricReading.UpperSnakeSql("obligation.kind")} as what,
                count(distinct obligation.unit) filter (where met_at is null and cut_off_at is null and released_at is null and due_on < {Today}) as value
            from obligations obligation
            join seasons season on season.code = obligation.season and season.phase <> 'Closed'
            where obligation.unit is not null
            group by 1, 2
            """),
        new("thidua_deadline_seconds", "Until a phase of the season's calendar closes; negative afterwards",
            $"""
            select season.code as season, {MetricReading.UpperSnakeSql("phase.key")} as phase,
                extract(epoch from (((phase.value->>'Closes')::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh') - now()) as value
            from seasons season, jsonb_each(season.calendar) phase
            where season.phase <> 'Closed'
            """),
        new("thidua_webhooks_waiting", "Calls of webhooks that wait to be sent, or sent again",
            "select count(*) as value from reminders where state in ('Planned', 'Sending') and channel = 'Webhook'"),
        new("thidua_webhooks_failed", "Calls of webhooks that were given up, in seasons that are not closed",
            "select count(*) as value from reminders join seasons on seasons.code = reminders.season and seasons.phase <> 'Closed' where state = 'Failed' and channel = 'Webhook'"),
    ];
}
