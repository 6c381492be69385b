using ThiDua.Tests.Support;

namespace ThiDua.Bench.Product;

/// <summary>The product's gateway as a process of its own whose scoring service is somebody else's server.</summary>
internal sealed class LoneGateway : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private LoneGateway(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<LoneGateway> StartAsync(Uri scoring, Uri authority, string keys)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = await ChildProcess.StartAsync(
            ["dotnet", Repository.Program("ThiDua.Gateway")],
            environment: new Dictionary<string, string>(RunningProduct.WideLimits)
            {
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["services__scoring__http__0"] = scoring.ToString(),
                ["Authentication__Authority"] = authority.ToString(),
                ["Gateway__KeyDirectory"] = keys,
                ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "1", ["DOTNET_GCConserveMemory"] = "3", // as the AppHost sets them
                ["Logging__Console__FormatterName"] = "json",
            },
            directory: Path.GetDirectoryName(Repository.Program("ThiDua.Gateway")));
        process.CloseInput();
        return new LoneGateway(process, address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
