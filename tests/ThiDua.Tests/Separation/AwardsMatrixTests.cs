using System.Text.Json.Nodes;
using ThiDua.Awards.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>
/// The rows of the layer matrix that the awards service keeps: confirmations (F-26), exclusions, and its audit trail. A leads C1
/// with B as deputy, C is a member, D leads C2; CAT, the police, confirms road safety, and the tax office's matter is not theirs.
/// </summary>
public sealed class AwardsMatrixTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    private const string Police = "TRAFFIC_SAFETY";
    private const string Tax = "TAX";
    private static readonly string[] s_units = ["A", "B", "C", "D"];
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead];
    private static readonly string[] s_council = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];

    private static readonly (string Role, string? Unit)[] s_actors =
    [
        .. s_units.SelectMany(unit => new (string, string?)[] { (Roles.UnitClerk, unit), (Roles.UnitHead, unit) }),
        (Roles.Appraiser, null), (Roles.Appraiser, "C"), (Roles.AppraisalHead, null), (Roles.AppraisalHead, "C"),
        (Roles.DataProvider, "CAT"), (Roles.DataProvider, null), (Roles.Admin, null),
        (Roles.CouncilSecretary, null), (Roles.CouncilMember, null), (Roles.CouncilChair, null), (Roles.UnitHead, null),
    ];

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Confirmations_are_read_by_whom_the_matrix_names()
    {
        await PrepareAsync("CON-R");
        var asked = 0;
        foreach (var ((role, of), unit, topic) in Every())
        {
            using var client = host.As(role, of);
            var rows = await RowsAsync(client, $"confirmations?season=CON-R&unit={unit}&topic={topic}");
            var cell = MatrixFile.Of("confirmations", ColumnOf(role, of, unit));
            var granted = role == Roles.DataProvider ? of == "CAT" && topic == Police && cell.Clauses.Any(clause => clause is { Verb: 'R', On: "topic" }) : cell.Grants('R', WhoseIs(of, unit));
            Expect(granted, rows.Count > 0, $"{role} of {of} reads {topic} of {unit}");
            Expect(true, rows.All(row => (row!["document"] is null && row["provider"] is null && row["by_name"] is null && row["note"] is null) == cell.Clauses.Any(clause => clause.OnlyStatus)), $"{role} of {of} sees the source of {topic} of {unit}");
            asked++;
        }

        Nothing.In(_wrong);
        Assert.Equal(s_actors.Length * s_units.Length * 2, asked);
    }

    [Fact]
    public async Task Confirmations_are_written_by_whom_the_matrix_names_and_never_of_the_own_unit()
    {
        await PrepareAsync("CON-W");
        foreach (var ((role, of), unit, topic) in Every())
        {
            using var client = host.As(role, of);
            var before = await SaidAsync("CON-W");
            var answer = await client.PostJson("confirmations", Confirmation("CON-W", unit, topic, "CONFIRMED", $"CV {role} {of}", "Bổ sung"));
            var cell = MatrixFile.Of("confirmations", ColumnOf(role, of, unit));
            var granted = of != unit && (role == Roles.DataProvider
                ? of == "CAT" && topic == Police && cell.Clauses.Any(clause => clause is { Verb: 'W', On: "topic" })
                : cell.Grants('W', WhoseIs(of, unit)));
            Expect(granted, answer.Status == 200, $"{role} of {of} says {topic} of {unit}: {answer}");
            Expect(granted, before != await SaidAsync("CON-W"), $"{role} of {of} changed what is said on {topic} of {unit}");
        }

        Nothing.In(_wrong);
    }

    [Fact]
    public async Task Exclusions_are_read_and_written_by_whom_the_matrix_names()
    {
        await PrepareAsync("EXC");
        foreach (var unit in s_units)
        {
            (await host.As(Roles.Appraiser).PostJson("exclusions", Exclusion("EXC", unit, "CV 1"))).Expect(200);
        }

        foreach (var (role, of) in s_actors)
        {
            using var client = host.As(role, of);
            foreach (var unit in s_units)
            {
                var cell = MatrixFile.Of("exclusions", ColumnOf(role, of, unit));
                var rows = await RowsAsync(client, $"exclusions?season=EXC&unit={unit}");
                Expect(cell.Grants('R', WhoseIs(of, unit)), rows.Count > 0, $"{role} of {of} reads the exclusions of {unit}");
                Expect(true, rows.All(row => (row!["document"] is null && row["ground"] is null && row["placed_by"] is null) == cell.Clauses.Any(clause => clause.OnlyStatus)), $"{role} of {of} sees the source of an exclusion of {unit}");
                var answer = await client.PostJson("exclusions", Exclusion("EXC", unit, $"CV {role} {of}"));
                Expect(of != unit && cell.Grants('W', WhoseIs(of, unit)), answer.Status == 200, $"{role} of {of} places an exclusion of {unit}: {answer}");
            }
        }

        Nothing.In(_wrong);
    }

    [Fact]
    public async Task A_denied_confirmation_excludes_nobody_by_itself()
    {
        await PrepareAsync("DENY");
        using var police = host.As(Roles.DataProvider, "CAT");
        (await police.PostJson("confirmations", Confirmation("DENY", "C", Police, "DENIED", "CV 9/CAT", "Có vụ việc"))).Expect(200);

        Assert.Empty(await RowsAsync(host.As(Roles.Appraiser), "exclusions?season=DENY&unit=C"));
        var own = Assert.Single(await RowsAsync(host.As(Roles.UnitHead, "C"), $"confirmations?season=DENY&topic={Police}"))!;
        Assert.Equal(("DENIED", 2), ((string)own["status"]!, (int)own["version"]!));
    }

    [Fact]
    public async Task What_was_said_is_corrected_with_a_reason_and_only_for_topics_that_there_are()
    {
        await PrepareAsync("FIX");
        using var police = host.As(Roles.DataProvider, "CAT");
        var same = (await police.PostJson("confirmations", Confirmation("FIX", "A", Police, "CONFIRMED", "CV 5", null))).Expect(200);
        Assert.Equal((0, 1), ((int)same["said"], (int)same["unchanged"]));
        Assert.Equal([("MISSING_REASON", "/confirmations/0")], (await police.PostJson("confirmations", Confirmation("FIX", "A", Police, "DENIED", "CV 6", null))).Expect(422).Errors);
        Assert.Equal([("UNKNOWN_KEY", "/confirmations/0/topic")], (await host.As(Roles.Appraiser).PostJson("confirmations", Confirmation("FIX", "A", "WEATHER", "DENIED", "CV 6", null))).Expect(422).Errors);
        (await police.PostJson("confirmations", Confirmation("FIX", "A", Tax, "CONFIRMED", "CV 6", "Sửa"))).Expect(403, "not-own-topic");
        (await host.As(Roles.DataProvider, "NOBODY").PostJson("confirmations", Confirmation("FIX", "A", Police, "CONFIRMED", "CV 6", "Sửa"))).Expect(403, "not-own-topic");
        (await host.As(Roles.Appraiser, "A").PostJson("confirmations", Confirmation("FIX", "A", Police, "CONFIRMED", "CV 6", "Sửa"))).Expect(403, "own-unit");
        Assert.Equal([("PERIODS_OVERLAP", "/valid_from")], (await host.As(Roles.Admin).PostJson($"confirmation-topics/{Police}/providers", new { provider = "CAT", valid_from = "2024-01-01", document = "CV 1" })).Expect(422).Errors);
        (await host.As(Roles.Admin).PostJson("confirmation-topics/WEATHER/providers", new { provider = "CAT", valid_from = "2024-01-01", document = "CV 1" })).Expect(404);
        Assert.Equal(11, (await RowsAsync(host.As(Roles.UnitClerk, "A"), "confirmation-topics")).Count);
    }

    [Fact]
    public async Task The_audit_trail_opens_no_more_than_the_thing_itself()
    {
        await PrepareAsync("AUD");
        var said = (await host.As(Roles.Auditor).GetJson($"confirmations?season=AUD&unit=C&topic={Police}")).Expect(200)["items"][0]!["id"];
        foreach (var (role, of) in s_actors)
        {
            using var client = host.As(role, of);
            var column = ColumnOf(role, of, "C");
            var rows = await RowsAsync(client, $"journal/awards?subject=Confirmation/{said}");
            var metadata = MatrixFile.Of("audit", column).Clauses.Any(clause => clause is { Verb: 'R', On: "metadata" });
            var granted = MatrixFile.Of("audit", column).Grants('R', WhoseIs(of, "C")) && (metadata || MatrixFile.Of("confirmations", column).Grants('R', WhoseIs(of, "C")));
            Expect(granted, rows.Count > 0, $"{role} of {of} reads the journal of a confirmation about C");
            Expect(true, rows.All(row => row!["changes"] is not null == s_agency.Contains(role)), $"{role} of {of} sees the content of a journal row that is another's");
        }

        Nothing.In(_wrong);
    }

    private static IEnumerable<((string Role, string? Unit) Actor, string Unit, string Topic)> Every() =>
        s_actors.SelectMany(actor => s_units.SelectMany(unit => new[] { (actor, unit, Police), (actor, unit, Tax) }));

    /// <summary>Two clusters, the police with its topic, and something said of everybody on both topics.</summary>
    private async Task PrepareAsync(string code)
    {
        var season = new AwardSeason(host, code);
        await season.PhaseAsync("APPRAISAL");
        await season.FormAsync("C1", "A", "B", "C");
        await season.FormAsync("C2", "D", "E");
        if ((await RowsAsync(host.As(Roles.Admin), "confirmation-topics")).Single(topic => (string)topic!["code"]! == Police)!["providers"]!.AsArray().Count == 0)
        {
            await host.As(Roles.Admin).PostJson($"confirmation-topics/{Police}/providers", new { provider = "CAT", valid_from = "2020-01-01", document = "CV 40/SNV" }); // another test may be quicker
        }

        foreach (var unit in s_units)
        {
            (await AwardSeason.Known(() => host.As(Roles.DataProvider, "CAT").PostJson("confirmations", Confirmation(code, unit, Police, "CONFIRMED", "CV 5", null)))).Expect(200);
            (await AwardSeason.Known(() => host.As(Roles.Appraiser).PostJson("confirmations", Confirmation(code, unit, Tax, "NOTHING_TO_REPORT", "CV 6", null)))).Expect(200);
        }
    }

    private async Task<string> SaidAsync(string season) => (await host.As(Roles.Auditor).GetJson($"confirmations?season={season}&limit=200")).Expect(200).Text;

    private static async Task<JsonArray> RowsAsync(HttpClient client, string path)
    {
        var answer = await client.GetJson(path);
        Assert.True(answer.Status is 200 or 403, answer.ToString());
        return answer.Status == 200 ? answer["items"].AsArray() : [];
    }

    private static object Confirmation(string season, string unit, string topic, string status, string document, string? reason) =>
        new { season, confirmations = new[] { new { unit, topic, status, document } }, reason };

    private static object Exclusion(string season, string unit, string document) =>
        new { exclusions = new[] { new { season, unit, type = "SUSPECTED_PENDING", status = "PENDING", ground = "Đơn thư", document } } };

    private void Expect(bool granted, bool done, string what)
    {
        if (granted != done)
        {
            _wrong.Add($"{(granted ? "should, and does not" : "should not, and does")}: {what}");
        }
    }

    private static Whose WhoseIs(string? of, string unit) => of is null or "CAT" ? Whose.Outside : of == unit ? Whose.Own : (of == "D") == (unit == "D") ? Whose.Cluster : Whose.Foreign;

    private static string ColumnOf(string role, string? of, string unit) => role switch
    {
        Roles.UnitClerk or Roles.UnitHead when of == unit => "unit",
        Roles.UnitHead when of is "A" or "B" or "D" => "leader_deputy",
        Roles.UnitClerk or Roles.UnitHead => "member",
        _ => s_council.Contains(role) ? "council" : role,
    };
}
