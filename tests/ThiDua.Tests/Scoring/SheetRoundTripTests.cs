using System.Globalization;
using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.Scoring.Endpoints;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Spreadsheets;

namespace ThiDua.Tests.Scoring;

/// <summary>
/// “10,000 generated sheets, written, edited and imported: 0 numbers misread, 0 lost updates, second import changes nothing.” THIDUA_SHEETS
/// says how many; THIDUA_SHEETS_SEED repeats a run.
/// </summary>
public sealed class SheetRoundTripTests(ITestOutputHelper output)
{
    private const int UsualSheets = 200;
    private const int Batch = 400;
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed class Case(int seed)
    {
        public Random Random { get; } = new(seed);
        public int Seed => seed;
        public required CriteriaTable Table { get; init; }
        public required SheetForm Form { get; init; }
        public required ScoreSheet Sheet { get; init; }
        public required SheetEdits Edits { get; init; }
        public byte[] File { get; set; } = [];
        public bool ByLibreOffice { get; init; }

        public Dictionary<string, string?> Held() => Form.Fields.ToDictionary(field => field.Key, field => SheetEdits.Held(Sheet, field), StringComparer.Ordinal);
    }

    private sealed class Tally
    {
        public int Clean, Refused, Conflicts, Numbers, Kept, ByLibreOffice;
    }

