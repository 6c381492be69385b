using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using UglyToad.PdfPig;

namespace ThiDua.Tests.Documents.Papers;

public sealed class PdfConverterTests(PdfConverterTests.Pool pool) : IClassFixture<PdfConverterTests.Pool>
{
    // Set for the program that a test starts and kills: where its workers live.
    private const string VictimDirectory = "THIDUA_CONVERTER_VICTIM";

    private static readonly byte[] s_submission = SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission(60));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One converter for the class: a LibreOffice takes a second or two to start.</summary>
    public sealed class Pool : IAsyncLifetime
    {
        private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-pdf-");

        public string Directory => _directory.Path;

        public PdfConverter Converter { get; private set; } = null!;

        public ValueTask InitializeAsync()
        {
            Converter = New(new ConverterSettings { Directory = Directory });
            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            await Converter.DisposeAsync();
            _directory.Dispose();
        }
    }

    [Fact]
    public async Task A_paper_becomes_a_PDF_with_its_letters_in_it()
    {
        var pdf = await pool.Converter.ConvertAsync(s_submission, Ct);
        var again = await pool.Converter.ConvertAsync(s_submission, Ct);
        Assert.Equal(TextOf(pdf), TextOf(again)); // not byte for byte: LibreOffice's subset of a font is not always the same

        var file = Path.Combine(pool.Directory, "fonts.pdf");
        await File.WriteAllBytesAsync(file, pdf, Ct);
        var fonts = (await ChildProcess.RunAsync(["pdffonts", file], ct: Ct)).Split('\n').Skip(2).Where(line => line.Length > 0).ToList();
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+LiberationSerif\S*\s+.*\s+yes yes yes\s", font)); // embedded, subset, with Unicode
        Assert.Contains("A4", await ChildProcess.RunAsync(["pdfinfo", file], ct: Ct), StringComparison.Ordinal);

        using var document = PdfDocument.Open(pdf);
        Assert.True(document.NumberOfPages > 1);
        Assert.Contains("901,25", document.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_on_the_page_says_where_the_paper_is_checked()
    {
        var template = PaperTemplate.Read(new MemoryStream(SamplePapers.SubmissionDocx()), SamplePapers.SubmissionForm);
        var mark = SamplePapers.Mark(SamplePapers.Submission(60), template);
        var file = Path.Combine(pool.Directory, "code.pdf");
        await File.WriteAllBytesAsync(file, await pool.Converter.ConvertAsync(s_submission, Ct), Ct);
        await ChildProcess.RunAsync(["pdftoppm", "-r", "300", "-gray", file, Path.Combine(pool.Directory, "code")], ct: Ct);
        var pages = Directory.GetFiles(pool.Directory, "code-*.pgm");
        Assert.True(pages.Length > 1);
        foreach (var page in pages)
        {
            Assert.Equal(mark.VerificationAddress, (await ChildProcess.RunAsync(["zbarimg", "--nodbus", "--quiet", "--raw", page], ct: Ct)).Trim());
        }
    }

    [Theory]
    [InlineData(16, 60)]
    [InlineData(40, 12)]
    [InlineData(1, 5)]
    public async Task Nothing_of_a_wide_table_is_clipped_or_too_small(int units, int criteria)
    {
        var content = SamplePapers.Summary(units, criteria);
        var pdf = await pool.Converter.ConvertAsync(SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, content), Ct);
        using var document = PdfDocument.Open(pdf);
        foreach (var page in document.GetPages())
        {
            // The bottom margin holds the mark, the top margin the number of the page.
            Nothing.In(page.Letters.Where(letter => letter.PointSize < 7.95).Select(letter => $"{page.Number}: {letter.Value} is {letter.PointSize} pt"));
            Nothing.In(page.Letters.Where(letter => letter.Value.Trim().Length > 0
                    && (letter.BoundingBox.Left < 30 * 72 / 25.4 - 1 || letter.BoundingBox.Right > page.Width - (15 * 72 / 25.4) + 1 || letter.BoundingBox.Bottom < 3 * 72 / 25.4 || letter.BoundingBox.Top > page.Height - 10))
                .Select(letter => $"{page.Number}: {letter.Value} at {letter.BoundingBox}"));
        }

        // Everything is there as often as the content says: nothing was cut off or pushed out of a cell.
        var expected = content.Matrix!.Rows.SelectMany(row => row.Cells.Skip(3)).GroupBy(cell => cell).ToDictionary(group => group.Key, group => group.Count());
        var file = Path.Combine(pool.Directory, string.Create(CultureInfo.InvariantCulture, $"matrix-{units}.pdf"));
        await File.WriteAllBytesAsync(file, pdf, Ct);
        var words = (await ChildProcess.RunAsync(["pdftotext", file, "-"], ct: Ct)).Split([' ', '\n', '\f'], StringSplitOptions.RemoveEmptyEntries).GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count());
        Nothing.In(expected.Where(cell => words.GetValueOrDefault(cell.Key) < cell.Value).Select(cell => $"{cell.Key}: {words.GetValueOrDefault(cell.Key)} of {cell.Value}"));
    }

    [Fact]
    public async Task A_file_that_is_no_docx_fails_alone()
    {
        byte[][] hostile = [s_submission[..3000], [.. Enumerable.Range(0, 100_000).Select(index => (byte)(index * 31))], "<html>not a docx</html>"u8.ToArray(), []];
        foreach (var file in hostile)
        {
            var refused = await Assert.ThrowsAsync<RuleViolationException>(() => pool.Converter.ConvertAsync(file, Ct));
            Assert.Equal("conversion-failed", refused.Code);
        }

        Assert.NotEmpty(await pool.Converter.ConvertAsync(s_submission, Ct));
    }

    [Fact]
    public async Task A_killed_worker_costs_nobody_a_paper()
    {
        using var directory = TemporaryDirectory.Create("thidua-pdf-");
        await using var converter = New(new ConverterSettings { Directory = directory.Path, Workers = 1 });
        await converter.ConvertAsync(s_submission, Ct);
        var conversions = Enumerable.Range(0, 6).Select(_ => converter.ConvertAsync(s_submission, Ct)).ToList();
        Process.GetProcessById(int.Parse(Assert.Single(OfficesIn(directory.Path)), CultureInfo.InvariantCulture)).Kill();
        Assert.All(await Task.WhenAll(conversions), pdf => Assert.True(pdf.AsSpan().StartsWith("%PDF-"u8)));
    }

    [Fact]
    public async Task A_worker_that_hangs_is_given_up_and_replaced()
    {
        using var directory = TemporaryDirectory.Create("thidua-pdf-");
        await using var converter = New(new ConverterSettings { Directory = directory.Path, Workers = 1, TimeLimit = 4 });
        await converter.ConvertAsync(s_submission, Ct);
        await ChildProcess.RunAsync(["kill", "-STOP", .. OfficesIn(directory.Path)], ct: Ct);
        var refused = await Assert.ThrowsAsync<RuleViolationException>(() => converter.ConvertAsync(s_submission, Ct));
        Assert.Equal("conversion-timeout", refused.Code);
        Assert.Empty(OfficesIn(directory.Path));
        Assert.NotEmpty(await converter.ConvertAsync(s_submission, Ct));
    }

    [Fact]
    public async Task Without_LibreOffice_the_refusal_says_so()
    {
        await using var converter = New(new ConverterSettings { Office = "/nowhere/soffice" });
        Assert.False(converter.IsAvailable);
        Assert.Equal("converter-missing", (await Assert.ThrowsAsync<RuleViolationException>(() => converter.ConvertAsync(s_submission, Ct))).Code);
    }

    [Fact]
    public async Task Nothing_is_left_when_the_service_is_killed()
    {
        if (Environment.GetEnvironmentVariable(VictimDirectory) is { Length: > 0 } own)
        {
            await using var converter = New(new ConverterSettings { Directory = own, Workers = 1 });
            await converter.ConvertAsync(s_submission, Ct);
            await File.WriteAllTextAsync(Path.Combine(own, "warm"), string.Empty, Ct);
            await Task.Delay(Timeout.Infinite, Ct); // until we are killed
        }

        using var directory = TemporaryDirectory.Create("thidua-pdf-");
        await using (var victim = await ChildProcess.StartAsync(
            ["dotnet", typeof(PdfConverterTests).Assembly.Location, "-method", $"{typeof(PdfConverterTests).FullName}.{nameof(Nothing_is_left_when_the_service_is_killed)}"],
            environment: [KeyValuePair.Create(VictimDirectory, directory.Path)]))
        {
            await Eventually.TrueAsync(() => File.Exists(Path.Combine(directory.Path, "warm")), "the victim converts");
            Assert.NotEmpty(OfficesIn(directory.Path));
            victim.Kill();
            await victim.WaitForExitAsync(Ct);
        }

        await Eventually.TrueAsync(() => OfficesIn(directory.Path).Count == 0 && Directory.GetDirectories(directory.Path).Length == 0, "its LibreOffice and its files are gone");
    }

    /// <summary>The share of a season's papers by default; THIDUA_PAPERS=300 is the figure of the issue.</summary>
    [Fact]
    public async Task A_season_of_papers_is_converted()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("THIDUA_PAPERS") ?? "12", CultureInfo.InvariantCulture);
        var template = PaperTemplate.Read(new MemoryStream(SamplePapers.SubmissionDocx()), SamplePapers.SubmissionForm);
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Ct }, async (units, ct) =>
        {
            var content = SamplePapers.Submission(1 + (units % 30));
            var pdf = await pool.Converter.ConvertAsync(template.Fill(content, SamplePapers.Mark(content, template)), ct);
            Assert.True(pdf.AsSpan().StartsWith("%PDF-"u8));
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} papers in {clock.Elapsed.TotalSeconds:0.0} s");
        TestContext.Current.SendDiagnosticMessage($"{count} papers in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private static PdfConverter New(ConverterSettings settings) => new(Options.Create(settings), TimeProvider.System, NullLogger<PdfConverter>.Instance);

    // Of LibreOffices whose profile lies in the directory.
    private static List<string> OfficesIn(string directory) =>
        [.. Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && CommandOf(process).Contains($"UserInstallation=file://{directory}", StringComparison.Ordinal)).Select(process => Path.GetFileName(process)!)];

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline");
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            return string.Empty; // ended just now
        }
    }

    private static string TextOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return string.Join('\f', document.GetPages().Select(page => page.Text));
    }
}
