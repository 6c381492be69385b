using System.Globalization;
using System.Text;
using System.Text.Json;
using ThiDua.Contracts.Clusters;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Endpoints;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class StatisticsTests(StatisticsTests.Seasons seasons) : IClassFixture<StatisticsTests.Seasons>
{
    private const string Communes = "04-hcmc-2025-communes";
    private const string Province = "05-mixed-province";

    public static TheoryData<string> Samples => [Communes, Province];

    [Theory, MemberData(nameof(Samples))]
    public async Task Every_count_is_that_of_the_sample_season(string name)
    {
        var sample = new SampleSeasonFacts(name);
        var answer = await ReadAsync(sample);
        var counts = answer["counts"].AsArray().SelectMany(section => section!["counts"]!.AsArray()).ToDictionary(count => (string)count!["key"]!, count => (int?)count!["value"]);

        // Counted here from the sample's own files, without the code under test.
        var expected = new Dictionary<string, int?>();
        var clusters = sample.File.GetProperty("clusters").EnumerateArray().ToList();
        var members = clusters.SelectMany(cluster => cluster.GetProperty("members").EnumerateArray()).Select(member => sample.Units[member.GetString()!]).ToList();
        (expected["CLUSTERS"], expected["CLUSTERS/DECIDED"], expected["CLUSTERS/OPEN"]) = (clusters.Count, sample.Expected.GetProperty("clusters").GetArrayLength(), 0);
        (expected["CLUSTERS/KIND/CUM"], expected["CLUSTERS/KIND/KHOI"]) = (clusters.Count(Kind("CUM")), clusters.Count(Kind("KHOI")));
        expected["MEMBERS"] = members.Count;
        Add("MEMBERS/CATEGORY", members.Select(unit => Text(unit, "category")));
        Add("MEMBERS/LEVEL", members.Select(unit => Text(unit, "level")));
        foreach (var none in new[] { "ACTIVITIES/HELD", "ACTIVITIES/PLANNED", "ACTIVITIES/CANCELLED", "MEETINGS/MIDYEAR", "MEETINGS/YEAREND", "COVENANTS", "REGISTRATIONS" })
        {
            expected[none] = 0;
        }

        var nominations = sample.Expected.GetProperty("nominations").EnumerateArray().ToList();
        foreach (var status in new[] { "PASSED", "CANDIDATE", "FAILED", "REVOKED", "HOLD", "VACANT", "UNRESOLVED" })
        {
            expected[$"PROVINCIAL_FLAG/{status}"] = nominations.Count(nomination => Text(nomination, "award") == "PROVINCIAL_FLAG" && Text(nomination, "status") == status);
        }

        foreach (var status in new[] { "CANDIDATE", "HOLD", "VACANT", "UNRESOLVED" })
        {
            expected[$"CHAIRMAN_MERIT/{status}"] = nominations.Count(nomination => Text(nomination, "award") == "CHAIRMAN_MERIT" && Text(nomination, "status") == status);
        }

        foreach (var key in new[] { "PROVINCIAL_FLAG/PASSED", "CHAIRMAN_MERIT/CANDIDATE" })
        {
            var found = nominations.Where(nomination => $"{Text(nomination, "award")}/{Text(nomination, "status")}" == key).ToList();
            Add($"{key}/CATEGORY", found.Select(nomination => Text(sample.Units[Text(nomination, "unit")], "category")));
            Add($"{key}/KIND", found.Select(nomination => Text(clusters.Single(cluster => Text(cluster, "code") == Text(nomination, "cluster")), "kind")));
        }

        var flag = sample.Expected.GetProperty("government_flag");
        var proposed = flag.GetProperty("proposed").EnumerateArray().ToList();
        (expected["GOVERNMENT_FLAG/BASE"], expected["GOVERNMENT_FLAG/QUOTA"], expected["GOVERNMENT_FLAG/PROPOSED"]) = (flag.GetProperty("base").GetInt32(), flag.GetProperty("quota").GetInt32(), proposed.Count);
        expected["GOVERNMENT_FLAG/UNRESOLVED"] = flag.TryGetProperty("unresolved", out var unresolved) ? unresolved.GetArrayLength() : 0;
        Add("GOVERNMENT_FLAG/PROPOSED/CATEGORY", proposed.Select(unit => Text(sample.Units[Text(unit, "unit")], "category")));
        (expected["EXCLUSIONS"], expected["INDIVIDUALS"], expected["DECISIONS"]) = (null, null, null);
        Assert.Equal(Lines(expected), Lines(counts));

        Assert.Equal(clusters.Count, Cell(answer, "0601.N/BNV-TĐKT", "04", "3"));
        Assert.Equal(Enumerable.Repeat(expected["PROVINCIAL_FLAG/PASSED"], 3), new[] { "01", "02", "11" }.Select(row => Cell(answer, "0603.N/BNV-TĐKT", row, "4")));
        Assert.Equal(expected.GetValueOrDefault("PROVINCIAL_FLAG/PASSED/CATEGORY/DN", 0), Cell(answer, "0603.N/BNV-TĐKT", "03", "4"));
        Assert.Equal(expected["CHAIRMAN_MERIT/CANDIDATE"], Cell(answer, "0603.N/BNV-TĐKT", "02", "2"));
        Assert.Equal(expected.GetValueOrDefault("CHAIRMAN_MERIT/CANDIDATE/CATEGORY/DN", 0), Cell(answer, "0603.N/BNV-TĐKT", "03", "2"));

        void Add(string prefix, IEnumerable<string> values)
        {
            foreach (var value in values.GroupBy(value => value))
            {
                expected[$"{prefix}/{value.Key}"] = value.Count();
            }
        }

        static Func<JsonElement, bool> Kind(string kind) => cluster => Text(cluster, "kind") == kind;
        static IEnumerable<string> Lines(Dictionary<string, int?> counts) => counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}");
    }

    [Fact]
    public void Every_cell_of_a_form_is_counted_or_has_a_name_for_what_is_missing()
    {
        var forms = StatisticalForms.Of(2025)!.Forms;
        Assert.Equal(["0601.N/BNV-TĐKT", "0602.N/BNV-TĐKT", "0603.N/BNV-TĐKT"], forms.Select(form => form.Number));
        Nothing.In(
            from form in forms
            from row in form.Rows
            where row.Code is not null
            from column in form.Columns
            where form.CellAt(row, column) is null && form.GapAt(row, column) is null
            select $"{form.Number} {row.Code}/{column.Number}");
        Nothing.In(forms.SelectMany(form => form.Cells.Where(cell => form.Rows.All(row => row.Code != cell.Row) || form.Columns.All(column => column.Number != cell.Column)).Select(cell => $"{form.Number} {cell.Row}/{cell.Column}")));
        Nothing.In(forms.SelectMany(form => form.Gaps.Where(gap => !form.Rows.Any(row => row.Code is not null && form.Columns.Any(column => form.GapAt(row, column) == gap))).Select(gap => $"{form.Number}: {gap.What} is of no cell")));
    }

    [Fact]
    public async Task The_source_of_the_forms_is_cited_with_its_state_and_the_day_on_which_they_are_due()
    {
        var answer = await ReadAsync(new SampleSeasonFacts(Communes));
        var citation = answer["basis"]["citations"]!.AsArray().Single()!;
        Assert.Equal(("2025-12-15", "2/2023/TT-BNV", "TT-2-2023-BNV", "UNVERIFIED"), ((string?)answer["basis"]["due_on"], (string?)citation["number"], (string?)citation["instrument"], (string?)citation["status"]));
        Assert.All(answer["forms"].AsArray(), form => Assert.NotEmpty(form!["gaps"]!.AsArray()));

        // Not known is not zero: the forms ask for all awards, the clusters know of their own.
        Assert.All(answer["forms"][1]!["rows"]!.AsArray().SelectMany(row => row!["cells"]!.AsArray()), cell => Assert.True(cell!.AsObject().ContainsKey("value") && cell["value"] is null && cell["reason"] is not null));
    }

    [Fact]
    public async Task The_csv_holds_every_cell_of_the_answer_and_no_formula()
    {
        var sample = new SampleSeasonFacts(Province);
        var answer = await ReadAsync(sample);
        using var response = await seasons.As(Roles.Auditor).GetAsync(new Uri($"statistics/{sample.Code}/csv", UriKind.Relative), TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("text/csv", "utf-8", "thong-ke-2024.csv"), (response.Content.Headers.ContentType!.MediaType, response.Content.Headers.ContentType.CharSet, response.Content.Headers.ContentDisposition!.FileName));
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);

        var lines = Parse(Encoding.UTF8.GetString(bytes[3..]));
        Assert.All(lines, line => Assert.Equal(10, line.Count));
        Assert.All(lines.SelectMany(line => line), field => Assert.False(field.Length > 0 && "=+-@\t\r".Contains(field[0], StringComparison.Ordinal), field));
        var cells = from form in answer["forms"].AsArray()
                    from row in form["rows"]!.AsArray()
                    from cell in row["cells"]!.AsArray()
                    select $"{form["number"]}|{row["code"]}|{cell["column"]}|{cell["value"]}";
        Assert.Equal(cells, lines.Where(line => line[2].EndsWith("BNV-TĐKT", StringComparison.Ordinal)).Select(line => $"{line[2]}|{line[3]}|{line[6]}|{line[8]}"));
        Assert.Equal(
            answer["counts"].AsArray().SelectMany(section => section!["counts"]!.AsArray()).Select(count => $"{count!["key"]}|{count["value"]}"),
            lines.Where(line => line[2] == "Số liệu của kỳ").Select(line => $"{line[3]}|{line[8]}"));
        Assert.Contains(lines, line => line[4] == "Kiểm chứng căn cứ" && line[9].StartsWith("Chưa kiểm chứng: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+84", "'+84")]
    [InlineData("-2", "'-2")]
    [InlineData("@a", "'@a")]
    [InlineData("\tx", "'\tx")]
    [InlineData("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"")]
    [InlineData("a \"b\"", "\"a \"\"b\"\"\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a=b", "a=b")]
    [InlineData(null, "")]
    public void A_field_is_quoted_and_is_no_formula(string? value, string expected) => Assert.Equal(expected, StatisticsCsv.Field(value));

    [Theory, MemberData(nameof(Samples))]
    public async Task The_workbook_has_each_form_in_its_layout_and_the_same_numbers(string name)
    {
        var sample = new SampleSeasonFacts(name);
        var answer = await ReadAsync(sample);
        using var response = await seasons.As(Roles.AppraisalHead).GetAsync(new Uri($"statistics/{sample.Code}/xlsx", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(WorkbookBuilder.ContentType, response.Content.Headers.ContentType!.MediaType);
        using var stream = new MemoryStream(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var workbook = WorkbookReader.Read(stream);

        Assert.Equal(["0601", "0602", "0603", "Số liệu của kỳ", "Hệ thống không có"], workbook.Sheets.Select(sheet => sheet.Name));
        foreach (var form in answer["forms"].AsArray())
        {
            var sheet = workbook.Find(((string)form!["number"]!)[..4])!;
            var numbers = Enumerable.Range(1, sheet.LastRow).First(row => sheet.At(row, 1).Text == "A");
            var columns = form["columns"]!.AsArray();
            Assert.Equal(columns.Select(column => (string)column!["number"]!), columns.Select((_, index) => sheet.At(numbers, 4 + index).Text));
            Assert.Equal($"Biểu số: {form["number"]}", sheet.At(1, 1).Text);
            Assert.Equal("Ngày nhận báo cáo: 15/12/" + sample.Year.ToString(CultureInfo.InvariantCulture), sheet.At(3, 1).Text);
            foreach (var (row, at) in form["rows"]!.AsArray().Select((row, index) => (row!, numbers + 1 + index)))
            {
                Assert.Equal(((string)row["heading"]!, (string?)row["code"] ?? ""), (sheet.At(at, 1).Text, sheet.At(at, 2).Text));
                foreach (var (cell, index) in row["cells"]!.AsArray().Select((cell, index) => (cell!, index)))
                {
                    var written = sheet.At(at, 4 + index);
                    Assert.Equal((int?)cell["value"], written.IsBlank ? null : (int?)written.Number);
                }
            }
        }

        var counted = workbook.Find("Số liệu của kỳ")!;
        var values = Enumerable.Range(1, counted.LastRow).ToLookup(row => counted.At(row, 1).Text, row => counted.At(row, 2));
        Assert.All(
            answer["counts"].AsArray().SelectMany(section => section!["counts"]!.AsArray()),
            count => Assert.Contains(values[(string)count!["label"]!], cell => (cell.IsBlank ? null : (decimal?)cell.Number) == (decimal?)count["value"]));
    }

    [Fact]
    public async Task A_season_without_lists_has_no_awards_rather_than_none()
    {
        await seasons.PublishAsync(new SeasonPhaseChanged { Season = "S-2022", Type = "CALENDAR_YEAR", Year = 2022, Phase = "APPRAISAL", Version = 1, At = DateTimeOffset.UnixEpoch });
        await seasons.PublishAsync(DocumentsHost.Cluster(Guid.CreateVersion7(), 1, "A", "B") with { Season = "S-2022" });
        var answer = await Eventually.AnswerAsync(() => seasons.As(Roles.CouncilMember).GetJson("statistics/S-2022"), known => known.Status == 200 && (int?)known["counts"][0]!["counts"]![0]!["value"] == 1, "the cluster is known");

        var counts = answer["counts"].AsArray().SelectMany(section => section!["counts"]!.AsArray()).ToDictionary(count => (string)count!["key"]!, count => (int?)count!["value"]);
        Assert.Equal((0, 1, null, null, null), (counts["CLUSTERS/DECIDED"], counts["CLUSTERS/OPEN"], counts["PROVINCIAL_FLAG/PASSED"], counts["CHAIRMAN_MERIT/CANDIDATE"], counts["GOVERNMENT_FLAG/PROPOSED"]));
        Assert.Empty(answer["forms"].AsArray()); // the circular is of 2023
        Assert.False(answer.Json!.AsObject().ContainsKey("basis"));
        Assert.Equal(200, (await seasons.As(Roles.CouncilMember).GetJson("statistics/S-2022/csv")).Status);
        using var workbook = await seasons.As(Roles.CouncilMember).GetAsync(new Uri("statistics/S-2022/xlsx", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)workbook.StatusCode);
    }

    [Fact]
    public async Task The_counts_are_for_the_agency_the_council_and_the_auditor()
    {
        foreach (var path in new[] { "statistics/2025", "statistics/2025/csv", "statistics/2025/xlsx" })
        {
            Assert.Equal(401, (await seasons.Anonymous().GetJson(path)).Status);
            Assert.Equal(403, (await seasons.As(Roles.UnitHead, "26740").GetJson(path)).Status);
            Assert.Equal(404, (await seasons.As(Roles.Auditor).GetJson(path.Replace("2025", "1999", StringComparison.Ordinal))).Status);
        }
    }

    private static string Text(JsonElement element, string member) => SampleSeasonFacts.Text(element, member);

    private static int? Cell(ApiAnswer answer, string form, string row, string column) => (int?)answer["forms"].AsArray().Single(view => (string)view!["number"]! == form)!["rows"]!.AsArray()
        .Single(line => (string?)line!["code"] == row)!["cells"]!.AsArray().Single(cell => (string)cell!["column"]! == column)!["value"];

    /// <summary>RFC 4180, read without the code that writes it.</summary>
    private static List<List<string>> Parse(string text)
    {
        List<List<string>> lines = [[]];
        var (field, quoted) = (new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' when quoted && at + 1 < text.Length && text[at + 1] == '"':
                    field.Append(text[at++]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    lines[^1].Add(field.ToString());
                    field.Clear();
                    break;
                case '\r' when !quoted && text[at + 1] == '\n':
                    lines[^1].Add(field.ToString());
                    field.Clear();
                    lines.Add([]);
                    at++;
                    break;
                default:
                    field.Append(text[at]);
                    break;
            }
        }

        Assert.Empty(lines[^1]);
        return lines[..^1];
    }

    private async Task<ApiAnswer> ReadAsync(SampleSeasonFacts sample) => (await seasons.As(Roles.Appraiser).GetJson($"statistics/{sample.Code}")).Expect(200);

    /// <summary>The service with both sample seasons told.</summary>
    public sealed class Seasons(Servers servers) : DocumentsHost(servers)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await new SampleSeasonFacts(Communes).TellAsync(this);
            await new SampleSeasonFacts(Province).TellAsync(this);
        }
    }
}
