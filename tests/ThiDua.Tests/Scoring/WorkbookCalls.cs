using System.Net.Http.Headers;
using ThiDua.Spreadsheets;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>Calls whose body or answer is a workbook.</summary>
internal static class WorkbookCalls
{
    public static async Task<byte[]> DownloadAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(WorkbookBuilder.ContentType, answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public static Task<ApiAnswer> UploadAsync(this HttpClient client, string path, byte[] file, string? etag = null, string? idempotencyKey = null, string contentType = WorkbookBuilder.ContentType)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        // Who asks first is told before it sends what is too large.
        return client.CallAsync(HttpMethod.Post, path, content, etag, idempotencyKey, new() { ["Expect"] = "100-continue" });
    }

    /// <summary>Codes and cells of what a report or a refusal names.</summary>
    public static IEnumerable<(string Code, string Cell)> ProblemsOf(ApiAnswer report) =>
        report["problems"].AsArray().Select(problem => ((string)problem!["code"]!, (string)problem["path"]!));
}
