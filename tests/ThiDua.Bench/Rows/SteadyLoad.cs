using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>Units that save and read at a given rate, whether or not the requests before are answered.</summary>
internal static class SteadyLoad
{
    private const int Writes = 21;
    private const int Reads = 210;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>The 95th percentile, with median and 99th.</summary>
    /// <param name="stage">Of the bench.</param>
    /// <param name="drafts">Whose sheets.</param>
    /// <param name="times">How many times 21 writes and 210 reads a second.</param>
    /// <param name="time">How long.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<Sample> RunAsync(Stage stage, DraftSeason drafts, int times, TimeSpan time, CancellationToken ct)
    {
        await drafts.WriteTargetsAsync(stage.FileOf("steady.sheets"), "", withETags: true, ct);
        var sheets = (await File.ReadAllLinesAsync(stage.FileOf("steady.sheets"), ct)).Select(line => line.Split('\t')).Select(fields => new Sheet(fields[0], fields[1], fields[2])).ToList();
        var free = new ConcurrentQueue<Sheet>(sheets);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = (await stage.ProductAsync(ct)).Gateway, Timeout = s_limit };
        var template = SeasonText.Lines(Enumerable.Range(0, SeasonText.Criteria));
        var (took, refused) = (new ConcurrentBag<double>(), new ConcurrentBag<string>());
        List<Task> requests = [];
        var clock = Stopwatch.StartNew();
        var all = (int)((Writes + Reads) * times * time.TotalSeconds);
        for (var number = 0; number < all; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / ((Writes + Reads) * times));
            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, ct);
            }

            var write = number % ((Writes + Reads) / Writes) == 0;
            var sheet = write && free.TryDequeue(out var next) ? next : write ? null : sheets[number * 7919 % sheets.Count];
            if (sheet is not null)
            {
                requests.Add(SendAsync(http, sheet, write ? SeasonText.Fill(template, number) : null, due, clock, took, refused, free, ct));
            }
        }

        await Task.WhenAll(requests);
        var sorted = took.Order().ToList();
        return new Sample(sorted[sorted.Count * 95 / 100], sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100], refused.Count, refused.FirstOrDefault());
    }

    /// <summary>The time counts from when the request was due, so that a generator that falls behind does not hide what its callers would wait.</summary>
    private static async Task SendAsync(
        HttpClient http, Sheet sheet, string? body, TimeSpan due, Stopwatch clock, ConcurrentBag<double> took, ConcurrentBag<string> refused, ConcurrentQueue<Sheet> free, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Put, new Uri(body is null ? sheet.Path : $"{sheet.Path}/lines", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", sheet.Token);
        if (body is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", sheet.ETag);
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        try
        {
            using var answer = await http.SendAsync(request, ct);
            await answer.Content.LoadIntoBufferAsync(ct);
            took.Add((clock.Elapsed - due).TotalMilliseconds);
            if (!answer.IsSuccessStatusCode)
            {
                refused.Add(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {(int)answer.StatusCode}"));
            }
            else if (body is not null)
            {
                free.Enqueue(sheet with { ETag = answer.Headers.ETag?.ToString() ?? "" });
            }
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !ct.IsCancellationRequested))
        {
            took.Add((clock.Elapsed - due).TotalMilliseconds);
            refused.Add(lost.Message);
        }
    }

    private sealed record Sheet(string Path, string Token, string ETag);
}
