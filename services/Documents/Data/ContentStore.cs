using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Data;

/// <summary>
/// The contents of evidence on disk, each under the hash of itself (<c>ab/cd/abcd…</c>), so that equal files lie there once.
/// A content is complete and durable under its name before a row can name it: a crash in between leaves a file without a row,
/// which the next upload of the same content finds, and never a row without a file.
/// </summary>
public sealed class ContentStore
{
    private const int BufferSize = 128 * 1024;

    private readonly string _contents;
    private readonly string _incoming;

    public ContentStore(IOptions<DocumentsSettings> settings)
    {
        var root = Path.GetFullPath(settings.Value.Directory);
        _contents = Path.Combine(root, "contents");
        _incoming = Path.Combine(root, "incoming");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(root);
        }
        else
        {
            Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.CreateDirectory(_contents);
        Directory.CreateDirectory(_incoming);
        DurableDirectory.Flush(root);
    }

    /// <summary>Writes a body to a file of its own as it arrives, a block at a time; its first block is checked before anything is written.</summary>
    /// <returns>The complete, durable file, which disappears again unless it is kept.</returns>
    public async Task<IncomingFile> ReceiveAsync(Stream body, FileKind kind, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        IncomingFile? incoming = null;
        try
        {
            var read = await body.ReadAtLeastAsync(buffer, FileKind.FirstBlock, throwOnEndOfStream: false, ct);
            kind.RequireBeginning(buffer.AsSpan(0, read));

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            incoming = new IncomingFile(Path.Combine(_incoming, Guid.CreateVersion7().ToString("N")));
            while (read > 0)
            {
                hash.AppendData(buffer, 0, read);
                await incoming.Stream.WriteAsync(buffer.AsMemory(0, read), ct);
                read = await body.ReadAsync(buffer, ct);
            }

            incoming.Complete(Convert.ToHexStringLower(hash.GetHashAndReset()));
            return incoming;
        }
        catch
        {
            incoming?.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Puts a received file in its place, or finds that it is there already.</summary>
    public void Keep(IncomingFile incoming)
    {
        var path = PathOf(incoming.Sha256);
        if (File.Exists(path))
        {
            return;
        }

        var directory = Path.GetDirectoryName(path)!;
        var parent = Path.GetDirectoryName(directory)!;
        Directory.CreateDirectory(directory);
        incoming.MoveTo(path);
        DurableDirectory.Flush(directory);
        DurableDirectory.Flush(parent);
        DurableDirectory.Flush(_contents);
    }

    public string PathOf(string sha256) => Path.Combine(_contents, sha256[..2], sha256[2..4], sha256);

    /// <summary>Removes what processes that are gone left half received. What another instance is still writing is locked by it.</summary>
    public int RemoveAbandoned()
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(_incoming))
        {
            try
            {
                using var unlocked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(path);
                removed++;
            }
            catch (IOException)
            {
                // Still being written.
            }
        }

        return removed;
    }

    /// <summary>Bytes that may still be written.</summary>
    public long FreeSpace => new DriveInfo(_contents).AvailableFreeSpace;
}

/// <summary>A file that is being received. Disposing it removes it, unless it was moved to its place.</summary>
public sealed class IncomingFile : IDisposable
{
    private readonly string _path;
    private bool _moved;

    internal IncomingFile(string path)
    {
        _path = path;
        Stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None, // the lock by which another instance knows that it is in use
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        });
    }

    /// <summary>The content; at its beginning once it is complete.</summary>
    public FileStream Stream { get; }

    public string Sha256 { get; private set; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; private set; }

    public void Dispose()
    {
        if (!_moved)
        {
            File.Delete(_path);
        }

        Stream.Dispose();
    }

    internal void Complete(string sha256)
    {
        Stream.Flush(flushToDisk: true);
        Sha256 = sha256;
        Size = Stream.Length;
        Stream.Position = 0;
    }

    internal void MoveTo(string path)
    {
        File.Move(_path, path, overwrite: true); // a second upload of the same bytes may have been quicker: the same bytes again
        _moved = true;
    }
}

/// <summary>Clears up at start what a crash left behind.</summary>
internal sealed class AbandonedFiles(ContentStore store, ILogger<AbandonedFiles> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.RemoveAbandoned() is > 0 and var removed)
        {
            logger.LogInformation("{Removed} half received files of an earlier process were removed", removed);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Evidence can be received as long as there is room for it.</summary>
internal sealed class StorageCheck(ContentStore store, IOptions<DocumentsSettings> settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var free = store.FreeSpace;
        var data = new Dictionary<string, object> { ["free_bytes"] = free };
        return Task.FromResult(free >= settings.Value.MinimumFreeSpace ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Unhealthy(data: data));
    }
}
