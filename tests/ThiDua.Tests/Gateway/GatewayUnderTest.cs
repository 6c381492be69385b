using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using ThiDua.Gateway;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Logs;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Gateway;

/// <summary>The gateway as it is started in earnest (Kestrel, a real port), before five stub services.</summary>
public sealed class GatewayUnderTest : IAsyncDisposable
{
    private static readonly string[] Names = ["clusters", "scoring", "awards", "documents", "identity"];
    private readonly Factory _factory;

    private GatewayUnderTest(Factory factory, Dictionary<string, StubService> services, TokenIssuer tokens)
    {
        _factory = factory;
        Services = services;
        Tokens = tokens;
    }

    public IReadOnlyDictionary<string, StubService> Services { get; }

    public TokenIssuer Tokens { get; }

    public Uri Address => _factory.ClientOptions.BaseAddress;

    /// <param name="settings">Keys as in appsettings.json, over its values.</param>
    public static async Task<GatewayUnderTest> StartAsync(params (string Key, string Value)[] settings)
    {
        var services = new Dictionary<string, StubService>();
        foreach (var name in Names)
        {
            services[name] = await StubService.StartAsync();
        }

        var tokens = await TokenIssuer.StartAsync();
        var all = services.Select(service => (Destination(service.Key), service.Value.Address))
            .Append(("Authentication:Authority", tokens.Authority))
            .Append(("Authentication:Audience", TokenIssuer.Audience))
            .Concat(settings)
            .ToArray();
        var factory = new Factory(all);
        factory.UseKestrel(); // not with a port: the factory would set it while Program may already be starting
        factory.StartServer();
        return new GatewayUnderTest(factory, services, tokens);
    }

    public static string Destination(string service) => $"ReverseProxy:Clusters:{service}:Destinations:only:Address";

    /// <summary>A caller of the gateway; signed in when a subject is given.</summary>
    public HttpClient Caller(string? subject = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null }) { BaseAddress = Address };
        if (subject is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Tokens.Token([Roles.Auditor], subject: subject));
        }

        return client;
    }

    /// <summary>Asserts the form every error of the gateway has, and returns its body.</summary>
    public static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        foreach (var service in Services.Values)
        {
            await service.DisposeAsync();
        }

        await Tokens.DisposeAsync();
    }

    private sealed class Factory((string Key, string Value)[] settings) : WebApplicationFactory<GatewaySettings>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0").ConfigureLogging(logging => SuiteLog.AddTo(logging.ClearProviders(), "gateway"));
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
