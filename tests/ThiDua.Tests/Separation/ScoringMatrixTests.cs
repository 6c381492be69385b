using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>
/// The rows of the layer matrix that the scoring service keeps, cell by cell and state by state: A leads C1 with B as its deputy, C and F
/// are members; D leads C2 with E. In each state everybody first tries what the matrix does not grant, then what it does.
/// </summary>
public sealed class ScoringMatrixTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private static readonly string[] s_layers = ["raw", "review", "final"];
    private static readonly string[] s_first = ["A", "B", "C", "F"];
    private static readonly string[] s_second = ["D", "E"];
    private static readonly Dictionary<string, string> s_phases = new(StringComparer.Ordinal)
    {
        ["DRAFT"] = "SELF_SCORING", ["SUBMITTED"] = "CLUSTER_REVIEW", ["REVIEWED"] = "APPRAISAL", ["UNDER_APPRAISAL"] = "APPRAISAL", ["LOCKED"] = "APPRAISAL",
    };

    private readonly List<string> _wrong = [];
    private readonly Dictionary<string, string> _sheets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _clusters = new(StringComparer.Ordinal);
    private readonly HttpClient _auditor = service.As(Roles.Auditor);
    private int _asked;

    /// <summary>Everybody who may ask, with the account's unit.</summary>
    private static IReadOnlyList<Actor> Actors { get; } =
    [
        .. s_first.Concat(s_second).SelectMany(unit => new[] { new Actor(Roles.UnitClerk, unit), new Actor(Roles.UnitHead, unit) }),
        new(Roles.Appraiser, null), new(Roles.Appraiser, "C"), new(Roles.AppraisalHead, null), new(Roles.AppraisalHead, "C"),
        new(Roles.DataProvider, "CAT"), new(Roles.DataProvider, null), new(Roles.Admin, null),
        new(Roles.CouncilSecretary, null), new(Roles.CouncilMember, null), new(Roles.CouncilChair, null),
    ];

    [Fact]
    public async Task Every_cell_of_the_sheets_layers_in_every_state()
    {
        var season = await BeginAsync();
        foreach (var state in MatrixFile.States)
        {
            await MoveToAsync(season, state);
            foreach (var unit in _sheets.Keys)
            {
                foreach (var actor in Actors)
                {
                    await ReadAsync(actor, unit, state);
                    await TryForbiddenAsync(actor, unit, state);
                }
            }

            await TakeGrantedAsync(state);
        }

        Nothing.In(_wrong);
        Assert.Equal(5 * 6 * 22 * 6, _asked); // states × sheets × actors × (three layers read, three written)
    }

    [Fact]
    public async Task Published_results()
    {
        var season = new ScoringSeason(service, "SEP-P");
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", s_first);
        foreach (var actor in Actors)
        {
            using var client = service.As(actor.Role, actor.Unit);
            foreach (var column in ColumnsOf(actor))
            {
                Expect(MatrixFile.Of("published", column).Grants('R', Whose.Outside), (await client.GetJson($"published-results?season={season.Code}")).Status == 200, $"{actor} reads published results as {column}");
                Expect(MatrixFile.Of("published", column).Grants('W', Whose.Outside), (await PublishAsync(client, season.Code)).Status == 200, $"{actor} loads published results as {column}");
            }
        }

        Nothing.In(_wrong);
    }

    [Fact]
    public async Task The_audit_trail_of_a_sheet()
    {
        var season = new ScoringSeason(service, "SEP-J");
        var sheets = await season.SubmittedAsync(); // A leads, B is deputy, C is a member
        foreach (var (actor, unit) in Actors.Where(actor => actor.Unit is null or "A" or "B" or "C" or "F").SelectMany(actor => sheets.Keys.Select(unit => (actor, unit))))
        {
            using var client = service.As(actor.Role, actor.Unit);
            var column = ColumnOf(actor, unit);
            var whose = WhoseIs(actor, unit);
            var answer = await client.GetJson($"journal/scoring?subject=ScoreSheet/{sheets[unit]["id"]}");
            var rows = answer.Status == 200 ? answer["items"].AsArray() : [];
            var cell = MatrixFile.Of("audit", column);
            Expect(cell.Grants('R', whose), rows.Count > 0, $"{actor} reads the journal of {unit}'s sheet as {column}");
            if (rows.Count > 0)
            {
                // The administrator sees that something was done; a unit what it did itself; the agency everything.
                var withContent = actor.Role is Roles.Appraiser or Roles.AppraisalHead || whose is Whose.Own;
                Expect(withContent, rows.All(row => row!["changes"] is not null), $"{actor} sees before and after in the journal of {unit}'s sheet");
                Expect(!withContent, rows.All(row => row!["changes"] is null && row["reason"] is null), $"{actor} sees no content in the journal of {unit}'s sheet");
            }
        }

        Nothing.In(_wrong);
    }

    [Fact]
    public async Task What_others_do_to_its_sheet_a_unit_sees_done_and_not_what_was_set()
    {
        var season = new ScoringSeason(service, "SEP-R");
        var sheets = await season.SubmittedAsync();
        await season.PhaseAsync("CLUSTER_REVIEW");
        await service.EventuallyAsync(() => service.WithDatabaseAsync(db => db.Seasons.AnyAsync(row => row.Code == season.Code && row.Phase == SeasonPhase.ClusterReview)), "the phase has arrived");
        (await ScoringSeason.StepAsync(season.Unit("A"), sheets["C"], "review", new { lines = new[] { new { criterion = "II.1", points = 1, reason = "Chưa có biên bản" } } })).Expect(200);

        using var own = service.As(Roles.UnitClerk, "C");
        var review = (await own.GetJson($"journal/scoring?subject=ScoreSheet/{sheets["C"]["id"]}")).Expect(200)["items"].AsArray().First()!;

        Assert.EndsWith("/review", (string)review["action"]!, StringComparison.Ordinal);
        Assert.Equal("unit-A", (string)review["actor"]!);
        Assert.Null(review["changes"]);
        Assert.Null(review["reason"]);
    }

    private async Task<ScoringSeason> BeginAsync()
    {
        var season = new ScoringSeason(service, "SEP");
        await season.PhaseAsync("CRITERIA");
        _clusters["C2"] = await season.ClusterAsync("C2", "D", "E", s_second);
        _clusters["C1"] = await season.ClusterAsync("C1", "A", "B", s_first);
        await season.AdoptAsync(ScoringSeason.Table, "C1", "C2");
        (await season.PublishAsync(s_first.Concat(s_second).Select((unit, n) => ("PAR", unit, $"{90 + n}")))).Expect(200);
        await season.PhaseAsync("SELF_SCORING");
        foreach (var unit in s_first.Concat(s_second))
        {
            var sheet = (await season.OpenAsync(unit)).Expect(201);
            _sheets[unit] = (string)sheet["id"]!;
            (await season.Unit(unit).PutJson($"score-sheets/{_sheets[unit]}/lines", ScoringSeason.Inputs(10, 100), sheet.ETag)).Expect(200);
        }

        return season;
    }

    /// <summary>The sheets come into a state by the granted steps of the one before; only handing in is a step of its own.</summary>
    private async Task MoveToAsync(ScoringSeason season, string state)
    {
        foreach (var (unit, id) in _sheets)
        {
            var sheet = (await _auditor.GetJson($"score-sheets/{id}")).Expect(200);
            if (state == "SUBMITTED")
            {
                (await service.As(Roles.UnitClerk, unit).PostJson($"score-sheets/{id}/submit", new { }, sheet.ETag)).Expect(403); // who fills in does not hand in
                sheet = (await service.As(Roles.UnitHead, unit).PostJson($"score-sheets/{id}/submit", new { }, sheet.ETag)).Expect(200);
            }

            Assert.Equal(state, (string)sheet["state"]!);
        }

        await season.PhaseAsync(s_phases[state]);
        await service.EventuallyAsync(
            () => service.WithDatabaseAsync(db => db.Seasons.AnyAsync(row => row.Code == season.Code && row.Phase == SeasonPhases.Parse(s_phases[state]))), $"{season.Code} is in {s_phases[state]}");
    }

    private async Task ReadAsync(Actor actor, string unit, string state)
    {
        using var client = service.As(actor.Role, actor.Unit);
        var answer = await client.GetJson($"score-sheets/{_sheets[unit]}");
        var line = answer.Status == 200 ? answer["lines"].AsArray().Single(row => (string)row!["criterion"]! == "I.1")! : null;
        var (column, whose) = (ColumnOf(actor, unit), WhoseIs(actor, unit));
        foreach (var (row, layer) in new[] { ("raw", "self"), ("review", "review"), ("final", "final") })
        {
            _asked++;
            Expect(MatrixFile.Of(row, column).Grants('R', whose, state), line?[layer] is not null, $"{actor} reads “{layer}” of {unit}'s sheet in {state} as {column}, {whose}: {answer.Status}");
        }
    }

    private async Task TryForbiddenAsync(Actor actor, string unit, string state)
    {
        using var client = service.As(actor.Role, actor.Unit);
        var before = (await _auditor.GetJson($"score-sheets/{_sheets[unit]}")).Expect(200);
        foreach (var row in s_layers)
        {
            _asked++;
            if (!MayWrite(actor, row, unit, state))
            {
                var answer = await WriteAsync(client, actor, row, unit, before.ETag);
                Expect(false, answer.Status is < 400 or >= 500, $"{actor} writes “{row}” of {unit}'s sheet in {state} as {ColumnOf(actor, unit)}: {answer}");
            }
        }

        Expect(false, before.Text != (await _auditor.GetJson($"score-sheets/{_sheets[unit]}")).Expect(200).Text, $"{actor} changes {unit}'s sheet in {state}");
    }

    private async Task TakeGrantedAsync(string state)
    {
        foreach (var row in s_layers)
        {
            // The head decides last: then nobody writes any more.
            foreach (var actor in Actors.OrderBy(actor => actor.Role == Roles.AppraisalHead))
            {
                using var client = service.As(actor.Role, actor.Unit);
                foreach (var unit in _sheets.Keys.Where(unit => MayWrite(actor, row, unit, state)))
                {
                    var sheet = (await _auditor.GetJson($"score-sheets/{_sheets[unit]}")).Expect(200);
                    if (row == "final" && actor.Role == Roles.AppraisalHead && (string)sheet["state"]! == "LOCKED")
                    {
                        continue; // decided with another sheet of its cluster
                    }

                    var answer = await WriteAsync(client, actor, row, unit, sheet.ETag);
                    Expect(true, answer.Status < 300, $"{actor} writes “{row}” of {unit}'s sheet in {state}: {answer}");
                }
            }
        }
    }

    /// <summary>What the cell grants, and the separation of duties does not take back (SoD-1).</summary>
    private static bool MayWrite(Actor actor, string row, string unit, string state)
    {
        var whose = WhoseIs(actor, unit);
        var own = actor.Role switch
        {
            Roles.Appraiser => whose is Whose.Own,
            Roles.AppraisalHead => whose is Whose.Own or Whose.Cluster, // a result rests on every sheet of the cluster
            _ => false,
        };
        return !own && MatrixFile.Of(row, ColumnOf(actor, unit)).Grants('W', whose, state);
    }

    private Task<ApiAnswer> WriteAsync(HttpClient client, Actor actor, string row, string unit, string? etag) => (row, actor.Role) switch
    {
        ("raw", _) => client.PutJson($"score-sheets/{_sheets[unit]}/lines", ScoringSeason.Inputs(10, 100), etag),
        ("review", _) => client.PostJson($"score-sheets/{_sheets[unit]}/review", new { lines = Array.Empty<object>() }, etag),
        ("final", Roles.AppraisalHead) => client.PostJson($"rankings/{_clusters[s_first.Contains(unit) ? "C1" : "C2"]}/decide", new { document = "QĐ 5" }),
        _ => client.PostJson($"score-sheets/{_sheets[unit]}/appraise", new { lines = Array.Empty<object>() }, etag),
    };

    private static Task<ApiAnswer> PublishAsync(HttpClient client, string season) => ScoringSeason.KnownAsync(() =>
        client.PostJson("published-results", new { season, results = new[] { new { index = "PAR", unit = "A", value = "91", document = "QĐ 24" } } }));

    private void Expect(bool granted, bool done, string what)
    {
        if (granted != done)
        {
            _wrong.Add($"{(granted ? "should, and cannot" : "should not, and can")}: {what}");
        }
    }

    private static Whose WhoseIs(Actor actor, string unit) => actor.Unit is not { } own || own == "CAT" ? Whose.Outside
        : own == unit ? Whose.Own
        : s_first.Contains(own) == s_first.Contains(unit) ? Whose.Cluster : Whose.Foreign;

    /// <summary>The column by which the account is judged over a thing of that unit.</summary>
    private static string ColumnOf(Actor actor, string unit) => actor.Role switch
    {
        Roles.UnitClerk or Roles.UnitHead when actor.Unit == unit => "unit",
        Roles.UnitHead when actor.Unit is "A" or "B" or "D" or "E" => "leader_deputy",
        Roles.UnitClerk or Roles.UnitHead => "member",
        Roles.CouncilSecretary or Roles.CouncilMember or Roles.CouncilChair => "council",
        _ => actor.Role,
    };

    private static IEnumerable<string> ColumnsOf(Actor actor) => actor.Role is Roles.UnitClerk or Roles.UnitHead ? ["unit", ColumnOf(actor, "nobody")] : [ColumnOf(actor, "nobody")];

    private sealed record Actor(string Role, string? Unit)
    {
        public override string ToString() => Unit is null ? Role : $"{Role} of {Unit}";
    }
}
