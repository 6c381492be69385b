using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Endpoints;

/// <summary>The words of the tus protocol 1.0.0, and how they are read from a request.</summary>
internal static class Tus
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,checksum,termination,expiration";
    public const string Algorithms = "sha256,sha1";
    public const string PartType = "application/offset+octet-stream";

    public const string ResumableHeader = "Tus-Resumable";
    public const string OffsetHeader = "Upload-Offset";
    public const string LengthHeader = "Upload-Length";
    public const string MetadataHeader = "Upload-Metadata";
    public const string ExpiresHeader = "Upload-Expires";
    public const string ChecksumHeader = "Upload-Checksum";

    private const int LongestMetadata = 8 * 1024;

    /// <summary>The pairs of Upload-Metadata: a key, a space, and the value's UTF-8 in base64.</summary>
    /// <exception cref="RuleViolationException"><c>validation-failed</c>: it is none, or a key is unknown or given twice.</exception>
    public static Dictionary<string, string> ReadMetadata(string header)
    {
        var errors = new List<Violation>();
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        if (header.Length > LongestMetadata)
        {
            throw new RuleViolationException("validation-failed", "Dữ liệu gửi lên chưa đúng.", [new Violation("TOO_LONG", "", $"{MetadataHeader} tối đa {LongestMetadata} ký tự.")]);
        }

        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split(' ');
            var bytes = new byte[parts.Length == 2 ? parts[1].Length : 0];
            var length = 0;
            if (parts.Length > 2 || (parts.Length == 2 && !(Convert.TryFromBase64String(parts[1], bytes, out length) && Utf8.IsValid(bytes.AsSpan(0, length)))))
            {
                errors.Add(new Violation("WRONG_TYPE", "/" + parts[0], "Giá trị phải là base64 của chữ UTF-8."));
            }
            else if (!read.TryAdd(parts[0], Encoding.UTF8.GetString(bytes, 0, length)))
            {
                errors.Add(new Violation("UNKNOWN_PROPERTY", "/" + parts[0], "Có hai lần."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        return read;
    }

    /// <summary>A whole number that is not negative; null: there is none.</summary>
    public static long? Number(HttpRequest request, string header) =>
        request.Headers[header] is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static void Set(HttpResponse response, string header, long number) => response.Headers[header] = number.ToString(CultureInfo.InvariantCulture);

    public static void SetExpires(HttpResponse response, DateTimeOffset at) => response.Headers[ExpiresHeader] = at.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Marks an endpoint that speaks tus, so that each of its answers says which version.</summary>
internal sealed record SpeaksTus(bool AsksVersion);

/// <summary>Marks the endpoint to which the parts of an upload come.</summary>
internal sealed record ReceivesPart;

/// <summary>A refusal with a status that no exception stands for.</summary>
internal sealed class StatusProblem(int status, string code, string detail) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, status, code, detail);
}
