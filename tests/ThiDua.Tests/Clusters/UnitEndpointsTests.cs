using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

public sealed class UnitEndpointsTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private readonly HttpClient _appraiser = service.As(Roles.Appraiser);
    private readonly HttpClient _reader = service.As(Roles.UnitClerk, unit: "A");

    [Fact]
    public async Task Registering_again_changes_only_what_differs_and_tells_the_others()
    {
        await using var registered = await service.CollectAsync<UnitRegistered>();

        Assert.Equal("""{"registered":2,"changed":0,"unchanged":0}""", (await Register(Unit("R1"), Unit("R2"))).Expect(200).Text);
        Assert.Equal("""{"registered":1,"changed":1,"unchanged":1}""", (await Register(Unit("R1"), Unit("R2", "Tên mới"), Unit("R3"))).Expect(200).Text);

        var messages = await registered.CountAsync(4, message => message.Code is "R1" or "R2" or "R3");
        Assert.Equal([("R1", 1), ("R2", 1), ("R2", 2), ("R3", 1)], messages.Select(message => (message.Code, message.Version)).Order());
    }

    [Fact]
    public async Task Everything_wrong_with_the_units_is_named_and_none_is_registered()
    {
        var answer = (await Register(
            Unit("W1"),
            Unit("W1"),
            new { code = "W 2", name = "", category = "XX", level = "HUYEN", valid_from = "2026-01-01" },
            new { code = "W3", name = "Sở", category = "HC", level = "TINH", valid_from = "03/04/2026", attributes = new { female_share = 101, stage = "THPT" }, phone = "1" },
            new { code = "W4" })).Expect(422, "validation-failed");

        Assert.Equal(
            [
                ("DUPLICATE_CODE", "/units/1/code"),
                ("BAD_CODE", "/units/2/code"), ("MISSING_PROPERTY", "/units/2/name"), ("UNKNOWN_CATEGORY", "/units/2/category"), ("UNKNOWN_LEVEL", "/units/2/level"),
                ("WRONG_TYPE", "/units/3/valid_from"), ("OUT_OF_RANGE", "/units/3/attributes/female_share"), ("UNKNOWN_PROPERTY", "/units/3/attributes/stage"), ("UNKNOWN_PROPERTY", "/units/3/phone"),
                ("MISSING_PROPERTY", "/units/4/name"), ("MISSING_PROPERTY", "/units/4/category"), ("MISSING_PROPERTY", "/units/4/level"),
            ],
            answer.Errors);
        (await _reader.GetJson("units/W1")).Expect(404);
    }

    [Theory]
    [InlineData("HUYEN", "2024-01-01", 200)]
    [InlineData("HUYEN", "2025-06-30", 200)]
    [InlineData("HUYEN", "2025-07-01", 422)]
    [InlineData("HUYEN", "2026-01-01", 422)]
    [InlineData("XA", "2013-01-01", 200)]
    [InlineData("XA", "2026-01-01", 200)]
    public async Task A_unit_begins_while_its_level_exists(string level, string from, int status) =>
        (await Register(new { code = $"L-{level}-{from}", name = "Đơn vị", category = "HC", level, valid_from = from })).Expect(status);

    [Fact]
    public async Task A_unit_reads_as_it_was_on_any_day()
    {
        (await Register(new { code = "26740", name = "Quận 1", category = "HC", level = "HUYEN", valid_from = "2020-01-01" })).Expect(200);
        (await Register(new { code = "26740", name = "Phường Sài Gòn", category = "HC", level = "XA", valid_from = "2025-07-01", attributes = new { female_share = "41.5", sector = "noi-chinh" } })).Expect(200);

        var before = (await _reader.GetJson("units/26740?as_of=2025-06-30")).Expect(200);
        var after = (await _reader.GetJson("units/26740")).Expect(200);

        Assert.Equal(("Quận 1", "HUYEN"), ((string?)before["name"], (string?)before["level"]));
        Assert.Equal(("Phường Sài Gòn", "41.5", "noi-chinh"), ((string?)after["name"], (string?)after["attributes"]["female_share"], (string?)after["attributes"]["sector"]));
        Assert.Equal("2025-06-30", (string?)after["versions"][0]!["valid_to"]);
        (await _reader.GetJson("units/26740?as_of=2019-12-31")).Expect(404);
        (await _reader.GetJson("units/26740?as_of=31/12/2019")).Expect(400);
        Assert.Equal(["Quận 1"], await Names("units?search=26740&as_of=2025-01-01"));
    }

    [Fact]
    public async Task A_change_names_the_state_it_changes()
    {
        (await Register(Unit("P1"))).Expect(200);
        var read = (await _reader.GetJson("units/P1")).Expect(200);
        var change = new { name = "Đơn vị mới", category = "HC", level = "TINH", valid_from = "2024-01-01", reason = "Đổi tên" };

        (await _appraiser.PutJson("units/P1", change)).Expect(428);
        var changed = (await _appraiser.PutJson("units/P1", change, read.ETag)).Expect(200);
        (await _appraiser.PutJson("units/P1", change, read.ETag)).Expect(412);
        Assert.NotEqual(read.ETag, changed.ETag);
        Assert.Equal(2, changed["versions"].AsArray().Count);

        // The same words again change nothing, not even the tag.
        Assert.Equal(changed.ETag, (await _appraiser.PutJson("units/P1", change, changed.ETag)).Expect(200).ETag);

        // A correction of the same day keeps what it corrects.
        var corrected = (await _appraiser.PutJson("units/P1", change with { name = "Đơn vị đúng" }, changed.ETag)).Expect(200);
        Assert.Equal([false, true, false], corrected["versions"].AsArray().Select(version => (bool)version!["superseded"]!));
        Assert.Equal("Đổi tên", await service.WithDatabaseAsync(db => db.Set<JournalEntry>().Where(entry => entry.Subjects.Contains("Unit/P1") && entry.Reason != null).OrderBy(entry => entry.Id).Select(entry => entry.Reason!).FirstAsync()));
    }

    [Fact]
    public async Task A_closed_code_is_not_registered_again()
    {
        (await Register(Unit("X1"))).Expect(200);
        var read = (await _reader.GetJson("units/X1")).Expect(200);
        (await _appraiser.PutJson("units/X1", new { name = "Đơn vị X1", category = "HC", level = "TINH", closes_on = "2025-06-30" }, read.ETag)).Expect(200);

        Assert.Equal([("UNIT_CLOSED", "/units/0/code")], (await Register(new { code = "X1", name = "Khác", category = "HC", level = "TINH", valid_from = "2026-01-01" })).Expect(422).Errors);
        Assert.Empty(await Names("units?search=X1&as_of=2026-01-01"));
        Assert.Equal(["Đơn vị X1"], await Names("units?search=X1&as_of=2025-06-30"));
    }

    [Fact]
    public async Task Search_needs_no_diacritics_and_the_order_is_Vietnamese()
    {
        string[] names = ["Phường Hưởng Ân", "Phường Hưởng Ăn", "Phường Hưởng Đa", "Phường Hưởng An", "Phường Hưởng Da", "Phu\u031bo\u031bng Hưởng Ơ"];
        (await Register([.. names.Select((name, index) => (object)new { code = $"S{index}", name, category = "HC", level = "XA", valid_from = "2020-01-01" })])).Expect(200);

        Assert.Equal(
            ["Phường Hưởng An", "Phường Hưởng Ăn", "Phường Hưởng Ân", "Phường Hưởng Da", "Phường Hưởng Đa"],
            (await Names("units?search=phuong%20huong")).Where(name => name.StartsWith("Phường Hưởng", StringComparison.Ordinal)));
        Assert.Equal(["Phường Hưởng Đa"], (await Names("units?search=%C4%90A%20huong")).Where(name => name.EndsWith("Đa", StringComparison.Ordinal)));
        Assert.Equal(["Phường Hưởng Ăn"], await Names($"units?search={Uri.EscapeDataString("hưởng s1")}"));
    }

    [Fact]
    public async Task Pages_neither_lose_nor_repeat_a_unit_while_others_are_registered()
    {
        string Name(int index) => $"Trang {index:00}";
        (await Register([.. Enumerable.Range(0, 30).Select(index => (object)Unit($"T{index:00}", Name(index)))])).Expect(200);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _reader.GetJson($"units?search=trang&limit=7{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
            seen.AddRange(page["items"].AsArray().Select(item => (string)item!["code"]!));
            cursor = (string?)page.Json!["next"];
            (await Register(Unit($"T-before-{seen.Count}", "Trang 00 trước"), Unit($"T-same-{seen.Count}", Name(6)))).Expect(200);
        }
        while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(Enumerable.Range(0, 30).Select(index => $"T{index:00}").Except(seen));
        (await _reader.GetJson("units?limit=201")).Expect(422, "bad-page");
        (await _reader.GetJson("units?cursor=YWJj")).Expect(422, "bad-page");
    }

    [Fact]
    public async Task Only_the_agency_registers_units_and_nobody_reads_them_unknown()
    {
        (await _reader.PostJson("units", new { units = Array.Empty<object>() })).Expect(403);
        (await service.Anonymous().GetJson("units")).Expect(401);
        (await service.As([]).GetJson("units")).Expect(403);
        (await _appraiser.PostJson("units", "[1]")).Expect(422);
        (await _appraiser.PostJson("units", "{")).Expect(400, "malformed-json");
    }

    [Fact]
    public async Task A_province_of_units_is_registered_in_one_go()
    {
        object[] province = [.. Enumerable.Range(0, 3000).Select(index => (object)new { code = $"M{index:0000}", name = $"Đơn vị thứ {index}", category = "DN", level = "TINH", valid_from = "2020-01-01", attributes = new { female_share = 40 } })];

        Assert.Equal(3000, (int)(await Register(province)).Expect(200)["registered"]);
        Assert.Equal(3000, (int)(await Register(province)).Expect(200)["unchanged"]);
        Assert.Equal([("TOO_MANY", "/units")], (await Register([.. province, .. province])).Expect(422).Errors);
    }

    private static object Unit(string code, string? name = null) => new { code, name = name ?? $"Đơn vị {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" };

    private Task<ApiAnswer> Register(params object[] units) => _appraiser.PostJson("units", new { units });

    private async Task<List<string>> Names(string path) =>
        [.. (await _reader.GetJson(path)).Expect(200)["items"].AsArray().Select(item => (string)item!["name"]!)];
}
