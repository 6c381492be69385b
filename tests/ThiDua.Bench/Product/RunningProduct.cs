using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ThiDua.Replay;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.Play;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Bench.Product;

/// <summary>The whole system as ./thidua run starts it, one process a service, with everything on; only the gateway's rate limits are wide, since all load comes from one address.</summary>
internal sealed class RunningProduct : IAsyncDisposable
{
    public static IReadOnlyDictionary<string, string> WideLimits { get; } = new Dictionary<string, string>
    {
        ["Gateway__ClientRateLimit__Requests"] = "1000000", ["Gateway__ClientRateLimit__WindowSeconds"] = "1",
        ["Gateway__AnonymousRateLimit__Requests"] = "1000000", ["Gateway__AnonymousRateLimit__WindowSeconds"] = "1",
        ["Gateway__SignInRateLimit__Requests"] = "1000000", ["Gateway__SignInRateLimit__WindowSeconds"] = "1",
    };

    private readonly PrivateSystem _system;
    private readonly Progress _progress;
    private readonly TimeProvider _clock;
    private readonly int _clusters;
    private readonly HttpClient _http;
    private DraftSeason? _drafts;
    private DecidedSeason? _decided;
    private int _fresh;

    private RunningProduct(PrivateSystem system, Progress progress, TimeProvider clock, int clusters)
    {
        _system = system;
        _progress = progress;
        _clock = clock;
        _clusters = clusters;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = system.Gateway, Timeout = TimeSpan.FromSeconds(60) };
        Client = new GatewayClient(_http, $"{Guid.CreateVersion7()}", clock);
        Cast = new Cast(new SampleAccounts(system.AdminSecret));
    }

    public Uri Gateway => _system.Gateway;

    public GatewayClient Client { get; }

    public Cast Cast { get; }

    public static async Task<RunningProduct> StartAsync(Progress progress, TimeProvider clock, int clusters, CancellationToken ct) =>
        new(await PrivateSystem.StartAsync(progress, clock, ct, WideLimits), progress, clock, clusters);

    public async Task<Uri> AddressOfAsync(string name, CancellationToken ct) => new((string)(await _system.DescribeAsync(name, ct))["url"]!);

    /// <summary>The process that all others of the system descend from.</summary>
    public async Task<int> ProcessAsync(CancellationToken ct) => (int)(await _system.DescribeAsync("apphost", ct))["pid"]!;

    /// <summary>A season in which the units are filling in their sheets: each has one, complete and not yet submitted.</summary>
    public async Task<DraftSeason> DraftsAsync(CancellationToken ct)
    {
        if (_drafts is null)
        {
            var season = new SeasonText("B-DRAFTS", _clusters);
            var (setup, file, opened, _) = await SetUpAsync(season, ct);
            await setup.AdvanceAsync(opened.Code, "SELF_SCORING", ct);
            _drafts = await DraftSeason.FillAsync(this, opened.Code, [.. file.Units.Select(unit => unit.Code)], _progress, ct);
        }

        return _drafts;
    }

    /// <summary>Another season in which no unit has begun yet, with a day by which each has to hand in its sheet.</summary>
    public async Task<FreshSeason> FreshAsync(int clusters, CancellationToken ct)
    {
        var (setup, file, opened, _) = await SetUpAsync(new SeasonText($"B-FRESH-{++_fresh}", clusters), ct);
        var etag = (await Client.GetAsync(Cast.Head, $"/seasons/{opened.Code}", ct)).ETag;
        await Client.PutAsync(
            Cast.Head, $"/seasons/{opened.Code}/calendar", JsonNode.Parse("""{"calendar":{"SELF_SCORING":{"opens":"2026-01-01","closes":"2099-12-31"}},"reason":"Để đo"}""")!, ct, etag);
        await setup.AdvanceAsync(opened.Code, "SELF_SCORING", ct);
        return new FreshSeason(opened.Code, [.. file.Units.Select(unit => unit.Code)]);
    }

    /// <summary>The same, with sheets that lack nothing but being handed in.</summary>
    public async Task<DraftSeason> FreshDraftsAsync(int clusters, CancellationToken ct)
    {
        var season = await FreshAsync(clusters, ct);
        return await DraftSeason.FillAsync(this, season.Code, season.Units, _progress, ct);
    }

    /// <summary>One file of evidence of a unit, as its system sends it.</summary>
    public HttpRequestMessage Upload(string season, string unit, string token, byte[] content, string file) => new(
        HttpMethod.Post, new Uri(Gateway, $"/api/v1/documents?season={season}&unit={unit}&criterion=1.01&filename={file}.pdf"))
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/pdf") } },
    };

    /// <summary>A season whose results are decided.</summary>
    public async Task<DecidedSeason> DecidedAsync(CancellationToken ct)
    {
        if (_decided is null)
        {
            var (setup, file, opened, clusters) = await SetUpAsync(new SeasonText("B-DECIDED", _clusters), ct);
            var sheets = new SheetPlay(file, opened.Code, Cast, Client, _progress);
            await setup.AdvanceAsync(opened.Code, "SELF_SCORING", ct);
            await sheets.FillInAsync(ct);
            await setup.AdvanceAsync(opened.Code, "CLUSTER_REVIEW", ct);
            await sheets.ReviewAsync(ct);
            await setup.AdvanceAsync(opened.Code, "APPRAISAL", ct);
            await sheets.AppraiseAsync(ct);
            await sheets.DecideAsync(clusters, ct);
            _decided = new DecidedSeason(opened.Code, [.. clusters.Values], [.. clusters.Keys], [.. file.Units.Select(unit => unit.Code)]);
        }

        return _decided;
    }

    public async ValueTask DisposeAsync()
    {
        Cast.Dispose();
        _http.Dispose();
        await _system.DisposeAsync();
    }

    private async Task<(SeasonSetup Setup, SeasonFile File, OpenedSeason Opened, IReadOnlyDictionary<string, string> Clusters)> SetUpAsync(SeasonText text, CancellationToken ct)
    {
        var (read, errors) = SeasonFileCheck.Check(text.Write());
        var file = errors.Count == 0 ? read! : throw new InvalidDataException($"The season is refused: {string.Join("; ", errors.Take(5))}");
        var setup = new SeasonSetup(file, Cast, Client, _progress);
        await setup.ProvisionAccountsAsync(ct);
        var opened = await setup.OpenSeasonAsync(null, ct);
        await new UnitRegistration(file, Cast, Client, _progress, _clock).RunAsync(opened.FirstDay, opened.LastDay, ct);
        var clusters = await setup.FormClustersAsync(opened.Code, ct);
        await setup.AdvanceAsync(opened.Code, "CRITERIA", ct);
        await setup.AdoptTablesAsync(opened.Code, ct);
        return (setup, file, opened, clusters);
    }
}

/// <param name="Code">Of the season.</param>
/// <param name="Clusters">Identifiers.</param>
/// <param name="ClusterCodes">In the same order.</param>
/// <param name="Units">Codes of the units, each of which may read every decided result.</param>
internal sealed record DecidedSeason(string Code, IReadOnlyList<string> Clusters, IReadOnlyList<string> ClusterCodes, IReadOnlyList<string> Units);

/// <param name="Code">Of the season.</param>
/// <param name="Units">Codes of the units, none of which has opened its sheet.</param>
internal sealed record FreshSeason(string Code, IReadOnlyList<string> Units);
