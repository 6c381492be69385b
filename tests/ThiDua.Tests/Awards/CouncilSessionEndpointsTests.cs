using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

public sealed class CouncilSessionEndpointsTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    [Fact] // EX-14, F-19, F-20
    public async Task Seventeen_members_fourteen_present_thirteen_in_favour_fails_and_one_letter_more_passes()
    {
        await using var decided = await host.CollectAsync<AwardDecided>();
        await using var counted = await host.CollectAsync<BallotCounted>();
        var (season, council) = await SceneAsync("ex14", 17, clusters: 2);
        (await council.AttendAsync(present: 14)).Expect(200);
        string[] thirteen = [.. Enumerable.Repeat("YES", 13), "NO"];

        (await council.DecideAsync(0, thirteen)).Expect(200);
        Assert.Equal(14, (int)(await council.AttendAsync(present: 14, written: 1)).Expect(200)["quorum"]!["counted"]!);
        (await council.DecideAsync(1, [.. thirteen, "YES"])).Expect(200);

        Assert.Equal(["C1 PROVINCIAL_FLAG 1 A1 FAILED", "C2 PROVINCIAL_FLAG 1 A2 PASSED"], (await season.NominationsAsync()).Where(line => line.Contains("FLAG", StringComparison.Ordinal)));
        var votes = (await decided.CountAsync(2, award => award.Season == "ex14")).OrderBy(award => award.Unit);
        Assert.Equal([("A1", false, 13, 17, 14), ("A2", true, 14, 17, 14)], votes.Select(award => (award.Unit, award.Passed, award.Yes, award.Members, award.Needed)));
        var count = (await council.CountAsync(1)).Expect(200);
        Assert.Equal((15, 15, 15, 14, 1, 0, true, true), ((int)count["papers_made"], (int)count["handed_out"], (int)count["cast"], (int)count["yes"], (int)count["no"], (int)count["blank"], (bool)count["passed"], (bool)count["matches"]));
        Assert.Equal(2, (await council.Secretary.GetJson("ballots?season=ex14"))["items"].AsArray().Count);

        var told = (await counted.CountAsync(2, ballot => ballot.Season == "ex14")).OrderBy(ballot => ballot.Position).ToList();
        Assert.Equal(
            [("A1", 1, 1, 17, 0, 14, 13, 1, 0, 14, false), ("A2", 2, 1, 17, 0, 15, 14, 1, 0, 14, true)],
            told.Select(ballot => (ballot.Unit, ballot.Position, ballot.Round, ballot.Members, ballot.Recused, ballot.HandedOut, ballot.Yes, ballot.No, ballot.Blank, ballot.Needed, ballot.Passed)));
        Assert.Equal(votes.Select(award => (award.NominationId, award.Version, award.At)), told.Select(ballot => (ballot.NominationId, ballot.Version, ballot.At)));
        Assert.Equal(
            (council.Session, CouncilScene.Today, "GM 5/GM-HĐ", council.Code, "Hội đồng Thi đua - Khen thưởng tỉnh", "BB 7/BB-HĐ", "PROVINCIAL_FLAG"),
            (told[1].SessionId, told[1].SessionDate, told[1].SessionDocument, told[1].Council, told[1].CouncilName, told[1].Minutes, told[1].Award));
        Assert.Equal(("CHAIR", "VICE"), (told[1].Attendance[0].Role, told[1].Attendance[1].Role));
        Assert.Equal([(14, "PRESENT"), (1, "WRITTEN_OPINION"), (2, "ABSENT")], told[1].Attendance.GroupBy(member => member.Kind).Select(kind => (kind.Count(), kind.Key)));
    }

    [Fact] // F-19: 80 % of 17 are 14
    public async Task Without_a_quorum_nothing_is_voted_on()
    {
        var (_, council) = await SceneAsync("quorum", 17);

        (await council.StepAsync(council.Secretary, 0, "open")).Expect(409, "no-quorum");
        var session = (await council.AttendAsync(present: 13, written: 4)).Expect(200);
        Assert.Equal((17, 13, 14, false), ((int)session["quorum"]!["members"]!, (int)session["quorum"]!["counted"]!, (int)session["quorum"]!["needed"]!, (bool)session["quorum"]!["is_reached"]!));
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(409, "no-quorum");
        (await council.AttendAsync(present: 14)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
    }

    [Fact]
    public async Task A_member_of_the_unit_gets_no_paper_and_still_counts_among_all_members()
    {
        var (season, council) = await SceneAsync("recused", 5, units: new() { [5] = "A1" });
        (await council.AttendAsync(present: 5)).Expect(200);
        var opened = (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        Assert.Equal((4, 1), ((int)opened["agenda"]![0]!["papers"]!, (int)opened["agenda"]![0]!["recused"]!));

        (await council.DrawAsync(council.Member(5), 0)).Expect(403, "recused");
        for (var member = 1; member <= 3; member++)
        {
            await council.VoteAsync(member, 0, "YES");
        }

        await council.VoteAsync(4, 0, "BLANK");
        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        (await council.StepAsync(council.Chair, 0, "confirm", new { minutes = "BB 1" })).Expect(200);

        var count = (await council.CountAsync(0)).Expect(200);
        Assert.Equal((5, 4, 3, false), ((int)count["counted_against"], (int)count["needed"], (int)count["yes"], (bool)count["passed"])); // of the four voters three were enough
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A1 FAILED", (await season.NominationsAsync())[0]);
    }

    [Fact]
    public async Task A_secretary_who_is_no_member_does_not_vote_and_nobody_votes_twice()
    {
        var (_, council) = await SceneAsync("papers", 5);
        (await council.AttendAsync(present: 4)).Expect(200);
        (await council.DrawAsync(council.Member(1), 0)).Expect(409, "not-voting");
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);

        (await council.DrawAsync(council.Secretary, 0)).Expect(403, "not-a-member");
        (await council.DrawAsync(council.Member(5), 0)).Expect(403, "not-attending");
        (await council.DrawAsync(host.As(Roles.Appraiser, subject: council.Members[0]), 0)).Expect(403, "forbidden");
        Assert.Equal([("NOT_TAKEN", "")], (await council.DrawAsync(council.Member(1), 0, "my-key")).Expect(422, "no-idempotency-key").Errors);
        var token = (string)(await council.DrawAsync(council.Member(1), 0)).Expect(200)["token"]!;
        (await council.DrawAsync(council.Member(1), 0)).Expect(409, "paper-given");

        Assert.Equal([("UNKNOWN_PAPER", "/token")], (await council.CastAsync(council.Member(1), 0, "made-up", "YES")).Expect(422).Errors);
        (await council.CastAsync(council.Member(1), 0, token, "YES", "my-key")).Expect(422, "no-idempotency-key");
        (await council.CastAsync(council.Member(1), 0, token, "YES")).Expect(204);
        (await council.CastAsync(council.Member(1), 0, token, "NO")).Expect(409, "paper-cast");
        (await council.CountAsync(0)).Expect(409, "not-counted");
        (await council.AttendAsync(present: 5)).Expect(409, "vote-open");

        var second = (string)(await council.DrawAsync(council.Member(2), 0)).Expect(200)["token"]!;
        var turnout = (await council.ReadAsync()).Expect(200)["agenda"][0]!;
        Assert.Equal((2, 1, null), ((int)turnout["handed_out"]!, (int)turnout["in_box"]!, turnout["tally"])); // how many, never what
        (await council.StepAsync(council.Chair, 0, "close")).Expect(403, "forbidden");
        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        (await council.CastAsync(council.Member(2), 0, second, "YES")).Expect(409, "not-voting");
        (await council.DrawAsync(council.Member(3), 0)).Expect(409, "not-voting");
        var count = (await council.CountAsync(0)).Expect(200);
        Assert.Equal((4, 2, 1, 1), ((int)count["papers_made"], (int)count["handed_out"], (int)count["cast"], (int)count["yes"]));
    }

    [Fact]
    public async Task Of_papers_drawn_and_cast_at_once_each_counts_once()
    {
        var (_, council) = await SceneAsync("race", 10);
        (await council.AttendAsync(present: 10)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);

        var drawn = await Task.WhenAll(Enumerable.Range(1, 10).SelectMany(member => new[] { member, member }).Select(member => council.DrawAsync(council.Member(member), 0)));
        Assert.Equal(10, drawn.Count(answer => answer.Status == 200));
        Assert.All(drawn.Where(answer => answer.Status != 200), answer => answer.Expect(409, "paper-given"));
        var tokens = drawn.Where(answer => answer.Status == 200).Select(answer => (string)answer["token"]!).ToList();
        Assert.Equal(10, tokens.Distinct().Count());

        var cast = await Task.WhenAll(tokens.SelectMany(token => new[] { token, token }).Select((token, index) => council.CastAsync(council.Member(1), 0, token, index % 3 == 0 ? "NO" : "YES")));
        Assert.Equal(10, cast.Count(answer => answer.Status == 204));
        Assert.All(cast.Where(answer => answer.Status != 204), answer => answer.Expect(409, "paper-cast"));
        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        Assert.Equal(10, (int)(await council.CountAsync(0)).Expect(200)["cast"]);
    }

    [Fact]
    public async Task The_chair_confirms_what_the_secretary_counted_and_a_changed_paper_is_found()
    {
        var (season, council) = await SceneAsync("recount", 5);
        (await council.AttendAsync(present: 5)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        await council.VoteAsync(1, 0, "NO");
        await council.VoteAsync(2, 0, "YES");
        (await council.StepAsync(council.Chair, 0, "confirm", new { minutes = "BB 1" })).Expect(409, "wrong-state");
        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "confirm", new { minutes = "BB 1" })).Expect(403, "forbidden");
        (await council.StepAsync(host.As(Roles.CouncilChair), 0, "confirm", new { minutes = "BB 1" })).Expect(403, "not-the-chair");
        Assert.Equal([("MISSING_PROPERTY", "/minutes")], (await council.StepAsync(council.Chair, 0, "confirm", new { })).Expect(422).Errors);
        (await council.Chair.PostJson($"council-sessions/{council.Session}/items/{council.Items[0]}/confirm", new { minutes = "BB 1" })).Expect(428);

        var item = Guid.Parse(council.Items[0]);
        await host.WithDatabaseAsync(db => db.Database.ExecuteSqlAsync($"update counted_papers set choice = 'Yes' where item_id = {item} and choice = 'No'"));
        Assert.False((bool)(await council.CountAsync(0)).Expect(200)["matches"]);
        (await council.StepAsync(council.Chair, 0, "confirm", new { minutes = "BB 1" })).Expect(409, "count-differs");

        (await council.StepAsync(council.Chair, 0, "void", new { reason = "Phiếu đã bị sửa" })).Expect(200);
        (await council.DecideAsync(0, ["YES", "YES", "YES", "YES", "NO"])).Expect(200);
        Assert.Equal((2, 4, true), ((int)(await council.CountAsync(0))["round"], (int)(await council.CountAsync(0))["yes"], (bool)(await council.CountAsync(0))["matches"]));
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A1 PASSED", (await season.NominationsAsync())[0]);
        (await season.VoteAsync("C1", 17)).Expect(422); // what was voted in secret is not recorded a second time by hand
    }

    [Fact]
    public async Task Who_counted_does_not_confirm_even_in_the_chair()
    {
        var (_, council) = await SceneAsync("both", 5);
        (await council.AttendAsync(present: 5)).Expect(200);
        var both = host.As([Roles.CouncilSecretary, Roles.CouncilChair], subject: council.Members[0]);
        (await council.StepAsync(both, 0, "open")).Expect(200);
        (await council.StepAsync(both, 0, "close")).Expect(200);

        (await council.StepAsync(both, 0, "confirm", new { minutes = "BB 1" })).Expect(403, "counter-confirms");
    }

    [Fact]
    public async Task Facts_that_change_under_the_vote_void_it()
    {
        var (season, council) = await SceneAsync("changed", 5);
        (await council.AttendAsync(present: 5)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        await council.VoteAsync(1, 0, "YES");
        (await season.ExcludeAsync("A1", "PENDING")).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "close")).Expect(200);

        (await council.StepAsync(council.Chair, 0, "confirm", new { minutes = "BB 1" })).Expect(409, "facts-changed");
        (await season.NominateAsync("C1")).Expect(201);
        (await council.StepAsync(council.Chair, 0, "void", new { reason = "Đơn vị đang bị xem xét" })).Expect(200);
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await council.StepAsync(council.Secretary, 0, "open")).Expect(422).Errors); // on hold now
        Assert.Empty((await council.Secretary.GetJson("ballots?season=changed"))["items"].AsArray());
    }

    [Fact]
    public async Task The_composition_of_a_day_on_which_votes_were_held_stays()
    {
        var (_, council) = await SceneAsync("composed", 5);
        (await council.AttendAsync(present: 5)).Expect(200);
        (await council.StepAsync(council.Secretary, 0, "open")).Expect(200);
        var path = $"councils/{council.Code}";
        var etag = (await council.Admin.GetJson(path)).Expect(200).ETag;

        (await council.Admin.PutJson(path, council.Composition(CouncilScene.Today.AddDays(1)), etag)).Expect(409, "session-held");
        (await council.Admin.PutJson(path, council.Composition(CouncilScene.Today.AddDays(-1)), etag)).Expect(200); // the same people on that day
        Assert.Equal(0, (int)(await council.Admin.GetJson($"{path}?as_of={CouncilScene.Today.AddDays(-2):yyyy-MM-dd}")).Expect(200)["size"]);
        Assert.Equal(5, (int)(await council.Admin.GetJson(path)).Expect(200)["size"]);
        (await council.Secretary.PostJson("councils", council.Composition())).Expect(403, "forbidden");
        (await council.Admin.PostJson("councils", council.Composition())).Expect(409, "already-exists");
    }

    [Fact]
    public async Task A_session_names_what_is_wrong_with_its_agenda()
    {
        var (season, council) = await SceneAsync("agenda", 5);
        var nominations = (await season.Appraiser.GetJson("nominations?season=agenda"))["items"].AsArray();
        var (flag, merit) = ((string)nominations[0]!["id"]!, (string)nominations[1]!["id"]!);
        object Session(string kind, params object[] agenda) => new { council = council.Code, season = "agenda", date = CouncilScene.Today.AddDays(1), kind, document = "GM 1", agenda };

        Assert.Equal(
            [("DUPLICATE_CODE", "/agenda/1"), ("UNKNOWN_NOMINATION", "/agenda/2/nomination_id"), ("BALLOT_NOT_CANDIDATE", "/agenda/3/award"), ("MISSING_PROPERTY", "/agenda/4/award")],
            (await council.Secretary.PostJson("council-sessions", Session(
                "AWARDS",
                new { nomination_id = flag, award = "PROVINCIAL_FLAG" },
                new { nomination_id = flag, award = "PROVINCIAL_FLAG" },
                new { nomination_id = merit, award = "PROVINCIAL_FLAG" },
                new { nomination_id = flag, award = "CHAIRMAN_MERIT" },
                new { nomination_id = flag }))).Expect(422).Errors);
        Assert.Equal([("AWARD_IN_ORDINARY_SESSION", "/agenda/0")], (await council.Secretary.PostJson("council-sessions", Session("ORDINARY", new { nomination_id = flag, award = "PROVINCIAL_FLAG" }))).Expect(422).Errors);
        (await council.Admin.PostJson("council-sessions", Session("ORDINARY", new { topic = "Kế hoạch" }))).Expect(403, "forbidden");

        var tomorrow = (await council.Secretary.PostJson("council-sessions", Session("AWARDS", new { topic = "Kế hoạch" }, new { nomination_id = flag, award = "PROVINCIAL_FLAG" }))).Expect(201);
        async Task<ApiAnswer> OpenAsync(int item) => await council.Secretary.PostJson(
            $"council-sessions/{tomorrow["id"]}/items/{tomorrow["agenda"]![item]!["id"]}/open", null, (await council.Secretary.GetJson($"council-sessions/{tomorrow["id"]}")).ETag);
        (await OpenAsync(0)).Expect(409, "no-vote-on-topic");
        (await OpenAsync(1)).Expect(409, "not-open-yet");
    }

    private async Task<(AwardSeason Season, CouncilScene Council)> SceneAsync(string code, int members, int clusters = 1, Dictionary<int, string>? units = null)
    {
        var season = new AwardSeason(host, code);
        await season.PhaseAsync("COUNCIL");
        string[] codes = [.. Enumerable.Range(1, clusters).Select(cluster => $"C{cluster}")];
        for (var cluster = 1; cluster <= clusters; cluster++)
        {
            await season.FormAsync($"C{cluster}", $"A{cluster}", $"B{cluster}");
            await season.DecideAsync($"C{cluster}", 1, $"A{cluster} 100", $"B{cluster} 90");
            (await season.NominateAsync($"C{cluster}")).Expect(201);
        }

        var council = new CouncilScene(host, season, members);
        foreach (var (member, unit) in units ?? [])
        {
            council.Units[member] = unit;
        }

        await council.CallAsync(codes);
        return (season, council);
    }
}
