using System.Net.Sockets;
using System.Text;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>A clamd of our own, which knows the one file that every scanner is tried with. It is stopped and started as a test wants.</summary>
public sealed class ClamServer : IAsyncDisposable
{
    private const string User = "clamav";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly string _configuration;
    private ChildProcess? _process;

    private ClamServer(string configuration, int port) => (_configuration, Port) = (configuration, port);

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The test file, put together only here: no scanner shall find it in a source.</summary>
    public static string Eicar { get; } = string.Concat("X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*");

    /// <summary>A server that is not started yet.</summary>
    public static async Task<ClamServer> CreateAsync(TemporaryDirectory directory)
    {
        var data = await directory.AddAsync("clamav", User);
        var signature = Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Eicar));
        await File.WriteAllTextAsync(Path.Combine(data, "local.ndb"), $"Local.Eicar.Test:0:*:{signature}\n");
        var port = FreePort.Next();
        var configuration = Path.Combine(directory.Path, "clamd.conf");
        await File.WriteAllTextAsync(configuration, $"""
            DatabaseDirectory {data}
            TCPSocket {port}
            TCPAddr 127.0.0.1
            Foreground yes
            LogVerbose no
            StreamMaxLength 10M
            MaxThreads 2

            """);
        return new ClamServer(configuration, port);
    }

    public async Task StartAsync()
    {
        if (_process is not null)
        {
            return;
        }

        _process = await ChildProcess.StartAsync(["clamd", $"--config-file={_configuration}"], User);
        _process.CloseInput();
        await Eventually.TrueAsync(AnswersAsync, "clamd answers", s_startLimit);
    }

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, _process.Output);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            await client.GetStream().WriteAsync("zPING\0"u8.ToArray());
            var answer = new byte[4];
            await client.GetStream().ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("PONG"u8);
        }
        catch (Exception early) when (early is SocketException or IOException)
        {
            return false;
        }
    }
}
