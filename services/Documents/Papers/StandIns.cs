using System.Security.Cryptography;

namespace ThiDua.Documents.Papers;

public sealed class PdfConverter
{
    public async Task<byte[]> ConvertAsync(Stream docx, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await docx.CopyToAsync(copy, ct);
        return [.. "%PDF-1.7\n"u8, .. SHA256.HashData(copy.ToArray())];
    }
}

public sealed class PaperSigner;
