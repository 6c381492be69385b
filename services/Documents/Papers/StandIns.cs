using System.Security.Cryptography;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

public sealed class PdfConverter
{
    public async Task<byte[]> ConvertAsync(Stream docx, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await copy.CopyToAsync(copy, ct);
        return [.. "%PDF-1.7\n"u8, .. SHA256.HashData(copy.ToArray())];
    }
}

public sealed class PaperSigner;

internal static class TemplateTrial
{
    public static IReadOnlyList<ThiDua.ServiceDefaults.Violation> Of(byte[] content, PaperKind kind)
    {
        using var stream = new MemoryStream(content);
        PaperTemplate.Read(stream, PaperForms.Of(kind));
        return [];
    }
}
