using ThiDua.Bench.Bare;
using ThiDua.Bench.Product;
using ThiDua.Replay;
using ThiDua.Replay.Gateway;
using ThiDua.Tests.Support;

namespace ThiDua.Bench;

/// <summary>All that the rows measure, each started when the first row asks for it: the bare servers, the product, and a gateway of the product before a bare server.</summary>
internal sealed class Stage(BenchOptions options, Progress progress, TimeProvider clock) : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-bench-");
    private BarePostgres? _postgres;
    private BareHttp? _http;
    private BareExchange? _exchange;
    private RunningProduct? _product;
    private RunningProduct? _small;
    private LoneGateway? _gateway;

    public BenchOptions Options => options;

    public TimeSpan WarmUp => TimeSpan.FromSeconds(options.WarmUp);

    /// <summary>A file for a load generator.</summary>
    public string FileOf(string name) => Path.Combine(_directory.Path, name);

    public async Task<BarePostgres> PostgresAsync(CancellationToken ct)
    {
        if (_postgres is null)
        {
            progress.Phase("a bare PostgreSQL with 300,000 lines");
            _postgres = await BarePostgres.StartAsync(_directory, filled: true, ct);
        }

        return _postgres;
    }

    /// <summary>The pieces of a submit with nothing around them.</summary>
    public async Task<BareExchange> ExchangeAsync(CancellationToken ct) => _exchange ??= await BareExchange.StartAsync(await PostgresAsync(ct), _directory);

    public async Task<BareHttp> HttpAsync() => _http ??= await BareHttp.StartAsync(_directory);

    public async Task<RunningProduct> ProductAsync(CancellationToken ct) => _product ??= await RunningProduct.StartAsync(progress, clock, options.Clusters, ct);

    /// <summary>The same system with a tenth of the clusters in it.</summary>
    public async Task<RunningProduct> SmallProductAsync(CancellationToken ct) => _small ??= await RunningProduct.StartAsync(progress, clock, Math.Max(4, options.Clusters / 10), ct);

    /// <summary>A second system, for a row that looks at its start.</summary>
    public Task<RunningProduct> AnotherProductAsync(CancellationToken ct) => RunningProduct.StartAsync(progress, clock, options.Clusters, ct);

    /// <summary>The product's gateway with everything on, before bare Kestrel in place of the scoring service.</summary>
    public async Task<LoneGateway> GatewayAsync(CancellationToken ct)
    {
        var http = await HttpAsync();
        var product = await ProductAsync(ct);
        return _gateway ??= await LoneGateway.StartAsync(http.Kestrel, await product.AddressOfAsync("identity", ct), FileOf("gateway-keys"));
    }

    /// <summary>A caller's token as wrk's scripts take it.</summary>
    public async Task<string> TokenAsync(Func<RunningProduct, Actor> who, CancellationToken ct)
    {
        var product = await ProductAsync(ct);
        return await product.Client.TokenAsync(who(product), ct);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _gateway, _small, _product, _exchange, _http, _postgres }.OfType<IAsyncDisposable>())
        {
            await part.DisposeAsync();
        }

        _directory.Dispose();
    }
}
