using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>The row “ballots” of the layer matrix: every role, as a stranger, of a unit, and under the name of a member of the council.</summary>
public sealed class BallotMatrixTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    private const int Members = 4;

    /// <summary>What no unit may learn of, whoever of it did it.</summary>
    private static readonly string[] s_kept =
    [
        "AgendaItem", "Ballot", "Consultation", "Council", "CouncilMembership", "CouncilSession", "Nomination", "NominationList", "PaperGiven", "Revocation",
    ];

    private readonly List<string> _wrong = [];

    [Fact]
    public async Task Each_member_has_the_own_ballot_and_nobody_else_has_any()
    {
        var season = new AwardSeason(host, "BAL");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        var council = new CouncilScene(host, season, Members);
        await council.CallAsync("C1");
        (await council.AttendAsync(Members)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        var actors = Actors(council);
        var cast = 0;
        foreach (var actor in actors)
        {
            using var client = host.As(actor.Role, actor.Unit, actor.Subject);
            var cell = MatrixFile.Of("ballots", ColumnOf(actor));
            var counts = cell.Grants('R', "counts");
            var isVoter = cell.Grants('W', Whose.Own) && council.Members.Contains(actor.Subject);
            Expect(counts ? 200 : 403, await client.GetJson("ballots?season=BAL"), $"{actor} reads what was voted");
            Expect(counts ? 409 : 403, await client.GetJson(Address(council, "count")), $"{actor} reads a count before there is one");
            Expect(actor.Role == Roles.CouncilSecretary ? 422 : 403, await client.PostJson("ballots", new { season = "BAL", award = "PROVINCIAL_FLAG", cluster = "C1", members = 4, yes = 5 }), $"{actor} records a tally");
            foreach (var (step, of) in new[] { ("open", Roles.CouncilSecretary), ("close", Roles.CouncilSecretary), ("confirm", Roles.CouncilChair), ("void", Roles.CouncilChair) })
            {
                if (actor.Role != of)
                {
                    Expect(403, await council.StepAsync(client, 0, step, step is "open" or "close" ? null : new { minutes = "BB", reason = "Lý do" }), $"{actor} takes the step {step}");
                }
            }

            // A session is read by the agency and the administrator too: without a word about papers.
            var session = await client.GetJson($"council-sessions/{council.Session}");
            if (session.Status == 200 && counts != session["agenda"].AsArray().Single()!["in_box"] is not null)
            {
                _wrong.Add($"{actor} sees the box: {session}");
            }

            var drawn = await council.DrawAsync(client, 0);
            Expect(isVoter ? 200 : 403, drawn, $"{actor} draws a paper");
            if (isVoter && drawn.Status == 200)
            {
                var token = (string)drawn["token"]!;
                Expect(409, await council.DrawAsync(client, 0), $"{actor} draws a second paper");
                Expect(204, await council.CastAsync(client, 0, token, "YES"), $"{actor} casts the own paper");
                Expect(409, await council.CastAsync(client, 0, token, "NO"), $"{actor} casts it twice");
                cast++;
            }
            else
            {
                Expect(cell.Grants('W', Whose.Own) ? 422 : 403, await council.CastAsync(client, 0, "khong-phai-phieu", "YES"), $"{actor} casts without a paper");
            }
        }

        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        foreach (var actor in actors)
        {
            using var client = host.As(actor.Role, actor.Unit, actor.Subject);
            var counts = MatrixFile.Of("ballots", ColumnOf(actor)).Grants('R', "counts");
            Expect(counts ? 200 : 403, await client.GetJson(Address(council, "count")), $"{actor} reads the count");
            var session = await client.GetJson($"council-sessions/{council.Session}");
            if (session.Status == 200 && counts != session["agenda"].AsArray().Single()!["tally"] is not null)
            {
                _wrong.Add($"{actor} sees the tally: {session}");
            }
        }

        Nothing.In(_wrong);
        Assert.Equal((3, 3), (cast, (int)(await council.CountAsync(0)).Expect(200)["cast"]));
    }

    [Fact]
    public async Task No_unit_learns_from_the_journal_what_the_council_or_the_agency_does_about_awards()
    {
        var season = new AwardSeason(host, "BAJ");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        await host.PublishAsync(new HolidaysChanged { Version = 1, Days = [] });
        var council = new CouncilScene(host, season, Members);
        council.Units[2] = "C"; // the council's members belong to units, which learn nothing by that
        await council.CallAsync("C1");
        (await council.AttendAsync(Members)).Expect(200);
        var flag = (string)(await season.Appraiser.GetJson("nominations?season=BAJ")).Expect(200)["items"].AsArray().Single(item => (string)item!["award"]! == "PROVINCIAL_FLAG")!["id"]!;
        using var appraiser = host.As(Roles.Appraiser, "B");
        var consultation = (await AwardSeason.Known(() => appraiser.PostJson("public-comments", new { season = "BAJ", award = "GOVERNMENT_FLAG", nominations = new[] { flag }, document = "TB 1", contact = "tdkt@example.vn" }))).Expect(201);
        (await appraiser.PostJson($"public-comments/{consultation["id"]}/comments", new { unit = "A", text = "Ý kiến", received_on = CouncilScene.Today }, consultation.ETag)).Expect(200);

        using var secretary = host.As(Roles.CouncilSecretary, "C");
        (await council.StepAsync(secretary, 0, "open")).Expect(200);
        for (var member = 1; member <= Members; member++)
        {
            using var voter = host.As(Roles.CouncilMember, member % 2 == 0 ? "C" : "A", council.Members[member - 1]);
            var token = (string)(await council.DrawAsync(voter, 0)).Expect(200)["token"]!;
            (await council.CastAsync(voter, 0, token, "YES")).Expect(204);
        }

        (await council.StepAsync(secretary, 0, "close")).Expect(200);
        using var chair = host.As(Roles.CouncilChair, "A", council.Members[0]);
        (await council.StepAsync(chair, 0, "confirm", new { minutes = "BB 7" })).Expect(200);
        (await host.As(Roles.AppraisalHead, "B").PostJson("revocations", new { nomination_id = flag, award = "PROVINCIAL_FLAG", ground = "FALSE_DOCUMENTS", document = "KL 1", reason = "Giả" })).Expect(201);
        (await host.As(Roles.Appraiser).PostJson("exclusions", new { exclusions = new[] { new { season = "BAJ", unit = "A", type = "SUSPECTED_PENDING", status = "PENDING", ground = "Đơn thư", document = "CV 1" } } })).Expect(200);

        // All of it is in the journal, and A, which leads, B, its deputy, and C see of it only the exclusion of A.
        Assert.Empty(s_kept.Except((await JournalAsync(Roles.Auditor, null)).SelectMany(TypesOf)));
        foreach (var unit in new[] { "A", "B", "C" })
        {
            foreach (var role in new[] { Roles.UnitClerk, Roles.UnitHead })
            {
                var rows = await JournalAsync(role, unit);
                _wrong.AddRange(rows.Where(row => TypesOf(row).Intersect(s_kept).Any()).Select(row => $"{role} of {unit} sees {row.ToJsonString()}"));
                Assert.Equal(unit == "A", rows.Any(row => TypesOf(row).Contains("RegisteredExclusion")));
            }
        }

        Nothing.In(_wrong);
    }

    [Fact] // a new thing that names a unit or a cluster is open to it unless it is kept: here stands what is open
    public Task What_units_learn_from_the_journal_is_known_by_name() => host.WithDatabaseAsync(db =>
    {
        var open = db.Model.GetEntityTypes()
            .Where(type => (type.FindProperty("Unit") ?? type.FindProperty("ClusterId")) is not null && type.FindAnnotation("ThiDua:NotJournalled") is null && type.FindAnnotation("ThiDua:KeptFromUnits") is null)
            .Select(type => type.ClrType.Name).Except([nameof(JournalEntry)]).Order(StringComparer.Ordinal);
        Assert.Equal(["Confirmation", "RegisteredExclusion"], open);
        return Task.FromResult(true);
    });

    /// <summary>Strangers with each role, of no unit and of the unit voted on; members with each role: three in a council's role, the others with the fourth's name.</summary>
    private static IReadOnlyList<Actor> Actors(CouncilScene council)
    {
        string[] seats = [Roles.CouncilChair, Roles.CouncilMember, Roles.CouncilSecretary];
        return
        [
            .. Roles.All.Where(role => role != Roles.Auditor).SelectMany(role => new Actor[]
            {
                new(role, null, $"stranger-{role}"), new(role, "A", $"of-A-{role}"), new(role, "C", $"of-C-{role}"),
                new(role, null, council.Members[Array.IndexOf(seats, role) is var place and >= 0 ? place : Members - 1]),
            }),
        ];
    }

    private async Task<List<JsonNode>> JournalAsync(string role, string? unit)
    {
        using var client = host.As(role, unit);
        List<JsonNode> rows = [];
        for (string? next = ""; next is not null;)
        {
            var page = (await client.GetJson($"journal/awards?limit=200{(next.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(next)}")}")).Expect(200);
            rows.AddRange(page["items"].AsArray().Select(row => row!));
            next = (string?)page.Json!["next"];
        }

        return rows;
    }

    private static IEnumerable<string> TypesOf(JsonNode row) => row["subjects"]!.AsArray().Select(subject => ((string)subject!).Split('/')[0]);

    private static string Address(CouncilScene council, string what) => $"council-sessions/{council.Session}/items/{council.Items[0]}/{what}";

    private void Expect(int status, ApiAnswer answer, string what)
    {
        if (answer.Status != status)
        {
            _wrong.Add($"{what}: expected {status}: {answer}");
        }
    }

    private static string ColumnOf(Actor actor) => actor.Role switch
    {
        Roles.UnitHead when actor.Unit == "A" => "leader_deputy",
        Roles.UnitClerk or Roles.UnitHead => actor.Unit is null ? "unit" : "member",
        Roles.CouncilSecretary or Roles.CouncilMember or Roles.CouncilChair => "council",
        _ => actor.Role,
    };

    private sealed record Actor(string Role, string? Unit, string Subject)
    {
        public override string ToString() => $"{Role} {Subject}";
    }
}
