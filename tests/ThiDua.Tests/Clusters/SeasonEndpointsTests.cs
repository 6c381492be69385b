using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class SeasonEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _head = service.As(Roles.AppraisalHead);
    private readonly HttpClient _admin = service.As(Roles.Admin);

    [Fact]
    public async Task A_season_is_opened_once_with_its_calendar()
    {
        await using var phases = await service.CollectAsync<SeasonPhaseChanged>();
        var request = new { code = "2026", type = "CALENDAR_YEAR", year = 2026, calendar = Calendar("SELF_SCORING", "2026-11-15", "2026-11-25") };

        var opened = (await _head.PostJson("seasons", request)).Expect(201);
        Assert.Equal("/api/v1/seasons/2026", opened.Location);
        Assert.Equal(("SETUP", "2026-01-01", "2026-12-31", 1), ((string?)opened["phase"], (string?)opened["first_day"], (string?)opened["last_day"], (int)opened["version"]));
        Assert.Equal("2026-11-15", (string?)opened["calendar"]["SELF_SCORING"]!["opens"]);
        Assert.Equal(opened.ETag, (await _head.GetJson("seasons/2026")).Expect(200).ETag);
        (await _head.GetJson("seasons/2026", ifNoneMatch: opened.ETag)).Expect(304);

        (await _head.PostJson("seasons", request)).Expect(409, "season-exists");
        var told = await phases.FirstAsync(message => message.Season == "2026");
        Assert.Equal(("SETUP", 1, 2026, "CALENDAR_YEAR"), (told.Phase, told.Version, told.Year, told.Type));
    }

    [Fact]
    public async Task A_code_may_have_Vietnamese_letters_and_is_found_at_its_address()
    {
        var opened = (await _head.PostJson("seasons", new { code = "Đợt-1", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);

        Assert.Equal("/api/v1/seasons/%C4%90%E1%BB%A3t-1", opened.Location);
        Assert.Equal("Đợt-1", (string?)(await _head.GetJson(opened.Location!)).Expect(200)["code"]);
        (await _admin.PostJson("units", new { units = new[] { "VA", "VB" }.Select(unit => new { code = unit, name = unit, category = "HC", level = "TINH" }) })).Expect(200);
        var formed = (await _head.PostJson("clusters", new { season = "Đợt-1", clusters = new[] { new { code = "Khối-Đ", name = "Khối", kind = "KHOI", leader = "VA", deputy = "VB", members = new[] { "VA", "VB" } } } })).Expect(201);
        Assert.Single((await _head.GetJson(formed.Location!)).Expect(200)["items"].AsArray());
    }

    [Fact]
    public async Task Everything_wrong_with_a_season_is_named()
    {
        Assert.Equal(
            [("BAD_CODE", "/code"), ("CLOSES_BEFORE_OPENS", "/calendar/SELF_SCORING"), ("UNKNOWN_SEASON_TYPE", "/type")],
            (await _head.PostJson("seasons", new { code = "2026/1", type = "MONTH", year = 2026, calendar = Calendar("SELF_SCORING", "2026-11-15", "2026-11-01") })).Expect(422).Errors);
        Assert.Equal(
            [("MISSING_PROPERTY", "/code"), ("WRONG_TYPE", "/type"), ("WRONG_TYPE", "/year"), ("UNKNOWN_PROPERTY", "/calendar/LUNCH"), ("UNKNOWN_PROPERTY", "/colour")],
            (await _head.PostJson("seasons", """{"type":1,"year":2026.5,"calendar":{"LUNCH":{"opens":"2026-01-01","closes":"2026-01-01"}},"colour":"red"}""")).Expect(422).Errors);
        (await _head.PostJson("seasons", new { code = "S1999", type = "CALENDAR_YEAR", year = 1999 })).Expect(422);
    }

    [Fact]
    public async Task A_season_goes_on_by_its_state_and_back_with_a_reason()
    {
        await using var phases = await service.CollectAsync<SeasonPhaseChanged>();
        var season = (await _head.PostJson("seasons", new { code = "S-2024", type = "SCHOOL_YEAR", year = 2024 })).Expect(201);
        Assert.Equal("2025-08-31", (string?)season["last_day"]);

        (await Advance("CRITERIA", season.ETag)).Expect(409, "no-clusters");
        await FormCluster("S-2024");
        (await Advance("CRITERIA", null)).Expect(428);
        (await Advance("SELF_SCORING", season.ETag)).Expect(409, "wrong-phase");
        Assert.Equal([("WRONG_TYPE", "/to")], (await Advance("LUNCH", season.ETag)).Expect(422).Errors);
        (await _admin.PostJson("seasons/S-2024/advance", new { to = "CRITERIA" }, season.ETag)).Expect(403);

        var criteria = (await Advance("CRITERIA", season.ETag)).Expect(200);
        (await Advance("SELF_SCORING", season.ETag)).Expect(412);
        Assert.Equal([("MISSING_REASON", "/reason")], (await Advance("SETUP", criteria.ETag)).Expect(422).Errors);
        (await Advance("SETUP", criteria.ETag, "Bổ sung một khối")).Expect(200);

        var told = await phases.CountAsync(3, message => message.Season == "S-2024");
        Assert.Equal([("SETUP", 1), ("CRITERIA", 2), ("SETUP", 3)], told.OrderBy(message => message.Version).Select(message => (message.Phase, message.Version)));

        Task<ApiAnswer> Advance(string to, string? etag, string? reason = null) => _head.PostJson("seasons/S-2024/advance", new { to, reason }, etag);
    }

    [Fact]
    public async Task A_phase_waits_for_its_day_unless_there_is_a_reason()
    {
        var season = (await _head.PostJson("seasons", new { code = "S-2090", type = "CALENDAR_YEAR", year = 2090 })).Expect(201);
        await FormCluster("S-2090");
        season = (await _head.PutJson("seasons/S-2090/calendar", new { calendar = Calendar("CRITERIA", "2090-01-15", "2090-03-31") }, season.ETag)).Expect(200);

        (await _head.PostJson("seasons/S-2090/advance", new { to = "CRITERIA" }, season.ETag)).Expect(409, "not-open-yet");
        (await _head.PostJson("seasons/S-2090/advance", new { to = "CRITERIA", reason = "Chuẩn bị sớm" }, season.ETag)).Expect(200);
        (await _head.PutJson("seasons/S-2090/calendar", new { calendar = new { } }, season.ETag)).Expect(412);
    }

    [Fact]
    public async Task A_repeated_request_opens_one_season()
    {
        var request = new { code = "S-2031", type = "CALENDAR_YEAR", year = 2031 };

        var first = (await _head.PostJson("seasons", request, idempotencyKey: "open-2031")).Expect(201);
        var again = (await _head.PostJson("seasons", request, idempotencyKey: "open-2031")).Expect(201);

        Assert.Equal((first.Text, first.ETag, "true"), (again.Text, again.ETag, again.Headers["Idempotency-Replayed"]));
    }

    [Fact]
    public async Task Seasons_are_listed_newest_first()
    {
        foreach (var year in (int[])[2041, 2043, 2042])
        {
            (await _head.PostJson("seasons", new { code = $"S-{year}", type = "CALENDAR_YEAR", year })).Expect(201);
        }

        var codes = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _head.GetJson($"seasons?limit=1{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
            codes.AddRange(page["items"].AsArray().Select(item => (string)item!["code"]!));
            cursor = (string?)page.Json!["next"];
        }
        while (cursor is not null);

        Assert.Equal(["S-2043", "S-2042", "S-2041"], codes.Where(code => code.StartsWith("S-204", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_level_is_added_and_ended_by_an_administrator()
    {
        var vung = new { code = "VUNG", label = "Vùng", order = 2, valid_from = "2030-01-01", basis = "Thử nghiệm" };
        (await _head.PostJson("levels", vung)).Expect(403);
        var added = (await _admin.PostJson("levels", vung)).Expect(201);
        Assert.Equal([("PERIODS_OVERLAP", "/valid_from")], (await _admin.PostJson("levels", vung with { valid_from = "2035-01-01" })).Expect(422).Errors);

        var address = added.Location!["/api/v1/".Length..];
        var ending = new { label = "Vùng", order = 2, valid_to = "2034-12-31", basis = "Thử nghiệm" };
        (await _admin.PutJson(address, ending)).Expect(428);
        (await _admin.PutJson(address, ending, added.ETag)).Expect(200);
        (await _admin.PutJson(address, ending, added.ETag)).Expect(412);
        (await _admin.PostJson("levels", vung with { valid_from = "2035-01-01" })).Expect(201);

        Assert.Equal(["TW", "TINH", "HUYEN", "XA"], await Codes("levels?as_of=2025-06-30"));
        Assert.Equal(["TW", "TINH", "XA"], (await Codes("levels?as_of=2025-07-01")));
    }

    [Fact]
    public async Task A_category_says_what_its_units_are_described_by()
    {
        Assert.Equal(5, (await Codes("unit-categories?as_of=2026-01-01")).Count);
        Assert.Equal(
            [("UNKNOWN_SEASON_TYPE", "/season_type"), ("BAD_CODE", "/attributes/1")],
            (await _admin.PostJson("unit-categories", new { code = "YT", label = "Y tế", season_type = "MONTH", attributes = new[] { "beds", "female_share" }, valid_from = "2024-01-01", basis = "Thử" })).Expect(422).Errors);
        (await _admin.PostJson("unit-categories", new { code = "YT", label = "Đơn vị sự nghiệp y tế", season_type = "CALENDAR_YEAR", attributes = new[] { "beds" }, valid_from = "2024-01-01", valid_to = "2025-12-31", basis = "Thử" })).Expect(201);
        (await _admin.PostJson("units", new { units = new[] { new { code = "YT1", name = "Bệnh viện", category = "YT", level = "TINH", valid_from = "2024-01-01", attributes = new { beds = "500" } } } })).Expect(200);
        Assert.DoesNotContain("YT", await Codes("unit-categories?as_of=2026-01-01"));
    }

    private static Dictionary<string, object> Calendar(string phase, string opens, string closes) => new() { [phase] = new { opens, closes } };

    private async Task<List<string>> Codes(string path) => [.. (await _head.GetJson(path)).Expect(200)["items"].AsArray().Select(item => (string)item!["code"]!)];

    private async Task FormCluster(string season)
    {
        string[] codes = [$"{season}-1", $"{season}-2"];
        (await _admin.PostJson("units", new { units = codes.Select(code => new { code, name = code, category = "GD", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await _head.PostJson("clusters", new { season, clusters = new[] { new { code = "K1", name = "Khối 1", kind = "KHOI", leader = codes[0], deputy = codes[1], members = codes } } })).Expect(201);
    }
}
