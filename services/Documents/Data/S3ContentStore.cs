using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ThiDua.Documents.Data;

/// <summary>
/// A bucket of a store that speaks S3, as one setting names it: <c>s3://bucket?endpoint=https://store.tinh.gov.vn&amp;region=vn&amp;prefix=thidua/</c>.
/// </summary>
/// <param name="Bucket">It exists already.</param>
/// <param name="Endpoint">Null: Amazon's own of the region.</param>
/// <param name="Region">As the store calls it.</param>
/// <param name="Prefix">Put before every name.</param>
internal sealed record S3Address(string Bucket, Uri? Endpoint, string Region, string Prefix)
{
    /// <exception cref="InvalidOperationException">The setting is no such address.</exception>
    public static S3Address Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme != "s3" || address.Host.Length == 0 || address.AbsolutePath is not ("" or "/"))
        {
            throw Wrong(text);
        }

        var options = System.Web.HttpUtility.ParseQueryString(address.Query);
        Uri? endpoint = null;
        if (options["endpoint"] is { } given && (!Uri.TryCreate(given, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https")))
        {
            throw Wrong(text);
        }

        return options.AllKeys.All(key => key is "endpoint" or "region" or "prefix")
            ? new S3Address(address.Host, endpoint, options["region"] ?? "us-east-1", options["prefix"] ?? "")
            : throw Wrong(text);
    }

    private static InvalidOperationException Wrong(string text) =>
        new($"Documents:Store is “{text}”, which is neither “{DocumentsSettings.DiskStore}” nor of the form s3://bucket?endpoint=https://host&region=r&prefix=p.");
}

/// <summary>Contents in a bucket. What arrives is still staged on disk, where it is checked; larger ones go up in parts, none of them held whole in memory.</summary>
internal sealed class S3ContentStore : ContentStore, IDisposable
{
    private const int PartSize = 8 * 1024 * 1024;
    private const int Turns = 64;
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    private readonly S3Address _address;
    private readonly AmazonS3Client _client;

    public S3ContentStore(Staging staging, S3Address address, DocumentsSettings settings)
        : base(staging)
    {
        _address = address;
        var configuration = new AmazonS3Config
        {
            AuthenticationRegion = address.Region,
            ForcePathStyle = address.Endpoint is not null, // a store of one's own seldom has a name for every bucket

            // Stores other than Amazon's often know no checksums beside the signature.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.Endpoint is { } endpoint)
        {
            configuration.ServiceURL = endpoint.AbsoluteUri;
        }
        else
        {
            configuration.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(address.Region);
        }

        _client = settings.StoreAccessKey is { Length: > 0 } key
            ? new AmazonS3Client(new BasicAWSCredentials(key, settings.StoreSecretKey ?? ""), configuration)
            : new AmazonS3Client(configuration); // what the machine itself was given
    }

    public override async Task<Stream?> OpenAsync(ContentArea area, string sha256, CancellationToken ct) =>
        await FindAsync(area, sha256, ct) is { } length ? new S3ContentStream(_client, _address.Bucket, KeyOf(area, sha256), length) : null;

    public override async Task<bool> ExistsAsync(ContentArea area, string sha256, CancellationToken ct) => await FindAsync(area, sha256, ct) is not null;

    public override Task DeleteAsync(ContentArea area, string sha256, CancellationToken ct) => _client.DeleteObjectAsync(_address.Bucket, KeyOf(area, sha256), ct);

    public void Dispose() => _client.Dispose();

    internal override async Task KeepAsync(ContentArea area, StagedFile staged, CancellationToken ct)
    {
        // Of two that bring the same, one waits and then finds it: some stores show an object while it is still being written.
        var turn = _turns[Convert.ToInt32(staged.Sha256[..2], 16) % Turns];
        await turn.WaitAsync(ct);
        try
        {
            await PutOnceAsync(area, staged, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task PutOnceAsync(ContentArea area, StagedFile staged, CancellationToken ct)
    {
        if (await FindAsync(area, staged.Sha256, ct) == staged.Size)
        {
            return;
        }

        if (staged.Open is { } open)
        {
            await PutAsync(KeyOf(area, staged.Sha256), open, staged.Size, ct);
        }
        else
        {
            await using var content = new FileStream(staged.Path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous });
            await PutAsync(KeyOf(area, staged.Sha256), content, staged.Size, ct);
        }

        if (await FindAsync(area, staged.Sha256, ct) != staged.Size)
        {
            throw new IOException($"The store does not hold what it took: {staged.Sha256}.");
        }
    }

    // Chunks with a signature each are left out: not every store understands them, and what is sent lies on disk and can be read twice.
    private async Task PutAsync(string key, Stream content, long size, CancellationToken ct)
    {
        content.Position = 0;
        if (size <= PartSize)
        {
            await _client.PutObjectAsync(new PutObjectRequest { BucketName = _address.Bucket, Key = key, InputStream = content, AutoCloseStream = false, UseChunkEncoding = false }, ct);
            return;
        }

        var upload = (await _client.InitiateMultipartUploadAsync(_address.Bucket, key, ct)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (long at = 0; at < size; at += PartSize)
            {
                content.Position = at;
                var answer = await _client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = _address.Bucket, Key = key, UploadId = upload, PartNumber = parts.Count + 1, InputStream = content, PartSize = Math.Min(PartSize, size - at), UseChunkEncoding = false,
                    },
                    ct);
                parts.Add(new PartETag(parts.Count + 1, answer.ETag));
            }

            await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = _address.Bucket, Key = key, UploadId = upload, PartETags = parts }, ct);
        }
        catch
        {
            await _client.AbortMultipartUploadAsync(_address.Bucket, key, upload, CancellationToken.None);
            throw;
        }
    }

    private async Task<long?> FindAsync(ContentArea area, string sha256, CancellationToken ct)
    {
        try
        {
            return (await _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _address.Bucket, Key = KeyOf(area, sha256) }, ct)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private string KeyOf(ContentArea area, string sha256) => _address.Prefix + NameOf(area, sha256);
}
