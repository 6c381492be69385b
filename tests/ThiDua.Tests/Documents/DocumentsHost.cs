using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>The documents service with a storage directory of its own, and the facts that its tests need.</summary>
public class DocumentsHost(Servers servers) : ServiceHost<DocumentsDbContext>(servers)
{
    public const int UploadLimit = 25 * 1024 * 1024;
    public const long UnitLimit = 4L * UploadLimit;
    public const string Season = "2026";

    private readonly TemporaryDirectory _storage = TemporaryDirectory.Create("thidua-documents-");
    private int _units;

    public string Storage => _storage.Path;

    /// <summary>A cluster of a fresh leader, deputy and member; waits until the service knows it.</summary>
    public async Task<(string Leader, string Deputy, string Member)> FormClusterAsync()
    {
        var units = (Leader: NewUnit(), Deputy: NewUnit(), Member: NewUnit());
        await PublishAsync(Cluster(Guid.CreateVersion7(), 1, units.Leader, units.Deputy, units.Member));
        await EventuallyKnownAsync(units.Member);
        return units;
    }

    public async Task SubmitAsync(string unit, int version = 1)
    {
        await PublishAsync(new SheetSubmitted { SheetId = Guid.CreateVersion7(), Season = Season, ClusterId = Guid.CreateVersion7(), Unit = unit, Version = version, At = TimeProvider.System.GetUtcNow() });
        await EventuallyAsync(async () => await VersionOfSheetAsync(unit) >= version, "the submission is known");
    }

    public async Task ReturnAsync(string unit, int version)
    {
        await PublishAsync(new SheetReturned { SheetId = Guid.CreateVersion7(), Season = Season, ClusterId = Guid.CreateVersion7(), Unit = unit, Reason = "Thiếu minh chứng", Version = version, At = TimeProvider.System.GetUtcNow() });
        await EventuallyAsync(async () => await VersionOfSheetAsync(unit) >= version, "the return is known");
    }

    public async Task DecideAsync(Guid cluster, int version, bool isNews = true)
    {
        await PublishAsync(new ClusterResultDecided
        {
            ClusterId = cluster, Season = Season, Year = 2026, Code = "C", Name = "Cụm", Size = 4, Leader = "L", Deputy = "D", CriteriaTable = "T", CriteriaTableVersion = 1,
            Ranking = [], Version = version, DecidedAt = TimeProvider.System.GetUtcNow(),
        });
        if (isNews)
        {
            await EventuallyAsync(() => WithDatabaseAsync(db => db.Results.AnyAsync(result => result.ClusterId == cluster && result.Version == version && result.Decided)), "the decision is known");
        }
    }

    public async Task ReopenAsync(Guid cluster, int version)
    {
        await PublishAsync(new ClusterResultReopened { ClusterId = cluster, Season = Season, Code = "C", Reason = "Số liệu", Version = version, At = TimeProvider.System.GetUtcNow() });
        await EventuallyAsync(() => WithDatabaseAsync(db => db.Results.AnyAsync(result => result.ClusterId == cluster && !result.Decided)), "the reopening is known");
    }

    public string NewUnit() => $"D{Interlocked.Increment(ref _units):000}";

    public HttpClient Clerk(string unit) => As(Roles.UnitClerk, unit);

    public HttpClient Head(string unit) => As(Roles.UnitHead, unit);

    public Task<bool> KnowsAsync(string unit) => WithDatabaseAsync(async db => (await db.AccessToAsync(Season, unit, CancellationToken.None)).Clusters.Count > 0);

    public Task EventuallyKnownAsync(string unit) => EventuallyAsync(() => KnowsAsync(unit), "the cluster is known");

    public static ClusterFormed Cluster(Guid id, int version, string leader, string deputy, params string[] others) => new()
    {
        ClusterId = id,
        Season = Season,
        Code = id.ToString("N")[^8..],
        Name = "Cụm thi đua",
        Kind = "CUM",
        Leader = leader,
        Deputy = deputy,
        Members = [.. others.Prepend(deputy).Prepend(leader).Select(unit => new ClusterMember { Unit = unit, Name = unit, Category = "X", Level = "TINH" })],
        Version = version,
    };

    public static string Query(string unit, string fileName = "Báo cáo.pdf", string criterion = "I.1") =>
        $"documents?season={Season}&unit={unit}&criterion={criterion}&filename={Uri.EscapeDataString(fileName)}";

    public static ByteArrayContent Content(byte[] content, string type = "application/pdf")
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        return body;
    }

    public static byte[] Pdf(string text = "nội dung") => Encoding.UTF8.GetBytes("%PDF-1.7\n" + text + Guid.CreateVersion7() + "\n%%EOF\n");

    public static Task<ApiAnswer> UploadAsync(HttpClient client, string unit, byte[]? content = null, string fileName = "Báo cáo.pdf", string type = "application/pdf", string criterion = "I.1") =>
        client.CallAsync(HttpMethod.Post, Query(unit, fileName, criterion), Content(content ?? Pdf(), type));

    public static byte[] Office(string mainPart, params string[] furtherParts)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var types = new StreamWriter(archive.CreateEntry("[Content_Types].xml").Open()))
            {
                types.Write($"<Types><Override PartName=\"/main.xml\" ContentType=\"{mainPart}\"/></Types>");
            }

            foreach (var part in furtherParts)
            {
                archive.CreateEntry(part);
            }
        }

        return file.ToArray();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override void Configure(IDictionary<string, string> settings)
    {
        settings["Documents:Directory"] = _storage.Path;
        settings["Documents:UploadLimit"] = $"{UploadLimit}";
        settings["Documents:UnitLimit"] = $"{UnitLimit}";
        settings["Documents:KindLimits:png"] = "1048576";
        settings["Documents:MinimumFreeSpace"] = "0";
        settings["Documents:PaperWorkers"] = "0"; // no job writes while a test counts
        settings["Documents:HousekeepingSeconds"] = "0.2";
    }

    private Task<int> VersionOfSheetAsync(string unit) =>
        WithDatabaseAsync(async db => (await db.AccessToAsync(Season, unit, CancellationToken.None)).Sheet?.Version ?? 0);
}
