using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ThiDua.Recovery;

/// <summary>A PostgreSQL of our own over restored files: it reads the log up to the target, and then answers.</summary>
internal sealed class RecoveringServer : IAsyncDisposable
{
    private const int LinesShown = 6;
    private const int MostStarts = 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly TimeProvider _clock;

    private RecoveringServer(Process process, Task<string> said, SystemData system, TimeProvider clock)
    {
        _process = process;
        _said = said;
        System = system;
        _clock = clock;
    }

    public SystemData System { get; }

    public static async Task<RecoveringServer> StartAsync(string data, TimeProvider clock, CancellationToken ct)
    {
        var system = await SystemData.RestoredAsync(data, FreePort(), ct);
        var programs = Directory.EnumerateFiles("/usr/lib/postgresql", "postgres", SearchOption.AllDirectories).Where(path => path.EndsWith("/bin/postgres", StringComparison.Ordinal));
        var version = (await File.ReadAllTextAsync(Path.Combine(system.Postgres, "PG_VERSION"), ct)).Trim();
        var program = programs.FirstOrDefault(path => path.Contains($"/{version}/", StringComparison.Ordinal))
            ?? throw new RecoveryException($"The backup needs PostgreSQL {version}, which is not installed: apt-get install postgresql-{version}");

        // Clients come when the log has been read, so nothing of the original's sizes need be the same; and it sends its own log nowhere.
        string[] settings =
        [
            "listen_addresses=127.0.0.1", $"port={system.Port}", "unix_socket_directories=", "hot_standby=off", "archive_mode=off", "shared_buffers=256MB", "max_connections=100",
            "max_wal_size=2GB", "log_checkpoints=off", "autovacuum=off",
        ];
        var tool = new Tool([program, "-D", system.Postgres, .. settings.SelectMany(setting => new[] { "-c", setting })], system.DatabaseUser, system.Postgres, new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" });
        for (var start = 1; ; start++)
        {
            var process = await Tools.StartAsync(tool);
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var server = new RecoveringServer(process, process.StandardError.ReadToEndAsync(CancellationToken.None), system, clock);
            try
            {
                await server.UntilRecoveredAsync(ct);
                return server;
            }
            catch (RecoveryException reason) when (start < MostStarts && reason.Message.Contains("shared memory block", StringComparison.Ordinal))
            {
                // The directory has the number on the disk of one that was removed, and the last process of the server there has not ended yet.
                await server.DisposeAsync();
                await Task.Delay(s_pause, clock, ct);
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Whole on disk, and in order.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await Tools.RunAsync(new Tool(["kill", "-INT", $"{_process.Id}"]), ct);
        await _process.WaitForExitAsync(ct);
        if (_process.ExitCode != 0)
        {
            throw new RecoveryException($"PostgreSQL did not stop in order. {await LastLinesAsync()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <exception cref="RecoveryException">The log ends before the target, or the server cannot be started at all.</exception>
    private async Task UntilRecoveredAsync(CancellationToken ct)
    {
        await using var source = System.Open("postgres");
        while (true)
        {
            if (_process.HasExited)
            {
                var lines = await LastLinesAsync();
                throw new RecoveryException(lines.Contains("before configured recovery target was reached", StringComparison.Ordinal)
                    ? $"The log in the repository ends before the time that was asked for, or is damaged before it. {lines}"
                    : $"The restored PostgreSQL did not start. {lines}");
            }

            try
            {
                await using var command = source.CreateCommand("select not pg_is_in_recovery()");
                if ((bool)(await command.ExecuteScalarAsync(ct))!)
                {
                    return;
                }
            }
            catch (NpgsqlException)
            {
                // Not listening yet, or still reading the log: asked again as long as it lives.
            }

            await Task.Delay(s_look, _clock, ct);
        }
    }

    private async Task<string> LastLinesAsync() => string.Join(" | ", (await _said).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LinesShown));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
