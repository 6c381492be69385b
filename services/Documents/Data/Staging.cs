using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ThiDua.Documents.Data;

/// <summary>A complete, durable file that waits to be kept.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Sha256">Of its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Open">Its content where this process holds it, and with it the lock by which nobody else opens it.</param>
public sealed record StagedFile(string Path, string Sha256, long Size, Stream? Open = null);

/// <summary>The directory in which contents arrive, before they are kept: half received ones, and resumable uploads between two requests.</summary>
public sealed class Staging
{
    private const int BufferSize = 128 * 1024;

    private readonly string _incoming;
    private readonly string _uploads;

    public Staging(IOptions<DocumentsSettings> settings)
    {
        Root = Path.GetFullPath(settings.Value.Directory);
        _incoming = Path.Combine(Root, "incoming");
        _uploads = Path.Combine(Root, "uploads");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Root);
        }
        else
        {
            Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.CreateDirectory(_incoming);
        Directory.CreateDirectory(_uploads);
        DurableDirectory.Flush(Root);
    }

    public string Root { get; }

    /// <summary>Bytes that may still be written.</summary>
    public long FreeSpace => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>A file of its own for something that is written piece by piece; what a dead process left of it is removed like a half received one.</summary>
    public FileStream Create() => new(
        Path.Combine(_incoming, Guid.CreateVersion7().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

    /// <summary>The file of a resumable upload.</summary>
    public string PathOfUpload(Guid upload) => Path.Combine(_uploads, upload.ToString("N"));

    /// <summary>The resumable uploads of which a file lies here.</summary>
    public IEnumerable<(Guid Upload, DateTime LastWrite)> UploadFiles() =>
        from path in Directory.EnumerateFiles(_uploads)
        where Guid.TryParseExact(Path.GetFileName(path), "N", out _)
        select (Guid.ParseExact(Path.GetFileName(path), "N"), File.GetLastWriteTimeUtc(path));

    /// <summary>Writes a body to a file of its own as it arrives, a block at a time; its first block is checked before anything is written.</summary>
    /// <returns>The complete, durable file, which disappears again unless it is kept.</returns>
    /// <exception cref="ContentTooLongException">It is longer than the limit.</exception>
    internal async Task<IncomingFile> ReceiveAsync(Stream body, Action<ReadOnlySpan<byte>> checkBeginning, long limit, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        IncomingFile? incoming = null;
        try
        {
            var read = await body.ReadAtLeastAsync(buffer, Domain.FileKind.FirstBlock, throwOnEndOfStream: false, ct);
            checkBeginning(buffer.AsSpan(0, read));

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            incoming = new IncomingFile(Path.Combine(_incoming, Guid.CreateVersion7().ToString("N")));
            long size = 0;
            while (read > 0)
            {
                size += read;
                if (size > limit)
                {
                    throw new ContentTooLongException(limit);
                }

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
}

/// <summary>More came than may.</summary>
internal sealed class ContentTooLongException(long limit) : Exception($"The content is longer than {limit} bytes.");

/// <summary>A file that is being received. Disposing it removes it, unless it was moved to its place.</summary>
internal sealed class IncomingFile : IDisposable
{
    private readonly string _path;
    private StagedFile? _staged;

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

    public StagedFile Staged => _staged ?? throw new InvalidOperationException("The file is not complete.");

    public void Dispose()
    {
        File.Delete(_path); // nothing when it was moved
        Stream.Dispose();
    }

    internal void Complete(string sha256)
    {
        Stream.Flush(flushToDisk: true);
        _staged = new StagedFile(_path, sha256, Stream.Length, Stream);
        Stream.Position = 0;
    }
}

/// <summary>Clears up at start what a crash left behind.</summary>
internal sealed class AbandonedFiles(Staging staging, ILogger<AbandonedFiles> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (staging.RemoveAbandoned() is > 0 and var removed)
        {
            logger.LogInformation("{Removed} half received files of an earlier process were removed", removed);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Evidence can be received as long as there is room for it.</summary>
internal sealed class StorageCheck(Staging staging, IOptions<DocumentsSettings> settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var free = staging.FreeSpace;
        var data = new Dictionary<string, object> { ["free_bytes"] = free };
        return Task.FromResult(free >= settings.Value.MinimumFreeSpace ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Unhealthy(data: data));
    }
}
