using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>Figures of the awards for operators (docs/dashboards.md).</summary>
internal static class AwardsReadings
{
    public static readonly MetricReading[] All =
    [
        new("thidua_nominations", "Nominations of the lists that count, by award and by what became of them",
            $"""
            select nomination.season, {MetricReading.UpperSnakeSql("nomination.award")} as award,
                case when revocation.id is not null then 'REVOKED' when ballot.passed then 'PASSED' when ballot.id is not null then 'FAILED'
                    else {MetricReading.UpperSnakeSql("nomination.status")} end as state,
                count(*) as value
            from nominations nomination
            join nomination_lists list on list.id = nomination.list_id and list.state <> 'Superseded'
            join known_seasons season on season.code = nomination.season and (season.phase <> 'CLOSED' or season.year = (select max(year) from known_seasons))
            left join ballots ballot on ballot.nomination_id = nomination.id and ballot.award = nomination.award
            left join revocations revocation on revocation.ballot_id = ballot.id and revocation.state = 'Revoked'
            group by 1, 2, 3
            """),
    ];
}
