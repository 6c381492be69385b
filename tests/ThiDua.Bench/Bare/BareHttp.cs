using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ThiDua.Tests.Support;
using Yarp.ReverseProxy.Configuration;

namespace ThiDua.Bench.Bare;

/// <summary>A web server and a proxy with nothing in them, each a process of its own as the product's are.</summary>
internal sealed class BareHttp : IAsyncDisposable
{
    /// <summary>What a sheet of 60 lines weighs.</summary>
    public const string SheetPath = "/api/v1/score-sheets/sheet12k";

    public const string HelloPath = "/api/v1/score-sheets/hello";

    private const int SheetBytes = 12_500;

    private readonly ChildProcess _kestrel;
    private readonly ChildProcess _yarp;

    private BareHttp(ChildProcess kestrel, ChildProcess yarp, int kestrelPort, int yarpPort)
    {
        _kestrel = kestrel;
        _yarp = yarp;
        Kestrel = new Uri($"http://127.0.0.1:{kestrelPort}");
        Yarp = new Uri($"http://127.0.0.1:{yarpPort}");
    }

    public Uri Kestrel { get; }

    public Uri Yarp { get; }

    public static async Task<BareHttp> StartAsync(TemporaryDirectory directory)
    {
        var files = Directory.CreateDirectory(Path.Combine(directory.Path, "blobs")).FullName;
        var (kestrelPort, yarpPort) = (FreePort.Next(), FreePort.Next());
        var kestrel = await StartAsync("bare-kestrel", kestrelPort, files);
        var yarp = await StartAsync("bare-yarp", yarpPort, $"http://127.0.0.1:{kestrelPort}/");
        return new BareHttp(kestrel, yarp, kestrelPort, yarpPort);
    }

    public async ValueTask DisposeAsync()
    {
        await _yarp.DisposeAsync();
        await _kestrel.DisposeAsync();
    }

    /// <summary>The web server: five bytes, a sheet's 12.5 kB, and files that are received, hashed, kept and sent.</summary>
    public static async Task ServeAsync(string port, string directory)
    {
        var builder = Builder(port);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var app = builder.Build();
        var sheet = new byte[SheetBytes];
        Array.Fill(sheet, (byte)'x');
        app.MapPut("/blob/{id}", (string id, HttpContext http) => ReceiveAsync(Path.Combine(directory, Path.GetFileName(id)), http));
        app.MapGet("/blob/{id}", (string id, HttpContext http) => http.Response.SendFileAsync(Path.Combine(directory, Path.GetFileName(id)), http.RequestAborted));
        app.MapFallback(async http =>
        {
            var body = http.Request.Path.Value!.EndsWith("sheet12k", StringComparison.Ordinal) ? sheet : "hello"u8.ToArray();
            http.Response.ContentType = "text/plain";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        });
        await RunAsync(app);
    }

    /// <summary>The proxy: every request to one server, unchanged.</summary>
    public static async Task ForwardAsync(string port, string target)
    {
        var builder = Builder(port);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "one", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "one", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = target } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await RunAsync(app);
    }

    private static async Task ReceiveAsync(string path, HttpContext http)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
        {
            var buffer = new byte[64 * 1024];
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), http.RequestAborted);
            }

            file.Flush(flushToDisk: true);
        }

        await http.Response.WriteAsync(Convert.ToHexStringLower(hash.GetHashAndReset()), http.RequestAborted);
    }

    private static WebApplicationBuilder Builder(string port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        });
        return builder;
    }

    private static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine("listening");
        await app.WaitForShutdownAsync();
    }

    private static async Task<ChildProcess> StartAsync(string mode, int port, string argument)
    {
        var child = await ChildProcess.StartAsync(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "ThiDua.Bench.dll"), mode, $"{port}", argument],
            environment: new Dictionary<string, string> { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "1" });
        child.CloseInput();
        await child.WaitForLineAsync("listening", TimeSpan.FromSeconds(60));
        return child;
    }
}
