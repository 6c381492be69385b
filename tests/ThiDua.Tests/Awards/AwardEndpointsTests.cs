using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Contracts.Awards;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

public sealed class AwardEndpointsTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    [Fact]
    public async Task From_a_decided_result_to_a_passed_flag()
    {
        await using var drawnUp = await host.CollectAsync<NominationsDrawnUp>();
        await using var decided = await host.CollectAsync<AwardDecided>();
        var season = new AwardSeason(host, "walk");

        var nominations = await season.PlayToNominationsAsync("C1", "A 128", "C 122", "B 120");
        var vote = (await season.VoteAsync("C1", 14)).Expect(201);

        Assert.Equal(["C1 PROVINCIAL_FLAG 1 A PASSED", "C1 CHAIRMAN_MERIT 2 C CANDIDATE"], await season.NominationsAsync());
        Assert.Equal((14, true), ((int)vote["needed"], (bool)vote["passed"]));
        var message = await drawnUp.FirstAsync(drawn => drawn.Season == "walk");
        Assert.Equal((1, 1, "C1"), (message.Version, message.ResultVersion, message.Code));
        Assert.Equal(["PROVINCIAL_FLAG A CANDIDATE", "CHAIRMAN_MERIT C CANDIDATE"], message.Positions.Select(position => $"{position.Award} {position.Unit} {position.Status}"));
        Assert.Equal((string)nominations["nominations"][0]!["id"]!, (await decided.FirstAsync(award => award.Season == "walk")).NominationId.ToString());
    }

    [Fact]
    public async Task The_explanation_is_Vietnamese_with_rule_version_facts_basis_and_vote()
    {
        var season = new AwardSeason(host, "why");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        (await season.VoteAsync("C1", 13)).Expect(201);
        var id = (string)(await season.Appraiser.GetJson("nominations?season=why"))["items"][0]!["id"]!;

        var explanation = (await season.Head.GetJson($"nominations/{id}/explanation")).Expect(200);

        Assert.Equal("R-26", (string)explanation["derivation"]!["rule"]!);
        Assert.Contains("Hướng dẫn số 923/SNV-TĐKT", (string)explanation["policy"]!["basis"]!, StringComparison.Ordinal);
        Assert.Equal("128", (string)explanation["facts"]!["standings"]![0]!["total"]!);
        Assert.Contains("Tổng điểm: Sở A (A) 128,00; Sở B (B) 120,00 – Sở A (A) xếp trên.", explanation.Text, StringComparison.Ordinal);
        Assert.Contains("13/17 thành viên đồng ý, cần 14 – không thông qua", explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fact_that_has_not_arrived_is_not_known_yet()
    {
        var season = new AwardSeason(host, "early");

        var answer = (await season.Appraiser.PostJson("nominations", new { season = "early", cluster = "C1" })).Expect(409, "not-known-yet");

        Assert.Equal("1", answer.Headers["Retry-After"]);
        (await season.VoteAsync("C1", 10)).Expect(409, "not-known-yet");
        (await season.Appraiser.PostJson("exclusions", new { exclusions = new[] { new { season = "early", unit = "A", type = "X", status = "PENDING", document = "…" } } })).Expect(409, "not-known-yet");
    }

    [Fact]
    public async Task Drawing_up_again_changes_nothing_until_a_fact_changes_and_never_after_a_ballot()
    {
        var season = new AwardSeason(host, "again");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");

        Assert.Equal(1, (int)(await season.NominateAsync("C1")).Expect(200)["version"]);
        (await season.ExcludeAsync("A", "DEFINITIVE")).Expect(200);
        (await season.VoteAsync("C1", 17)).Expect(409, "facts-changed");
        Assert.Equal(2, (int)(await season.NominateAsync("C1")).Expect(201)["version"]);
        Assert.Equal(["C1 PROVINCIAL_FLAG 1 B CANDIDATE", "C1 CHAIRMAN_MERIT 2 C CANDIDATE"], await season.NominationsAsync());

        (await season.VoteAsync("C1", 17)).Expect(201);
        Assert.Equal(2, (int)(await season.NominateAsync("C1")).Expect(200)["version"]);
        (await season.ExcludeAsync("B", "PENDING")).Expect(200);
        (await season.NominateAsync("C1")).Expect(409, "ballot-exists");
        (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(409, "unit-excluded");
    }

    [Fact]
    public async Task A_superseded_nomination_stays_readable()
    {
        var season = new AwardSeason(host, "kept");
        var first = await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var id = (string)first["nominations"][0]!["id"]!;
        await season.ExcludeAsync("A", "PENDING");
        await season.NominateAsync("C1");

        var kept = (await season.Appraiser.GetJson($"nominations/{id}")).Expect(200);

        Assert.Equal(("CANDIDATE", "SUPERSEDED", 1), ((string)kept["status"]!, (string)kept["state"]!, (int)kept["list_version"]));
        Assert.Equal(["C1 PROVINCIAL_FLAG 1 A HOLD", "C1 CHAIRMAN_MERIT 2 B CANDIDATE"], await season.NominationsAsync());
        (await season.Appraiser.GetJson($"nominations/{Guid.CreateVersion7()}")).Expect(404);
    }

    [Fact]
    public async Task A_reopened_result_lets_its_nominations_wait_for_the_next_version()
    {
        var season = new AwardSeason(host, "reopened");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");

        await season.ReopenAsync("C1", 1);
        await StateAsync("WAITING");
        (await season.VoteAsync("C1", 17)).Expect(409, "nominations-waiting");
        (await season.NominateAsync("C1")).Expect(409, "result-reopened");

        await season.DecideAsync("C1", 1, "A 128", "B 120"); // late: changes nothing
        await season.DecideAsync("C1", 2, "B 129", "A 128");
        var drawn = await Eventually.AnswerAsync(() => season.NominateAsync("C1"), answer => answer.Status == 201, "the second version was drawn up");
        Assert.Equal((2, 2), ((int)drawn["version"], (int)drawn["result_version"]));
        await season.DecideAsync("C1", 1, "A 128", "B 120"); // and later still
        await season.ReopenAsync("C1", 1);
        await season.PhaseAsync("COUNCIL", 2);
        (await season.VoteAsync("C1", 17)).Expect(201);
        Assert.Equal(["C1 PROVINCIAL_FLAG 1 B PASSED", "C1 CHAIRMAN_MERIT 2 A CANDIDATE"], await season.NominationsAsync());

        Task StateAsync(string state) => Eventually.TrueAsync(
            async () => (string)(await season.Appraiser.GetJson("nominations?season=reopened"))["items"][0]!["state"]! == state, $"the list is {state}");
    }

    [Fact]
    public async Task A_reopening_that_overtakes_its_decision_still_holds()
    {
        var season = new AwardSeason(host, "overtaken");
        await season.PhaseAsync("PROPOSAL");
        await season.FormAsync("C1", "A", "B");
        await season.ReopenAsync("C1", 1);
        await Eventually.AnswerAsync(() => season.NominateAsync("C1"), answer => answer.Code == "result-reopened", "the reopening has arrived");
        await season.DecideAsync("C1", 1, "A 128", "B 120");
        await season.DecideAsync("C1", 2, "A 128", "B 120");

        var drawn = await Eventually.AnswerAsync(() => season.NominateAsync("C1"), answer => answer.Status == 201, "the second version has arrived");

        Assert.Equal(2, (int)drawn["result_version"]);
    }

    [Fact]
    public async Task A_message_delivered_twice_counts_once()
    {
        var season = new AwardSeason(host, "twice");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        await season.DecideAsync("C1", 1, "B 128", "A 120");
        await season.DecideAsync("C1", 1, "B 128", "A 120");
        await season.PhaseAsync("COUNCIL", 2);
        await season.PhaseAsync("PROPOSAL", 1); // older, and later

        await host.EventuallyAsync(() => host.WithDatabaseAsync(db => db.Seasons.AnyAsync(known => known.Code == "twice" && known.Phase == "COUNCIL")), "the phase has arrived");

        Assert.Equal(1, (int)(await season.NominateAsync("C1")).Expect(200)["version"]);
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A CANDIDATE", (await season.NominationsAsync())[0]);
    }

    [Fact]
    public async Task A_ballot_needs_a_candidate_and_no_more_votes_than_members()
    {
        var season = new AwardSeason(host, "ballots");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        await season.FormAsync("C2", "D", "E");
        await season.DecideAsync("C2", 1, "D 100", "E 100");
        (await season.NominateAsync("C2")).Expect(201);

        Assert.Equal([("VOTES_EXCEED_MEMBERS", "/yes")], (await season.VoteAsync("C1", 18)).Expect(422).Errors);
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C2", 17)).Expect(422).Errors);
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(422).Errors);
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C1", 17, "CHAIRMAN_MERIT")).Expect(422).Errors);
        (await season.VoteAsync("C1", 13)).Expect(201);
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C1", 17)).Expect(422).Errors); // what was voted stands
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(422).Errors);
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A FAILED", (await season.NominationsAsync())[0]);
        Assert.Single((await season.Secretary.GetJson("ballots?season=ballots")).Expect(200)["items"].AsArray());
    }

    [Fact]
    public async Task Of_ballots_recorded_at_once_one_counts()
    {
        var season = new AwardSeason(host, "race");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(extra => season.VoteAsync("C1", 10 + (extra % 7))));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.True(
            answer is { Status: 409, Code: "already-exists" } || answer.Errors.SequenceEqual([("BALLOT_NOT_CANDIDATE", "/cluster")]), answer.ToString()));
    }

    [Fact]
    public async Task Of_lists_drawn_up_at_once_one_counts()
    {
        var season = new AwardSeason(host, "lists");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        await season.ExcludeAsync("A", "PENDING");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => season.NominateAsync("C1")));

        Assert.Equal([200, 200, 200, 200, 200, 201], answers.Select(answer => answer.Status).Order());
        Assert.Equal(2, await host.WithDatabaseAsync(db => db.NominationLists.CountAsync(list => list.Season == "lists")));
    }

    [Fact]
    public async Task The_government_flag_goes_to_the_most_votes_within_the_quota()
    {
        await using var told = await host.CollectAsync<GovernmentFlagProposed>();
        var season = new AwardSeason(host, "flags");
        await season.PhaseAsync("COUNCIL");
        int[] votes = [17, 16, 15, 15, 14];
        for (var cluster = 1; cluster <= votes.Length; cluster++)
        {
            await season.FormAsync($"C{cluster}", $"A{cluster}", $"B{cluster}");
            await season.DecideAsync($"C{cluster}", 1, $"A{cluster} 100", $"B{cluster} 90");
            (await season.NominateAsync($"C{cluster}")).Expect(201);
            (await AwardSeason.Known(() => season.VoteAsync($"C{cluster}", 17))).Expect(201);
            (await season.VoteAsync($"C{cluster}", votes[cluster - 1], "GOVERNMENT_FLAG")).Expect(201);
        }

        (await season.Head.GetJson("government-flag-proposals/flags")).Expect(404);
        var proposal = (await season.Head.PostJson("government-flag-proposals", new { season = "flags" })).Expect(201);
        Assert.Equal((5, 1, 1), ((int)proposal["base"], (int)proposal["quota"], (int)proposal["version"]));
        Assert.Equal("C1 A1 17", Unit(Assert.Single(proposal["proposed"].AsArray())!));
        Assert.False(proposal.Json!.AsObject().ContainsKey("unresolved"));
        Assert.Equal(1, (int)(await season.Head.PostJson("government-flag-proposals", new { season = "flags" })).Expect(200)["version"]);

        await season.ReopenAsync("C1", 1);
        await Eventually.TrueAsync(async () => (await season.NominateAsync("C1")).Code == "result-reopened", "the reopening has arrived");
        var again = (await season.Head.PostJson("government-flag-proposals", new { season = "flags" })).Expect(201);
        Assert.Equal((4, 0, 2), ((int)again["base"], (int)again["quota"], (int)again["version"]));
        Assert.Contains("⌊4 × 20 / 100⌋ = 0", (await season.Head.GetJson("government-flag-proposals/flags/explanation")).Expect(200).Text, StringComparison.Ordinal);

        Assert.Equal(
            ["1: C1 A1 17 of 1 of 5", "2:  of 0 of 4"],
            (await told.CountAsync(2, proposed => proposed.Season == "flags")).OrderBy(proposed => proposed.Version)
                .Select(proposed => $"{proposed.Version}: {string.Join(", ", proposed.Proposed.Select(unit => $"{unit.Cluster} {unit.Unit} {unit.Yes}"))} of {proposed.Quota} of {proposed.Base}"));

        static string Unit(JsonNode unit) => $"{unit["cluster"]} {unit["unit"]} {unit["yes"]}";
    }

    [Fact]
    public async Task A_seasons_own_policy_applies_and_is_recorded()
    {
        var season = new AwardSeason(host, "policy");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        await season.ExcludeAsync("A", "DEFINITIVE");
        object Policy(object switches) => new { season = "policy", valid_from = "2024-01-01", switches, basis = "Quyết định số 7/QĐ-UBND" };

        Assert.Equal(
            [("WRONG_TYPE", "/switches/tie_chain/0"), ("UNKNOWN_PROPERTY", "/switches/quota")],
            (await season.Head.PostJson("award-policies", Policy(new { tie_chain = new[] { "name" }, quota = 20 }))).Expect(422).Errors);
        var registered = (await season.Head.PostJson("award-policies", Policy(new { definitive_policy = "LEAVE_VACANT" }))).Expect(201);
        var drawn = (await season.NominateAsync("C1")).Expect(201);

        Assert.Equal((int)registered["version"], (int)drawn["policy_version"]);
        Assert.Equal(["C1 PROVINCIAL_FLAG 1 A VACANT", "C1 CHAIRMAN_MERIT 2 B CANDIDATE"], await season.NominationsAsync());
        var list = (await season.Head.GetJson("award-policies?season=policy")).Expect(200)["items"].AsArray();
        Assert.Equal("80", (string)list[0]!["switches"]!["vote_threshold_percent"]!); // the default, filled in
        Assert.Equal((true, false), ((bool)list[0]!["in_use"]!, (bool)list[1]!["in_use"]!));
    }

    [Fact]
    public async Task History_gives_signals_and_is_corrected_only_with_a_reason()
    {
        var season = new AwardSeason(host, "history");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120", "C 110");
        object Entry(int year, string winner, string leader = "C") => new { year, cluster = "C1", winner, leader, members = new[] { "A", "B", "C" } };
        object Entries(params object[] entries) => new { season = "history", entries };

        (await season.Appraiser.PostJson("award-history", Entries(Entry(2023, "B"), Entry(2023, "C")))).Expect(422);
        (await season.Appraiser.PostJson("award-history", Entries(Entry(2023, "B"), Entry(2021, "B"), Entry(2022, "C")))).Expect(200);
        Assert.Equal([("MISSING_REASON", "/entries/0")], (await season.Appraiser.PostJson("award-history", Entries(Entry(2022, "A")))).Expect(422).Errors);
        Assert.Equal("NONE", (string)(await Rotation())["level"]!);
        (await season.Appraiser.PostJson("award-history", new { season = "history", entries = new[] { Entry(2022, "A") }, reason = "Ghi nhầm năm 2022" })).Expect(200);
        Assert.Equal(1, (int)(await season.Appraiser.PostJson("award-history", Entries(Entry(2022, "A")))).Expect(200)["unchanged"]);

        var rotation = await Rotation();
        Assert.Equal("ALERT S1", $"{rotation["level"]} {rotation["signals"]![0]}"); // B, A, B, and now A
        Assert.Equal(4, rotation["winners"]!.AsArray().Count);
        (await season.Secretary.GetJson("rotation-signals?season=history")).Expect(403);
        var pages = await season.Appraiser.GetJson("award-history?season=history&limit=2");
        Assert.Single((await season.Appraiser.GetJson($"award-history?season=history&limit=2&cursor={pages["next"]}"))["items"].AsArray());

        async Task<JsonNode> Rotation() => (await season.Appraiser.GetJson("rotation-signals?season=history")).Expect(200)["rotation"][0]!;
    }

    [Fact]
    public async Task A_unit_sees_that_it_is_excluded_but_not_by_whom_and_nothing_of_others()
    {
        var season = new AwardSeason(host, "secret");
        await season.PlayToNominationsAsync("C1", "SA 128", "SB 120");
        (await season.ExcludeAsync("SA", "PENDING")).Expect(200);
        Assert.Equal((0, 1), await Again());

        var own = (await host.As(Roles.UnitHead, "SA").GetJson("exclusions?season=secret")).Expect(200)["items"].AsArray();
        Assert.Equal("PENDING", (string)Assert.Single(own)!["status"]!);
        Assert.False(own[0]!.AsObject().ContainsKey("document") || own[0]!.AsObject().ContainsKey("placed_by"));
        Assert.Empty((await host.As(Roles.UnitHead, "SB").GetJson("exclusions?season=secret&unit=SA")).Expect(200)["items"].AsArray());
        Assert.Empty((await host.As(Roles.UnitHead).GetJson("exclusions?season=secret")).Expect(200)["items"].AsArray());
        (await host.As(Roles.UnitHead, "SA").GetJson("nominations?season=secret")).Expect(403);
        (await host.As(Roles.Admin).PostJson("exclusions", new { exclusions = Array.Empty<object>() })).Expect(403);
        (await host.Anonymous().GetJson("exclusions?season=secret")).Expect(401);
        var placed = (await season.Head.GetJson("exclusions?season=secret")).Expect(200)["items"][0]!;
        Assert.Equal("test-appraiser", (string)placed["placed_by"]!);

        async Task<(int, int)> Again()
        {
            var answer = (await season.ExcludeAsync("SA", "PENDING")).Expect(200);
            return ((int)answer["registered"], (int)answer["unchanged"]);
        }
    }

    [Fact]
    public async Task A_closed_season_takes_no_more_changes()
    {
        var season = new AwardSeason(host, "closed");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        await season.PhaseAsync("CLOSED", 2);
        await host.EventuallyAsync(() => host.WithDatabaseAsync(db => db.Seasons.AnyAsync(known => known.Code == "closed" && known.Phase == "CLOSED")), "the season is closed");

        (await season.VoteAsync("C1", 17)).Expect(409, "season-closed");
        (await season.NominateAsync("C1")).Expect(409, "season-closed");
    }

    [Fact]
    public async Task Every_change_is_in_the_journal()
    {
        var season = new AwardSeason(host, "journal");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var vote = (await season.VoteAsync("C1", 17)).Expect(201);

        var journal = (await host.As(Roles.Auditor).GetJson($"journal/awards?subject=Ballot/{vote["id"]}")).Expect(200)["items"].AsArray();

        Assert.Equal("test-council_secretary", (string)Assert.Single(journal)!["actor"]!);
        Assert.Contains("\"yes\":17", journal[0]!["changes"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nominations_come_in_pages_by_cluster_then_award()
    {
        var season = new AwardSeason(host, "pages");
        await season.PhaseAsync("PROPOSAL");
        foreach (var cluster in new[] { "C10", "C2", "c1" })
        {
            await season.FormAsync(cluster, $"{cluster}A", $"{cluster}B");
            await season.DecideAsync(cluster, 1, $"{cluster}A 2", $"{cluster}B 1");
            (await season.NominateAsync(cluster)).Expect(201);
        }

        List<string> seen = [];
        for (string? next = ""; next is not null;)
        {
            var page = (await season.Appraiser.GetJson($"nominations?season=pages&limit=4{(next.Length == 0 ? "" : $"&cursor={next}")}")).Expect(200);
            seen.AddRange(page["items"].AsArray().Select(item => $"{item!["cluster"]} {item["position"]}"));
            next = (string?)page.Json!["next"];
        }

        Assert.Equal(["C10 1", "C10 2", "C2 1", "C2 2", "c1 1", "c1 2"], seen);
    }

    [Theory]
    [InlineData("nominations", "/season", "/cluster")]
    [InlineData("ballots", "/season", "/award", "/cluster", "/members", "/yes")]
    [InlineData("exclusions", "/exclusions")]
    [InlineData("award-history", "/season", "/entries")]
    [InlineData("award-policies", "/valid_from", "/switches", "/basis")]
    [InlineData("government-flag-proposals", "/season")]
    public async Task What_is_left_out_is_named(string path, params string[] missing)
    {
        var answer = (await host.As(Roles.All.ToList()).PostJson(path, "{}")).Expect(422, "validation-failed");

        Assert.Equal(missing.Select(member => ("MISSING_PROPERTY", member)), answer.Errors);
    }

    [Theory]
    [InlineData("exclusions", """{"exclusions": [null]}""", 422)]
    [InlineData("award-history", """{"season": "x", "entries": [{"year": 2020}]}""", 422)]
    [InlineData("award-policies", """{"valid_from": "2024-01-01", "switches": 1, "basis": "…"}""", 422)]
    [InlineData("ballots", """{"season": "x", "award": 0}""", 400)]
    [InlineData("ballots", """{"season": "x", "voters": 9}""", 400)]
    [InlineData("nominations", "[]", 400)]
    public async Task What_is_not_of_the_format_is_refused(string path, string body, int status) =>
        (await host.As(Roles.All.ToList()).PostJson(path, body)).Expect(status);
}
