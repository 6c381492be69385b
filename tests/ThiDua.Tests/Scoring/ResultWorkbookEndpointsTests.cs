using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>Published results go out as a workbook and come back.</summary>
public sealed class ResultWorkbookEndpointsTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private const string Table = """
        {"id": "P", "title": "Bảng thử", "total_max": 20, "groups": [{"code": "I", "title": "Nhiệm vụ", "tag": "POLITICAL_TASK", "max": 20, "criteria": [
          {"code": "I.1", "title": "Thứ hạng", "max": 10, "kind": "RANK_IN_CLUSTER", "index": "PAR", "order": "DESC", "points_by_rank": [10, 8, 6, 4]},
          {"code": "I.2", "title": "Xếp loại", "max": 10, "kind": "LEVEL", "value_source": "PUBLISHED", "index": "PARTY", "levels": [{"key": "HTXS", "label": "Hoàn thành xuất sắc", "points": 10}, {"key": "HT", "label": "Hoàn thành", "points": 5}]}]}],
         "bonus": {"items": []}, "deductions": {"items": []}}
        """;

    [Fact]
    public async Task What_is_filled_in_is_loaded_once_and_a_correction_needs_a_reason()
    {
        var season = await SeasonAsync("P1");
        (await season.PublishAsync([("PAR", "A", "91.20")])).Expect(200);
        var file = await season.Appraiser.DownloadAsync("published-results/workbook?season=P1");
        Nothing.In(WorkbookBuilderTests.Problems(file));
        Assert.Empty((await season.Appraiser.UploadAsync("published-results/workbook", file)).Expect(200)["changes"].AsArray());

        // PAR A, then what is wanted by the table: PAR B, PAR C, PARTY A, B, C; then spare rows.
        using var edited = new EditedWorkbook(file);
        edited.Text("E6", "90,5").Text("F6", "QĐ 24").Number("E7", "89.999999999999986").Text("F7", "QĐ 24").Text("E8", "hoàn thành xuất sắc").Text("F8", "QĐ 9").Text("E9", "HT").Text("F9", "QĐ 9")
            .Text("B11", "SIPAS").Text("C11", "A").Text("E11", "Tốt").Text("F11", "QĐ 7");
        var filled = edited.ToBytes();
        var check = (await season.Appraiser.UploadAsync("published-results/workbook/check?season=P1", filled)).Expect(200);
        Assert.Empty(check["problems"].AsArray());
        Assert.Equal(5, check["changes"].AsArray().Count);
        Assert.Single((await season.Appraiser.GetJson("published-results?season=P1")).Expect(200)["items"].AsArray());
        (await season.Appraiser.UploadAsync("published-results/workbook", filled, idempotencyKey: "p1")).Expect(200);
        Assert.Equal(
            [("PAR", "A", "91.20"), ("PAR", "B", "90.5"), ("PAR", "C", "90"), ("PARTY", "A", "HTXS"), ("PARTY", "B", "HT"), ("SIPAS", "A", "Tốt")],
            await InForceAsync(season));
        Assert.Empty((await season.Appraiser.UploadAsync("published-results/workbook", filled)).Expect(200)["changes"].AsArray());

        using var corrected = new EditedWorkbook(filled);
        var correction = corrected.Number("E5", "92").ToBytes();
        Assert.Equal("MISSING_REASON", (string)Assert.Single((await season.Appraiser.UploadAsync("published-results/workbook/check", correction)).Expect(200)["notices"].AsArray())!["code"]!);
        Assert.Equal(("MISSING_REASON", "/reason"), Assert.Single((await season.Appraiser.UploadAsync("published-results/workbook", correction)).Expect(422).Errors));
        (await season.Appraiser.UploadAsync("published-results/workbook?reason=Đính%20chính", correction)).Expect(200);
        Assert.Contains(("PAR", "A", "92"), await InForceAsync(season));

        // The old file again: its one cell is not edited, so the correction stands; edited to another value it is a conflict.
        Assert.Empty((await season.Appraiser.UploadAsync("published-results/workbook", filled)).Expect(200)["changes"].AsArray());
        using var late = new EditedWorkbook(file);
        var conflict = Assert.Single((await season.Appraiser.UploadAsync("published-results/workbook/check", late.Number("E5", "93").ToBytes())).Expect(200)["conflicts"].AsArray())!;
        Assert.Equal(("91,2 (QĐ 24/QĐ-UBND)", "93 (QĐ 24/QĐ-UBND)", "92 (QĐ 24/QĐ-UBND)"), ((string)conflict["exported"]!, (string)conflict["yours"]!, (string)conflict["stored"]!));
    }

    [Fact]
    public async Task Everything_wrong_is_named_by_its_cell_and_nothing_is_loaded()
    {
        var season = await SeasonAsync("P2");
        (await season.PublishAsync([("PAR", "A", "91.20")])).Expect(200);
        var file = await season.Appraiser.DownloadAsync("published-results/workbook?season=P2");
        using var edited = new EditedWorkbook(file);
        edited.Blank("E5").Text("E6", "1.234").Text("F6", "QĐ 24").Number("E7", "5").Text("E8", "Giỏi").Text("F8", "QĐ").Text("F9", "QĐ 9").Number("E10", "0.95", edited.StyleOf("0%"))
            .Text("B11", "PAR").Text("C11", "ZZZ").Number("E11", "5").Text("F11", "QĐ").Text("B12", "PAR").Text("C12", "B").Number("E12", "5").Text("F12", "QĐ").Text("C13", "A").Number("E13", "5").Text("F13", "QĐ")
            .Text("B14", "PAR").Text("C14", "C").Number("E14", "5").Text("F14", "QĐ");
        (string, string)[] problems =
        [
            ("CLEARED_INPUT", "Kết quả công bố!E5"), ("AMBIGUOUS_NUMBER", "Kết quả công bố!E6"), ("MISSING_CELL", "Kết quả công bố!F7"), ("UNKNOWN_CHOICE", "Kết quả công bố!E8"),
            ("MISSING_CELL", "Kết quả công bố!E9"), ("UNKNOWN_CHOICE", "Kết quả công bố!E10"), ("UNKNOWN_UNIT", "Kết quả công bố!C11"), ("MISSING_CELL", "Kết quả công bố!B13"), ("DUPLICATE_CODE", "Kết quả công bố!C14"),
        ];
        var broken = edited.ToBytes();
        Assert.Equal(problems, WorkbookCalls.ProblemsOf((await season.Appraiser.UploadAsync("published-results/workbook/check", broken)).Expect(200)));
        Assert.Equal(problems, (await season.Appraiser.UploadAsync("published-results/workbook", broken)).Expect(422, "workbook-has-problems").Errors);
        Assert.Equal([("PAR", "A", "91.20")], await InForceAsync(season));

        await SeasonAsync("P3");
        Assert.Equal("OTHER_SEASON", Assert.Single((await season.Appraiser.UploadAsync("published-results/workbook?season=P3", file)).Expect(422, "workbook-not-of-this-season").Errors).Code);
        (await season.Unit("A").UploadAsync("published-results/workbook", file)).Expect(403);
        (await season.Unit("A").GetJson("published-results/workbook?season=P2")).Expect(403);
        (await service.As(Roles.Auditor).UploadAsync("published-results/workbook/check", file)).Expect(403);
    }

    private async Task<ScoringSeason> SeasonAsync(string code)
    {
        var season = new ScoringSeason(service, code);
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(Table, "C1");
        return season;
    }

    private static async Task<IEnumerable<(string, string, string)>> InForceAsync(ScoringSeason season) =>
        (await season.Appraiser.GetJson($"published-results?season={season.Code}")).Expect(200)["items"].AsArray()
            .Select(result => ((string)result!["index"]!, (string)result["unit"]!, (string)result["value"]!)).Order();
}
