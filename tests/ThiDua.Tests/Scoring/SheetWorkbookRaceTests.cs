using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>
/// The share of the generated sheets (THIDUA_SHEETS) that goes over HTTP: while a workbook is taken in, somebody enters other values by JSON.
/// Whoever is told that it was done finds it done; nobody's value is written over.
/// </summary>
public sealed class SheetWorkbookRaceTests(ServiceHost<ScoringDbContext> service, ITestOutputHelper output) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private const int Share = 50;

    [Fact]
    public async Task A_workbook_and_JSON_at_the_same_moment_lose_nothing()
    {
        var sheets = Math.Max(6, int.Parse(Environment.GetEnvironmentVariable("THIDUA_SHEETS") ?? "200", CultureInfo.InvariantCulture) / Share);
        var season = new ScoringSeason(service, "R1");
        string[] units = [.. Enumerable.Range(1, sheets).Select(n => $"U{n}")];
        await season.PhaseAsync("SELF_SCORING");
        await season.ClusterAsync("C1", "U1", "U2", units);
        var table = KindTable.Json.Replace("\"points_by_rank\": [10, 8, 6, 4]", "\"points_by_rank\": [10, 8, 6, 4], \"beyond_scale\": \"ZERO\"", StringComparison.Ordinal); // for a cluster of any size
        await season.AdoptAsync(table, "C1");
        using var json = System.Text.Json.JsonDocument.Parse(table);
        var form = SheetForm.Of(Samples.Table(json.RootElement));
        var outcomes = new List<string>();
        for (var n = 0; n < units.Length; n++)
        {
            outcomes.Add(await RaceAsync(season, units[n], form, new Random(n)));
        }

        output.WriteLine($"{sheets} sheets over HTTP: {string.Join(", ", outcomes.GroupBy(outcome => outcome).Select(same => $"{same.Key} {same.Count()}").Order(StringComparer.Ordinal))}");
        Assert.NotEmpty(outcomes);
    }

    private async Task<string> RaceAsync(ScoringSeason season, string unit, SheetForm form, Random random)
    {
        var client = season.Unit(unit);
        var opened = (await season.OpenAsync(unit)).Expect(201);
        var path = $"score-sheets/{opened["id"]}";
        var lines = form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal).Select(line => line.ToList()).ToList();
        var begun = (await client.PutJson($"{path}/lines", Request(lines.Where(_ => random.Next(2) == 0), random).Body, opened.ETag)).Expect(200);
        var exported = await HeldAsync(opened, form);
        var edits = new SheetEdits(random, form, exported);
        var file = edits.Apply(await client.DownloadAsync($"{path}/workbook"), bad: 0, byLibreOffice: false);
        var (body, entered) = Request(lines.OrderBy(_ => random.Next()).Take(random.Next(1, 4)), random);

        var racing = new[] { client.UploadAsync($"{path}/workbook", file), client.PutJson($"{path}/lines", body, begun.ETag) };
        var answers = await Task.WhenAll(racing);
        var (workbook, put) = (answers[0], answers[1]);
        var held = await HeldAsync(opened, form);
        Assert.Contains(workbook.Status, new[] { 200, 422 });
        Assert.Contains(put.Status, new[] { 200, 412 });
        var edited = lines.Where(line => line.Any(field => !field.IsSame(exported[field.Key], edits.Given[field.Key]))).Select(line => line[0].Line).ToHashSet(StringComparer.Ordinal);
        foreach (var field in form.Fields)
        {
            // Both only say 200 when they do not touch the same line, or touch it with the same values.
            var expected = put.Status == 200 && entered.TryGetValue(field.Key, out var byJson) ? byJson
                : workbook.Status == 200 && edited.Contains(field.Line) ? edits.Given[field.Key]
                : exported[field.Key];
            Assert.True(field.IsSame(expected, held[field.Key]), $"{unit} {field.Key}: {held[field.Key]} instead of {expected}; workbook {workbook}, JSON {put}");
        }

        if (workbook.Status == 200)
        {
            Assert.All(form.Fields.Where(field => edited.Contains(field.Line)), field => Assert.True(field.IsSame(edits.Given[field.Key], held[field.Key]), $"{unit} {field.Key}"));
            Assert.Empty((await client.UploadAsync($"{path}/workbook", file)).Expect(200)["changes"].AsArray());
        }

        return $"{workbook.Status}/{put.Status}";
    }

    private static (JsonObject Body, Dictionary<string, string?> Entered) Request(IEnumerable<List<FormField>> lines, Random random)
    {
        List<List<(FormField Field, string? Value)>> values = [.. lines.Select(line => line.ConvertAll(field => (field, (string?)SheetEdits.Meant(field, random))))];
        return (SheetFormValues.Request(values), values.SelectMany(line => line).ToDictionary(cell => cell.Field.Key, cell => cell.Value));
    }

    private Task<Dictionary<string, string?>> HeldAsync(ApiAnswer sheet, SheetForm form)
    {
        var id = Guid.Parse((string)sheet["id"]!);
        return service.WithDatabaseAsync(async db =>
        {
            var stored = await db.Sheets.AsNoTracking().Include(row => row.Lines).SingleAsync(row => row.Id == id);
            return form.Fields.ToDictionary(field => field.Key, field => SheetEdits.Held(stored, field), StringComparer.Ordinal);
        });
    }
}