    [Fact]
    public async Task Generated_sheets_come_back_as_they_were_meant()
    {
        var sheets = int.Parse(Environment.GetEnvironmentVariable("THIDUA_SHEETS") ?? UsualSheets.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("THIDUA_SHEETS_SEED") ?? Random.Shared.Next(1_000_000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        using var office = new LibreOffice();
        var tally = new Tally();
        for (var done = 0; done < sheets; done += Batch)
        {
            var cases = Enumerable.Range(seed + done, Math.Min(Batch, sheets - done)).Select(Make).ToList();
            var left = cases.FindAll(one => one.ByLibreOffice);
            var saved = await office.EditAsync(left.ConvertAll(one => (one.File, (IReadOnlyList<string[]>)one.Edits.Steps)), TestContext.Current.CancellationToken);
            for (var n = 0; n < left.Count; n++)
            {
                left[n].File = saved[n];
            }

            cases.ForEach(one => Import(one, tally));
        }

        output.WriteLine($"{sheets} sheets from seed {seed}, {tally.ByLibreOffice} of them through LibreOffice: {tally.Clean} taken in, {tally.Refused} refused by their cells, {tally.Conflicts} with conflicts; {tally.Numbers} numbers compared, {tally.Kept} newer values kept.");
        Assert.True(tally is { Clean: > 0, Refused: > 0, Conflicts: > 0, ByLibreOffice: > 0, Kept: > 0 });
    }

    private static Case Make(int seed)
    {
        var random = new Random(seed);
        var table = RandomTable.Of(random);
        var form = SheetForm.Of(table);
        var sheet = ScoreSheet.Open("2026", Guid.CreateVersion7(s_now), "X", Guid.CreateVersion7(s_now), s_now);
        Enter(sheet, table, form, form.Fields.Select(field => field.Line).Distinct().Where(_ => random.Next(2) == 0), random);
        var made = new Case(seed)
        {
            Table = table,
            Form = form,
            Sheet = sheet,
            ByLibreOffice = random.Next(5) == 0,
            Edits = new SheetEdits(random, form, form.Fields.ToDictionary(field => field.Key, field => SheetEdits.Held(sheet, field), StringComparer.Ordinal)),
        };
        made.File = made.Edits.Apply(SheetWorkbook.Write(sheet, table, 1, "Đơn vị X", WorkbookBuilderTests.Seal, s_now), bad: random.Next(4) == 0 ? random.Next(1, 4) : 0, made.ByLibreOffice);
        return made;
    }

    /// <summary>Somebody enters other values by JSON.</summary>
    private static void Enter(ScoreSheet sheet, CriteriaTable table, SheetForm form, IEnumerable<string> lines, Random random)
    {
        foreach (var line in lines)
        {
            Enter(sheet, table, form.Fields.Where(field => field.Line == line).Select(field => (field, field.IsOptional && random.Next(3) == 0 ? null : SheetEdits.Meant(field, random))).ToList());
        }
    }

    private static void Enter(ScoreSheet sheet, CriteriaTable table, List<(FormField Field, string? Value)> line)
    {
        var request = SheetFormValues.Request([line]);
        using var body = JsonDocument.Parse(request.ToJsonString());
        var errors = new List<Violation>();
        var card = ScoreCardReader.Read(new StrictJson(body.RootElement, string.Empty, errors), table);
        Assert.Empty(errors);
        ScoreSheetEndpoints.Enter(sheet, table, card, body.RootElement, s_now);
    }

    private static WorkbookReport Import(Case one)
    {
        using var file = new MemoryStream(one.File);
        return SheetWorkbookEndpoints.Enter(one.Sheet, one.Table, SheetWorkbookReading.Read(WorkbookReader.Read(file, SheetWorkbookReading.Limits), WorkbookBuilderTests.Seal, one.Sheet, one.Table), s_now);
    }

    private static void Import(Case one, Tally tally)
    {
        var exported = one.Held();

        // Meanwhile some lines change in the system: of those the file leaves alone, of those it changes (to something else, or to the same).
        var moved = one.Form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal).Where(_ => one.Random.Next(one.Seed % 3 == 0 ? 4 : 40) == 0).ToList();
        foreach (var line in moved.Where(line => !one.Edits.Refused.Exists(refused => line.Any(field => field.Key == refused.Key))))
        {
            if (one.Random.Next(2) == 0 && line.Any(field => one.Edits.Given[field.Key] is not null))
            {
                Enter(one.Sheet, one.Table, [.. line.Select(field => (field, one.Edits.Given[field.Key]))]);
            }
            else
            {
                Enter(one.Sheet, one.Table, one.Form, [line.Key], one.Random);
            }
        }

        var (before, version) = (one.Held(), one.Sheet.Version);
        var report = Import(one);
        var after = one.Held();
        var where = $"seed {one.Seed}{(one.ByLibreOffice ? " through LibreOffice" : string.Empty)}";
        string[] conflicts = [.. one.Form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal)
            .Where(line => !one.Edits.Refused.Exists(refused => line.Any(field => field.Key == refused.Key))
                && line.Any(field => Differs(field, exported, one.Edits.Given)) && line.Any(field => Differs(field, exported, before)) && line.Any(field => Differs(field, before, one.Edits.Given)))
            .Select(line => line.Key)];
        Assert.True(one.Edits.Refused.Select(refused => refused.Code).Order(StringComparer.Ordinal).SequenceEqual(report.Problems.Select(problem => problem.Code).Order(StringComparer.Ordinal)), $"{where}: {string.Join("; ", report.Problems)} instead of {string.Join("; ", one.Edits.Refused)}");
        Assert.True(conflicts.Length == report.Conflicts.Count, $"{where}: {string.Join("; ", report.Conflicts)} instead of {string.Join("; ", conflicts)}");
        tally.ByLibreOffice += one.ByLibreOffice ? 1 : 0;
        if (one.Edits.Refused.Count + conflicts.Length > 0)
        {
            tally.Refused += one.Edits.Refused.Count > 0 ? 1 : 0;
            tally.Conflicts += conflicts.Length > 0 ? 1 : 0;
            Assert.True(version == one.Sheet.Version && one.Form.Fields.All(field => before[field.Key] == after[field.Key]), $"{where}: something was written");
            return;
        }

        tally.Clean++;
        foreach (var line in one.Form.Fields.GroupBy(field => field.Line, StringComparer.Ordinal))
        {
            var isEdited = line.Any(field => Differs(field, exported, one.Edits.Given));
            foreach (var field in line)
            {
                var meant = isEdited ? one.Edits.Given : before;
                Assert.True(!Differs(field, meant, after), $"{where}: {field.Key} is {after[field.Key]} instead of {meant[field.Key]}");
                tally.Numbers += isEdited && field.Kind is FieldKind.Number or FieldKind.Count or FieldKind.Late ? 1 : 0;
                tally.Kept += !isEdited && Differs(field, exported, after) ? 1 : 0;
            }
        }

        version = one.Sheet.Version;
        Assert.Empty(Import(one).Changes);
        Assert.True(version == one.Sheet.Version && one.Form.Fields.All(field => after[field.Key] == SheetEdits.Held(one.Sheet, field)), $"{where}: the second import changed something");
    }

    private static bool Differs(FormField field, Dictionary<string, string?> one, Dictionary<string, string?> other) =>
        field.Kind == FieldKind.Count ? (one[field.Key] ?? "0") != (other[field.Key] ?? "0") : one[field.Key] != other[field.Key];
}
