using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ThiDua.Tests.Gateway;

/// <summary>A service behind the gateway that does what the test says, on a port of its own.</summary>
public sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubService(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>What it answers; by default 200 with an empty object.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsJsonAsync(new { });

    public static async Task<StubService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var stub = new StubService(app);
        app.Run(context => stub.Answer(context));
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
