using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>Uploads as a client of the tus protocol makes them.</summary>
public static class TusClient
{
    public static Task<ApiAnswer> BeginAsync(HttpClient client, string unit, long length, string fileName = "Báo cáo.pdf", string type = "application/pdf", string criterion = "I.1", string season = DocumentsHost.Season, params (string Key, string Value)[] more) =>
        client.CallAsync(HttpMethod.Post, "documents/uploads", headers: new()
        {
            ["Tus-Resumable"] = "1.0.0",
            ["Upload-Length"] = length.ToString(CultureInfo.InvariantCulture),
            ["Upload-Metadata"] = Metadata(unit, fileName, type, criterion, season, more),
        });

    public static string Metadata(string unit, string fileName, string type, string criterion, string season, params (string Key, string Value)[] more) =>
        string.Join(',', new[] { ("season", season), ("unit", unit), ("criterion", criterion), ("filename", fileName), ("filetype", type) }.Concat(more)
            .Select(pair => $"{pair.Item1} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Item2))}"));

    public static Task<ApiAnswer> PatchAsync(HttpClient client, string upload, long offset, byte[] part, string? checksum = null) =>
        PatchAsync(client, upload, offset, new ByteArrayContent(part), checksum);

    public static Task<ApiAnswer> PatchAsync(HttpClient client, string upload, long offset, HttpContent part, string? checksum = null)
    {
        part.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        var headers = new Dictionary<string, string> { ["Tus-Resumable"] = "1.0.0", ["Upload-Offset"] = offset.ToString(CultureInfo.InvariantCulture) };
        if (checksum is not null)
        {
            headers["Upload-Checksum"] = checksum;
        }

        return client.CallAsync(HttpMethod.Patch, upload, part, headers: headers);
    }

    public static Task<ApiAnswer> HeadAsync(HttpClient client, string upload) =>
        client.CallAsync(HttpMethod.Head, upload, headers: new() { ["Tus-Resumable"] = "1.0.0" });

    public static async Task<long> OffsetAsync(HttpClient client, string upload) =>
        long.Parse((await HeadAsync(client, upload)).Expect(200).Headers["Upload-Offset"], CultureInfo.InvariantCulture);

    public static Task<ApiAnswer> TerminateAsync(HttpClient client, string upload) =>
        client.CallAsync(HttpMethod.Delete, upload, headers: new() { ["Tus-Resumable"] = "1.0.0" });

    public static string Sha256(byte[] part) => "sha256 " + Convert.ToBase64String(SHA256.HashData(part));

    /// <summary>The whole content in one part; the answer is that of the step that ended it.</summary>
    public static async Task<ApiAnswer> UploadAsync(HttpClient client, string unit, byte[] content, string fileName = "Báo cáo.pdf", string type = "application/pdf", params (string Key, string Value)[] more)
    {
        var begun = await BeginAsync(client, unit, content.Length, fileName, type, more: more);
        return begun.Status == 201 ? await PatchAsync(client, begun.Location!, 0, content) : begun;
    }
}
