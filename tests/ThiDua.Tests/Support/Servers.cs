using System.Runtime.Versioning;
using ThiDua.Tests.Support;

[assembly: AssemblyFixture(typeof(Servers))]
[assembly: SupportedOSPlatform("linux")]

namespace ThiDua.Tests.Support;

/// <summary>The real servers of a test run. Each starts when the first test asks for it; a run of pure rules starts none.</summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly Lazy<TemporaryDirectory> _directory = new(() => TemporaryDirectory.Create("thidua-tests-"));
    private readonly Lazy<Task<PostgresServer>> _postgres;
    private readonly Lazy<Task<BrokerServer>> _broker;
    private readonly Lazy<Task<TokenIssuer>> _tokens = new(TokenIssuer.StartAsync);

    public Servers()
    {
        _postgres = new(() => PostgresServer.StartAsync(_directory.Value));
        _broker = new(() => BrokerServer.StartAsync(_directory.Value));
    }

    public Task<PostgresServer> Postgres => _postgres.Value;

    public Task<BrokerServer> Broker => _broker.Value;

    public Task<TokenIssuer> Tokens => _tokens.Value;

    /// <summary>Connection string of a fresh, empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string prefix)
    {
        var postgres = await Postgres;
        return postgres.ConnectionString(await postgres.CreateDatabaseAsync(prefix));
    }

    /// <summary>Address of a fresh virtual host of the broker.</summary>
    public async Task<string> CreateVirtualHostAsync(string prefix)
    {
        var broker = await Broker;
        return broker.ConnectionString(await broker.CreateVirtualHostAsync(prefix));
    }

    public async ValueTask DisposeAsync()
    {
        if (_tokens.IsValueCreated)
        {
            await (await Tokens).DisposeAsync();
        }

        if (_broker.IsValueCreated)
        {
            await (await Broker).DisposeAsync();
        }

        if (_postgres.IsValueCreated)
        {
            await (await Postgres).DisposeAsync();
        }

        if (_directory.IsValueCreated)
        {
            _directory.Value.Dispose();
        }
    }
}
