using ThiDua.Bench.Bare;
using ThiDua.Bench.Tools;

namespace ThiDua.Bench.Rows;

/// <summary>Row 8: what the gateway adds – the token, the rate limit, the trace – to a proxy with nothing in it, before the same server.</summary>
internal sealed class GatewayRow : Row
{
    private readonly Stage _stage;
    private readonly string _path;
    private readonly int _clients;

    private GatewayRow(Stage stage, string name, string title, string anchor, string unit, Bound bound, string path, int clients)
        : base(name, title, anchor, unit, bound) => (_stage, _path, _clients) = (stage, path, clients);

    public static GatewayRow Hello(Stage stage) =>
        new(stage, "gateway-hello", "gateway, 5 bytes, 32 clients", "bare YARP, the same server", "/s", Bound.AtLeast(0.80, 0.55), BareHttp.HelloPath, WriteRow.Clients);

    public static GatewayRow Sheet(Stage stage) =>
        new(stage, "gateway-sheet", "gateway, 12.5 kB, 32 clients", "bare YARP, the same server", "/s", Bound.AtLeast(0.80, 0.55), BareHttp.SheetPath, WriteRow.Clients);

    public static GatewayRow OneClient(Stage stage) =>
        new(stage, "gateway-one", "gateway, 5 bytes, one client, median", "bare YARP, the same server", "ms", Bound.AtMostMore(0.060, 0.200), BareHttp.HelloPath, 1);

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await _stage.GatewayAsync(ct);
        await (await _stage.ProductAsync(ct)).DraftsAsync(ct); // its units have accounts
        await WaitUntilItAnswersAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) => await MeasureAsync((await _stage.HttpAsync()).Yarp, time, ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct) => await MeasureAsync((await _stage.GatewayAsync(ct)).Address, time, ct);

    /// <summary>Both get the token; only one looks at it.</summary>
    private async Task<Sample> MeasureAsync(Uri target, TimeSpan time, CancellationToken ct)
    {
        var file = _stage.FileOf($"{Name}.request");
        await File.WriteAllTextAsync(file, $"{_path}\t{await TokenAsync(ct)}\t\n", ct);
        var sample = await Wrk.RunAsync(target, "read.lua", Math.Min(_clients, 2), _clients, time, [file], ct);
        return _clients == 1 ? sample with { Value = sample.P50!.Value } : sample;
    }

    private async Task<string> TokenAsync(CancellationToken ct)
    {
        var product = await _stage.ProductAsync(ct);
        return await product.Client.TokenAsync((await product.DraftsAsync(ct)).AnyClerk, ct);
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = (await _stage.GatewayAsync(ct)).Address };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {await TokenAsync(ct)}");
        await Waiting.UntilAsync(async () => (await http.GetAsync(new Uri(_path, UriKind.Relative), ct)).IsSuccessStatusCode, "the gateway answers", TimeSpan.FromSeconds(60), ct);
    }
}
