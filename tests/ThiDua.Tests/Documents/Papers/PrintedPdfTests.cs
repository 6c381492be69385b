using System.Globalization;
using ThiDua.Documents.Domain;
using ThiDua.Tests.Support;
using UglyToad.PdfPig;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>The PDF prints the numbers of the docx: all of them, as often, and not one of them clipped away.</summary>
public sealed class PrintedPdfTests
{
    private const double Margin = 56; // 20 mm in points: above stands the page number, below the mark

    [Fact]
    public async Task Every_number_of_a_paper_is_in_its_PDF_as_often()
    {
        var season = SampleFacts.Of(SampleFacts.Hcmc);
        var cluster = season.Clusters[11];
        var code = season.Season.Season;
        PaperSubject[] subjects =
        [
            new(PaperKind.ScoreSummary, code, cluster.Cluster.ClusterId), new(PaperKind.ClusterMeetingMinutes, code, cluster.Cluster.ClusterId),
            new(PaperKind.UnitNotice, code, cluster.Cluster.ClusterId, cluster.Cluster.Leader), new(PaperKind.VoteCountMinutes, code, Award: PaperSubject.ProvincialFlag),
            new(PaperKind.CertificateSubmission, code), new(PaperKind.GovernmentFlagSubmission, code),
        ];
        using var directory = TemporaryDirectory.Create("thidua-papers-");
        var papers = subjects.ToDictionary(subject => subject.Kind, subject => PrintedPaperText.Docx(SamplePaperTests.Compose(subject, season, SampleFacts.Issued())));
        foreach (var (kind, docx) in papers)
        {
            await File.WriteAllBytesAsync(Path.Combine(directory.Path, $"{kind}.docx"), docx, TestContext.Current.CancellationToken);
        }

        await ChildProcess.RunAsync(
            ["soffice", $"-env:UserInstallation=file://{directory.Path}/profile", "--headless", "--convert-to", "pdf", "--outdir", directory.Path, .. papers.Keys.Select(kind => Path.Combine(directory.Path, $"{kind}.docx"))],
            ct: TestContext.Current.CancellationToken);

        foreach (var (kind, docx) in papers)
        {
            using var pdf = PdfDocument.Open(Path.Combine(directory.Path, $"{kind}.pdf"));
            var words = pdf.GetPages().SelectMany(page => page.GetWords().Where(word => word.BoundingBox.Bottom > Margin && word.BoundingBox.Top < page.Height - Margin)).Select(word => word.Text);
            Assert.Equal(Counted(PrintedPaperText.Read(docx).Numbers), Counted(PrintedPaperText.NumbersIn(string.Join('\n', words))));
        }
    }

    private static IEnumerable<string> Counted(IEnumerable<decimal> numbers) =>
        numbers.CountBy(number => number).OrderBy(number => number.Key).Select(number => string.Create(CultureInfo.InvariantCulture, $"{number.Key:G29} × {number.Value}"));
}
