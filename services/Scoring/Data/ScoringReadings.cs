using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Figures of the scoring for operators (docs/dashboards.md).</summary>
internal static class ScoringReadings
{
    // A season that is closed is history; the latest year's stays in view so that its end can be looked at.
    private const string SeasonsInView = "select code from seasons where phase <> 'Closed' or year = (select max(year) from seasons)";

    public static readonly MetricReading[] All =
    [
        new("thidua_sheets", "Members of clusters by the state of their sheet; NOT_OPENED has none yet",
            $"""
            select member.season, cluster.code as cluster, {MetricReading.UpperSnakeSql("coalesce(sheet.state, 'NotOpened')")} as state, count(*) as value
            from clusters cluster
            join cluster_members member on member.cluster_id = cluster.id
            left join score_sheets sheet on sheet.season = member.season and sheet.unit = member.unit
            where cluster.season in ({SeasonsInView})
            group by 1, 2, 3
            """),
        new("thidua_appraisals_waiting", "Reviewed sheets that the standing agency has not decided, by the time since their review",
            $"""
            select season.code as season, bucket.age, count(sheet.id) as value
            from ({SeasonsInView}) season
            cross join (values ('under_1d', 0, 1), ('1d_to_3d', 1, 3), ('3d_to_7d', 3, 7), ('over_7d', 7, 100000)) bucket(age, since, until)
            left join score_sheets sheet on sheet.season = season.code and sheet.state in ('Reviewed', 'UnderAppraisal')
                and greatest(sheet.leader_reviewed_at, sheet.deputy_reviewed_at) <= now() - bucket.since * interval '1 day'
                and greatest(sheet.leader_reviewed_at, sheet.deputy_reviewed_at) > now() - bucket.until * interval '1 day'
            group by 1, 2
            """),
    ];
}
