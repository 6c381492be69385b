using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Documents;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class UploadTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    private const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_sent_comes_back_under_its_Vietnamese_name()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        await using var stored = await host.CollectAsync<EvidenceStored>();
        var content = DocumentsHost.Pdf();

        // Typed with combining marks, as macOS does.
        var name = "Quyết định số 12 – khen thưởng Đường Ưu tú.pdf".Normalize(System.Text.NormalizationForm.FormD);
        var upload = (await clerk.CallAsync(
            HttpMethod.Post, DocumentsHost.Query(unit, name) + "&number=12%2FQĐ-UBND&date=2026-03-01&issuer=UBND%20tỉnh", DocumentsHost.Content(content))).Expect(201);

        Assert.Equal("Quyết định số 12 – khen thưởng Đường Ưu tú.pdf", (string?)upload["file_name"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string?)upload["sha256"]);
        Assert.Equal("12/QĐ-UBND", (string?)upload["number"]);
        Assert.Equal("2026-03-01", (string?)upload["date"]);
        Assert.Equal($"/api/v1/documents/{upload["id"]}", upload.Location);
        using var answer = await clerk.GetAsync((string)upload["content"]!, Cancel);
        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal((string?)upload["file_name"], answer.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal($"\"{upload["sha256"]}\"", answer.Headers.ETag?.Tag);
        var message = await stored.FirstAsync(fact => fact.Unit == unit);
        Assert.Equal(((string?)upload["id"], (long)content.Length, "I.1"), (message.EvidenceId.ToString(), message.Size, message.Criterion));
    }

    [Fact]
    public async Task Twenty_megabytes_stream_through_without_lying_in_memory()
    {
        const int Size = 20 * 1024 * 1024;
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var body = new StreamContent(new PdfStream(Size));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");

        var upload = (await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit), body, headers: new() { ["Transfer-Encoding"] = "chunked" })).Expect(201);

        Assert.Equal(Size, (long)upload["size"]!);
        await using var sent = new PdfStream(Size);
        Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(sent, Cancel)), (string?)upload["sha256"]);
        using var answer = await clerk.GetAsync((string)upload["content"]!, HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var received = await answer.Content.ReadAsStreamAsync(Cancel);
        Assert.Equal((string?)upload["sha256"], Convert.ToHexStringLower(await SHA256.HashDataAsync(received, Cancel)));
    }

    [Fact]
    public async Task A_part_can_be_asked_for_and_what_the_caller_has_is_not_sent_again()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();
        var upload = (await DocumentsHost.UploadAsync(clerk, unit, content)).Expect(201);

        using var part = new HttpRequestMessage(HttpMethod.Get, (string)upload["content"]!);
        part.Headers.Range = new RangeHeaderValue(1, 4);
        using var partAnswer = await clerk.SendAsync(part, Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, (string)upload["content"]!);
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{upload["sha256"]}\""));
        using var againAnswer = await clerk.SendAsync(again, Cancel);

        Assert.Equal(HttpStatusCode.PartialContent, partAnswer.StatusCode);
        Assert.Equal("PDF-"u8.ToArray(), await partAnswer.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.NotModified, againAnswer.StatusCode);
    }

    [Fact]
    public async Task Who_read_a_file_stands_in_the_journal()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var appraiser = host.As(Roles.Appraiser, subject: "chuyenvien-7");
        using var auditor = host.As(Roles.Auditor);
        var upload = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);

        using var read = await appraiser.GetAsync((string)upload["content"]!, Cancel);

        var journal = (await auditor.GetJson($"journal/documents?subject=Evidence/{upload["id"]}")).Expect(200);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(["chuyenvien-7", $"unit-{unit}"], journal["items"].AsArray().Select(row => (string?)row!["actor"]));
        Assert.Equal("GET /api/v1/documents/{id}/content", (string?)journal["items"][0]!["action"]);
    }

    [Fact]
    public async Task The_same_file_for_the_same_line_counts_once()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();

        var first = (await DocumentsHost.UploadAsync(clerk, unit, content)).Expect(201);
        var again = (await DocumentsHost.UploadAsync(clerk, unit, content, "tên khác.pdf")).Expect(200);
        var otherLine = (await DocumentsHost.UploadAsync(clerk, unit, content, criterion: "I.2")).Expect(201);

        Assert.Equal((string?)first["id"], (string?)again["id"]);
        Assert.NotEqual((string?)first["id"], (string?)otherLine["id"]);
        Assert.Single(Directory.EnumerateFiles(host.Storage, (string)first["sha256"]!, SearchOption.AllDirectories));
        var listed = (await clerk.GetJson($"documents?season={DocumentsHost.Season}&unit={unit}")).Expect(200);
        Assert.Equal(2, listed["items"].AsArray().Count);
    }

    [Fact]
    public async Task Two_uploads_of_one_file_at_one_moment_make_one_row()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DocumentsHost.UploadAsync(clerk, unit, content)));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(7, answers.Count(answer => answer.Status == 200));
        Assert.Single(answers.Select(answer => (string?)answer["id"]).Distinct());
    }

    [Theory]
    [InlineData("bảng.exe", "application/octet-stream", "MZ", "TYPE_NOT_ALLOWED")]
    [InlineData("bảng.docm", "application/vnd.ms-word.document.macroEnabled.12", "PK\u0003\u0004", "TYPE_NOT_ALLOWED")]
    [InlineData("bảng.zip", "application/zip", "PK\u0003\u0004", "TYPE_NOT_ALLOWED")]
    [InlineData("bảng.pdf.html", "text/html", "%PDF-", "TYPE_NOT_ALLOWED")]
    [InlineData("bảng.pdf", "text/html", "%PDF-", "TYPE_MISMATCH")]
    [InlineData("bảng.pdf", "application/pdf", "MZ not a pdf", "CONTAINS_PROGRAM")]
    [InlineData("bảng.png", "image/png", "%PDF-", "CONTENT_MISMATCH")]
    [InlineData("bảng.docx", Docx, "PK\u0003\u0004 no archive", "TRUNCATED")]
    [InlineData("bảng.pdf", "application/pdf", "", "EMPTY_FILE")]
    [InlineData("...", "application/pdf", "%PDF-", "MISSING_NAME")]
    public async Task A_file_that_is_not_what_it_says_is_refused_and_leaves_nothing(string name, string type, string content, string code)
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);

        var answer = (await DocumentsHost.UploadAsync(clerk, unit, System.Text.Encoding.Latin1.GetBytes(content), name, type)).Expect(422, "file-refused");

        Assert.Equal([code], answer.Errors.Select(error => error.Code));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "incoming")));
    }

    [Fact]
    public async Task An_office_document_is_taken_and_one_with_macros_under_its_name_is_not()
    {
        const string Main = Docx + ".main+xml";
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);

        (await DocumentsHost.UploadAsync(clerk, unit, DocumentsHost.Office(Main), "tờ trình.docx", Docx)).Expect(201);
        var macros = (await DocumentsHost.UploadAsync(clerk, unit, DocumentsHost.Office(Main, "word/vbaProject.bin"), "tờ trình.docx", Docx)).Expect(422);
        var renamed = (await DocumentsHost.UploadAsync(clerk, unit, DocumentsHost.Office("application/vnd.ms-word.document.macroEnabled.main+xml"), "tờ trình.docx", Docx)).Expect(422);

        Assert.Equal("CONTAINS_PROGRAM", macros.Errors.Single().Code);
        Assert.Equal("CONTENT_MISMATCH", renamed.Errors.Single().Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_over_the_limit_is_413_by_its_length_and_in_chunks(bool chunked)
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var body = new StreamContent(new PdfStream(DocumentsHost.UploadLimit + 1));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        using var request = new HttpRequestMessage(HttpMethod.Post, DocumentsHost.Query(unit)) { Content = body };
        request.Headers.ExpectContinue = !chunked; // by its length it is refused before a byte is sent
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await clerk.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "incoming")));
        Assert.Equal(0, await host.WithDatabaseAsync(db => db.Evidence.CountAsync(evidence => evidence.Unit == unit, Cancel)));
    }

    [Fact]
    public async Task The_description_of_the_upload_names_what_it_takes()
    {
        using var anybody = host.Anonymous();

        var post = (await anybody.GetJson("/openapi/v1.json")).Expect(200)["paths"]["/api/v1/documents"]!["post"]!;

        Assert.Equal(ThiDua.Documents.Domain.FileKind.Known.Select(kind => kind.MediaType), post["requestBody"]!["content"]!.AsObject().Select(type => type.Key));
        Assert.Superset(
            new HashSet<string?> { "season", "unit", "criterion", "filename", "number", "date", "issuer", "sha256" },
            post["parameters"]!.AsArray().Select(parameter => (string?)parameter!["name"]).ToHashSet());
    }

    [Fact]
    public async Task What_is_missing_is_named_all_at_once()
    {
        using var clerk = host.Clerk("D999");

        var answer = (await clerk.CallAsync(HttpMethod.Post, "documents?unit=D999&date=01/03/2026", DocumentsHost.Content(DocumentsHost.Pdf()))).Expect(422);

        Assert.Equal(["/season", "/criterion", "/filename", "/date"], answer.Errors.Select(error => error.Path));
    }

    [Fact]
    public async Task Files_that_a_crash_left_half_received_go_and_those_in_use_stay()
    {
        var staging = (ThiDua.Documents.Data.Staging)host.Services.GetService(typeof(ThiDua.Documents.Data.Staging))!;
        var abandoned = Path.Combine(host.Storage, "incoming", "abandoned");
        var inUse = Path.Combine(host.Storage, "incoming", "in-use");
        await File.WriteAllTextAsync(abandoned, "%PDF-", Cancel);
        await using (var writing = new FileStream(inUse, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            staging.RemoveAbandoned();
            Assert.False(File.Exists(abandoned));
            Assert.True(File.Exists(inUse));
        }

        File.Delete(inUse);
    }
}
