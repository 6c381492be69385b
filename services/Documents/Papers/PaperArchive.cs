using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>
/// The results of a job in one zip, written file by file: never more than one block of one file is in memory. The same papers give the
/// same archive.
/// </summary>
internal sealed class PaperArchive(DocumentsDbContext db, ContentStore store, Staging staging)
{
    private static readonly JsonWriterOptions s_readable = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Name under which it is saved.</summary>
    public static string NameOf(PaperJob job) => $"Văn bản mùa thi đua {string.Concat(job.Season.Split(Path.GetInvalidFileNameChars()))} ({job.Id.ToString("N")[^6..]}).zip";

    /// <returns>The hash under which it is kept.</returns>
    public async Task<string> WriteAsync(PaperJob job, CancellationToken ct)
    {
        await using var file = staging.Create();
        using var sums = new StringWriter();
        using var description = new MemoryStream();
        await using (var manifest = new Utf8JsonWriter(description, s_readable))
        await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, ct))
        {
            Begin(manifest, job);
            await foreach (var item in Items(job).WithCancellation(ct))
            {
                manifest.WriteStartObject();
                Describe(manifest, item);
                manifest.WriteStartArray("files");
                foreach (var (extension, sha256) in FilesOf(item, job.Format))
                {
                    var name = $"{PaperJobPlan.NameOf(item, PaperNames.Of(item.Kind))}.{extension}";
                    await AddAsync(zip, name, job.StartedAt, sha256, ct);
                    await sums.WriteAsync($"{sha256}  {name}\n");
                    manifest.WriteStartObject();
                    manifest.WriteString("name", name);
                    manifest.WriteString("sha256", sha256);
                    manifest.WriteEndObject();
                }

                manifest.WriteEndArray();
                manifest.WriteEndObject();
            }

            manifest.WriteEndArray();
            manifest.WriteEndObject();
            await manifest.FlushAsync(ct);
            await AddAsync(zip, "manifest.json", job.StartedAt, description.ToArray(), ct);
            await AddAsync(zip, "SHA256SUMS", job.StartedAt, Encoding.UTF8.GetBytes(sums.ToString()), ct);
        }

        file.Position = 0;
        return (await store.KeepAsync(ContentArea.Papers, file, ct)).Sha256;
    }

    private IAsyncEnumerable<PaperJobItem> Items(PaperJob job) =>
        db.PaperJobItems.AsNoTracking().Where(item => item.JobId == job.Id).OrderBy(item => item.Position).AsAsyncEnumerable();

    private static IEnumerable<(string Extension, string Sha256)> FilesOf(PaperJobItem item, PaperFormat format)
    {
        if (item.Docx is { } docx && format != PaperFormat.Pdf)
        {
            yield return ("docx", docx);
        }

        if (item.Pdf is { } pdf && format != PaperFormat.Docx)
        {
            yield return ("pdf", pdf);
        }
    }

    private static void Begin(Utf8JsonWriter manifest, PaperJob job)
    {
        manifest.WriteStartObject();
        manifest.WriteString("job", job.Id);
        manifest.WriteString("season", job.Season);
        manifest.WriteString("format", UpperSnake.Of(job.Format));
        manifest.WriteString("started_at", job.StartedAt);
        manifest.WriteNumber("total", job.Total);
        manifest.WriteStartArray("papers");
    }

    private static void Describe(Utf8JsonWriter manifest, PaperJobItem item)
    {
        manifest.WriteNumber("position", item.Position);
        manifest.WriteString("kind", UpperSnake.Of(item.Kind));
        foreach (var (name, value) in new[] { ("cluster", item.Cluster), ("unit", item.Unit), ("award", item.Award), ("paper", item.PaperId?.ToString()), ("failure", item.FailureCode), ("reason", item.FailureReason) })
        {
            if (value is not null)
            {
                manifest.WriteString(name, value);
            }
        }
    }

    private async Task AddAsync(ZipArchive zip, string name, DateTimeOffset at, string sha256, CancellationToken ct)
    {
        await using var content = await store.OpenPaperAsync(sha256, ct);
        await using var entry = await Entry(zip, name, at).OpenAsync(ct);
        await content.CopyToAsync(entry, ct);
    }

    private static async Task AddAsync(ZipArchive zip, string name, DateTimeOffset at, byte[] content, CancellationToken ct)
    {
        await using var entry = await Entry(zip, name, at).OpenAsync(ct);
        await entry.WriteAsync(content, ct);
    }

    private static ZipArchiveEntry Entry(ZipArchive zip, string name, DateTimeOffset at)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest); // docx and most of a PDF are packed already
        entry.LastWriteTime = at.ToVietnam();
        return entry;
    }
}
