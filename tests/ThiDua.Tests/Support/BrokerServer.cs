using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace ThiDua.Tests.Support;

/// <summary>A RabbitMQ node of our own, with its own epmd: Debian's programs over a private data directory.</summary>
public sealed class BrokerServer : IAsyncDisposable
{
    private const string User = "rabbitmq";

    // A busy machine of two cores once took 61 seconds to start one.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(150);

    private readonly ChildProcess _portMapper;
    private readonly ChildProcess _node;
    private readonly HttpClient _management;
    private readonly int _port;
    private int _created;

    private BrokerServer(ChildProcess portMapper, ChildProcess node, int port, int managementPort)
    {
        _portMapper = portMapper;
        _node = node;
        _port = port;
        _management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{managementPort}/api/") };
        _management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest")));
    }

    public static async Task<BrokerServer> StartAsync(TemporaryDirectory directory)
    {
        var home = await directory.AddAsync("rabbitmq", User);
        var (port, distribution, mapper, management) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        var configuration = Path.Combine(directory.Path, "rabbitmq.conf");
        var plugins = Path.Combine(directory.Path, "enabled_plugins");
        await File.WriteAllTextAsync(configuration, $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {management}
            log.console = true
            log.file = false
            vm_memory_high_watermark.absolute = 1GiB
            disk_free_limit.absolute = 50MB

            """);
        await File.WriteAllTextAsync(plugins, "[rabbitmq_management].\n");

        // Without a port mapper of our own the node starts one that outlives it.
        var portMapper = await ChildProcess.StartAsync(["epmd", "-port", $"{mapper}", "-address", "127.0.0.1"], User);
        portMapper.CloseInput();
        var node = await ChildProcess.StartAsync(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"],
            User,
            new Dictionary<string, string>
            {
                ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
                ["LANG"] = "C.UTF-8",
                ["HOME"] = home,
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_NODENAME"] = $"tests{port}@localhost",
                ["RABBITMQ_NODE_PORT"] = $"{port}",
                ["RABBITMQ_DIST_PORT"] = $"{distribution}",
                ["ERL_EPMD_PORT"] = $"{mapper}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
                ["RABBITMQ_CONFIG_FILE"] = configuration,
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(home, "generated"),
                ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),

                // With input allowed the script becomes the node, so that signals reach it; with -noinput it doesn't end at the end of input.
                ["RABBITMQ_ALLOW_INPUT"] = "1",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput -kernel inet_dist_use_interface {127,0,0,1}",
            },
            onlyThisEnvironment: true,
            directory: home);
        node.CloseInput();
        await node.WaitForLineAsync("Server startup complete", StartLimit);
        return new BrokerServer(portMapper, node, port, management);
    }

    public string ConnectionString(string virtualHost) => $"amqp://guest:guest@127.0.0.1:{_port}/{virtualHost}";

    public async Task<string> CreateVirtualHostAsync(string prefix)
    {
        var name = $"{prefix}-{Interlocked.Increment(ref _created)}";
        (await _management.PutAsync(new Uri($"vhosts/{name}", UriKind.Relative), null)).EnsureSuccessStatusCode();
        (await _management.PutAsJsonAsync($"permissions/{name}/guest", new { configure = ".*", write = ".*", read = ".*" })).EnsureSuccessStatusCode();
        return name;
    }

    public async Task DropVirtualHostAsync(string name) => (await _management.DeleteAsync(new Uri($"vhosts/{name}", UriKind.Relative))).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        // An orderly stop takes six seconds, and nothing here is to survive.
        await _node.DisposeAsync();
        await _portMapper.DisposeAsync();
        _management.Dispose();
    }
}
