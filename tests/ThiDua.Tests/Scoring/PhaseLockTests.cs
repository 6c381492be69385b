using Microsoft.EntityFrameworkCore;
using Npgsql;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>The next phase holds when it has come, and not before: nothing of the phase before is committed after it.</summary>
public sealed class PhaseLockTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    [Fact]
    public async Task The_next_phase_waits_for_a_step_that_has_begun_and_refuses_those_that_come_later()
    {
        var season = new ScoringSeason(service, "L1");
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(ScoringSeason.Table, "C1");
        await season.PhaseAsync("SELF_SCORING");
        var sheet = (await Eventually.AnswerAsync(() => season.OpenAsync("C"), answer => answer.Code != "wrong-phase", "self scoring has begun")).Expect(201);
        var path = $"score-sheets/{sheet["id"]}/lines";

        // The step has seen its phase and cannot write its lines yet.
        await using var holder = new NpgsqlConnection(service.ConnectionString);
        await holder.OpenAsync(TestContext.Current.CancellationToken);
        await RunAsync(holder, "begin; lock table score_lines in exclusive mode");
        var step = season.Unit("C").PutJson(path, ScoringSeason.Inputs(6, 110), sheet.ETag);
        await Eventually.TrueAsync(() => WaitsAsync("l.locktype = 'relation'"), "the step waits for its table");

        var next = season.PhaseAsync("CLUSTER_REVIEW"); // it is awaited when it may take effect
        await Eventually.TrueAsync(async () => await WaitsAsync("l.locktype = 'advisory'") || await PhaseAsync() != SeasonPhase.SelfScoring, "the next phase has come to the service");
        Assert.Equal(SeasonPhase.SelfScoring, await PhaseAsync());
        await RunAsync(holder, "commit");

        var done = (await step).Expect(200);
        await next;
        Assert.Equal(SeasonPhase.ClusterReview, await PhaseAsync());
        (await season.Unit("C").PutJson(path, ScoringSeason.Inputs(7, 110), done.ETag)).Expect(409, "wrong-phase");
    }

    private Task<SeasonPhase> PhaseAsync() => service.WithDatabaseAsync(db => db.Seasons.AsNoTracking().Where(season => season.Code == "L1").Select(season => season.Phase).SingleAsync());

    private async Task<bool> WaitsAsync(string forWhat)
    {
        await using var connection = new NpgsqlConnection(service.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
#pragma warning disable CA2100 // nothing in it comes from outside
        await using var command = new NpgsqlCommand($"select exists (select from pg_locks l join pg_database d on d.oid = l.database where d.datname = current_database() and not l.granted and {forWhat})", connection);
#pragma warning restore CA2100
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // nothing in it comes from outside
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
