using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ThiDua.Bench.Product;

/// <summary>
/// Callers who mean harm, from addresses of their own: heads and bodies that come byte by byte, readers who read nothing, and bodies that are longer than the gateway takes,
/// announced or not. What is cut off comes again.
/// </summary>
internal sealed class Attackers : IAsyncDisposable
{
    private const int Heads = 400;
    private const int Bodies = 100;
    private const int Readers = 100;
    private const int TooMuch = 64 * 1024 * 1024;

    private static readonly TimeSpan s_drip = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_oversize = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _gateway;
    private readonly string _token;
    private readonly List<Task> _callers = [];
    private int _cutOff;
    private int _refused;
    private int _address;

    private Attackers(Uri gateway, string token) => (_gateway, _token) = (gateway, token);

    /// <summary>Returns when every connection has been made once.</summary>
    public static async Task<Attackers> StartAsync(Uri gateway, string token)
    {
        var attackers = new Attackers(gateway, token);
        List<Task> connected = [];
        void Add(int count, Func<Stream, CancellationToken, Task> attack, TimeSpan pause)
        {
            for (var number = 0; number < count; number++)
            {
                var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                connected.Add(first.Task);
                attackers._callers.Add(Task.Run(() => attackers.AgainAsync(attack, pause, first)));
            }
        }

        Add(Heads, attackers.SlowHeadAsync, s_drip);
        Add(Bodies, attackers.SlowBodyAsync, s_drip);
        Add(Readers, NoReaderAsync, s_drip);
        Add(1, attackers.AnnouncedAsync, s_oversize);
        Add(1, attackers.UnannouncedAsync, s_oversize);
        await Task.WhenAll(connected);
        return attackers;
    }

    public string Told() => $"{Heads + Bodies + Readers} slow connections, {_cutOff} cut off, {_refused} oversize bodies";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
        _stop.Dispose();
    }

    private async Task AgainAsync(Func<Stream, CancellationToken, Task> attack, TimeSpan pause, TaskCompletionSource first)
    {
        var ct = _stop.Token;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (Interlocked.Increment(ref _address) % 8))]), 0));
                await socket.ConnectAsync(IPAddress.Loopback, _gateway.Port, ct);
                first.TrySetResult();
                await using var stream = new NetworkStream(socket);
                await attack(stream, ct);
            }
            catch (Exception ended) when (ended is IOException or SocketException)
            {
                Interlocked.Increment(ref _cutOff);
                first.TrySetResult();
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await Task.Delay(pause, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task SlowHeadAsync(Stream stream, CancellationToken ct)
    {
        await SendAsync(stream, "GET /api/v1/units HTTP/1.1\r\nHost: thidua\r\nX-Long: ", ct);
        await DripAsync(stream, ct);
    }

    private async Task SlowBodyAsync(Stream stream, CancellationToken ct)
    {
        await SendAsync(stream, $"POST /api/v1/score-sheets HTTP/1.1\r\nHost: thidua\r\nAuthorization: Bearer {_token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n", ct);
        await DripAsync(stream, ct);
    }

    private static async Task NoReaderAsync(Stream stream, CancellationToken ct)
    {
        for (var number = 0; number < 8; number++)
        {
            await SendAsync(stream, "GET /openapi/v1.json HTTP/1.1\r\nHost: thidua\r\n\r\n", ct);
        }

        await Task.Delay(TimeSpan.FromSeconds(20), ct);
    }

    private async Task AnnouncedAsync(Stream stream, CancellationToken ct)
    {
        await SendAsync(stream, Head($"Content-Length: {TooMuch}"), ct);
        await AnswerAsync(stream, ct);
    }

    private async Task UnannouncedAsync(Stream stream, CancellationToken ct)
    {
        await SendAsync(stream, Head("Transfer-Encoding: chunked"), ct);
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
        for (var sent = 0; sent < TooMuch; sent += chunk.Length)
        {
            await stream.WriteAsync(chunk, ct); // cut off at the gateway's limit
        }
    }

    private string Head(string length) => $"POST /api/v1/units HTTP/1.1\r\nHost: thidua\r\nAuthorization: Bearer {_token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n";

    private async Task AnswerAsync(Stream stream, CancellationToken ct)
    {
        var answer = new byte[4096];
        if (await stream.ReadAsync(answer, ct) > 0)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private static async Task SendAsync(Stream stream, string text, CancellationToken ct) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), ct);

    private static async Task DripAsync(Stream stream, CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(s_drip, ct);
            await stream.WriteAsync("x"u8.ToArray(), ct);
        }
    }
}
