using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>A score sheet goes out as a workbook and comes back.</summary>
public sealed class SheetWorkbookEndpointsTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private const string Everything = """
        {"inputs": {"I.1": {"level": "T"}, "I.2": {"actual": 43.5, "base": 50}, "I.3": {"actual": 96.25}, "I.4": {"n": 0, "N": 0, "decision": "FULL"}, "I.5": {"count": 3},
          "I.6": {"actual": 1234.5, "target": 1000}, "II.1": {"done": ["KE_HOACH", "SO/KET"]}, "II.2": {"late": {"MIDYEAR": 0, "YEAREND": null}}, "II.3": {"counts": {"NN": 2}}, "II.4": {"points": 7.25}},
         "bonus": {"SK": 2}, "deductions": {"CHAM": 1},
         "notes": {"I.1": "Thông báo số 210/TB-UBND\nngày 01/12/2026", "I.7": "=1+1", "II.4": "BC 12"}}
        """;

    [Fact]
    public async Task What_is_filled_in_is_what_JSON_would_have_entered_and_the_second_time_changes_nothing()
    {
        var (season, a, path) = await OpenAsync("W1");
        var empty = await a.DownloadAsync($"{path}/workbook");
        Nothing.In(WorkbookBuilderTests.Problems(empty));
        using var edited = new EditedWorkbook(empty);
        Fill(edited);
        var file = edited.ToBytes();

        var check = (await a.UploadAsync($"{path}/workbook/check", file)).Expect(200);
        Assert.Empty(check["problems"].AsArray());
        Assert.Equal((15, false), (check["changes"].AsArray().Count, (bool)check["applied"]!));
        Assert.Equal(check.ETag, (await a.GetJson(path)).ETag); // nothing happened
        var applied = (await a.UploadAsync($"{path}/workbook", file, check.ETag)).Expect(200);
        Assert.Equal((15, true), (applied["changes"].AsArray().Count, (bool)applied["applied"]!));

        // Another unit enters the same by JSON: both sheets are the same to the last derivation.
        var other = (await season.OpenAsync("B")).Expect(201);
        var entered = (await season.Unit("B").PutJson($"score-sheets/{other["id"]}/lines", JsonNode.Parse(Everything), other.ETag)).Expect(200);
        var sheet = (await a.GetJson(path)).Expect(200);
        Assert.Equal(sheet.ETag, applied.ETag);
        Assert.True(JsonNode.DeepEquals(Canonical(entered["lines"]), Canonical(sheet["lines"])), $"{entered["lines"]}\n{sheet["lines"]}");
        Assert.Equal(entered["bonus"].ToJsonString(), sheet["bonus"].ToJsonString());
        Assert.Equal(entered["deductions"].ToJsonString(), sheet["deductions"].ToJsonString());

        var journalled = await JournalledAsync();
        foreach (var again in new[] { file, await a.DownloadAsync($"{path}/workbook") })
        {
            var second = (await a.UploadAsync($"{path}/workbook", again)).Expect(200);
            Assert.Empty(second["changes"].AsArray());
            Assert.Equal(sheet.ETag, second.ETag);
        }

        Assert.Equal((sheet.ETag, journalled), ((await a.GetJson(path)).ETag, await JournalledAsync()));
    }

    [Fact]
    public async Task A_dry_run_names_every_cell_and_an_import_with_one_of_them_writes_nothing()
    {
        var (_, a, path) = await OpenAsync("W2");
        using var edited = new EditedWorkbook(await a.DownloadAsync($"{path}/workbook"));
        string F(string key) => $"F{edited.RowOf(key)}";
        edited.Text(F("I.1"), "Khá").Text(F("I.2 | actual"), "1.234").Number(F("I.2 | base"), "0").Number(F("I.3 | actual"), "0.95", edited.StyleOf("0%")).Text(F("I.4 | n"), "x")
            .Number(F("I.4 | N"), "7").Number(F("I.5"), "46193", edited.StyleOf("dd/mm/yyyy")).Formula(F("I.6 | actual"), "1+1", "2").Number(F("I.6 | target"), "0")
            .Number(F("I.7"), "5").Text(F("II.2 | late/MIDYEAR"), "Không nộp").Number(F("II.3 | counts/KL"), "-1").Number(F("II.4"), "10.01").Number($"D{edited.RowOf("II.4")}", "10").Text($"G{edited.RowOf("I.1")}", "Ghi chú");
        var cells = new[] { "I.1", "I.2 | actual", "I.3 | actual", "I.4 | n", "I.5", "I.6 | actual", "I.7", "II.2 | late/YEAREND", "II.3 | counts/KL" }.ToDictionary(key => key, key => $"Bảng chấm!{F(key)}");
        var self = $"Bảng chấm!D{edited.RowOf("II.4")}";
        var file = edited.ToBytes();

        var check = (await a.UploadAsync($"{path}/workbook/check", file, idempotencyKey: "dry")).Expect(200);
        Assert.Equal(
            [
                ("UNKNOWN_CHOICE", cells["I.1"]), ("AMBIGUOUS_NUMBER", cells["I.2 | actual"]), ("PERCENT_FORMAT", cells["I.3 | actual"]), ("NOT_A_NUMBER", cells["I.4 | n"]), ("DATE_AS_NUMBER", cells["I.5"]),
                ("FORMULA_IN_INPUT", cells["I.6 | actual"]), ("LOCKED_CELL", cells["I.7"]), ("LOCKED_CELL", self), ("MISSING_PROPERTY", cells["II.2 | late/YEAREND"]), ("NEGATIVE", cells["II.3 | counts/KL"]),
            ],
            WorkbookCalls.ProblemsOf(check));
        Assert.All(check["problems"].AsArray(), problem => Assert.StartsWith("Ô ", (string)problem!["message"]!, StringComparison.Ordinal));

        var before = (await a.GetJson(path)).Expect(200);
        var refused = (await a.UploadAsync($"{path}/workbook", file)).Expect(422, "workbook-has-problems");
        Assert.Equal(WorkbookCalls.ProblemsOf(check), refused.Errors);
        var after = (await a.GetJson(path)).Expect(200);
        Assert.Equal((before.ETag, before.Text), (after.ETag, after.Text));
    }

    [Fact]
    public async Task A_newer_value_is_kept_or_shown_beside_and_never_written_over()
    {
        var (_, a, path) = await OpenAsync("W3");
        var sheet = (await a.PutJson($"{path}/lines", JsonNode.Parse(Everything), (await a.GetJson(path)).ETag)).Expect(200);
        var exported = await a.DownloadAsync($"{path}/workbook");
        var newer = (await a.PutJson($"{path}/lines", JsonNode.Parse("""{"inputs": {"I.2": {"actual": 44, "base": 50}, "I.5": {"count": 4}, "II.4": {"points": 8}}, "notes": {"II.4": "BC 13"}, "bonus": {"SK": 3}}"""), sheet.ETag)).Expect(200);

        // II.4 and its note: untouched in the file; I.5: the same new value; I.3: changed only in the file; I.2 and SK: changed on both sides.
        using var edited = new EditedWorkbook(exported);
        string F(string key) => $"F{edited.RowOf(key)}";
        edited.Number(F("I.5"), "4").Text(F("I.3 | actual"), "97,5%");
        var clean = edited.Number(F("bonus | SK"), "2").ToBytes();
        using var second = new EditedWorkbook(clean);
        var conflicting = second.Number($"F{second.RowOf("I.2 | base")}", "60").Number($"F{second.RowOf("bonus | SK")}", "1").ToBytes();

        var check = (await a.UploadAsync($"{path}/workbook/check", conflicting)).Expect(200);
        Assert.Equal(
            [
                ("Tiêu chí I.2", "Kết quả thực hiện: 43,5; Kế hoạch được giao: 50", "Kết quả thực hiện: 43,5; Kế hoạch được giao: 60", "Kết quả thực hiện: 44; Kế hoạch được giao: 50"),
                ("Điểm thưởng SK", "2", "1", "3"),
            ],
            check["conflicts"].AsArray().Select(conflict => ((string)conflict!["what"]!, (string)conflict["exported"]!, (string)conflict["yours"]!, (string)conflict["stored"]!)));
        Assert.Equal(["CONFLICT", "CONFLICT"], (await a.UploadAsync($"{path}/workbook", conflicting)).Expect(422, "workbook-has-problems").Errors.Select(error => error.Code));
        Assert.Equal(newer.ETag, (await a.GetJson(path)).ETag);

        var applied = (await a.UploadAsync($"{path}/workbook", clean)).Expect(200);
        Assert.Equal("Tiêu chí I.3", (string)Assert.Single(applied["changes"].AsArray())!["what"]!);
        var now = (await a.GetJson(path)).Expect(200);
        Assert.Equal(("97.5", "44", "4", "8", "BC 13", "3"), (Input(now, "I.3", "actual"), Input(now, "I.2", "actual"), Input(now, "I.5", "count"), Input(now, "II.4", "points"), (string?)Line(now, "II.4")["note"], (string?)now["bonus"]["items"]![0]!["self"]));
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused_by_what_it_is()
    {
        var (season, a, path) = await OpenAsync("W4");
        var (_, _, otherPath) = await OpenAsync("W5");
        var file = await a.DownloadAsync($"{path}/workbook");
        var b = season.Unit("B");
        var other = (await season.OpenAsync("B")).Expect(201);

        Assert.Equal(("OTHER_UNIT", ""), Assert.Single((await b.UploadAsync($"score-sheets/{other["id"]}/workbook", file)).Expect(422, "workbook-not-of-this-sheet").Errors));
        Assert.Equal("OTHER_SEASON", Assert.Single((await a.UploadAsync($"{otherPath}/workbook/check", file)).Expect(422, "workbook-not-of-this-sheet").Errors).Code);
        Assert.Equal("XLSX_BOMB", Assert.Single((await a.UploadAsync($"{path}/workbook", WorkbookFiles.Zip(WorkbookFiles.Parts(new string(' ', 50 << 20)), System.IO.Compression.CompressionLevel.SmallestSize))).Expect(422, "workbook-refused").Errors).Code);
        Assert.Equal("NO_SEAL", Assert.Single((await a.UploadAsync($"{path}/workbook", WorkbookFiles.WithRows(""))).Expect(422, "workbook-refused").Errors).Code);
        Assert.Equal("TRUNCATED_WORKBOOK", Assert.Single((await a.UploadAsync($"{path}/workbook", file[..^100])).Expect(422, "workbook-refused").Errors).Code);

        // What is hidden is changed: the number of the sealed bytes, the seal, or the whole of another key's.
        foreach (var (address, text) in new[] { ("A2", "e30="), ("B1", new string('0', 64)) })
        {
            using var forged = new EditedWorkbook(file, WorkbookSeal.SheetName);
            Assert.Equal("BROKEN_SEAL", Assert.Single((await a.UploadAsync($"{path}/workbook", forged.Text(address, text).ToBytes())).Expect(422, "workbook-refused").Errors).Code);
        }

        // Another version of the table, while the sheet is a draft.
        var draft = (await season.Appraiser.PostJson("criteria-tables", new JsonObject { ["season"] = "W4", ["table"] = JsonNode.Parse(KindTable.Json.Replace("Chấm trực tiếp", "Chấm trực tiếp, bản mới", StringComparison.Ordinal)), ["clusters"] = new JsonArray("C1") })).Expect(201);
        (await season.Head.PostJson($"criteria-tables/{draft["id"]}/adopt", new { document = "QĐ 2", reason = "Sửa tên" }, draft.ETag)).Expect(200);
        await service.EventuallyAsync(async () => (await a.UploadAsync($"{path}/workbook/check", file)).Errors.Any(error => error.Code == "OTHER_TABLE_VERSION"), "the draft moves to the new table");
    }

    [Fact]
    public async Task Rows_are_found_by_their_keys_or_named()
    {
        var (_, a, path) = await OpenAsync("W6");
        var empty = await a.DownloadAsync($"{path}/workbook");
        using var moved = new EditedWorkbook(empty);
        moved.Text($"F{moved.RowOf("I.2 | actual")}", "43,5").Text($"F{moved.RowOf("I.2 | base")}", "50").Number($"F{moved.RowOf("II.4")}", "7.2499999999999996");
        moved.InsertRow(9, ("B", "Dòng chèn thêm")).InsertRow(20).Reorder(8, 25, new Random(1)).Hide(12);
        moved.SheetEntry.Name = "Đã đổi tên";
        var check = (await a.UploadAsync($"{path}/workbook/check", moved.ToBytes())).Expect(200);
        Assert.Empty(check["problems"].AsArray());
        Assert.Equal([("Tiêu chí I.2", "Kết quả thực hiện: 43,5; Kế hoạch được giao: 50"), ("Tiêu chí II.4", "7,25")], check["changes"].AsArray().Select(change => ((string)change!["what"]!, (string)change["after"]!)));

        using var broken = new EditedWorkbook(empty);
        broken.Text($"H{broken.RowOf("I.3 | actual")}", "I.2 | actual").Text($"H{broken.RowOf("I.5")}", "V.9").Text($"B{broken.RowOf("II.4")}", "Tiêu chí khác")
            .DeleteRow(broken.RowOf("I.1")).InsertRow(9, ("F", "5"));
        Assert.Equal(
            ["DUPLICATE_ROW", "MISSING_ROW", "MISSING_ROW", "MISSING_ROW", "ROW_MIXED", "ROW_WITHOUT_KEY", "UNKNOWN_ROW"],
            WorkbookCalls.ProblemsOf((await a.UploadAsync($"{path}/workbook/check", broken.ToBytes())).Expect(200)).Select(problem => problem.Code).Order(StringComparer.Ordinal));

        using var headless = new EditedWorkbook(empty);
        Assert.Equal("HEADER_CHANGED", Assert.Single(WorkbookCalls.ProblemsOf((await a.UploadAsync($"{path}/workbook/check", headless.Text("F6", "Số").ToBytes())).Expect(200))).Code);
        using var none = new EditedWorkbook(empty);
        Assert.Equal("SHEET_NOT_FOUND", Assert.Single((await a.UploadAsync($"{path}/workbook/check", none.Text("H6", "x").ToBytes())).Expect(422, "workbook-refused").Errors).Code);
        using var merged = new EditedWorkbook(empty);
        var (first, last) = (merged.RowOf("I.2 | actual"), merged.RowOf("I.2 | base"));
        Assert.Equal(
            [("MERGED_CELL", $"Bảng chấm!F{first}"), ("MERGED_CELL", $"Bảng chấm!F{last}")],
            WorkbookCalls.ProblemsOf((await a.UploadAsync($"{path}/workbook/check", merged.Number($"F{first}", "5").Merge($"F{first}:F{last}").ToBytes())).Expect(200)));
    }

    [Fact]
    public async Task Roles_states_and_preconditions_are_those_of_the_JSON_endpoint()
    {
        var (season, a, path) = await OpenAsync("W7");
        using var edited = new EditedWorkbook(await a.DownloadAsync($"{path}/workbook"));
        var file = edited.Number($"F{edited.RowOf("II.4")}", "7").ToBytes();

        (await season.Unit("B").GetJson($"{path}/workbook")).Expect(404);
        (await season.Unit("B").UploadAsync($"{path}/workbook", file)).Expect(404);
        (await season.Appraiser.UploadAsync($"{path}/workbook", file)).Expect(403);
        Assert.NotEmpty(await season.Appraiser.DownloadAsync($"{path}/workbook"));
        (await service.As(Roles.Admin).GetJson($"{path}/workbook")).Expect(403);
        (await service.Anonymous().GetJson($"{path}/workbook")).Expect(401);
        (await a.UploadAsync($"{path}/workbook", file, contentType: "application/json")).Expect(415);
        (await a.UploadAsync($"{path}/workbook", new byte[(4 << 20) + 1])).Expect(413);
        (await a.UploadAsync($"{path}/workbook", file, "\"1\"")).Expect(412);
        var sheet = (await a.GetJson(path)).Expect(200);
        var applied = (await a.UploadAsync($"{path}/workbook", file, sheet.ETag, "key-1")).Expect(200);
        var replayed = (await a.UploadAsync($"{path}/workbook", file, sheet.ETag, "key-1")).Expect(200);
        Assert.Equal((applied.Text, "true"), (replayed.Text, replayed.Headers["Idempotency-Replayed"]));
        (await a.UploadAsync($"{path}/workbook", await a.DownloadAsync($"{path}/workbook"), sheet.ETag, "key-1")).Expect(422, "idempotency-key-reused");

        // After the return only what was opened is taken in; before it, nothing is.
        var full = (await a.PutJson($"{path}/lines", JsonNode.Parse(Everything), (await a.GetJson(path)).ETag)).Expect(200);
        foreach (var code in new[] { "I.2", "I.3", "I.4", "I.5", "I.6", "II.1", "II.2", "II.3" })
        {
            full = (await a.PutJson($"{path}/lines", new { notes = new Dictionary<string, string> { [code] = "BC 1" } }, full.ETag)).Expect(200);
        }

        (await season.PublishAsync([("PAR", "A", "90"), ("PAR", "B", "91"), ("PAR", "C", "92")])).Expect(200);
        var submitted = (await a.PostJson($"{path}/submit", new { }, (await a.GetJson(path)).ETag)).Expect(200);
        using var late = new EditedWorkbook(await a.DownloadAsync($"{path}/workbook"));
        var change = late.Number($"F{late.RowOf("II.4")}", "6").ToBytes();
        (await a.UploadAsync($"{path}/workbook", change)).Expect(409, "wrong-state");
        (await a.UploadAsync($"{path}/workbook/check", change)).Expect(409, "wrong-state");
        await season.PhaseAsync("CLUSTER_REVIEW");
        (await ScoringSeason.StepAsync(season.Unit("B"), submitted, "return", new { reason = "Thiếu căn cứ", criteria = new[] { "I.5" } })).Expect(200);
        (await a.UploadAsync($"{path}/workbook", change)).Expect(409, "not-returned");
        using var opened = new EditedWorkbook(await a.DownloadAsync($"{path}/workbook"));
        Assert.Single((await a.UploadAsync($"{path}/workbook", opened.Number($"F{opened.RowOf("I.5")}", "2").ToBytes())).Expect(200)["changes"].AsArray());
    }

    private async Task<(ScoringSeason Season, HttpClient Unit, string Path)> OpenAsync(string code)
    {
        var season = new ScoringSeason(service, code);
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(KindTable.Json, "C1");
        var sheet = (await season.OpenAsync("A")).Expect(201);
        return (season, season.Unit("A"), $"score-sheets/{sheet["id"]}");
    }

    private static void Fill(EditedWorkbook edited)
    {
        string F(string key) => $"F{edited.RowOf(key)}";
        edited.Text(F("I.1"), "tốt").Text(F("I.2 | actual"), "43,5 triệu đồng").Number(F("I.2 | base"), "50").Text(F("I.3 | actual"), "96,25 %").Number(F("I.4 | n"), "0").Text(F("I.4 | N"), "0").Text(F("I.4 | decision"), "Tính đủ điểm")
            .Text(F("I.5"), "3 mô hình").Text(F("I.6 | actual"), "1.234,5").Text(F("I.6 | target"), "1000").Text(F("II.1 | done/KE_HOACH"), "x").Text(F("II.1 | done/SO~1KET"), "Có")
            .Number(F("II.2 | late/MIDYEAR"), "0").Text(F("II.2 | late/YEAREND"), "không nộp").Number(F("II.3 | counts/NN"), "2").Number(F("II.4"), "7.2499999999999996")
            .Text(F("bonus | SK"), "2 lần").Number(F("deductions | CHAM"), "1")
            .Text($"G{edited.RowOf("I.1")}", "Thông báo số 210/TB-UBND\r\nngày 01/12/2026").Text($"G{edited.RowOf("I.7")}", "=1+1").Text($"G{edited.RowOf("II.4")}", "  BC 12");
    }

    private Task<int> JournalledAsync() => service.WithDatabaseAsync(db => db.Set<JournalEntry>().CountAsync());

    /// <summary>With numbers in one form: an input is kept as it was sent.</summary>
    private static JsonNode? Canonical(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Canonical(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Canonical)]),
        JsonValue value when decimal.TryParse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var number) => JsonValue.Create((number / 1.0000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => node?.DeepClone(),
    };

    private static JsonNode Line(ApiAnswer sheet, string criterion) => sheet["lines"].AsArray().Single(line => (string)line!["criterion"]! == criterion)!;

    private static string? Input(ApiAnswer sheet, string criterion, string member) => Line(sheet, criterion)["input"]![member]!.ToString();
}
