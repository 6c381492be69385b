using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Gateway;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>The gateway before stub services, a Prometheus of the test's own, and two runbooks.</summary>
public sealed partial class OperatedGateway : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;

    private OperatedGateway(GatewayUnderTest gateway, FakePrometheus prometheus, TemporaryDirectory directory)
    {
        Gateway = gateway;
        Prometheus = prometheus;
        _directory = directory;
    }

    public GatewayUnderTest Gateway { get; }

    public FakePrometheus Prometheus { get; }

    public static async Task<OperatedGateway> StartAsync(params (string Key, string Value)[] settings)
    {
        var directory = TemporaryDirectory.Create("thidua-ops-");
        await WriteRunbooksAsync(directory.Path);
        var prometheus = await FakePrometheus.StartAsync();
        var gateway = await GatewayUnderTest.StartAsync(
        [
            ("Gateway:Prometheus", prometheus.Address),
            ("Gateway:Operations:ReadingSeconds", "0"),
            ("Gateway:Operations:RunbookDirectory", directory.Path),
            ("Gateway:KeyDirectory", Path.Combine(directory.Path, "keys")),
            .. settings,
        ]);
        prometheus.Instances = gateway.Services.ToDictionary(service => service.Key, service => new Uri(service.Value.Address).Authority, StringComparer.Ordinal)
            .Append(KeyValuePair.Create("gateway", gateway.Address.Authority)).ToDictionary(StringComparer.Ordinal);
        return new OperatedGateway(gateway, prometheus, directory);
    }

    public static async Task WriteRunbooksAsync(string directory)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "ServiceDown.md"), "# A service is down\n\nLook at its *log*:\n\n    tail log/scoring.log\n\nSee [the backups](../backup.md), [errors](error-queue.md#put-back), [a site](https://elsewhere.example/).\n\n<script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "ReplicaDown.md"), "# A replica is down\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "error-queue.md"), "# Error queue\n\nPut back.\n");
    }

    public HttpClient As(string? role, string accept = "text/html")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Gateway.Address };
        client.DefaultRequestHeaders.Accept.ParseAdd(accept);
        if (role is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Gateway.Tokens.Token([role]));
        }

        return client;
    }

    /// <summary>The page as an auditor's script gets it.</summary>
    public async Task<string> PageAsync(string path = "/ops")
    {
        using var client = As(Roles.Auditor);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a person reads: without marks and styles, one space between words.</summary>
    public static string Words(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Style().Replace(html, " "), " ")), " ");

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Prometheus.DisposeAsync();
        _directory.Dispose();
    }

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
