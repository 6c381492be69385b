using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Awards;

/// <summary>What stands around the vote: the public's comments before it (F-21), holds and their end (SoD-4), revocation after it (F-29).</summary>
public sealed class AfterTheCouncilTests(AwardsClockHost host) : IClassFixture<AwardsClockHost>
{
    [Fact]
    public async Task The_public_is_asked_before_the_Government_flag_is_voted_on()
    {
        var season = new AwardSeason(host, "public");
        (await season.Secretary.GetJson("public-comments?season=public")).Expect(200);
        var drawn = await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var flag = (string)drawn["nominations"][0]!["id"]!;
        object Consultation(int? days) => new { season = "public", award = "GOVERNMENT_FLAG", nominations = new[] { flag }, working_days = days, document = "TB 12/TB-SNV", contact = "tdkt@example.vn" };

        (await season.Appraiser.PostJson("public-comments", Consultation(null))).Expect(409, "not-known-yet"); // no calendar, no term
        var first = host.Today.AddDays(1);
        await host.PublishAsync(new HolidaysChanged { Version = 2, Days = [new CalendarDay { Date = first, Kind = "HOLIDAY" }] });
        await host.PublishAsync(new HolidaysChanged { Version = 1, Days = [] }); // older, and later
        (await AwardSeason.Known(() => season.Appraiser.PostJson("public-comments", Consultation(6)))).Expect(422);
        (await season.Head.PostJson("award-policies", new { season = "public", valid_from = "2024-01-01", basis = "QĐ 9", switches = new { consultation = new { required_for = new[] { "GOVERNMENT_FLAG" } } } })).Expect(201);
        (await season.NominateAsync("C1")).Expect(201);
        flag = (string)(await season.Appraiser.GetJson("nominations?season=public"))["items"][0]!["id"]!;
        (await season.VoteAsync("C1", 17)).Expect(201); // the policy asks for it before the Government flag only
        (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(409, "consultation-missing");

        var opened = (await season.Appraiser.PostJson("public-comments", Consultation(null))).Expect(201);
        var path = $"public-comments/{opened["id"]}";
        var last = AfterWorkingDays(host.Today, 7, first);
        Assert.Equal((7, $"{last:yyyy-MM-dd}", "OPEN"), ((int)opened["working_days"], (string)opened["closes_on"]!, (string)opened["state"]!));
        (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(409, "consultation-open");

        Assert.Equal([("UNKNOWN_UNIT", "/unit"), ("OUT_OF_RANGE", "/received_on")], (await season.Appraiser.PostJson($"{path}/comments", new { unit = "B", text = "…", received_on = host.Today.AddDays(1) }, opened.ETag)).Expect(422).Errors);
        var commented = (await season.Appraiser.PostJson($"{path}/comments", new { unit = "A", text = "Đơn vị chậm nộp thuế", received_on = host.Today, from = "Nguyễn Văn A" }, opened.ETag)).Expect(200);
        (await season.Appraiser.PostJson($"{path}/comments", new { unit = "A", text = "…", received_on = host.Today }, opened.ETag)).Expect(412);
        Assert.Null((await season.Secretary.GetJson(path)).Expect(200)["comments"][0]!["from"]); // the writer is for the standing agency

        host.Clock.Ahead = TimeSpan.FromDays(last.DayNumber - host.Today.DayNumber);
        (await season.Head.PostJson($"{path}/conclude", new { conclusion = "…", document = "BC 3" }, commented.ETag)).Expect(409, "consultation-running");
        host.Clock.Ahead += TimeSpan.FromDays(1);
        (await season.Head.PostJson($"{path}/conclude", new { conclusion = "…", document = "BC 3" }, commented.ETag)).Expect(409, "comments-unanswered");
        var answered = (await season.Appraiser.PostJson($"{path}/comments/{commented["comments"]![0]!["id"]}/answer", new { answer = "Đã nộp đủ, có xác nhận" }, commented.ETag)).Expect(200);
        (await season.Appraiser.PostJson($"{path}/comments/{Guid.CreateVersion7()}/answer", new { answer = "…" }, answered.ETag)).Expect(404);
        (await season.Appraiser.PostJson($"{path}/conclude", new { conclusion = "…", document = "BC 3" }, answered.ETag)).Expect(403);
        (await season.Head.PostJson($"{path}/conclude", new { conclusion = "Không có ý kiến có căn cứ", document = "BC 3" }, answered.ETag)).Expect(200);
        (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(201);
        host.Clock.Ahead = TimeSpan.Zero;
    }

    [Fact] // SoD-4, EX-16: the slot is held, released, and drawn up again
    public async Task A_hold_is_released_by_another_head_than_who_placed_it_and_the_slot_comes_back()
    {
        var season = new AwardSeason(host, "released");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var placed = (await AwardSeason.Known(() => season.Head.PostJson(
            "exclusions", new { exclusions = new[] { new { season = "released", unit = "A", type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 1" } } }))).Expect(200);
        var path = $"exclusions/{placed["exclusions"]![0]!["id"]}";
        (await season.NominateAsync("C1")).Expect(201);
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A HOLD", (await season.NominationsAsync())[0]);
        var etag = (await season.Head.GetJson(path)).Expect(200).ETag;
        var body = new { document = "KL 5/KL-TTr", reason = "Không có vi phạm" };
        var other = host.As(Roles.AppraisalHead, subject: "other-head");

        (await season.Head.PostJson($"{path}/release", body, etag)).Expect(403, "placer-decides");
        (await season.Appraiser.PostJson($"{path}/release", body, etag)).Expect(403, "forbidden");
        (await other.PostJson($"{path}/release", body)).Expect(428);
        Assert.Equal([("MISSING_PROPERTY", "/reason")], (await other.PostJson($"{path}/release", new { document = "KL 5" }, etag)).Expect(422).Errors);
        var released = (await other.PostJson($"{path}/release", body, etag)).Expect(200);
        Assert.Equal(("RELEASED", "PENDING", "other-head"), ((string)released["exclusion"]!["status"]!, (string)released["placed_as"]!, (string)released["decisions"]![0]!["decided_by"]!));
        (await other.PostJson($"{path}/confirm", body, etag)).Expect(412);

        await season.PhaseAsync("COUNCIL", 2);
        (await season.NominateAsync("C1")).Expect(201);
        Assert.Equal("C1 PROVINCIAL_FLAG 1 A CANDIDATE", (await season.NominationsAsync())[0]);
        (await season.VoteAsync("C1", 17)).Expect(201);
        var again = (await season.Head.PostJson("exclusions", new { exclusions = new[] { new { season = "released", unit = "A", type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 1" } } })).Expect(200);
        Assert.Equal((0, 1), ((int)again["registered"], (int)again["unchanged"])); // loading the same list again does not bring it back
    }

    [Fact]
    public async Task A_hold_that_turns_definitive_lets_the_next_unit_move_up()
    {
        var season = new AwardSeason(host, "confirmed");
        await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var placed = (await season.ExcludeAsync("A", "PENDING")).Expect(200);
        (await season.NominateAsync("C1")).Expect(201);
        var path = $"exclusions/{placed["exclusions"]![0]!["id"]}";

        (await season.Head.PostJson($"{path}/confirm", new { document = "KL 6/KL-TTr", reason = "Có vi phạm" }, (await season.Head.GetJson(path)).ETag)).Expect(200);
        (await season.VoteAsync("C1", 17)).Expect(422); // the list still says that the slot is on hold
        (await season.NominateAsync("C1")).Expect(201);

        Assert.Equal("C1 PROVINCIAL_FLAG 1 B CANDIDATE", (await season.NominationsAsync())[0]);
        var unit = (await host.As(Roles.UnitHead, "A").GetJson("exclusions?season=confirmed")).Expect(200)["items"][0]!;
        Assert.Equal("DEFINITIVE", (string)unit["status"]!);
        Assert.Null(unit["document"]);
    }

    [Fact] // F-29
    public async Task An_award_is_revoked_by_two_persons_and_the_vote_stays_beside_it()
    {
        await using var revoked = await host.CollectAsync<AwardRevoked>();
        var season = new AwardSeason(host, "revoked");
        var drawn = await season.PlayToNominationsAsync("C1", "A 128", "B 120");
        var flag = (string)drawn["nominations"][0]!["id"]!;
        object Proposal(string award = "PROVINCIAL_FLAG", string ground = "FALSE_DECLARATION") => new { nomination_id = flag, award, ground, document = "KL 8/KL-TTr", reason = "Khai tăng số liệu" };
        var both = host.As([Roles.AppraisalHead, Roles.CouncilChair], subject: "both");

        (await season.Head.PostJson("revocations", Proposal())).Expect(409, "not-awarded");
        (await season.VoteAsync("C1", 17)).Expect(201);
        (await season.VoteAsync("C1", 16, "GOVERNMENT_FLAG")).Expect(201);
        await season.PhaseAsync("CLOSED", 2);
        Assert.Equal([("UNKNOWN_GROUND", "/ground")], (await both.PostJson("revocations", Proposal(ground: "DISLIKED"))).Expect(422).Errors);
        var rejected = (await both.PostJson("revocations", Proposal())).Expect(201);
        (await season.Head.PostJson("revocations", Proposal())).Expect(409, "already-exists");
        object Decision(bool revoke) => new { revoke, document = "QĐ 77/QĐ-UBND", reason = "Theo kết luận thanh tra" };
        var chair = host.As(Roles.CouncilChair);

        (await both.PostJson($"revocations/{rejected["id"]}/decide", Decision(true), rejected.ETag)).Expect(403, "proposer-decides");
        (await season.Head.PostJson($"revocations/{rejected["id"]}/decide", Decision(true), rejected.ETag)).Expect(403, "forbidden");
        (await chair.PostJson($"revocations/{rejected["id"]}/decide", Decision(false), rejected.ETag)).Expect(200);
        Assert.Equal("PASSED", (string)(await season.Head.GetJson($"nominations/{flag}"))["status"]!);
        var proposed = (await season.Head.PostJson("revocations", Proposal())).Expect(201); // a new proposal after one that was not accepted
        (await chair.PostJson($"revocations/{proposed["id"]}/decide", Decision(true), proposed.ETag)).Expect(200);
        (await chair.PostJson($"revocations/{proposed["id"]}/decide", Decision(false), (await chair.GetJson($"revocations/{proposed["id"]}")).ETag)).Expect(409, "wrong-state");

        var nomination = (await season.Head.GetJson($"nominations/{flag}")).Expect(200);
        Assert.Equal(("REVOKED", 17, "FALSE_DECLARATION"), ((string)nomination["status"]!, (int)nomination["ballot"]!["yes"]!, (string)nomination["revocation"]!["ground"]!));
        var explanation = (await season.Head.GetJson($"nominations/{flag}/explanation")).Expect(200).Text;
        Assert.Contains("17/17 thành viên đồng ý", explanation, StringComparison.Ordinal);
        Assert.Contains("đã bị hủy bỏ theo QĐ 77/QĐ-UBND", explanation, StringComparison.Ordinal);
        var fact = await revoked.FirstAsync(award => award.Season == "revoked");
        Assert.Equal(("PROVINCIAL_FLAG", "A", "FALSE_DECLARATION", "QĐ 77/QĐ-UBND", 2), (fact.Award, fact.Unit, fact.Ground, fact.Document, fact.Version));
        Assert.Equal(2, (await season.Head.GetJson("revocations?season=revoked")).Expect(200)["items"].AsArray().Count);
    }

    [Fact]
    public async Task A_revoked_flag_is_no_base_of_the_Government_flag()
    {
        var season = new AwardSeason(host, "base");
        await season.PhaseAsync("COUNCIL");
        for (var cluster = 1; cluster <= 5; cluster++)
        {
            await season.FormAsync($"C{cluster}", $"A{cluster}", $"B{cluster}");
            await season.DecideAsync($"C{cluster}", 1, $"A{cluster} 100", $"B{cluster} 90");
            (await season.NominateAsync($"C{cluster}")).Expect(201);
            (await season.VoteAsync($"C{cluster}", 17)).Expect(201);
        }

        Assert.Equal((5, 1), Base((await season.Head.PostJson("government-flag-proposals", new { season = "base" })).Expect(201)));
        var flag = (string)(await season.Head.GetJson("nominations?season=base"))["items"][0]!["id"]!;
        var proposed = (await season.Head.PostJson("revocations", new { nomination_id = flag, award = "PROVINCIAL_FLAG", ground = "LATER_CONCLUSION", document = "KL 1", reason = "Có kết luận" })).Expect(201);
        (await host.As(Roles.CouncilChair).PostJson($"revocations/{proposed["id"]}/decide", new { revoke = true, document = "QĐ 1", reason = "Có kết luận" }, proposed.ETag)).Expect(200);

        Assert.Equal((4, 0), Base((await season.Head.PostJson("government-flag-proposals", new { season = "base" })).Expect(201)));
        Assert.Equal([("BALLOT_NOT_CANDIDATE", "/cluster")], (await season.VoteAsync("C1", 17, "GOVERNMENT_FLAG")).Expect(422).Errors);

        static (int Base, int Quota) Base(ApiAnswer proposal) => ((int)proposal["base"], (int)proposal["quota"]);
    }

    // Counted out day by day, apart from the service's own arithmetic.
    private static DateOnly AfterWorkingDays(DateOnly opened, int days, DateOnly holiday) =>
        Enumerable.Range(1, 60).Select(opened.AddDays).Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && day != holiday).ElementAt(days - 1);
}
