using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>P-8: no way through the API lets a role write a layer that the layer matrix (domain reference B) does not give to it.</summary>
public sealed class LayerMatrixPropertyTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private const int Slices = 20;
    private const int AttemptsInASlice = 25;

    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "10000", CultureInfo.InvariantCulture);

    // A season takes its course first, so that its sheets come into every state; then it stands wherever it may.
    private static readonly string[] s_course = [.. Enumerable.Repeat("SELF_SCORING", 4), .. Enumerable.Repeat("CLUSTER_REVIEW", 4), .. Enumerable.Repeat("APPRAISAL", 4)];
    private static readonly string[] s_anywhere = ["SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL"];
    private static readonly string[] s_steps = ["lines", "submit", "review", "return", "explain", "appraise", "decide", "reopen", "published-results", "adopt"];
    private static readonly int[] s_refusals = [401, 403, 404, 409, 412, 422, 428];

    // Leader, deputy, members, a unit of nowhere, none, and one that is empty.
    private static readonly string?[] s_units = [.. MatrixSeason.Units, "X", null, ""];

    private static readonly Gen<Attempt> Attempts = Gen.Select(
        Gen.Bool, Gen.Int[0, 99], Gen.OneOf<string>([.. MatrixSeason.Units]), Gen.OneOf(Gen.Int[0, 9].Select(role => 1 << role), Gen.Int[1, 1023]),
        Gen.Int[0, s_units.Length - 1].Select(unit => s_units[unit]), Gen.Int[0, 12], Gen.Int[0, 19],
        (isApt, choice, sheet, roles, unit, points, condition) => new Attempt(isApt, choice, sheet, roles, unit, points, condition));

    private readonly ConcurrentDictionary<(int Roles, string? Unit), HttpClient> _clients = new();
    private readonly ConcurrentDictionary<string, int> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private int _seasons;

    [Fact]
    public async Task Whoever_tries_whatever_each_layer_is_written_by_its_own_roles_only()
    {
        await Gen.Select(Attempts.Array[AttemptsInASlice].Array[Slices], Gen.OneOf(s_anywhere).Array[Slices - s_course.Length])
            .SampleAsync(PlayAsync, iter: (Cases + (Slices * AttemptsInASlice) - 1) / (Slices * AttemptsInASlice), threads: 8);

        TestContext.Current.TestOutputHelper?.WriteLine($"""
            {_statuses.Values.Sum()} attempts by {_clients.Count} accounts: {string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}
            accepted: {string.Join(", ", _accepted.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}
            on sheets in: {string.Join(", ", _states.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}"))}
            """);
        if (Cases >= 10000)
        {
            // A property whose steps were never granted, or never tried in a state, would say nothing about them.
            Assert.Equal(s_steps.Order(StringComparer.Ordinal), _accepted.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(8, _states.Count);
        }
    }

    [Theory]
    [InlineData(Roles.Admin)]
    [InlineData(Roles.DataProvider)]
    public async Task Who_has_no_sight_of_any_score_is_refused_wherever_one_is_read(string role)
    {
        using var client = service.As(role);
        var id = Guid.CreateVersion7();
        foreach (var path in new[] { "score-sheets", $"score-sheets/{id}", $"score-sheets/{id}/explanation", $"score-sheets/{id}/journal", "rankings", $"rankings/{id}", $"rankings/{id}/explanation" })
        {
            (await client.GetJson(path)).Expect(403);
        }

        (await client.GetJson("criteria-tables")).Expect(403);
    }

    private async Task PlayAsync((Attempt[][] Slices, string[] Anywhere) play)
    {
        using var auditor = service.As(Roles.Auditor);
        await using var season = await MatrixSeason.BeginAsync(service, $"P8-{Interlocked.Increment(ref _seasons)}", auditor);
        string[] phases = [.. s_course, .. play.Anywhere];
        for (var slice = 0; slice < play.Slices.Length; slice++)
        {
            if (slice > 0 && phases[slice] != phases[slice - 1])
            {
                await season.EnterAsync(phases[slice]);
            }

            foreach (var attempt in play.Slices[slice])
            {
                await TryAsync(season, attempt, phases[slice]);
            }
        }
    }

    private async Task TryAsync(MatrixSeason season, Attempt attempt, string phase)
    {
        var (before, fingerprints) = (season.Sheets, season.Fingerprints);
        var state = (string)before[attempt.Sheet]["state"]!;
        var cluster = season.ClusterOf(attempt.Sheet);
        var (step, roles, unit) = attempt.IsApt ? Apt(attempt, state, cluster) : (s_steps[attempt.Choice % s_steps.Length], attempt.Roles, attempt.Unit);
        string[] held = [.. Roles.All.Where((_, role) => (roles & (1 << role)) != 0)];
        var actor = new MatrixActor(held, unit, unit is null ? $"test-{string.Join('-', held)}" : $"unit-{unit}");
        var said = $"{season.Code} in {phase}: {actor.Subject} of unit “{unit}” as {string.Join(", ", held)} tried {step} with {attempt.Points} on the sheet of {attempt.Sheet} in state {state}";

        var answer = await SendAsync(_clients.GetOrAdd((roles, unit), _ => service.As(held, unit, actor.Subject)), season, cluster, attempt, step, state);

        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        _states.AddOrUpdate(state, 1, (_, count) => count + 1);
        if (answer.Status is < 200 or >= 300)
        {
            Assert.True(s_refusals.Contains(answer.Status), $"{said}, which was neither granted nor properly refused: {answer}");
            Assert.True(Same(fingerprints, await season.FingerprintsAsync()), $"{said}, which was refused and changed something all the same: {answer}");
            return;
        }

        _accepted.AddOrUpdate(step, 1, (_, count) => count + 1);
        Assert.True(LayerMatrix.May(actor, step, attempt.Sheet, cluster), $"{said}, which was granted: {answer}");
        Assert.True(attempt.Condition > 1 || step is "decide" or "reopen" or "published-results", $"{said} without naming the present state, which was granted: {answer}");
        if (step == "appraise")
        {
            cluster.Drafters.Add(actor.Subject);
        }

        await season.ReadAsync();
        foreach (var other in MatrixSeason.Units.Where(other => !ReferenceEquals(before[other], season.Sheets[other])))
        {
            var within = cluster.Members.Contains(other);
            var problem = LayerMatrix.Problem(before[other], season.Sheets[other], step, isTarget: other == attempt.Sheet, within, asLeader: unit == cluster.Leader);
            Assert.True(problem is null, $"{said}, and on the sheet of {other} {problem}:\n{before[other]}\n{season.Sheets[other]}");
            if (before[other].Text != season.Sheets[other].Text)
            {
                var row = await season.JournalAsync(other);
                Assert.True(row.Actor == actor.Subject && row.Action.Contains(step, StringComparison.Ordinal), $"{said}, and the journal of {other} says {row}");
            }
        }

        if (step is not ("lines" or "reopen") && !Same(fingerprints, season.Fingerprints))
        {
            var (by, at) = await season.SignatureAsync(attempt.Sheet, step, asLeader: unit == cluster.Leader);
            Assert.True(at is not null && by!.Split(' ').Contains(actor.Subject), $"{said}, and it is signed by “{by}” at {at}");
        }
    }

    /// <summary>What brings the sheet further, mostly by somebody who may, with or without further roles.</summary>
    private static (string Step, int Roles, string? Unit) Apt(Attempt attempt, string state, MatrixCluster cluster)
    {
        string[] steps = state switch
        {
            "DRAFT" => ["lines", "submit", "submit", "adopt"],
            "SUBMITTED" or "UNDER_REVIEW" => ["review", "review", "review", "return", "published-results"],
            "EXPLANATION_REQUESTED" or "RETURNED_FOR_EVIDENCE" => ["lines", "explain"],
            "REVIEWED" => ["appraise", "appraise", "appraise", "return", "published-results"],
            "UNDER_APPRAISAL" => ["decide", "decide", "appraise", "return"],
            _ => ["reopen"],
        };
        var step = steps[attempt.Choice % steps.Length];
        var reviewer = attempt.Sheet == cluster.Leader || (attempt.Sheet != cluster.Deputy && attempt.Choice % 2 == 0) ? cluster.Deputy : cluster.Leader;
        var (role, unit) = step switch
        {
            "lines" or "explain" => (attempt.Choice % 2 == 0 ? Roles.UnitClerk : Roles.UnitHead, attempt.Sheet),
            "submit" => (Roles.UnitHead, attempt.Sheet),
            "review" => (Roles.UnitHead, reviewer),
            "return" when state != "REVIEWED" && state != "UNDER_APPRAISAL" => (Roles.UnitHead, reviewer),
            "decide" or "reopen" or "adopt" => (Roles.AppraisalHead, null),
            _ => (Roles.Appraiser, (string?)null),
        };
        var needed = 1 << Roles.All.ToList().IndexOf(role);

        // The right role in a wrong unit is the likeliest mistake of all.
        return (step, attempt.Choice % 3 == 0 ? needed | attempt.Roles : needed, attempt.Choice % 7 == 0 ? attempt.Unit : unit);
    }

    private static async Task<ApiAnswer> SendAsync(HttpClient client, MatrixSeason season, MatrixCluster cluster, Attempt attempt, string step, string state)
    {
        var (points, sheet) = (attempt.Points, $"score-sheets/{season.Id(attempt.Sheet)}");
        string? Tag(string? present) => attempt.Condition switch { 0 => null, 1 => "\"1\"", _ => present };
        var tag = Tag(season.Sheets[attempt.Sheet].ETag);
        JsonObject Again() => new() { ["inputs"] = new JsonObject { ["I.1"] = new JsonObject { ["n"] = points, ["N"] = 12 } } };
        switch (step)
        {
            case "lines":
                return await client.PutJson($"{sheet}/lines", state == "DRAFT" ? ScoringSeason.Inputs(points, 80 + points) : Again(), tag);
            case "review" or "appraise":
                object[] lines = step == "appraise" || points % 2 == 0 ? [Set("I.1", points), Set("II.1", 10 - (points / 2))] : [Set("II.1", points)];
                object[] bonus = step == "appraise" || points % 3 == 0 ? [new { key = "SK", count = points % 4, reason = "Để thử" }] : [];
                return await client.PostJson($"{sheet}/{step}", new { lines, bonus }, tag);
            case "return":
                return await client.PostJson($"{sheet}/return", new { reason = "Đề nghị giải trình", criteria = new[] { "I.1" } }, tag);
            case "explain":
                var explanation = points % 2 == 0 ? Again() : [];
                explanation["text"] = "Giải trình của đơn vị";
                return await client.PostJson($"{sheet}/explain", explanation, tag);
            case "submit":
                return await client.PostJson($"{sheet}/submit", new { }, tag);
            case "decide":
                return await client.PostJson($"rankings/{cluster.Id}/decide", new { document = "Thông báo để thử" });
            case "reopen":
                return await client.PostJson($"rankings/{cluster.Id}/reopen", new { reason = "Để thử" });
            case "published-results":
                return await client.PostJson("published-results", new
                {
                    season = season.Code, reason = "Đính chính", results = new[] { new { index = "PAR", unit = attempt.Sheet, value = $"{85 + points}", document = "QĐ 24/QĐ-UBND" } },
                });
            default:
                return await client.PostJson($"criteria-tables/{cluster.Draft}/adopt", new { document = "QĐ 2", reason = "Để thử" }, Tag(cluster.DraftTag));
        }
    }

    private static bool Same(Dictionary<string, string> left, Dictionary<string, string> right) => left.Count == right.Count && !left.Except(right).Any();

    private static object Set(string criterion, int points) => new { criterion, points, reason = "Để thử" };

    /// <param name="IsApt">Whether step and actor suit the state; otherwise anybody tries anything.</param>
    /// <param name="Choice">Which step.</param>
    /// <param name="Sheet">Whose sheet.</param>
    /// <param name="Roles">The roles held, one bit each.</param>
    /// <param name="Unit">Of the actor's account.</param>
    /// <param name="Points">What is entered or set; above the maximum now and then.</param>
    /// <param name="Condition">0: no If-Match, 1: a stale one, otherwise the present one.</param>
    private sealed record Attempt(bool IsApt, int Choice, string Sheet, int Roles, string? Unit, int Points, int Condition);
}
