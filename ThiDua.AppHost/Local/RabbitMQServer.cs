using System.Net;
using System.Net.Sockets;

namespace ThiDua.AppHost.Local;

/// <summary>Debian's RabbitMQ, started privately: own directory, loopback only, own password, and its name daemon as well.</summary>
internal sealed class RabbitMQServer(RabbitMQServerResource resource, ApplicationBuilder builder)
{
    private const string User = "rabbitmq";
    private readonly string _directory = Path.Combine(builder.Data.Path, resource.Volume);
    private Dictionary<string, string>? _environment;

    /// <summary>The daemon by which Erlang's nodes find each other. Were it not there, RabbitMQ would start one that outlives us.</summary>
    public Launch NameDaemon => new(["/usr/bin/epmd"], _directory, _environment!, User, WhenOrphaned: Signal.Kill);

    public async Task<Launch> PrepareAsync(Programs programs, CancellationToken ct)
    {
        var program = Path.Combine(builder.Setting("RabbitMQDirectory"), "bin", "rabbitmq-server");
        if (!File.Exists(program) || !File.Exists("/usr/bin/epmd"))
            throw new StartException($"RabbitMQ was not found in {builder.Setting("RabbitMQDirectory")}. Install Debian's package: apt-get install rabbitmq-server");
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (_environment is null)
        {
            await Programs.UntilNobodyWorksInAsync(_directory, ct);
            await ConfigureAsync();
            if (Programs.IsRoot) await programs.RunAsync(new(["/bin/chown", "-R", $"{User}:", _directory], "/", _environment!));
        }

        // Killed when we die: it would need six seconds to stop in order, and loses nothing that it has confirmed.
        return new([program], $"{_directory}/work", _environment!, User, WhenOrphaned: Signal.Kill);
    }

    /// <summary>After a broker ended, until its helpers have too.</summary>
    public Task UntilGoneAsync(CancellationToken ct) => Programs.UntilNobodyWorksInAsync($"{_directory}/work", ct);

    /// <summary>Asks for AMQP 0-9-1 and expects the broker's Connection.Start.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, resource.Port, ct);
        await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), ct);
        var frame = new byte[1];
        return await client.GetStream().ReadAsync(frame, ct) == 1 && frame[0] == 1;
    }

    private async Task ConfigureAsync()
    {
        Directory.CreateDirectory($"{_directory}/work");
        var management = resource.Endpoints.Find(endpoint => endpoint.Name == "management")?.AllocatedPort;
        var prometheus = resource.Endpoints.Find(endpoint => endpoint.Name == "prometheus")?.AllocatedPort;
        await File.WriteAllLinesAsync($"{_directory}/rabbitmq.conf", [
            $"listeners.tcp.local = 127.0.0.1:{resource.Port}", "default_user = guest", $"default_pass = {resource.Password}",
            "log.console = true", "log.console.level = warning", "log.console.use_colors = off", "log.connection.level = error", "log.file = false",
            "vm_memory_high_watermark.absolute = 512MiB", "disk_free_limit.absolute = 200MB",
            .. management is { } port ? new[] { "management.tcp.ip = 127.0.0.1", $"management.tcp.port = {port}" } : [],
            .. prometheus is { } metrics ? new[] { "prometheus.tcp.ip = 127.0.0.1", $"prometheus.tcp.port = {metrics}" } : []]);
        var plugins = new[] { management is null ? null : "rabbitmq_management", prometheus is null ? null : "rabbitmq_prometheus" };
        await File.WriteAllTextAsync($"{_directory}/enabled_plugins", $"[{string.Join(", ", plugins.OfType<string>())}].");
        _environment = new()
        {
            ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LANG"] = "C.UTF-8", ["HOME"] = _directory,
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null", // nothing of /etc/rabbitmq
            ["RABBITMQ_CONFIG_FILE"] = $"{_directory}/rabbitmq.conf", ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{_directory}/enabled_plugins",
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = $"{_directory}/generated", ["RABBITMQ_MNESIA_BASE"] = $"{_directory}/mnesia",
            ["RABBITMQ_LOG_BASE"] = $"{_directory}/log", ["RABBITMQ_PID_FILE"] = $"{_directory}/pid",
            ["RABBITMQ_NODENAME"] = "rabbit@localhost", // fixed: under another name the broker would be a new, empty one
            ["RABBITMQ_DIST_PORT"] = $"{builder.Ports.Free()}", ["ERL_EPMD_PORT"] = $"{builder.Ports.Free()}", ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_ALLOW_INPUT"] = "1", // the script then becomes the broker, so that signals reach it
            // Ten deep: when a queue breaks, its last messages are not written into the log whole.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1} -kernel error_logger_format_depth 10",
        };
    }
}
