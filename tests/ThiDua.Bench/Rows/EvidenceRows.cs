using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>Files of 1 MiB by eight clients, each with the next as soon as it has its answer.</summary>
internal abstract class EvidenceRow(Stage stage, string name, string title, string anchor, Bound bound) : Row(name, title, anchor, "MB/s", bound)
{
    protected const int Clients = 8;
    public const int Bytes = 1024 * 1024;

    private static readonly HttpClient s_http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(60) };

    protected Stage Stage => stage;

    protected DraftSeason Drafts { get; private set; } = null!;

    protected RunningProduct Product { get; private set; } = null!;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.HttpAsync();
        Product = await stage.ProductAsync(ct);
        Drafts = await Product.DraftsAsync(ct);
        return null;
    }

    /// <summary>Begins like a PDF, which is what the service looks at, and is no other file's content.</summary>
    public static byte[] File(string about)
    {
        var content = new byte[Bytes];
        new Random(about.Length).NextBytes(content);
        Encoding.UTF8.GetBytes($"%PDF-1.7\n% {about}\n").CopyTo(content, 0);
        "\n%%EOF\n"u8.CopyTo(content.AsSpan(Bytes - 7));
        return content;
    }

    protected static async Task<Sample> LoadAsync(TimeSpan time, Func<int, int, HttpRequestMessage> request, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => ClientAsync(client, time, clock, request, ct)));
        var times = clients.SelectMany(client => client.Times).Order().ToList();
        var refused = clients.SelectMany(client => client.Refused).ToList();
        return new Sample(times.Count * (Bytes / 1e6) / clock.Elapsed.TotalSeconds, times[times.Count / 2], times[times.Count * 99 / 100], refused.Count, refused.FirstOrDefault());
    }

    protected async Task<string> TokenAsync(int client, CancellationToken ct) => await Product.Client.TokenAsync(Product.Cast.Unit(Drafts.UnitOf(client)), ct);

    protected static async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var answer = await s_http.SendAsync(request, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidDataException($"{request.RequestUri} → {(int)answer.StatusCode} {text}");
    }

    protected HttpRequestMessage Upload(int client, string token, byte[] content, string file) => Product.Upload(Drafts.Code, Drafts.UnitOf(client), token, content, file);

    private static async Task<(List<double> Times, List<string> Refused)> ClientAsync(int client, TimeSpan time, Stopwatch clock, Func<int, int, HttpRequestMessage> make, CancellationToken ct)
    {
        var (times, refused, buffer) = (new List<double>(), new List<string>(), new byte[128 * 1024]);
        for (var number = 0; clock.Elapsed < time; number++)
        {
            using var request = make(client, number);
            var before = clock.Elapsed;
            using var answer = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            while (await body.ReadAsync(buffer, ct) > 0)
            {
                // read and let go
            }

            times.Add((clock.Elapsed - before).TotalMilliseconds);
            if (!answer.IsSuccessStatusCode)
            {
                refused.Add(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {(int)answer.StatusCode}"));
            }
        }

        return (times, refused);
    }
}

/// <summary>Row 7, up: hashed, kept and flushed to the disk before the answer on both sides.</summary>
internal sealed class EvidenceUpRow(Stage stage)
    : EvidenceRow(stage, "evidence-up", "evidence of 1 MiB up, 8 clients", "bare Kestrel: file, SHA-256, fsync", Bound.AtLeast(0.60, 0.35))
{
    private readonly byte[][] _contents = [.. Enumerable.Range(0, Clients).Select(client => File($"client {client}"))];
    private int _run;

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var kestrel = (await Stage.HttpAsync()).Kestrel;
        return await LoadAsync(time, (client, _) => new HttpRequestMessage(HttpMethod.Put, new Uri(kestrel, $"/blob/up-{client}")) { Content = new ByteArrayContent(_contents[client]) }, ct);
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var tokens = new string[Clients];
        for (var client = 0; client < Clients; client++)
        {
            tokens[client] = await TokenAsync(client, ct);
        }

        var run = _run++;
        return await LoadAsync(time, (client, number) =>
        {
            // Eight bytes make it another file: the same one again would not be kept twice.
            BitConverter.TryWriteBytes(_contents[client].AsSpan(100), ((long)run << 32) + number);
            return Upload(client, tokens[client], _contents[client], $"bao-cao-{run}-{number}");
        }, ct);
    }
}

/// <summary>Row 7, down: the same file on both sides.</summary>
internal sealed class EvidenceDownRow(Stage stage)
    : EvidenceRow(stage, "evidence-down", "evidence of 1 MiB down, 8 clients", "bare YARP before Kestrel's SendFile", Bound.AtLeast(0.90, 0.60))
{
    private readonly string[] _paths = new string[Clients];

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await base.PrepareAsync(ct);
        var kestrel = (await Stage.HttpAsync()).Kestrel;
        using var http = new HttpClient();
        for (var client = 0; client < Clients; client++)
        {
            var content = File($"down {client}");
            using var kept = await http.PutAsync(new Uri(kestrel, $"/blob/down-{client}"), new ByteArrayContent(content), ct);
            using var upload = Upload(client, await TokenAsync(client, ct), content, "bao-cao-xuong");
            _paths[client] = $"/api/v1/documents/{(string?)(await SendAsync(upload, ct))["id"]}/content";
        }

        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var yarp = (await Stage.HttpAsync()).Yarp;
        return await LoadAsync(time, (client, _) => new HttpRequestMessage(HttpMethod.Get, new Uri(yarp, $"/blob/down-{client}")), ct);
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var tokens = new string[Clients];
        for (var client = 0; client < Clients; client++)
        {
            tokens[client] = await TokenAsync(client, ct);
        }

        return await LoadAsync(time, (client, _) => new HttpRequestMessage(HttpMethod.Get, new Uri(Product.Gateway, _paths[client])) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens[client]) } }, ct);
    }
}
