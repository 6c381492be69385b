using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>
/// “Upload interrupted by kill -9 of the service at 100 random points continues and ends with the right hash.” Two instances share the store;
/// the one that receives is killed, the other goes on. THIDUA_UPLOAD_KILLS says how often; THIDUA_KILL_SEED repeats a run.
/// </summary>
[Collection(DocumentsProgramTests.Name)]
public sealed class UploadKillTests(DocumentsPrograms programs)
{
    private const int UsualKills = 6;
    private const int LargestFile = 12 * 1024 * 1024;
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_goes_on_after_each_kill_and_ends_with_the_right_hash()
    {
        var kills = Number("THIDUA_UPLOAD_KILLS") ?? UsualKills;
        var seed = Number("THIDUA_KILL_SEED") ?? Random.Shared.Next();
        var random = new Random(seed);
        var (_, _, unit) = await programs.FormClusterAsync();
        var instances = await Task.WhenAll(programs.StartAsync(), programs.StartAsync());
        var hashes = new List<string>();
        var (resumed, whole, fromStart) = (0, 0, 0);
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                var (victim, other) = (instances[kill % 2], instances[(kill + 1) % 2]);
                await using var content = new PdfStream(random.Next(200_000, LargestFile), seed: 2 * kill + 31);
                hashes.Add(Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancel)));
                var (upload, acknowledged) = await UntilKilledAsync(victim, unit, content, hashes[^1], random);

                // A new one takes the place of the dead while the other goes on.
                var next = programs.StartAsync();
                using var client = programs.Clerk(other, unit);
                var offset = await TusClient.OffsetAsync(client, upload);
                Assert.True(offset >= acknowledged, $"seed {seed}, kill {kill}: {acknowledged} bytes were acknowledged, {offset} are left");
                _ = offset == content.Length ? whole++ : offset > 0 ? resumed++ : fromStart++;
                await EndAsync(client, upload, content, random);
                var view = (await client.GetJson(upload)).Expect(200);
                Assert.True((string?)view["state"] == "FINISHED", $"seed {seed}, kill {kill}: {view}");
                using var read = await client.GetAsync($"{(string)view["document"]!}/content", HttpCompletionOption.ResponseHeadersRead, Cancel);
                await using var stored = await read.Content.ReadAsStreamAsync(Cancel);
                Assert.Equal(hashes[^1], Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, Cancel)));
                instances[kill % 2] = await next;
                await victim.DisposeAsync();
            }
        }
        finally
        {
            foreach (var instance in instances)
            {
                await instance.DisposeAsync();
            }
        }

        // Each is there once, on the sheet and on the disk, and nothing besides.
        var evidence = await programs.WithDatabaseAsync(db => db.Evidence.Where(e => e.Unit == unit).ToListAsync(Cancel));
        Assert.Equal(hashes.Order(), evidence.Select(one => one.Sha256).Order());
        Assert.All(evidence, one => Assert.Equal(EvidenceState.Stored, one.State));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(programs.Storage, "incoming")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(programs.Storage, "uploads")));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seed {seed}: {kills} kills; {resumed} went on in the middle, {whole} were whole and not finished or not answered, {fromStart} began again at 0; {hashes.Count} right hashes"));
    }

    /// <summary>Sends parts until the kill, which comes in the middle of a part, between two, or while the whole is checked and stored.</summary>
    private async Task<(string Upload, long Acknowledged)> UntilKilledAsync(DocumentsProgram victim, string unit, PdfStream content, string hash, Random random)
    {
        using var client = programs.Clerk(victim, unit);
        var upload = (await TusClient.BeginAsync(client, unit, content.Length, criterion: $"I.{random.Next(1, 9)}", more: [("sha256", hash)])).Expect(201).Location!;
        var killAt = random.Next(3) == 0 ? content.Length : random.NextInt64(0, content.Length);
        var delay = killAt == content.Length ? random.Next(0, 400) : random.Next(0, 60);
        var checksum = random.Next(4) == 0;
        long acknowledged = 0;
        while (acknowledged < content.Length)
        {
            var part = content.Part(acknowledged, Math.Min(random.Next(100_000, LargestFile / 2), content.Length - acknowledged));
            var dies = killAt <= acknowledged + part.Length;
            var body = new KillingContent(part, dies ? killAt - acknowledged : null, random.Next(3) > 0, async () =>
            {
                await Task.Delay(delay, CancellationToken.None);
                await victim.KillAsync();
            });
            try
            {
                var answer = await TusClient.PatchAsync(client, upload, acknowledged, body, checksum ? TusClient.Sha256(part) : null);
                if (answer.Status != 204)
                {
                    Assert.Fail($"{answer}\n{victim.Process.Output}");
                }

                acknowledged += part.Length;
            }
            catch (HttpRequestException) when (dies)
            {
            }

            await body.Killed;
            if (dies)
            {
                await victim.KillAsync();
                break;
            }
        }

        return (upload, acknowledged);
    }

    private static async Task EndAsync(HttpClient client, string upload, PdfStream content, Random random)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if ((string?)(await client.GetJson(upload)).Expect(200)["state"] != "RECEIVING")
                {
                    return true;
                }

                var offset = await TusClient.OffsetAsync(client, upload);
                var part = content.Part(offset, Math.Min(random.Next(100_000, LargestFile), content.Length - offset));
                var answer = await TusClient.PatchAsync(client, upload, offset, part);
                Assert.True(answer.Status is 204 or 423 or 409, answer.ToString()); // the other may just be finishing it by itself
                return false;
            },
            "the upload is finished",
            TimeSpan.FromMinutes(1));
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A part during whose sending somebody kills the receiver.</summary>
    private sealed class KillingContent : HttpContent
    {
        private readonly byte[] _part;
        private readonly long? _at;
        private readonly bool _holdsBack;
        private readonly Func<Task> _kill;
        private Task _killing = Task.CompletedTask;

        public KillingContent(byte[] part, long? at, bool holdsBack, Func<Task> kill)
        {
            (_part, _at, _holdsBack, _kill) = (part, at, holdsBack, kill);
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        public Task Killed => _killing;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            const int Block = 64 * 1024;
            for (var sent = 0; sent < _part.Length; sent += Block)
            {
                if (_at is { } at && at < sent + Block && _killing.IsCompletedSuccessfully)
                {
                    _killing = _kill();
                    if (_holdsBack)
                    {
                        await stream.FlushAsync(Cancel);
                        await _killing; // so the receiver dies with a part of the part in its hands
                    }
                }

                await stream.WriteAsync(_part.AsMemory(sent, Math.Min(Block, _part.Length - sent)), Cancel);
            }

            await stream.FlushAsync(Cancel);
            if (_at == _part.Length && _killing.IsCompletedSuccessfully)
            {
                _killing = _kill();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _part.Length;
            return true;
        }
    }
}
