using System.Globalization;
using ThiDua.Identity.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Gateway;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>The gateway before a real Identity, so that people sign in as they do; the other services and Prometheus are stubs.</summary>
public sealed class OperatedSystem(Servers servers) : IAsyncLifetime
{
    public const string Password = "Mật khẩu trực ban 1!";

    /// <summary>Where a gateway behind a load balancer that ends TLS is reached; nobody answers there.</summary>
    public const string PublicAddress = "https://thidua.example";

    /// <summary>Has the role <c>auditor</c>.</summary>
    public const string Auditor = "truc-ban";

    /// <summary>Has a role, but none for the page.</summary>
    public const string Appraiser = "chuyen-vien";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-operated-");
    private readonly int _port = FreePort.Next();
    private ProviderHost? _identity;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    public ProviderHost Identity => _identity!;

    public GatewayUnderTest Gateway { get; private set; } = null!;

    public FakePrometheus Prometheus { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = new ProviderHost(servers, Address);
        await _identity.InitializeAsync();
        Prometheus = await FakePrometheus.StartAsync();
        await OperatedGateway.WriteRunbooksAsync(_directory.Path);
        Gateway = await StartGatewayAsync(("urls", Address.GetLeftPart(UriPartial.Authority)));
        Prometheus.Instances = new Dictionary<string, string> { ["gateway"] = Address.Authority };
        await RegisterAsync(Auditor, Roles.Auditor);
        await RegisterAsync(Appraiser, Roles.Appraiser);
    }

    /// <summary>A gateway of this system; the first one, or another replica.</summary>
    public Task<GatewayUnderTest> StartGatewayAsync(params (string Key, string Value)[] settings) => GatewayUnderTest.StartAsync(
    [
        ("Authentication:Authority", Identity.Address.GetLeftPart(UriPartial.Authority)),
        (GatewayUnderTest.Destination("identity"), Identity.Address.ToString()),
        ("Gateway:Prometheus", Prometheus.Address),
        ("Gateway:PublicAddress", Address.ToString()),
        ("Gateway:KeyDirectory", Path.Combine(_directory.Path, "keys")),
        ("Gateway:Operations:ReadingSeconds", "0"),
        ("Gateway:Operations:RunbookDirectory", _directory.Path),
        .. settings,
    ]);

    public async Task RegisterAsync(string id, string role)
    {
        using var admin = await AdminAsync();
        (await admin.PostJson("accounts", new { accounts = new[] { new { id, kind = "PERSON", name = $"Người tên {id}", secret = Password, roles = new[] { role } } } })).Expect(200);
    }

    public async Task<HttpClient> AdminAsync()
    {
        using var anybody = Identity.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "admin", ["client_secret"] = ProviderHost.AdminSecret, ["scope"] = "thidua" });
        var token = (await anybody.CallAsync(HttpMethod.Post, "/connect/token", form)).Expect(200);
        return Identity.WithToken((string)token["access_token"]!);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Prometheus.DisposeAsync();
        await Identity.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>The provider, whose access tokens last two seconds, so that a test sees them run out.</summary>
    public sealed class ProviderHost(Servers servers, Uri gateway) : ServiceHost<IdentityDbContext>(servers)
    {
        protected override void Configure(IDictionary<string, string> settings)
        {
            settings["Identity:Issuer"] = gateway.ToString();
            settings["Identity:OperationsRedirectUris"] = string.Join(' ', new[] { gateway.GetLeftPart(UriPartial.Authority), PublicAddress }.SelectMany(address => new[] { $"{address}/ops/signed-in", $"{address}/ops/leaving" }));
            settings["Identity:AccessTokenLifetime"] = "00:00:02";
        }
    }
}

/// <summary>The tests that sign people in share one system.</summary>
[CollectionDefinition(Name)]
public sealed class OperatedSystemTests : ICollectionFixture<OperatedSystem>
{
    public const string Name = "operated system";
}

/// <summary>A browser's address bar and cookies, one redirect at a time.</summary>
internal sealed class AddressBar(Uri gateway) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway };

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>Every cookie as it was set last, with its attributes.</summary>
    public Dictionary<string, string> SetCookies { get; } = new(StringComparer.Ordinal);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content = null, Dictionary<string, string>? headers = null)
    {
        headers = new Dictionary<string, string>(headers ?? []) { ["Accept"] = "text/html" };
        if (Cookies.Count > 0)
        {
            headers["Cookie"] = string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
        }

        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var set in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
        {
            var (name, value) = (set[..set.IndexOf('=', StringComparison.Ordinal)], set[(set.IndexOf('=', StringComparison.Ordinal) + 1)..set.IndexOf(';', StringComparison.Ordinal)]);
            SetCookies[name] = set;
            if (value.Length == 0)
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }

        return new ApiAnswer(
            $"{method} {path}",
            (int)answer.StatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Follows redirects to the page at their end, which stay at this gateway whatever it calls itself.</summary>
    public async Task<ApiAnswer> FollowAsync(ApiAnswer answer)
    {
        for (var hop = 0; answer.Status == 302 && hop < 10; hop++)
        {
            answer = await GetAsync(new Uri(gateway, answer.Location!).PathAndQuery);
        }

        return answer;
    }

    /// <summary>Opens the page, fills in the form, and comes back.</summary>
    public async Task<ApiAnswer> SignInAsync(string user, string path = "/ops")
    {
        var form = (await FollowAsync(await GetAsync(path))).Expect(200);
        using var filled = new FormUrlEncodedContent(Identity.Browser.HiddenFields(form).Append(("user", user)).Append(("password", OperatedSystem.Password)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await FollowAsync(await SendAsync(HttpMethod.Post, "/account/login", filled));
    }

    public void Dispose() => _client.Dispose();
}
