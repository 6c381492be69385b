using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class ReportEndpointsTests(ClockedClusters host) : IClassFixture<ClockedClusters>
{
    [Theory] // hạn 10/12/2026, thứ Năm
    [InlineData("DUNG", "2026-12-10T23:59:59", "ON_TIME 0")]
    [InlineData("CHAM", "2026-12-11T00:00:00", "LATE 1")]
    public async Task The_last_second_of_the_due_day_is_in_time_and_the_next_is_not(string code, string moment, string expected)
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync(code);
        host.At(moment);
        (await season.SubmitAsync("B", "YEAREND")).Expect(200);

        host.At("2026-12-20T09:00:00");
        Assert.Equal(
            [$"B YEAREND_REPORT CLUSTER_LEADER {expected}", $"B YEAREND_REPORT STANDING_AGENCY {expected}"],
            await season.ObligationsAsync($"&unit={code}-B&kind=YEAREND_REPORT"));
        Assert.Equal(["B YEAREND_REPORT CLUSTER_LEADER OPEN 0", "B YEAREND_REPORT STANDING_AGENCY OPEN 0"], await season.ObligationsAsync($"&unit={code}-B&kind=YEAREND_REPORT&as_of=2026-12-09"));
        Assert.Equal(["A YEAREND_REPORT STANDING_AGENCY OPEN 6", "C YEAREND_REPORT CLUSTER_LEADER OPEN 6", "C YEAREND_REPORT STANDING_AGENCY OPEN 6"], await season.ObligationsAsync("&kind=YEAREND_REPORT&state=OPEN"));
        Assert.Equal(2, (await season.ObligationsAsync($"&state={expected.Split(' ')[0]}")).Count);
    }

    [Fact]
    public async Task A_report_returned_by_one_recipient_is_owed_to_that_one_again()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("TRA");
        using var leader = host.Unit("TRA-A");
        using var deputy = host.Unit("TRA-B");
        using var appraiser = host.As(Roles.Appraiser);
        host.At("2026-06-18T10:00:00");
        (await season.SubmitAsync("C", "MIDYEAR")).Expect(200);
        (await season.SubmitAsync("B", "MIDYEAR")).Expect(200);
        (await season.SubmitAsync("C", "MIDYEAR")).Expect(422);
        host.At("2026-06-19T10:00:00");
        (await season.SubmitAsync("C", "MIDYEAR", "Bổ sung")).Expect(200); // a better version; the first receipt counts

        (await season.ReturnAsync(deputy, "C", "MIDYEAR")).Expect(403, "not-recipient");
        (await season.ReturnAsync(deputy, "B", "MIDYEAR")).Expect(403, "own-report");
        Assert.Equal([("MISSING_REASON", "/reason")], (await season.ReturnAsync(leader, "C", "MIDYEAR", new { })).Expect(422).Errors);
        Assert.Equal("RETURNED", (string?)(await season.ReturnAsync(leader, "C", "MIDYEAR")).Expect(200)["state"]);
        (await season.ReturnAsync(leader, "C", "MIDYEAR")).Expect(409, "report-not-received");
        host.At("2026-06-24T10:00:00");
        Assert.Equal(["C MIDYEAR_REPORT CLUSTER_LEADER OPEN 3", "C MIDYEAR_REPORT STANDING_AGENCY ON_TIME 0"], await season.ObligationsAsync("&unit=TRA-C&kind=MIDYEAR_REPORT"));
        (await season.SubmitAsync("C", "MIDYEAR", "Đã bổ sung số liệu")).Expect(200);

        Assert.Equal(["C MIDYEAR_REPORT CLUSTER_LEADER LATE 3", "C MIDYEAR_REPORT STANDING_AGENCY ON_TIME 0"], await season.ObligationsAsync("&unit=TRA-C&kind=MIDYEAR_REPORT"));
    }

    [Fact]
    public async Task Others_are_told_how_late_each_report_came_to_the_standing_agency()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("BAO");
        using var appraiser = host.As(Roles.Appraiser);
        await using var told = await host.CollectAsync<OfficialFactEstablished>();
        host.At("2026-06-22T08:00:00"); // hạn thứ Bảy 20/06 giữ nguyên
        (await season.SubmitAsync("B", "MIDYEAR")).Expect(200);
        (await season.ReturnAsync(appraiser, "B", "MIDYEAR")).Expect(200);
        host.At("2026-06-24T08:00:00");
        (await season.SubmitAsync("B", "MIDYEAR", "Đã sửa")).Expect(200);
        foreach (var phase in new[] { "CRITERIA", "SELF_SCORING", "CLUSTER_REVIEW", "APPRAISAL", "PROPOSAL" })
        {
            await season.AdvanceAsync(phase);
        }

        var facts = await told.CountAsync(4, fact => fact.Unit == "BAO-B");
        Assert.All(facts, fact => Assert.Equal(("BAO", "REPORTS", null, null), (fact.Season, fact.Fact, fact.Completed, fact.Assigned)));
        Assert.Equal(["1: MIDYEAR 1", "2:", "3: MIDYEAR 3", "4: MIDYEAR 3 YEAREND missing"], facts.OrderBy(fact => fact.Version).Select(Shown));
        Assert.Equal("1: MIDYEAR missing YEAREND missing", Shown(await told.FirstAsync(fact => fact.Unit == "BAO-C")));
        Assert.Equal(["B YEAREND_REPORT CLUSTER_LEADER MISSING 0", "B YEAREND_REPORT STANDING_AGENCY MISSING 0"], await season.ObligationsAsync("&unit=BAO-B&state=MISSING"));
    }

    [Fact]
    public async Task Lateness_changes_with_the_days_and_with_the_holidays_and_others_are_told()
    {
        using var head = host.As(Roles.AppraisalHead);
        host.At("2031-01-01T09:00:00");
        var rule = (await head.GetJson("rules/REPORT_CUTOFF/2000-01-01")).Expect(200);
        (await head.PutJson("rules/REPORT_CUTOFF/2000-01-01", new { label = "Mốc", value = new { working_days = (int?)null }, valid_to = "2030-12-31", basis = "R-08" }, rule.ETag)).Expect(200);
        (await head.PostJson("rules", new { code = "REPORT_CUTOFF", label = "Mốc", value = new { working_days = 5 }, valid_from = "2031-01-01", basis = "QĐ 9" })).Expect(201);
        var season = await host.SeasonAsync("MOC", 2031);
        await using var told = await host.CollectAsync<OfficialFactEstablished>();

        host.At("2031-06-27T23:30:00"); // hạn thứ Sáu 20/06/2031; năm ngày làm việc đã qua
        (await season.SubmitAsync("A", "MIDYEAR")).Expect(200);
        Assert.Equal("1: MIDYEAR 5", Shown(await told.FirstAsync(fact => fact.Unit == "MOC-A")));
        host.At("2031-06-30T00:00:00");
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("1: MIDYEAR missing", Shown(await told.FirstAsync(fact => fact.Unit == "MOC-C")));

        (await head.PostJson("holidays", new { holidays = new[] { new { date = "2031-06-26", kind = "HOLIDAY", label = "Nghỉ bão", basis = "Công điện" } } })).Expect(201);
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("2: MIDYEAR 4", Shown(await told.FirstAsync(fact => fact is { Unit: "MOC-A", Version: 2 })));
        Assert.Equal("2:", Shown(await told.FirstAsync(fact => fact is { Unit: "MOC-C", Version: 2 })));
    }

    [Fact]
    public async Task A_report_is_seen_by_its_unit_its_recipients_and_the_auditor_and_as_a_draft_by_its_unit_alone()
    {
        host.At("2026-03-01T09:00:00");
        var season = await host.SeasonAsync("XEM");
        using var own = host.Unit("XEM-C");
        using var stranger = host.Unit("XEM-D");
        var report = (await own.PostJson("reports", new { season = "XEM", kind = "MIDYEAR", summary = "Bản soạn", figures = new[] { new { name = "Chỉ tiêu", value = "6.5" } }, documents = new[] { new { number = "12/BC", date = "2026-06-15", issuer = "Đơn vị" } } })).Expect(201);
        var address = $"reports/{report["id"]}";
        (await own.PostJson("reports", new { season = "XEM", kind = "MIDYEAR", summary = "Lần nữa" })).Expect(409, "report-exists");
        (await stranger.PostJson("reports", new { season = "XEM", kind = "MIDYEAR", summary = "Ngoài cụm" })).Expect(409, "no-obligation");
        (await season.Head.GetJson(address)).Expect(404);

        var edited = (await own.PutJson(address, new { summary = "Bản hoàn chỉnh" }, report.ETag)).Expect(200);
        (await own.PostJson($"{address}/submit", new { }, report.ETag)).Expect(412);
        using (var clerk = host.As(Roles.UnitClerk, "XEM-C"))
        {
            (await clerk.PostJson($"{address}/submit", new { }, edited.ETag)).Expect(403);
        }

        (await own.PostJson($"{address}/submit", new { }, edited.ETag)).Expect(200);
        (await own.PutJson(address, new { summary = "Đang sửa tiếp" }, (await own.GetJson(address)).ETag)).Expect(200);
        using var leader = host.Unit("XEM-A");
        using var deputy = host.Unit("XEM-B");
        using var auditor = host.As(Roles.Auditor);
        foreach (var (reader, draft) in new[] { (own, "Đang sửa tiếp"), (leader, null), (deputy, null), (auditor, null), (season.Head, null) })
        {
            var seen = (await reader.GetJson(address)).Expect(200);
            Assert.Equal(("SUBMITTED", draft, "Bản hoàn chỉnh"), ((string?)seen["state"], (string?)seen.Json!["draft"]?["summary"], (string?)seen["versions"][0]!["summary"]));
        }

        (await stranger.GetJson(address)).Expect(404);
        (await leader.PutJson(address, new { summary = "Sửa hộ" }, edited.ETag)).Expect(404);
        Assert.Empty((await stranger.GetJson("reports?season=XEM")).Expect(200)["items"].AsArray());
    }

    private static string Shown(OfficialFactEstablished fact) =>
        $"{fact.Version}:{string.Concat(fact.Late!.Select(one => $" {one.Obligation} {one.LateWorkingDays?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}"))}";
}
