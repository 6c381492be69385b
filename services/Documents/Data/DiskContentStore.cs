namespace ThiDua.Documents.Data;

/// <summary>Contents on a file system, which instances of the service share.</summary>
internal sealed class DiskContentStore(Staging staging) : ContentStore(staging)
{
    private const int BufferSize = 64 * 1024;
    private const int MostAttempts = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private readonly string _root = staging.Root;

    public override async Task<Stream?> OpenAsync(ContentArea area, string sha256, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(PathOf(area, sha256), new FileStreamOptions
                {
                    Mode = FileMode.Open,
                    Access = FileAccess.Read,
                    Share = FileShare.Read | FileShare.Delete,
                    Options = FileOptions.Asynchronous,
                    BufferSize = BufferSize,
                });
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                await Task.Delay(s_pause, ct); // it has just got its name, and whoever wrote it lets go of it in a moment
            }
        }
    }

    public override Task<bool> ExistsAsync(ContentArea area, string sha256, CancellationToken ct) => Task.FromResult(File.Exists(PathOf(area, sha256)));

    public override Task DeleteAsync(ContentArea area, string sha256, CancellationToken ct)
    {
        var path = PathOf(area, sha256);
        if (File.Exists(path))
        {
            File.Delete(path);
            DurableDirectory.Flush(Path.GetDirectoryName(path)!);
        }

        return Task.CompletedTask;
    }

    internal override Task KeepAsync(ContentArea area, StagedFile staged, CancellationToken ct)
    {
        var path = PathOf(area, staged.Sha256);
        if (File.Exists(path))
        {
            return Task.CompletedTask;
        }

        var directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        try
        {
            File.Move(staged.Path, path, overwrite: true); // an equal content may have been quicker: the same bytes again
        }
        catch (FileNotFoundException) when (File.Exists(path))
        {
            // Somebody else kept this very file.
        }

        for (var parent = directory; parent.Length >= _root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            DurableDirectory.Flush(parent);
        }

        return Task.CompletedTask;
    }

    private string PathOf(ContentArea area, string sha256) => Path.Combine(_root, NameOf(area, sha256));
}
