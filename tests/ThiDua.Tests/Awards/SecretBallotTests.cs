using Npgsql;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>Bỏ phiếu kín: somebody who may read every row of the database, system columns too, cannot tell who chose what.</summary>
public sealed class SecretBallotTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    private const int Voters = 6;

    [Fact]
    public async Task No_table_holds_a_person_or_a_time_beside_a_choice_or_a_paper()
    {
        var columns = await RowsAsync("""
            select table_name || ': ' || string_agg(column_name || ' ' || data_type, ', ' order by column_name) from information_schema.columns
            where table_schema = 'public' and table_name in (select table_name from information_schema.columns where table_schema = 'public' and column_name in ('choice', 'token', 'hash'))
            group by table_name order by table_name
            """);

        Assert.Equal(
            [
                "ballot_box: choice character varying, id uuid, item_id uuid",
                "ballot_papers: hash character varying, is_cast boolean, item_id uuid",
                "ballot_papers_to_hand_out: item_id uuid, token character varying",
                "counted_papers: choice character varying, id uuid, item_id uuid, round integer",
            ],
            columns);
    }

    [Fact]
    public async Task Nothing_that_is_stored_leads_from_a_member_to_a_paper_or_from_a_paper_to_a_choice()
    {
        var council = await SceneAsync("traces");
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        List<string> tokens = [];
        for (var member = 1; member <= Voters; member++)
        {
            tokens.Add((string)(await council.DrawAsync(council.Member(member), 0)).Expect(200)["token"]!);
            (await council.CastAsync(council.Member(member), 0, tokens[^1], member == Voters ? "NO" : "YES")).Expect(204);
        }

        var item = council.Items[0];
        Assert.Empty(await RowsAsync($"select token from ballot_papers_to_hand_out where item_id = '{item}'"));

        // One transaction wrote all papers that lie in the box, and it wrote nothing in which a member is named.
        var box = Assert.Single(await RowsAsync($"select distinct xmin::text from ballot_box where item_id = '{item}'"));
        Assert.DoesNotContain(box, await RowsAsync("select xmin::text from ballot_papers_given"));
        Assert.DoesNotContain(box, await RowsAsync("select xmin::text from journal where actor <> 'secret'"));
        var hashes = await RowsAsync($"select hash || ' ' || xmin::text from ballot_papers where item_id = '{item}'");
        Assert.Empty(hashes.Select(row => row.Split(' ')[1]).Intersect(await RowsAsync("select xmin::text from ballot_papers_given")));

        // The journal knows that members drew papers, and that papers were cast.
        var cast = await RowsAsync($"select concat_ws('|', actor, unit, array_length(roles, 1), trace_id, reason, changes, to_char(at at time zone 'utc', 'HH24:MI:SS.US')) from journal where action = 'a paper was cast' and 'AgendaItem/{item}' = any(subjects)");
        Assert.Equal(Enumerable.Repeat("secret|[]|00:00:00.000000", Voters), cast);
        Assert.Equal(Voters, (await RowsAsync($"select actor from journal where subjects::text like '%PaperGiven/{item}%'")).Distinct().Count());
        Assert.Empty(await RowsAsync("select action from journal where action like '%ballot-box%'"));
        Assert.Empty(await RowsAsync("select key from idempotency_keys"));

        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        Assert.Single(await RowsAsync($"select distinct xmin::text from counted_papers where item_id = '{item}'"));
        foreach (var table in await RowsAsync("select tablename from pg_tables where schemaname = 'public'"))
        {
            var rows = await RowsAsync($"select t::text from \"{table}\" t");
            foreach (var token in tokens)
            {
                Assert.DoesNotContain(rows, row => row.Contains(token, StringComparison.Ordinal) || row.Contains(BallotPaper.HashOf(token), StringComparison.Ordinal));
            }
        }

        // Not even the dead rows are left in the files of the tables through which the papers went.
        Assert.Equal(["0", "0", "0"], await RowsAsync("select pg_relation_size(name)::text from unnest(array['ballot_box', 'ballot_papers', 'ballot_papers_to_hand_out']) name"));
    }

    [Fact]
    public async Task In_whatever_order_the_rows_are_read_the_papers_place_tells_nothing_about_when_it_came()
    {
        const int Runs = 20;
        const int Most = 12; // of 20 runs, by chance 3 or 4; more than this happens once in half a million times
        var council = await SceneAsync("order");
        var item = council.Items[0];
        string[] orders = ["ballot_box order by ctid", "ballot_box order by id", "counted_papers order by ctid", "counted_papers order by id"];
        var hits = new int[orders.Length];
        for (var run = 0; run < Runs; run++)
        {
            var dissenter = run % 2 == 0 ? 1 : Voters;
            (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
            for (var member = 1; member <= Voters; member++)
            {
                await council.VoteAsync(member, 0, member == dissenter ? "NO" : "YES");
            }

            await CountHitsAsync(0, 2, dissenter, "");
            (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
            await CountHitsAsync(2, 4, dissenter, $" and round = {run + 1}");
            (await council.StepAsync(council.Chair, 0, "void", new { reason = "Thử lại" })).Expect(200);
        }

        Assert.All(hits, count => Assert.InRange(count, 0, Most));

        async Task CountHitsAsync(int from, int to, int dissenter, string round)
        {
            for (var order = from; order < to; order++)
            {
                var choices = await RowsAsync($"select choice from {orders[order].Replace(" order by", $" where item_id = '{item}'{round} order by", StringComparison.Ordinal)}");
                Assert.Equal(Voters, choices.Count);
                hits[order] += choices[dissenter - 1] == "No" ? 1 : 0;
            }
        }
    }

    private async Task<CouncilScene> SceneAsync(string code)
    {
        var season = new AwardSeason(host, code);
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var council = new CouncilScene(host, season, Voters);
        await council.CallAsync("C1");
        (await council.AttendAsync(Voters)).Expect(200);
        return council;
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string query)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
