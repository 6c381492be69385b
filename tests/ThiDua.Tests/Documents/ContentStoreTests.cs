using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ThiDua.Documents;
using ThiDua.Documents.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>What every store of contents has to do; the same tests run against a directory and against a bucket.</summary>
public abstract class ContentStoreContract(IContentStoreFixture fixture)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    [InlineData(20 * 1024 * 1024)] // in a bucket: several parts
    public async Task A_content_comes_back_as_it_was_and_from_anywhere(int size)
    {
        await using var content = new PdfStream(size, size + 7);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancel));
        content.Position = 0;

        var kept = await fixture.Store.KeepAsync(ContentArea.Papers, content, Cancel);

        Assert.Equal(new StoredContent(hash, size), kept);
        Assert.True(await fixture.Store.ExistsAsync(ContentArea.Papers, hash, Cancel));
        await using var opened = await fixture.Store.OpenAsync(ContentArea.Papers, hash, Cancel);
        Assert.Equal(size, opened!.Length);
        Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(opened, Cancel)));
        var from = size / 2;
        opened.Position = from;
        var rest = new byte[size - from];
        await opened.ReadExactlyAsync(rest, Cancel);
        Assert.Equal(content.Part(from, rest.Length), rest);
        Assert.Equal(0, await opened.ReadAsync(new byte[1], Cancel));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(fixture.Directory, "incoming")));
    }

    [Fact]
    public async Task Areas_are_apart_and_what_is_deleted_is_gone()
    {
        await using var content = new PdfStream(1000, 77);
        var kept = await fixture.Store.KeepAsync(ContentArea.Papers, content, Cancel);
        content.Position = 0;
        Assert.False(await fixture.Store.ExistsAsync(ContentArea.Evidence, kept.Sha256, Cancel));
        await fixture.Store.KeepAsync(ContentArea.Evidence, content, Cancel);
        content.Position = 0;
        await fixture.Store.KeepAsync(ContentArea.Evidence, content, Cancel); // again

        await fixture.Store.DeleteAsync(ContentArea.Evidence, kept.Sha256, Cancel);
        await fixture.Store.DeleteAsync(ContentArea.Evidence, kept.Sha256, Cancel);

        Assert.Null(await fixture.Store.OpenAsync(ContentArea.Evidence, kept.Sha256, Cancel));
        Assert.True(await fixture.Store.ExistsAsync(ContentArea.Papers, kept.Sha256, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Store.ExistsAsync(ContentArea.Papers, "../../etc/passwd", Cancel));
    }

    [Fact]
    public async Task Two_that_keep_the_same_at_one_moment_keep_it_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using var content = new PdfStream(300_000, 99);
            await fixture.Store.KeepAsync(ContentArea.Papers, content, Cancel);
        }));

        await using var same = new PdfStream(300_000, 99);
        Assert.True(await fixture.Store.ExistsAsync(ContentArea.Papers, Convert.ToHexStringLower(await SHA256.HashDataAsync(same, Cancel)), Cancel));
    }
}

public sealed class DiskContentStoreTests(DiskStoreFixture fixture) : ContentStoreContract(fixture), IClassFixture<DiskStoreFixture>
{
    [Fact]
    public async Task A_content_that_has_just_got_its_name_is_waited_for_until_its_writer_lets_go_of_it()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var content = new PdfStream(1000, 31);
        var kept = await fixture.Store.KeepAsync(ContentArea.Papers, content, cancel);
        var path = Directory.EnumerateFiles(fixture.Directory, kept.Sha256, SearchOption.AllDirectories).Single();
        Task<Stream?> opening;
        await using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            opening = fixture.Store.OpenAsync(ContentArea.Papers, kept.Sha256, cancel);
            Assert.False(opening.IsCompleted);
        }

        await using var opened = await opening;
        Assert.Equal(1000, opened!.Length);
    }
}

public sealed class S3ContentStoreTests(S3StoreFixture fixture) : ContentStoreContract(fixture), IClassFixture<S3StoreFixture>;

/// <summary>A store to be tried.</summary>
public interface IContentStoreFixture
{
    ContentStore Store { get; }

    /// <summary>Where contents arrive.</summary>
    string Directory { get; }
}

public sealed class DiskStoreFixture : IContentStoreFixture, IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-store-");
    private ServiceProvider? _services;

    public ContentStore Store => _services!.GetRequiredService<ContentStore>();

    public string Directory => _directory.Path;

    public ValueTask InitializeAsync()
    {
        _services = StoreServices.Of(new DocumentsSettings { Directory = _directory.Path });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        _directory.Dispose();
    }
}

public sealed class S3StoreFixture : IContentStoreFixture, IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-store-");
    private S3Server? _server;
    private ServiceProvider? _services;

    public ContentStore Store => _services!.GetRequiredService<ContentStore>();

    public string Directory => Path.Combine(_directory.Path, "staging");

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync(_directory);
        _services = StoreServices.Of(new DocumentsSettings
        {
            Directory = Directory,
            Store = $"s3://{S3Server.Bucket}?endpoint={_server.Address}&prefix=thi-dua/",
            StoreAccessKey = S3Server.AccessKey,
            StoreSecretKey = S3Server.SecretKey,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        await _server!.DisposeAsync();
        _directory.Dispose();
    }
}

internal static class StoreServices
{
    public static ServiceProvider Of(DocumentsSettings settings) => new ServiceCollection()
        .AddSingleton<IOptions<DocumentsSettings>>(Options.Create(settings))
        .AddSingleton<Staging>()
        .AddSingleton(ContentStore.Of)
        .BuildServiceProvider();
}

/// <summary>The whole way of a piece of evidence, with a bucket in place of the directory.</summary>
public sealed class EvidenceInABucketTests(BucketDocumentsHost host) : IClassFixture<BucketDocumentsHost>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evidence_goes_up_and_down_in_whole_and_in_part()
    {
        var (_, _, unit) = await host.FormClusterAsync();
        using var clerk = host.Clerk(unit);
        await using var content = new PdfStream(18 * 1024 * 1024);
        var whole = content.Part(0, content.Length);

        var document = (await TusClient.UploadAsync(clerk, unit, whole)).Expect(204).Headers["Content-Location"];
        var small = (await DocumentsHost.UploadAsync(clerk, unit)).Expect(201);

        using var read = await clerk.GetAsync($"{document}/content", Cancel);
        Assert.Equal(whole, await read.Content.ReadAsByteArrayAsync(Cancel));
        using var part = new HttpRequestMessage(HttpMethod.Get, $"{document}/content");
        part.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(1_000_000, 1_000_009);
        using var partAnswer = await clerk.SendAsync(part, Cancel);
        Assert.Equal(whole[1_000_000..1_000_010], await partAnswer.Content.ReadAsByteArrayAsync(Cancel));
        (await clerk.GetJson((string)small["content"]!)).Expect(200);
        Assert.False(Directory.Exists(Path.Combine(host.Storage, "contents")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Storage, "uploads")));
    }
}

/// <summary>The documents service with a bucket.</summary>
public sealed class BucketDocumentsHost(Servers servers) : DocumentsHost(servers)
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-bucket-");
    private S3Server? _server;

    public override async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync(_directory);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server!.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void Configure(IDictionary<string, string> settings)
    {
        base.Configure(settings);
        settings["Documents:Store"] = $"s3://{S3Server.Bucket}?endpoint={_server!.Address}";
        settings["Documents:StoreAccessKey"] = S3Server.AccessKey;
        settings["Documents:StoreSecretKey"] = S3Server.SecretKey;
    }
}
