using System.Collections.Concurrent;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Storm;

/// <summary>Those who send evidence during a storm: what was acknowledged must be there afterwards, byte for byte.</summary>
public sealed class EvidenceClients(HttpClient unit, string code, string season, Wire wire)
{
    private const int Size = 40_000;

    private static readonly HashSet<string> s_over = ["sheet-submitted", "season-closed"];

    private readonly ConcurrentDictionary<string, int> _acknowledged = new(StringComparer.Ordinal);

    public int Acknowledged => _acknowledged.Count;

    public async Task SendAsync(Random random, CancellationToken stop)
    {
        var seed = random.Next(1, 1000) * 2;
        while (!stop.IsCancellationRequested)
        {
            var its = ++seed;
            var address = DocumentsHost.Query(code, $"Minh chứng {its}.pdf").Replace($"season={DocumentsHost.Season}", $"season={season}", StringComparison.Ordinal);
            var answer = await wire.AskAsync(() => unit.CallAsync(HttpMethod.Post, address, DocumentsHost.Content(Bytes(its))));
            if (answer is { Status: 200 or 201 })
            {
                _acknowledged[(string)answer["id"]!] = its;
            }
            else if (answer is { Code: { } code } && s_over.Contains(code))
            {
                return;
            }
            else if (answer is not (null or { Code: "not-known-yet" or "changed-meanwhile" }))
            {
                wire.Tell($"evidence was refused: {answer}");
            }

            await Task.Delay(random.Next(100, 250), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What is not as it was acknowledged.</summary>
    public async Task<IReadOnlyList<string>> WrongAsync()
    {
        var wrong = new List<string>();
        foreach (var (id, seed) in _acknowledged)
        {
            using var answer = await unit.GetAsync(new Uri($"documents/{id}/content", UriKind.Relative), TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                wrong.Add($"lost: evidence {id} was acknowledged, and reading it gives {(int)answer.StatusCode}");
            }
            else if (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken) is var kept && !kept.AsSpan().SequenceEqual(Bytes(seed)))
            {
                wrong.Add($"evidence {id} holds other bytes than were sent");
            }
        }

        return wrong;
    }

    private static byte[] Bytes(int seed) => new PdfStream(Size, seed).Part(0, Size);
}
