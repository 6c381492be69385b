using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ThiDua.Documents.Data;
using ThiDua.Documents.Papers;

namespace ThiDua.Documents.Endpoints;

/// <summary>Answers with a file that is kept under its hash.</summary>
internal static class PaperFiles
{
    public const string Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    public const string Pdf = "application/pdf";
    public const string Zip = "application/zip";
    public const string Signature = "application/pkcs7-signature";

    public static async Task<FileStreamHttpResult> AnswerAsync(HttpResponse response, ContentStore store, string sha256, string type, string name, CancellationToken ct)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(await store.OpenPaperAsync(sha256, ct), type, name, entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true);
    }
}
