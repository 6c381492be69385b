using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ThiDua.Documents.Data;

/// <summary>What a content belongs to. Contents of different areas are kept apart, so that what ends in one never takes away from another.</summary>
public enum ContentArea
{
    /// <summary>Files that units hand in; removed when their retention period is over.</summary>
    Evidence,

    /// <summary>Papers that the system itself makes, signed ones and archives of them.</summary>
    Papers,
}

/// <summary>A content as it is kept.</summary>
/// <param name="Sha256">Lower-case hexadecimal: also its name.</param>
/// <param name="Size">Bytes.</param>
public sealed record StoredContent(string Sha256, long Size);

/// <summary>
/// Contents under the hash of themselves, so that equal ones are kept once. A content is complete and durable under its name before a row can
/// name it: a crash in between leaves a content without a row, which the next equal one finds, and never a row without its content.
/// </summary>
public abstract class ContentStore(Staging staging)
{
    /// <summary>Keeps what the stream holds; it is written to disk as it is read, never into memory.</summary>
    public async Task<StoredContent> KeepAsync(ContentArea area, Stream content, CancellationToken ct)
    {
        using var incoming = await staging.ReceiveAsync(content, _ => { }, long.MaxValue, ct);
        await KeepAsync(area, incoming.Staged, ct);
        return new StoredContent(incoming.Staged.Sha256, incoming.Staged.Size);
    }

    /// <summary>The content, seekable and read as it is asked for; null when there is none of that hash.</summary>
    public abstract Task<Stream?> OpenAsync(ContentArea area, string sha256, CancellationToken ct);

    public abstract Task<bool> ExistsAsync(ContentArea area, string sha256, CancellationToken ct);

    /// <summary>Removes a content; nothing happens when it is not there. Whether anything still names it is the caller's to know.</summary>
    public abstract Task DeleteAsync(ContentArea area, string sha256, CancellationToken ct);

    /// <summary>Keeps a complete file of the staging directory, or finds that its content is there already. The file may be gone afterwards.</summary>
    internal abstract Task KeepAsync(ContentArea area, StagedFile staged, CancellationToken ct);

    /// <summary>The store that the settings name.</summary>
    public static ContentStore Of(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IOptions<DocumentsSettings>>();
        var staging = services.GetRequiredService<Staging>();
        return settings.Value.Store == DocumentsSettings.DiskStore
            ? new DiskContentStore(staging)
            : new S3ContentStore(staging, S3Address.Parse(settings.Value.Store), settings.Value);
    }

    /// <summary>Where a content lies, in directories of at most 256 each.</summary>
    protected static string NameOf(ContentArea area, string sha256) =>
        sha256.Length == SHA256.HashSizeInBytes * 2 && sha256.All(char.IsAsciiHexDigitLower)
            ? $"{(area == ContentArea.Evidence ? "contents" : "papers")}/{sha256[..2]}/{sha256[2..4]}/{sha256}"
            : throw new ArgumentException("A content's name is its SHA-256 in lower-case hexadecimal.", nameof(sha256));
}
