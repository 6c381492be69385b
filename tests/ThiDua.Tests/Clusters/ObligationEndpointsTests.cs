using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class ObligationEndpointsTests(ClockedClusters host) : IClassFixture<ClockedClusters>
{
    private static readonly Dictionary<string, object> s_calendar = new()
    {
        ["SELF_SCORING"] = new { opens = "2026-11-15", closes = "2026-11-25" },
        ["CLUSTER_REVIEW"] = new { opens = "2026-11-26", closes = "2026-12-08" },
        ["APPRAISAL"] = new { opens = "2026-12-09", closes = "2026-12-25" },
    };

    [Fact]
    public async Task Forming_clusters_and_planning_the_season_say_what_is_owed()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("LAP");
        Assert.Equal(
            [
                "A MIDYEAR_REPORT STANDING_AGENCY OPEN 0", "A YEAREND_REPORT STANDING_AGENCY OPEN 0",
                "B MIDYEAR_REPORT CLUSTER_LEADER OPEN 0", "B MIDYEAR_REPORT STANDING_AGENCY OPEN 0", "B YEAREND_REPORT CLUSTER_LEADER OPEN 0", "B YEAREND_REPORT STANDING_AGENCY OPEN 0",
                "C MIDYEAR_REPORT CLUSTER_LEADER OPEN 0", "C MIDYEAR_REPORT STANDING_AGENCY OPEN 0", "C YEAREND_REPORT CLUSTER_LEADER OPEN 0", "C YEAREND_REPORT STANDING_AGENCY OPEN 0",
            ],
            await season.ObligationsAsync());

        (await season.Head.PutJson("seasons/LAP/calendar", new { calendar = s_calendar }, (await season.Head.GetJson("seasons/LAP")).ETag)).Expect(200);
        Assert.Equal(3, (await season.ObligationsAsync("&kind=SELF_SCORING")).Count);
        Assert.Equal(["- APPRAISAL COUNCIL OPEN 0"], await season.ObligationsAsync("&kind=APPRAISAL"));
        Assert.Equal(["A CLUSTER_REVIEW STANDING_AGENCY OPEN 0", "B CLUSTER_REVIEW STANDING_AGENCY OPEN 0"], await season.ObligationsAsync("&kind=CLUSTER_REVIEW"));

        var cluster = (await season.Head.GetJson($"clusters/{season.Cluster}")).Expect(200);
        (await season.Head.PutJson($"clusters/{season.Cluster}", new { name = "Khối 1", kind = "KHOI", leader = "LAP-A", deputy = "LAP-B", members = new[] { "LAP-A", "LAP-B", "LAP-D" } }, cluster.ETag)).Expect(200);
        Assert.All((await season.ObligationsAsync("&unit=LAP-C")), one => Assert.Contains(" RELEASED ", one, StringComparison.Ordinal));
        Assert.Equal(5, (await season.ObligationsAsync("&unit=LAP-D&state=OPEN")).Count);
        Assert.Equal(5, (await season.ObligationsAsync("&state=RELEASED")).Count);
    }

    [Fact]
    public async Task What_scoring_tells_meets_the_steps_in_whatever_order_it_comes()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("BUOC", calendar: s_calendar);
        var sheets = "ABC".ToDictionary(letter => $"BUOC-{letter}", _ => Guid.CreateVersion7());
        DateTimeOffset On(int month, int day) => new(2026, month, day, 9, 0, 0, TimeSpan.FromHours(7));
        SheetSubmitted Submitted(string unit) => new() { SheetId = sheets[unit], Season = "BUOC", ClusterId = season.Cluster, Unit = unit, Version = 3, At = On(11, 20) };
        SheetReviewed Reviewed(string unit, int version, int day) => new() { SheetId = sheets[unit], Season = "BUOC", ClusterId = season.Cluster, Unit = unit, Version = version, At = On(11, day) };
        host.At("2026-11-26T07:00:00");
        foreach (var phase in new[] { "CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW" })
        {
            await season.AdvanceAsync(phase);
        }

        host.At("2026-12-01T09:00:00");
        await host.PublishAsync(new SheetExplained { SheetId = sheets["BUOC-C"], Season = "BUOC", ClusterId = season.Cluster, Unit = "BUOC-C", Version = 6, At = On(11, 28) });
        await host.PublishAsync(Reviewed("BUOC-A", 5, 27));
        await Task.WhenAll(sheets.Keys.Select(unit => host.PublishAsync(Submitted(unit))));
        await host.PublishAsync(new SheetReturned { SheetId = sheets["BUOC-C"], Season = "BUOC", ClusterId = season.Cluster, Unit = "BUOC-C", Reason = "Thiếu", ByStandingAgency = false, Version = 5, At = On(11, 26) });
        await host.EventuallyAsync(async () => (await season.ObligationsAsync("&kind=SELF_SCORING&state=ON_TIME")).Count == 3, "the sheets are known");
        await host.EventuallyAsync(async () => (await season.ObligationsAsync("&kind=EXPLANATION")).SequenceEqual(["C EXPLANATION CLUSTER_LEADER ON_TIME 0"]), "the explanation is known");
        Assert.All(await season.ObligationsAsync("&kind=CLUSTER_REVIEW"), one => Assert.Contains(" OPEN ", one, StringComparison.Ordinal));

        await Task.WhenAll(host.PublishAsync(Reviewed("BUOC-C", 7, 29)), host.PublishAsync(Reviewed("BUOC-B", 5, 28)));
        await host.EventuallyAsync(async () => (await season.ObligationsAsync("&kind=CLUSTER_REVIEW&state=ON_TIME")).Count == 2, "the review is done");
        await host.PublishAsync(new ClusterResultDecided { ClusterId = season.Cluster, Season = "BUOC", Year = 2026, Code = "C1", Name = "Khối 1", Size = 3, Leader = "BUOC-A", Deputy = "BUOC-B", CriteriaTable = "T", CriteriaTableVersion = 1, Ranking = [], Version = 1, DecidedAt = On(11, 30) });
        await host.EventuallyAsync(async () => (await season.ObligationsAsync("&kind=APPRAISAL")).SequenceEqual(["- APPRAISAL COUNCIL ON_TIME 0"]), "the result is known");
    }

    [Fact]
    public async Task The_head_of_the_agency_extends_with_a_reason_and_only_to_a_later_day()
    {
        host.At("2026-06-01T09:00:00");
        var season = await host.SeasonAsync("GIA");
        var id = (string)(await season.Head.GetJson("obligations?season=GIA&unit=GIA-B&kind=MIDYEAR_REPORT")).Expect(200)["items"][0]!["id"]!;
        var read = (await season.Head.GetJson($"obligations/{id}")).Expect(200);

        (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-06-30", reason = "Bão" })).Expect(428);
        Assert.Equal([("MISSING_REASON", "/reason")], (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-06-30", reason = "" }, read.ETag)).Expect(422).Errors);
        Assert.Equal([("NOT_LATER", "/due_on")], (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-06-20", reason = "Bão" }, read.ETag)).Expect(422).Errors);
        using var own = host.As(Roles.AppraisalHead, "GIA-B");
        (await own.PostJson($"obligations/{id}/extend", new { due_on = "2026-06-30", reason = "Bão" }, read.ETag)).Expect(403, "own-obligation");
        var extended = (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-06-30", reason = "Bão", document = "CV 812" }, read.ETag)).Expect(200);
        Assert.Equal(("2026-06-30", "2026-06-20", "Bão"), ((string?)extended["due_on"], (string?)extended["first_due_on"], (string?)extended["extensions"][0]!["reason"]));
        (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-07-01", reason = "Bão" }, read.ETag)).Expect(412);

        host.At("2026-06-30T23:59:59");
        (await season.SubmitAsync("B", "MIDYEAR")).Expect(200);
        Assert.Single(await season.ObligationsAsync("&unit=GIA-B&state=ON_TIME"));
        Assert.Single(await season.ObligationsAsync("&unit=GIA-B&state=LATE")); // the other recipient's was not extended
        (await season.Head.PostJson($"obligations/{id}/extend", new { due_on = "2026-07-10", reason = "Muộn" }, (await season.Head.GetJson($"obligations/{id}")).ETag)).Expect(409, "obligation-not-open");
    }

    [Fact]
    public async Task A_unit_sees_its_own_leader_and_deputy_their_clusters_and_nobody_else_anything()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("THAY");
        using var leader = host.Unit("THAY-A");
        using var deputy = host.Unit("THAY-B");
        using var member = host.Unit("THAY-C");
        using var stranger = host.Unit("THAY-D");
        using var auditor = host.As(Roles.Auditor);
        using var nobodys = host.As(Roles.UnitHead);
        foreach (var (reader, count) in new[] { (leader, 10), (deputy, 10), (auditor, 10), (member, 4), (stranger, 0), (nobodys, 0) })
        {
            Assert.Equal(count, (await season.ObligationsAsync(by: reader)).Count);
        }

        var id = (string)(await leader.GetJson("obligations?season=THAY&unit=THAY-A")).Expect(200)["items"][0]!["id"]!;
        (await member.GetJson($"obligations/{id}")).Expect(404);
        using var council = host.As(Roles.CouncilMember);
        (await council.GetJson("obligations")).Expect(403);
    }

    [Fact]
    public async Task The_list_goes_on_from_page_to_page_whatever_is_left_out_between()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("TRANG");
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await season.Head.GetJson($"obligations?season=TRANG&state=OPEN&limit=3{cursor}")).Expect(200);
            seen.AddRange(page["items"].AsArray().Select(one => $"{one!["due_on"]} {one["id"]}"));
            cursor = (string?)page.Json!["next"] is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(10, seen.Distinct().Count());
        Assert.Equal(10, seen.Count);
        Assert.Equal(seen.Select(one => one[..10]).Order(StringComparer.Ordinal), seen.Select(one => one[..10]));
        (await season.Head.GetJson("obligations?cursor=YQ")).Expect(422, "bad-page");
        (await season.Head.GetJson("obligations?kind=EVERYTHING")).Expect(400);
    }
}
