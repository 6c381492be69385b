using ThiDua.Documents.Data;

namespace ThiDua.Documents.Papers;

/// <summary>The files of papers in the store: never removed, so that what a row names is there.</summary>
internal static class PaperContents
{
    /// <returns>The hash under which it is kept.</returns>
    public static async Task<string> KeepPaperAsync(this ContentStore store, byte[] content, CancellationToken ct)
    {
        using var stream = new MemoryStream(content, writable: false);
        return (await store.KeepAsync(ContentArea.Papers, stream, ct)).Sha256;
    }

    /// <exception cref="FileNotFoundException">The store has lost it: database and store were not restored together.</exception>
    public static async Task<Stream> OpenPaperAsync(this ContentStore store, string sha256, CancellationToken ct) =>
        await store.OpenAsync(ContentArea.Papers, sha256, ct) ?? throw new FileNotFoundException($"The store has no paper {sha256}.");
}
