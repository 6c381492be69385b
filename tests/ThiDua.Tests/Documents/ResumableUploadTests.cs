using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Documents;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

public sealed class ResumableUploadTests(DocumentsHost host) : IClassFixture<DocumentsHost>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_comes_in_parts_becomes_evidence_with_journal_and_message()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var auditor = host.As(Roles.Auditor);
        await using var stored = await host.CollectAsync<EvidenceStored>();
        await using var content = new PdfStream(1_000_000);
        var whole = content.Part(0, content.Length);
        var hash = Convert.ToHexStringLower(SHA256.HashData(whole));

        var begun = (await TusClient.BeginAsync(clerk, unit, whole.Length, "Số 05.BC-SNV ngày 3-2-2026.pdf", more: [("sha256", hash), ("issuer", "Sở Nội vụ")])).Expect(201);
        var upload = begun.Location!;
        Assert.Equal("1.0.0", begun.Headers["Tus-Resumable"]);
        Assert.Equal(0, await TusClient.OffsetAsync(clerk, upload));
        (await TusClient.PatchAsync(clerk, upload, 0, whole[..300_000])).Expect(204);
        Assert.Equal(300_000, await TusClient.OffsetAsync(clerk, upload));
        (await TusClient.PatchAsync(clerk, upload, 300_000, whole[300_000..700_000], TusClient.Sha256(whole[300_000..700_000]))).Expect(204);
        var last = (await TusClient.PatchAsync(clerk, upload, 700_000, whole[700_000..])).Expect(204);

        Assert.Equal("1000000", last.Headers["Upload-Offset"]);
        var evidence = (await clerk.GetJson(last.Headers["Content-Location"])).Expect(200);
        Assert.Equal(hash, (string?)evidence["sha256"]);
        Assert.Equal("Sở Nội vụ", (string?)evidence["issuer"]);
        Assert.Equal("STORED", (string?)evidence["state"]);
        Assert.Equal("NOT_SCANNED", (string?)evidence["scan"]);
        using var read = await clerk.GetAsync((string)evidence["content"]!, Cancel);
        Assert.Equal(whole, await read.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(evidence["id"].ToString(), (await stored.FirstAsync(fact => fact.Unit == unit)).EvidenceId.ToString());
        var state = (await clerk.GetJson(upload)).Expect(200);
        Assert.Equal("FINISHED", (string?)state["state"]);
        var journal = (await auditor.GetJson($"journal/documents?subject=Evidence/{evidence["id"]}")).Expect(200)["items"].AsArray();
        Assert.Contains(journal, row => ((string?)row!["action"])!.StartsWith("PATCH ", StringComparison.Ordinal) && (string?)row["actor"] == $"unit-{unit}");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "uploads")));
        (await TusClient.PatchAsync(clerk, upload, 1_000_000, [])).Expect(409, "upload-finished");
        (await TusClient.TerminateAsync(clerk, upload)).Expect(409, "upload-finished");
    }

    [Fact]
    public async Task What_the_protocol_forbids_has_its_own_answer()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf(new string('x', 10_000));
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201).Location!;

        Assert.Equal("1.0.0", (await clerk.CallAsync(HttpMethod.Patch, upload, new ByteArrayContent([]), headers: new() { ["Tus-Resumable"] = "0.2.2" })).Expect(412, "tus-version").Headers["Tus-Version"]);
        (await clerk.CallAsync(HttpMethod.Patch, upload, new StringContent("x"), headers: new() { ["Tus-Resumable"] = "1.0.0", ["Upload-Offset"] = "0" })).Expect(415);
        (await TusClient.PatchAsync(clerk, upload, -1, content)).Expect(400);
        Assert.Equal("0", (await TusClient.PatchAsync(clerk, upload, 5, content)).Expect(409, "offset-mismatch").Headers["Upload-Offset"]);
        (await TusClient.PatchAsync(clerk, upload, 0, [.. content, 1])).Expect(413);
        (await TusClient.PatchAsync(clerk, upload, 0, content, "md5 x")).Expect(400, "checksum-unknown");
        (await TusClient.PatchAsync(clerk, upload, 0, content[..5000], TusClient.Sha256(content))).Expect(460, "checksum-mismatch");
        byte[] broken = [0, .. content[1..]];
        (await TusClient.PatchAsync(clerk, upload, 0, broken, TusClient.Sha256(content))).Expect(460, "checksum-mismatch"); // the line's fault, not the file's
        Assert.Equal(0, await TusClient.OffsetAsync(clerk, upload));
        (await TusClient.PatchAsync(clerk, $"documents/uploads/{Guid.CreateVersion7()}", 0, content)).Expect(404);
        (await TusClient.HeadAsync(clerk, $"documents/uploads/{Guid.CreateVersion7()}")).Expect(404);
        (await clerk.CallAsync(HttpMethod.Post, "documents/uploads", headers: new() { ["Tus-Resumable"] = "1.0.0" })).Expect(400);
        (await TusClient.BeginAsync(clerk, unit, DocumentsHost.UploadLimit + 1L)).Expect(413);
        Assert.Equal("UNKNOWN_PROPERTY", (await TusClient.BeginAsync(clerk, unit, 10, more: [("relativePath", "x")])).Expect(422).Errors.Single().Code);
        (await TusClient.TerminateAsync(clerk, upload)).Expect(204);
        (await TusClient.HeadAsync(clerk, upload)).Expect(410);
        (await TusClient.PatchAsync(clerk, upload, 0, content)).Expect(410, "upload-terminated");
        var can = (await clerk.CallAsync(HttpMethod.Options, "documents/uploads")).Expect(204);
        Assert.Equal(("creation,checksum,termination,expiration", $"{DocumentsHost.UploadLimit}"), (can.Headers["Tus-Extension"], can.Headers["Tus-Max-Size"]));
    }

    [Fact]
    public async Task Of_two_requests_that_write_at_one_time_one_is_refused()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf(new string('x', 200_000));
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201).Location!;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var slow = TusClient.PatchAsync(clerk, upload, 0, new PausingContent(content, 100_000, gate.Task));
        var path = Path.Combine(host.Storage, "uploads", Guid.Parse(upload.Split('/')[^1]).ToString("N"));
        await host.EventuallyAsync(() => Task.FromResult(File.Exists(path) && new FileInfo(path).Length > 0), "the first request has begun to write");
        var second = (await TusClient.PatchAsync(clerk, upload, 0, content)).Expect(423, "upload-locked");
        gate.SetResult();

        Assert.Equal("1", second.Headers["Retry-After"]);
        (await slow).Expect(204);
        Assert.Equal("FINISHED", (string?)(await clerk.GetJson(upload)).Expect(200)["state"]);
    }

    [Fact]
    public async Task What_came_before_the_line_broke_need_not_be_sent_again()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf(new string('x', 200_000));
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201).Location!;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var broken = TusClient.PatchAsync(clerk, upload, 0, new PausingContent(content, 100_000, gate.Task));
        var path = Path.Combine(host.Storage, "uploads", Guid.Parse(upload.Split('/')[^1]).ToString("N"));
        await host.EventuallyAsync(() => Task.FromResult(File.Exists(path) && new FileInfo(path).Length >= 100_000), "what was sent is written");
        gate.SetException(new IOException("the line broke"));
        await Assert.ThrowsAnyAsync<Exception>(() => broken);

        await host.EventuallyAsync(async () => await TusClient.OffsetAsync(clerk, upload) == 100_000, "what came is acknowledged");
        await host.EventuallyAsync(async () => (await TusClient.PatchAsync(clerk, upload, 100_000, content[100_000..])).Status == 204, "the rest is taken");
    }

    [Fact]
    public async Task Only_the_own_unit_and_only_while_the_sheet_lies_with_it()
    {
        var (leader, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        using var other = host.Clerk(leader);
        using var appraiser = host.As(Roles.Appraiser);
        var content = DocumentsHost.Pdf();
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201).Location!;

        (await TusClient.BeginAsync(other, unit, content.Length)).Expect(404);
        (await TusClient.BeginAsync(appraiser, unit, content.Length)).Expect(403);
        foreach (var stranger in new[] { (await TusClient.PatchAsync(other, upload, 0, content)).Status, (await TusClient.HeadAsync(other, upload)).Status, (await TusClient.TerminateAsync(other, upload)).Status, (await other.GetJson(upload)).Status })
        {
            Assert.Equal(404, stranger);
        }

        await host.SubmitAsync(unit);
        (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(409, "sheet-submitted");
        (await TusClient.PatchAsync(clerk, upload, 0, content)).Expect(409, "sheet-submitted");
        var state = (await clerk.GetJson(upload)).Expect(200);
        Assert.Equal(("REFUSED", "sheet-submitted"), ((string?)state["state"], (string?)state["refusal"]!["code"]));
        Assert.False(await host.WithDatabaseAsync(db => db.Evidence.AnyAsync(evidence => evidence.Unit == unit, Cancel)));
    }

    [Fact]
    public async Task An_upload_that_nobody_goes_on_with_expires_and_its_file_goes()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201);
        (await TusClient.PatchAsync(clerk, upload.Location!, 0, content[..10])).Expect(204);
        var id = Guid.Parse(upload.Location!.Split('/')[^1]);
        var path = Path.Combine(host.Storage, "uploads", id.ToString("N"));
        Assert.True(File.Exists(path));

        await host.WithDatabaseAsync(db => db.Uploads.Where(u => u.Id == id).ExecuteUpdateAsync(set => set.SetProperty(u => u.ExpiresAt, TimeProvider.System.GetUtcNow().AddMinutes(-1)), Cancel));

        await host.EventuallyAsync(() => Task.FromResult(!File.Exists(path)), "the file is gone");
        (await TusClient.PatchAsync(clerk, upload.Location!, 10, content[10..])).Expect(410, "upload-expired");
    }

    [Fact]
    public async Task A_unit_has_room_for_so_much_and_uploads_on_their_way_count()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        for (var i = 0; i < DocumentsHost.UnitLimit / DocumentsHost.UploadLimit; i++)
        {
            (await TusClient.BeginAsync(clerk, unit, DocumentsHost.UploadLimit)).Expect(201);
        }

        (await TusClient.BeginAsync(clerk, unit, DocumentsHost.UploadLimit)).Expect(409, "quota-exceeded");
        (await TusClient.BeginAsync(clerk, unit, 2 * 1024 * 1024, "a.png", "image/png")).Expect(413); // the limit of its kind
    }

    [Fact]
    public async Task A_whole_upload_that_was_left_before_its_end_is_finished_by_the_service()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        var content = DocumentsHost.Pdf();
        var upload = (await TusClient.BeginAsync(clerk, unit, content.Length)).Expect(201).Location!;
        var id = Guid.Parse(upload.Split('/')[^1]);
        await File.WriteAllBytesAsync(Path.Combine(host.Storage, "uploads", id.ToString("N")), content, Cancel);
        await host.WithDatabaseAsync(db => db.Uploads.Where(u => u.Id == id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Received, (long)content.Length), Cancel));

        await host.EventuallyAsync(async () => (string?)(await clerk.GetJson(upload)).Expect(200)["state"] == "FINISHED", "the service has finished it");
        Assert.Equal(EvidenceState.Stored, await host.WithDatabaseAsync(db => db.Evidence.Where(e => e.Unit == unit).Select(e => e.State).SingleAsync(Cancel)));
    }

    /// <summary>Sends so much, and the rest when the gate opens.</summary>
    private sealed class PausingContent : HttpContent
    {
        private readonly byte[] _content;
        private readonly int _first;
        private readonly Task _gate;

        public PausingContent(byte[] content, int first, Task gate)
        {
            (_content, _first, _gate) = (content, first, gate);
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(_content.AsMemory(0, _first), Cancel);
            await stream.FlushAsync(Cancel);
            await _gate;
            await stream.WriteAsync(_content.AsMemory(_first), Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.Length;
            return true;
        }
    }
}
