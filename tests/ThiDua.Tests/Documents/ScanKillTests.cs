using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>A verdict is written once, however the service is killed around it.</summary>
[Collection(DocumentsProgramTests.Name)]
public sealed class ScanKillTests(DocumentsPrograms programs)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_while_it_is_scanned_a_file_stays_in_quarantine_and_is_decided_once_by_the_next()
    {
        var (_, _, unit) = await programs.FormClusterAsync();
        await using var scanner = new SlowScanner();
        (string Key, string Value)[] settings = [("Documents:Scanner:Address", scanner.Address), ("Documents:Scanner:RetrySeconds", "0.2")];
        string id;
        await using (var victim = await programs.StartAsync(settings))
        {
            using var clerk = programs.Clerk(victim, unit);
            id = (string)(await DocumentsHost.UploadAsync(clerk, unit)).Expect(201)["id"]!;
            await scanner.Asked.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            await victim.KillAsync();
        }

        Assert.Equal(EvidenceState.Quarantined, await StateAsync(unit));
        scanner.Open();
        await using var next = await programs.StartAsync(settings);
        await using var third = await programs.StartAsync(settings);
        await Eventually.TrueAsync(async () => await StateAsync(unit) == EvidenceState.Stored, "the next one has decided");
        await next.KillAsync();

        Assert.Equal(EvidenceState.Stored, await StateAsync(unit));
        using var auditor = programs.As(Roles.Auditor);
        var rows = (await auditor.GetJson($"journal/documents?subject=Evidence/{id}")).Expect(200)["items"].AsArray();
        Assert.Single(rows, row => (string?)row!["action"] == "scan evidence");
    }

    private Task<EvidenceState> StateAsync(string unit) => programs.WithDatabaseAsync(db => db.Evidence.Where(e => e.Unit == unit).Select(e => e.State).SingleAsync(Cancel));

    /// <summary>Speaks as clamd does, and keeps its answers back until it is told to give them.</summary>
    private sealed class SlowScanner : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _over = new();
        private readonly Task _serving;

        public SlowScanner()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public Task Asked => _asked.Task;

        public void Open() => _open.SetResult();

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _listener.Dispose();
            _over.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_over.Token);
                _ = AnswerAsync(client);
            }
        }

        private async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                var buffer = new byte[64 * 1024];
                var read = 0;
                do
                {
                    read += await client.GetStream().ReadAsync(buffer.AsMemory(read), _over.Token);
                }
                while (!buffer.AsSpan(0, read).EndsWith((ReadOnlySpan<byte>)[0, 0, 0, 0])); // a short file, and the end of it

                _asked.TrySetResult();
                await _open.Task.WaitAsync(_over.Token);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("stream: OK\0"), _over.Token);
            }
        }
    }
}
