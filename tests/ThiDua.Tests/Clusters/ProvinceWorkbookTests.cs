using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>Units and clusters of a whole province by workbook, with the 168 communes of sample season 04.</summary>
public sealed class ProvinceWorkbookTests(ServiceHost<ClustersDbContext> service) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    private const string Units = "Đơn vị";
    private const string Clusters = "Cụm, khối";
    private const string Members = "Thành viên";
    private const int FirstRow = 5;

    private static readonly JsonElement s_sample = Samples.Read("season/04-hcmc-2025-communes.json");

    private readonly HttpClient _head = service.As([Roles.AppraisalHead, Roles.Appraiser]);

    [Fact]
    public async Task A_province_comes_in_whole_once_and_a_second_time_changes_nothing()
    {
        await using var told = await service.CollectAsync<ClusterFormed>();
        var communes = s_sample.GetProperty("units").EnumerateArray().ToList();
        var workbook = await EditedWorkbook.TakeAsync(_head, "units/workbook?category=HC&level=XA");
        for (var index = 0; index < communes.Count; index++)
        {
            workbook.SetRow(Units, FirstRow + index, Text(communes[index], "code"), Text(communes[index], "name"), "HC", "XA", index % 2 == 0 ? "01/01/2025" : new DateOnly(2025, 1, 1));
        }

        var file = workbook.ToBytes();
        var check = (await EditedWorkbook.SendAsync(_head, "units/workbook/check", file)).Expect(200);
        Assert.Equal((true, 168, 0, 0, 0), Counts(check));
        Assert.Empty(check["problems"].AsArray());
        Assert.Equal(404, (await _head.GetJson($"units/{Text(communes[0], "code")}")).Status); // nothing was written
        Assert.Equal((true, 168, 0, 0, 0), Counts((await EditedWorkbook.SendAsync(_head, "units/workbook", file)).Expect(200)));
        Assert.Equal((true, 0, 0, 168, 0), Counts((await EditedWorkbook.SendAsync(_head, "units/workbook", file)).Expect(200)));
        Assert.Equal(
            communes.Select(unit => $"{Text(unit, "code")} {Text(unit, "name")} 1").Order(StringComparer.Ordinal),
            (await service.WithDatabaseAsync(db => db.Units.AsNoTracking().ToListAsync())).Where(unit => unit.Versions.Count == 1 && unit.Versions[0] is { Level: "XA", ValidFrom: { Year: 2025, DayOfYear: 1 } })
                .Select(unit => $"{unit.Code} {unit.Versions[0].Name} {unit.Version}").Order(StringComparer.Ordinal));

        (await _head.PostJson("seasons", new { code = "2025", type = "CALENDAR_YEAR", year = 2025 })).Expect(201);
        var clusters = s_sample.GetProperty("clusters").EnumerateArray().ToList();
        var composition = await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=2025");
        var (row, member) = (FirstRow, FirstRow);
        foreach (var cluster in clusters)
        {
            composition.SetRow(Clusters, row++, Text(cluster, "code"), Text(cluster, "name"), "Cụm", Text(cluster, "leader"), Text(cluster, "deputy"));
            foreach (var unit in cluster.GetProperty("members").EnumerateArray())
            {
                // Codes of units that are known may come as numbers, as spreadsheets make of them.
                composition.SetRow(Members, member, Text(cluster, "code"), member++ % 2 == 0 ? unit.GetString() : decimal.Parse(unit.GetString()!, System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        file = composition.ToBytes();
        Assert.Equal((true, 16, 0, 0, 0), Counts((await EditedWorkbook.SendAsync(_head, "clusters/workbook/check", file)).Expect(200)));
        Assert.Empty((await _head.GetJson("clusters?season=2025")).Expect(200)["items"].AsArray());
        Assert.Equal((true, 16, 0, 0, 0), Counts((await EditedWorkbook.SendAsync(_head, "clusters/workbook", file)).Expect(200)));
        Assert.Equal((true, 0, 0, 16, 0), Counts((await EditedWorkbook.SendAsync(_head, "clusters/workbook", file)).Expect(200)));
        var formed = (await _head.GetJson("clusters?season=2025&limit=100")).Expect(200)["items"].AsArray();
        Assert.Equal(
            clusters.Select(cluster => $"{Text(cluster, "code")} CUM {Text(cluster, "leader")} {Text(cluster, "deputy")} 1: {string.Join(' ', cluster.GetProperty("members").EnumerateArray().Select(unit => unit.GetString()).Order(StringComparer.Ordinal))}"),
            formed.Select(cluster => $"{cluster!["code"]} {cluster["kind"]} {cluster["leader"]} {cluster["deputy"]} {cluster["version"]}: {string.Join(' ', cluster["members"]!.AsArray().Select(unit => (string)unit!["unit"]!))}"));
        Assert.Equal(16, (await told.CountAsync(16, fact => fact.Season == "2025")).Count);

        // Two units change places, a cluster gets another name; all others stay as they are.
        var again = await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=2025");
        var (first, second) = (Text(clusters[0], "code"), Text(clusters[1], "code"));
        var (one, other) = (Ordinary(clusters[0]), Ordinary(clusters[1]));
        again.Set(Members, again.RowOf(Members, 2, one), 1, second).Set(Members, again.RowOf(Members, 2, other), 1, first).Set(Clusters, again.RowOf(Clusters, 1, Text(clusters[2], "code")), 2, "Cụm đổi tên");
        var change = (await again.SendAsync(_head, "clusters/workbook/check")).Expect(200);
        Assert.Equal((true, 0, 3, 13, 0), Counts(change));
        Assert.Equal([$"{first} Thành viên", $"{second} Thành viên", $"{Text(clusters[2], "code")} Tên cụm, khối"], change["changes"].AsArray().Select(item => $"{item!["code"]} {string.Join(", ", item["fields"]!.AsArray().Select(field => (string)field!["name"]!))}"));
        (await again.SendAsync(_head, "clusters/workbook?reason=Điều%20chuyển")).Expect(200);
        Assert.Equal((true, 0, 0, 16, 0), Counts((await again.SendAsync(_head, "clusters/workbook")).Expect(200)));
        Assert.Equal(second, await ClusterOfAsync(one));
        Assert.Equal(first, await ClusterOfAsync(other));
    }

    [Fact]
    public async Task Everything_wrong_is_named_by_its_cell_and_nothing_is_written()
    {
        (await _head.PostJson("units", new { units = new[] { new { code = "XA-1", name = "Đã có", category = "HC", level = "TINH", valid_from = "2026-01-01" } } })).Expect(200);
        var workbook = await EditedWorkbook.TakeAsync(_head, "units/workbook?category=DN&level=XA"); // none of those is known
        workbook.SetRow(Units, 5, "XB-1", "Tốt", "HC", "XA")
            .SetRow(Units, 6, "XB-2", null, "HC", "XA")
            .SetRow(Units, 7, "XB-3", "Huyện cũ", "HC", "HUYEN", "01/01/2026")
            .SetRow(Units, 8, "XB-4", "Loại lạ", "ZZ", "XA")
            .SetRow(Units, 9, "XB-1", "Lần hai", "HC", "XA")
            .SetRow(Units, 10, 777m, "Mã là số", "HC", "XA")
            .SetRow(Units, 11, "mã sai", "Tên", "HC", "XA")
            .SetRow(Units, 12, "XB-5", "Ngày sai", "HC", "XA", "31/02/2026")
            .SetRow(Units, 13, null, "Thiếu mã", "HC", "XA")
            .SetRow(Units, 14, "XB-6", "Quá", "HC", "XA", null, 101m)
            .SetRow(Units, 15, "XA-1", "Tên khác", "HC", "TINH");
        var check = (await workbook.SendAsync(_head, "units/workbook/check")).Expect(200);
        Assert.Equal(
            [
                "BAD_CODE Đơn vị!A11", "DUPLICATE_CODE Đơn vị!A9", "MISSING_PROPERTY Đơn vị!A13", "MISSING_PROPERTY Đơn vị!B6", "NOT_A_DATE Đơn vị!E12", "NUMBER_AS_CODE Đơn vị!A10",
                "OUT_OF_RANGE Đơn vị!F14", "UNKNOWN_CATEGORY Đơn vị!C8", "UNKNOWN_LEVEL Đơn vị!D7",
            ],
            check["problems"].AsArray().Select(error => $"{error!["code"]} {error["path"]}").Order(StringComparer.Ordinal));
        Assert.All(check["problems"].AsArray(), error => Assert.StartsWith("Ô ", (string)error!["message"]!, StringComparison.Ordinal));

        // What is known and was not in the workbook when it was taken is not overwritten from it.
        var conflict = Assert.Single(check["conflicts"].AsArray())!;
        Assert.Equal(("Đơn vị!15", "XA-1", null, "Đã có", "Tên khác"), ((string?)conflict["row"], (string?)conflict["code"], conflict["taken_version"], (string?)conflict["fields"]![0]!["system"], (string?)conflict["fields"]![0]!["workbook"]));
        Assert.False((bool)check["can_apply"]);
        Assert.Equal(10, (await workbook.SendAsync(_head, "units/workbook")).Expect(422, "workbook-has-problems").Errors.Count);
        Assert.Equal(404, (await _head.GetJson("units/XB-1")).Status);
        Assert.Equal("Đã có", (string?)(await _head.GetJson("units/XA-1")).Expect(200)["name"]);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_a_conflict_where_it_was_touched_and_stays_where_it_was_not()
    {
        (await _head.PostJson("units", new { units = new[] { "YA", "YB", "YC" }.Select(code => new { code, name = $"Tên {code}", category = "DD", level = "XA", valid_from = "2026-01-01" }) })).Expect(200);
        var workbook = await EditedWorkbook.TakeAsync(_head, "units/workbook?category=DD&level=XA");
        foreach (var code in new[] { "YA", "YB" })
        {
            var unit = (await _head.GetJson($"units/{code}")).Expect(200);
            (await _head.PutJson($"units/{code}", new { name = $"Mới {code}", category = "DD", level = "XA", valid_from = "2026-01-01" }, unit.ETag)).Expect(200);
        }

        workbook.Set(Units, workbook.RowOf(Units, 1, "YA"), 2, "Tên của tôi").Set(Units, workbook.RowOf(Units, 1, "YC"), 2, "Tên YC sửa");
        var check = (await workbook.SendAsync(_head, "units/workbook/check")).Expect(200);
        Assert.Equal((false, 0, 1, 1, 0), Counts(check));
        var conflict = Assert.Single(check["conflicts"].AsArray())!;
        Assert.Equal(("YA", 1, 2, "Mới YA", "Tên của tôi"), ((string?)conflict["code"], (int)conflict["taken_version"]!, (int)conflict["version"]!, (string?)conflict["fields"]![0]!["system"], (string?)conflict["fields"]![0]!["workbook"]));
        var refused = (await workbook.SendAsync(_head, "units/workbook")).Expect(422);
        Assert.Equal(("STALE_ROW", $"Đơn vị!{workbook.RowOf(Units, 1, "YA")}"), refused.Errors.Single());
        Assert.Equal("Tên YC", (string?)(await _head.GetJson("units/YC")).Expect(200)["name"]);

        workbook.Set(Units, workbook.RowOf(Units, 1, "YA"), 2, "Mới YA"); // what the system says
        Assert.Equal((true, 0, 1, 2, 0), Counts((await workbook.SendAsync(_head, "units/workbook")).Expect(200)));
        Assert.Equal(
            ["Mới YA", "Mới YB", "Tên YC sửa"],
            await Task.WhenAll(new[] { "YA", "YB", "YC" }.Select(async code => (string?)(await _head.GetJson($"units/{code}")).Expect(200)["name"])));
    }

    [Fact]
    public async Task Columns_are_found_by_their_keys_and_a_file_without_our_seal_is_refused()
    {
        (await _head.PostJson("units", new { units = new[] { new { code = "ZA", name = "Tên ZA", category = "DD", level = "TINH", valid_from = "2026-01-01" } } })).Expect(200);
        var moved = await EditedWorkbook.TakeAsync(_head, "units/workbook?category=DD&level=TINH");
        moved.Set(Units, 5, 2, "Tên ZA mới").Move(Units, cell => new(cell.Row + 2, cell.Column is 1 ? 2 : cell.Column is 2 ? 1 : cell.Column)); // two rows above, code and name change places
        Assert.Equal((true, 0, 1, 0, 0), Counts((await moved.SendAsync(_head, "units/workbook/check")).Expect(200)));

        Assert.Equal([("UNKNOWN_COLUMN", "Đơn vị!B3"), ("MISSING_COLUMN", "Đơn vị")], (await (await EditedWorkbook.TakeAsync(_head, "units/workbook")).Set(Units, 3, 2, "ten").SendAsync(_head, "units/workbook")).Expect(422, "workbook-refused").Errors);
        Assert.Equal([("DUPLICATE_COLUMN", "Đơn vị!Z3")], (await (await EditedWorkbook.TakeAsync(_head, "units/workbook")).Set(Units, 3, 26, "name").SendAsync(_head, "units/workbook")).Expect(422, "workbook-refused").Errors);
        Assert.Equal([("BROKEN_SEAL", "")], (await (await EditedWorkbook.TakeAsync(_head, "units/workbook")).Set("ThiDua.Niem", 2, 1, "W10=").SendAsync(_head, "units/workbook")).Expect(422, "workbook-refused").Errors);
        (await _head.PostJson("seasons", new { code = "Z26", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        Assert.Equal([("NO_SEAL", "")], (await (await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=Z26")).SendAsync(_head, "units/workbook")).Expect(422, "workbook-refused").Errors);
        Assert.Equal([("NOT_XLSX", "")], (await EditedWorkbook.SendAsync(_head, "units/workbook", [1, 2, 3])).Expect(422, "workbook-refused").Errors);
        Assert.Equal(415, (await _head.PostJson("units/workbook", new { })).Status);
    }

    [Fact]
    public async Task LibreOffice_changes_nothing_of_what_it_saves()
    {
        (await _head.PostJson("units", new
        {
            units = new object[]
            {
                new { code = "0012", name = "Tên “0012”, dấu & <ngoặc>", category = "DN", level = "TINH", valid_from = "2026-01-01", attributes = new { female_share = "45.5", capital = "12.50" } },
                new { code = "1E5", name = "Tên 1E5", category = "DN", level = "TINH", valid_from = "2026-01-01", attributes = new { female_share = "33.3", industry = "01/02" } },
            },
        })).Expect(200);
        var workbook = await EditedWorkbook.TakeAsync(_head, "units/workbook?category=DN");
        workbook.SetRow(Units, 7, "0099", "Tên mới", "DN", "TINH", new DateOnly(2026, 3, 15), 43.5m).SetRow(Units, 8, "0098", "Tên chữ", "DN", "TINH", "15/03/2026", "43,5");
        using var directory = TemporaryDirectory.Create("thidua-libreoffice-");
        var (written, saved) = (Path.Combine(directory.Path, "don-vi.xlsx"), Path.Combine(directory.Path, "saved"));
        await File.WriteAllBytesAsync(written, workbook.ToBytes(), TestContext.Current.CancellationToken);
        await ChildProcess.RunAsync(["soffice", $"-env:UserInstallation=file://{directory.Path}/profile", "--headless", "--convert-to", "xlsx", "--outdir", saved, written], ct: TestContext.Current.CancellationToken);

        var file = await File.ReadAllBytesAsync(Path.Combine(saved, "don-vi.xlsx"), TestContext.Current.CancellationToken);
        Assert.Equal((true, 2, 0, 2, 0), Counts((await EditedWorkbook.SendAsync(_head, "units/workbook", file)).Expect(200)));
        foreach (var code in new[] { "0099", "0098" })
        {
            var unit = (await _head.GetJson($"units/{code}?as_of=2026-03-15")).Expect(200);
            Assert.Equal(("2026-03-15", "43.5"), ((string?)unit["valid_from"], (string?)unit["attributes"]["female_share"]));
        }
    }

    [Fact]
    public async Task Clusters_are_checked_as_a_whole_season()
    {
        (await _head.PostJson("units", new { units = new[] { "WA", "WB", "WC", "WD" }.Select(code => new { code, name = $"Tên {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await _head.PostJson("seasons", new { code = "W26", type = "CALENDAR_YEAR", year = 2026 })).Expect(201);
        var workbook = await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=W26");
        workbook.SetRow(Clusters, 5, "W1", "Khối 1", "khối", "WA", "WB").SetRow(Clusters, 6, "W2", "Khối 2", "Đoàn", "WC", "WC").SetRow(Clusters, 7, "W3", "Khối 3", "Khối", "WD", "WA")
            .SetRow(Members, 5, "W1", "WA").SetRow(Members, 6, "W1", "WB").SetRow(Members, 7, "W2", "WC").SetRow(Members, 8, "W3", "WD").SetRow(Members, 9, "W3", "WB").SetRow(Members, 10, "W9", "WA").SetRow(Members, 11, "W1", "WX");
        var check = (await workbook.SendAsync(_head, "clusters/workbook/check")).Expect(200);
        Assert.Equal(
            ["LEADER_NOT_MEMBER Cụm, khối!E7", "UNIT_IN_TWO_CLUSTERS Thành viên!B9", "UNKNOWN_CHOICE Cụm, khối!C6", "UNKNOWN_CLUSTER Thành viên!A10", "UNKNOWN_UNIT Thành viên!B11"],
            check["problems"].AsArray().Select(error => $"{error!["code"]} {error["path"]}").Order(StringComparer.Ordinal));
        (await workbook.SendAsync(_head, "clusters/workbook")).Expect(422, "workbook-has-problems");

        workbook.Set(Clusters, 6, 1, null).Set(Clusters, 6, 2, null).Set(Clusters, 6, 3, null).Set(Clusters, 6, 4, null).Set(Clusters, 6, 5, null)
            .SetRow(Members, 7, "W3", "WC").SetRow(Members, 9, null, null).SetRow(Members, 10, null, null).SetRow(Members, 11, null, null).Set(Clusters, 7, 5, "WC");
        Assert.Equal((true, 2, 0, 0, 0), Counts((await workbook.SendAsync(_head, "clusters/workbook")).Expect(200)));

        // Somebody else changes a cluster; the workbook that does not know of it must not undo that.
        var taken = await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=W26");
        var cluster = (await _head.GetJson("clusters?season=W26")).Expect(200)["items"].AsArray()[0]!;
        var read = (await _head.GetJson($"clusters/{cluster["id"]}")).Expect(200);
        (await _head.PutJson($"clusters/{cluster["id"]}", new { name = "Khối 1 mới", kind = "KHOI", leader = "WA", deputy = "WB", members = new[] { "WA", "WB" } }, read.ETag)).Expect(200);
        var stale = (await taken.Set(Clusters, taken.RowOf(Clusters, 1, "W1"), 4, "WB").Set(Clusters, taken.RowOf(Clusters, 1, "W1"), 5, "WA").SendAsync(_head, "clusters/workbook")).Expect(422);
        Assert.Equal(("STALE_ROW", "Cụm, khối!5"), stale.Errors.Single());

        var season = (await _head.GetJson("seasons/W26")).Expect(200);
        (await _head.PostJson("seasons/W26/advance", new { to = "CRITERIA" }, season.ETag)).Expect(200);
        var late = await EditedWorkbook.TakeAsync(_head, "clusters/workbook?season=W26");
        (await late.SetRow(Clusters, 20, "W5", "Khối 5", "Khối", "WX", "WY").SendAsync(_head, "clusters/workbook/check")).Expect(409, "wrong-phase");
    }

    [Fact]
    public async Task A_unit_takes_nothing_and_brings_nothing()
    {
        var unit = service.As([Roles.UnitClerk, Roles.UnitHead], "A");
        foreach (var path in new[] { "units/workbook", "clusters/workbook" })
        {
            Assert.Equal(403, (await unit.GetJson($"{path}?season=2026")).Status);
            Assert.Equal(403, (await EditedWorkbook.SendAsync(unit, path, [])).Status);
            Assert.Equal(403, (await EditedWorkbook.SendAsync(unit, $"{path}/check", [])).Status);
        }

        Assert.Equal(404, (await _head.GetJson("clusters/workbook?season=none")).Status);
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static string Ordinary(JsonElement cluster) => cluster.GetProperty("members").EnumerateArray().Select(unit => unit.GetString()!).First(unit => unit != Text(cluster, "leader") && unit != Text(cluster, "deputy"));

    private static (bool CanApply, int Added, int Changed, int Unchanged, int Absent) Counts(ApiAnswer answer) =>
        ((bool)answer["can_apply"], (int)answer["added"], (int)answer["changed"], (int)answer["unchanged"], (int)answer["absent"]);

    private async Task<string?> ClusterOfAsync(string unit) => (string?)(await _head.GetJson($"clusters?season=2025&unit={unit}")).Expect(200)["items"].AsArray().Single()!["code"];
}
