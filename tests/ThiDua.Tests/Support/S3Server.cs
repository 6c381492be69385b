using System.Net.Sockets;

namespace ThiDua.Tests.Support;

/// <summary>A store that speaks S3, of our own: a program from npm that is fetched when the first test asks for it.</summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "thidua";

    // The only pair that the program knows.
    public const string AccessKey = "S3RVER";
    public const string SecretKey = "S3RVER";

    private const string Version = "3.7.1";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly int _port;

    private S3Server(ChildProcess process, int port) => (_process, _port) = (process, port);

    public string Address => $"http://127.0.0.1:{_port}";

    public static async Task<S3Server> StartAsync(TemporaryDirectory directory)
    {
        var installed = Repository.PathOf("artifacts", "npm", "s3rver");
        var program = Path.Combine(installed, "node_modules", "s3rver", "bin", "s3rver.js");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(installed);
            await ChildProcess.RunAsync(["npm", "install", "--prefix", installed, "--no-audit", "--no-fund", "--loglevel=error", $"s3rver@{Version}"]);
        }

        var port = FreePort.Next();
        var data = Path.Combine(directory.Path, "s3");
        var process = await ChildProcess.StartAsync(["node", program, "-d", data, "-a", "127.0.0.1", "-p", $"{port}", "--no-vhost-buckets", "--silent", "--configure-bucket", Bucket]);
        process.CloseInput();
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, process.Output);
                try
                {
                    using var client = new TcpClient();
                    await client.ConnectAsync("127.0.0.1", port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the store answers",
            s_startLimit);
        return new S3Server(process, port);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
