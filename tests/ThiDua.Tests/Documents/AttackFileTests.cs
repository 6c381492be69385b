using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>“Attack files are refused with their own code”, whichever way they come, and leave nothing behind.</summary>
public sealed class AttackFileTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_attack_file_is_refused_with_its_own_code_in_one_request_and_in_parts()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var before = Kept();
        var wrong = new List<string>();
        foreach (var file in AttackFiles.All)
        {
            (string Key, string Value)[] hash = file.Sha256 is null ? [] : [("sha256", file.Sha256)];
            var inOne = await clerk.CallAsync(
                HttpMethod.Post, DocumentsHost.Query(unit, file.FileName) + (file.Sha256 is null ? "" : $"&sha256={file.Sha256}"), DocumentsHost.Content(file.Content, file.Type));
            var inParts = await TusClient.UploadAsync(clerk, unit, file.Content, file.FileName, file.Type, hash);
            wrong.AddRange(new[] { ("in one", inOne), ("in parts", inParts) }
                .Where(answer => answer.Item2.Status != 422 || answer.Item2.Code != "file-refused" || answer.Item2.Errors is not [{ } error] || error.Code != file.Code)
                .Select(answer => $"{file} {answer.Item1}: {file.Code} expected, got {answer.Item2}"));
        }

        Nothing.In(wrong);
        Assert.False(await host.WithDatabaseAsync(db => db.Evidence.AnyAsync(evidence => evidence.Unit == unit, Cancel)));
        Assert.False(await host.WithDatabaseAsync(db => db.Uploads.AnyAsync(upload => upload.Unit == unit && upload.State == UploadState.Receiving, Cancel)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "incoming")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "uploads")));
        Assert.Equal(before, Kept());
    }

    [Fact]
    public async Task NUL_in_a_name_is_refused_however_it_is_written()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);

        (await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit, "a\0.pdf"), DocumentsHost.Content(DocumentsHost.Pdf()))).Expect(400, "malformed-text");
        Assert.Equal("UNSAFE_NAME", (await TusClient.BeginAsync(clerk, unit, 10, "a\0.pdf")).Expect(422).Errors.Single().Code);
    }

    [Fact]
    public async Task What_looks_similar_and_is_whole_is_taken()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        const string Workbook = AttackFiles.Xlsx + ".main+xml";
        foreach (var (name, type, content) in new[]
        {
            ("Ảnh – họp cụm (1).png", "image/png", AttackFiles.Png()),
            ("ảnh.jpg", "image/jpeg", AttackFiles.Jpeg(thumbnail: true)),
            ("điện thoại.jpg", "image/jpeg", (byte[])[.. AttackFiles.Jpeg(), 1, 2, 3]), // phones write a film behind the picture
            ("có biểu đồ.docx", AttackFiles.Docx, AttackFiles.Office(AttackFiles.Docx + ".main+xml", ("word/embeddings/chart.xlsx", AttackFiles.Office(Workbook, ("xl/workbook.xml", "<x/>"u8.ToArray()))))),
            ("CONG VAN.xlsx", AttackFiles.Xlsx, AttackFiles.Office(Workbook, ("xl/worksheets/sheet1.xml", new byte[1024 * 1024]))),
            ("nén.pdf", "application/pdf", AttackFiles.Document("1 0 obj<</S/URI/URI(http://x)>>endobj (Launch JavaScript)")),
        })
        {
            (await TusClient.UploadAsync(clerk, unit, content, name, type)).Expect(204);
        }

        var listed = (await clerk.GetJson($"documents?season={DocumentsHost.Season}&unit={unit}")).Expect(200)["items"].AsArray();
        Assert.Equal(6, listed.Count);
        Assert.Contains(listed, item => (string?)item!["file_name"] == "Ảnh – họp cụm (1).png");
    }

    private int Kept()
    {
        var contents = Path.Combine(host.Storage, "contents");
        return Directory.Exists(contents) ? Directory.EnumerateFiles(contents, "*", SearchOption.AllDirectories).Count() : 0;
    }
}
