using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents.Papers;

public sealed class PaperTemplateTests
{
    [Fact]
    public void What_is_built_and_what_is_filled_is_valid()
    {
        foreach (var docx in new[]
        {
            SamplePapers.SubmissionDocx(), SamplePapers.SummaryDocx(),
            SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission()),
            SamplePapers.Fill(SamplePapers.SubmissionDocx(), SamplePapers.SubmissionForm, SamplePapers.Submission(0)),
            SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, SamplePapers.Summary(16, 60)),
            SamplePapers.Fill(SamplePapers.SummaryDocx(), SamplePapers.SummaryForm, SamplePapers.Summary(20, 12)),
        })
        {
            if (Environment.GetEnvironmentVariable("THIDUA_KEEP_PAPERS") is { Length: > 0 } folder)
            {
                File.WriteAllBytes(Path.Combine(folder, $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(docx))[..8]}.docx"), docx);
            }

            using var document = WordprocessingDocument.Open(new MemoryStream(docx), false);
            Nothing.In(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019).Validate(document, TestContext.Current.CancellationToken).Select(error => $"{error.Part?.Uri} {error.Path?.XPath}: {error.Description}"));
        }
    }
}
