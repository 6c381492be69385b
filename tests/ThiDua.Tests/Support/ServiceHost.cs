using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Logs;

namespace ThiDua.Tests.Support;

/// <summary>
/// One service as it really runs, in this process: its own Program over Kestrel, a database and a virtual host of its own.
/// A class fixture: every test class has a fresh service, and the tests of a class share it.
/// Derive from it to change settings or services.
/// </summary>
/// <typeparam name="TContext">The service's DbContext; it names the service.</typeparam>
public class ServiceHost<TContext>(Servers servers) : IAsyncLifetime
    where TContext : DbContext
{
    /// <summary>Secret of the account <c>admin</c> wherever a service under test seeds it.</summary>
    public const string AdminSecret = "the-administrator-of-the-tests";

    /// <summary>The key under which a service under test keeps the secrets of webhooks.</summary>
    public const string ReminderKey = "the-key-of-the-tests-and-of-nothing-else";

    /// <summary>The key that seals workbooks of a service under test.</summary>
    public const string WorkbookKey = "the-key-that-seals-workbooks-of-the-tests";

    // A connection that idles after its test only takes memory of the machine.
    private readonly SocketsHttpHandler _connections = new() { MaxConnectionsPerServer = 64 };
    private string? _database;
    private string? _virtualHost;
    private bool _ownsVirtualHost;
    private Application? _application;
    private TokenIssuer? _tokens;
    private MessageBus? _bus;

    /// <summary>clusters, scoring, awards, documents or identity.</summary>
    public string Name { get; } = typeof(TContext).Assembly.GetName().Name!.Split('.')[^1].ToLower(CultureInfo.InvariantCulture);

    public Servers Servers => servers;

    public Uri Address { get; private set; } = new("about:blank");

    /// <summary>The service's own container. Prefer its API: this is for what no caller can see (outbox rows, for one).</summary>
    public IServiceProvider Services => Running(_application).Services;

    public string ConnectionString { get; private set; } = "";

    /// <summary>The broker as the service reaches it.</summary>
    public string BrokerAddress { get; private set; } = "";

    public TokenIssuer Tokens => Running(_tokens);

    public virtual async ValueTask InitializeAsync()
    {
        var postgres = await servers.Postgres;
        var broker = await servers.Broker;
        _tokens = await servers.Tokens;
        _virtualHost = await SharedVirtualHostAsync();
        if (_virtualHost is null)
        {
            (_virtualHost, _ownsVirtualHost) = (await broker.CreateVirtualHostAsync(Name), true);
        }

        foreach (var secret in new[] { AdminSecret, ReminderKey, WorkbookKey })
        {
            SuiteLog.Canaries.Plant(secret);
        }

        _database = await postgres.CreateDatabaseAsync(Name, MigrateAsync);
        ConnectionString = postgres.ConnectionString(_database);
        BrokerAddress = broker.ConnectionString(_virtualHost);
        _bus = new MessageBus(BrokerAddress);
        _application = new Application(Settings(ConnectionString, BrokerAddress), ConfigureServices);
        _application.UseKestrel(); // without a port: the factory would set it while Program may already be starting
        _application.StartServer();
        var addresses = _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new UriBuilder(addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal))) { Host = "127.0.0.1" }.Uri;

        // Ready also means that its queues are bound: what a test publishes from here on arrives.
        using var anybody = Client(null);
        await Eventually.AnswerAsync(() => anybody.GetJson("/health/ready"), answer => answer.Status == 200, $"{Name} is ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>A client with a token of these roles; with <paramref name="unit"/> of an account of that unit.</summary>
    public HttpClient As(IReadOnlyCollection<string> roles, string? unit = null, string? subject = null) => Client(Tokens.Token(roles, unit, subject));

    public HttpClient As(string role, string? unit = null, string? subject = null) => As([role], unit, subject);

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => Client(null);

    /// <summary>A client that sends this very token.</summary>
    public HttpClient WithToken(string token) => Client(token);

    /// <summary>Sends a fact to the service as another service would. Give a message id to send the same message twice.</summary>
    public Task PublishAsync<T>(T message, Guid? messageId = null)
        where T : class => Running(_bus).PublishAsync(message, messageId);

    /// <summary>Sends a fact and waits until it has taken effect: facts are consumed several at a time, in an order of chance.</summary>
    public async Task TellAsync<T>(T message)
        where T : class
    {
        var id = Guid.CreateVersion7();
        await PublishAsync(message, id);
        await EventuallyAsync(() => WithDatabaseAsync(db => db.Set<InboxMessage>().AnyAsync(received => received.MessageId == id)), $"{typeof(T).Name} has taken effect");
    }

    /// <summary>From now on keeps what the service publishes of this type. Start it before the action whose message is wanted.</summary>
    public Task<CollectedMessages<T>> CollectAsync<T>()
        where T : class => Running(_bus).CollectAsync<T>();

    public Task EventuallyAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) => Eventually.TrueAsync(condition, what, limit);

    /// <summary>A unit of work over the service's database.</summary>
    public async Task<T> WithDatabaseAsync<T>(Func<TContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TContext>());
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_bus is not null)
        {
            await _bus.DisposeAsync();
        }

        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        if (_database is not null)
        {
            await (await servers.Postgres).DropDatabaseAsync(_database);
        }

        if (_ownsVirtualHost && _virtualHost is not null)
        {
            await (await servers.Broker).DropVirtualHostAsync(_virtualHost);
        }

        _connections.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The broker's virtual host that this service shares with others of one system; null: it has one of its own.</summary>
    protected virtual Task<string?> SharedVirtualHostAsync() => Task.FromResult<string?>(null);

    /// <summary>Settings beyond those that every service has, or instead of them; keys with colons.</summary>
    protected virtual void Configure(IDictionary<string, string> settings)
    {
    }

    /// <summary>Services to put in place of the real ones: a clock, never a database or a broker.</summary>
    protected virtual void ConfigureServices(IServiceCollection services)
    {
    }

    private static T Running<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException("The service has not been started: it is a class fixture.");

    private HttpClient Client(string? token)
    {
        var client = new HttpClient(_connections, disposeHandler: false) { BaseAddress = new Uri(Address, "/api/v1/"), Timeout = TimeSpan.FromSeconds(60) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    private Dictionary<string, string> Settings(string database, string virtualHost)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            [$"ConnectionStrings:{Name}db"] = database,
            ["ConnectionStrings:rabbitmq"] = virtualHost,
            ["Authentication:Authority"] = Tokens.Authority,
            ["Authentication:Audience"] = TokenIssuer.Audience,
            ["Identity:AdminSecret"] = AdminSecret,
            ["Reminders:SecretKey"] = ReminderKey,
            ["Workbooks:SecretKey"] = WorkbookKey,
            ["Reminders:Enabled"] = "false", // no job writes while a test counts; the tests of reminders turn them on
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        };
        Configure(settings);
        return settings;
    }

    /// <summary>The service's program, run once with "migrate", as the system itself does it.</summary>
    private async Task MigrateAsync(string database)
    {
        var program = Repository.Program(typeof(TContext).Assembly.GetName().Name!);
        var environment = Settings(database, (await servers.Broker).ConnectionString("/"))
            .Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value));
        await ChildProcess.RunAsync(["dotnet", program, "migrate"], environment: environment, directory: Path.GetDirectoryName(program));
    }

    private sealed class Application(Dictionary<string, string> settings, Action<IServiceCollection> configureServices) : WebApplicationFactory<TContext>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseUrls("http://127.0.0.1:0");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureAppConfiguration((_, configuration) =>
                configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))));
            builder.ConfigureLogging(logging => SuiteLog.AddTo(logging, typeof(TContext).Name));
            builder.ConfigureServices(configureServices);
        }
    }
}
