using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ThiDua.Bench.Product;

namespace ThiDua.Bench.Rows;

/// <summary>
/// Row 11: the last day. Every unit opens its sheet, saves three lines five times, saves all of it, sends two files of 1 MiB and hands it in, 32 units at a time,
/// in a season of its own. The limit is the sum of the same pieces, each alone on the bare servers.
/// </summary>
internal sealed class RushRow(Stage stage) : Row("rush", "the last day: open, 5 × 3 lines, 60 lines, 2 × 1 MiB, submit", "its pieces, each alone on bare servers", "ms a unit", Bound.AtMost(2, 5))
{
    private const int PostgresClients = 4;
    private const int Autosaves = 5;
    private const int Files = 2;

    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(2);

    private RunningProduct _product = null!;
    private int _runs;

    public override bool AnchorNeedsWarmUp => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.PostgresAsync(ct);
        await stage.HttpAsync();
        _product = await stage.ProductAsync(ct);
        return null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct)
    {
        var bench = (await stage.PostgresAsync(ct)).Bench;
        async Task<double> MillisecondsAsync(string script) => 1000 / (await bench.RunAsync(script, PostgresClients, stage.WarmUp, time, ct)).Value;

        var files = (await new EvidenceUpRow(stage).AnchorAsync(time, ct)).Value / (EvidenceRow.Bytes / 1e6);
        return new Sample((Autosaves * await MillisecondsAsync("save_delta3")) + await MillisecondsAsync("save_tx") + await MillisecondsAsync("submit") + (Files * 1000 / files));
    }

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        var season = await _product.FreshAsync(Math.Max(4, stage.Options.Clusters / 3), ct);
        var (times, refused) = (new ConcurrentBag<double>(), new ConcurrentBag<string>());
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = WriteRow.Clients }) { BaseAddress = _product.Gateway, Timeout = TimeSpan.FromSeconds(60) };
        var run = _runs++;
        foreach (var unit in season.Units)
        {
            await _product.Client.TokenAsync(_product.Cast.Unit(unit), ct); // a unit is signed in before the last day
        }

        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(season.Units.Index(), new ParallelOptions { MaxDegreeOfParallelism = WriteRow.Clients, CancellationToken = ct }, async (unit, cancel) =>
        {
            var token = await _product.Client.TokenAsync(_product.Cast.Unit(unit.Item), cancel);
            await new Rusher(http, token, times, refused).PlayAsync(_product, season.Code, unit.Item, $"{run}-{unit.Index}", cancel);
        });
        var took = clock.Elapsed.TotalMilliseconds;

        var sorted = times.Order().ToList();
        var missing = await MissingAsync(season, ct);
        var slow = sorted.Count(one => one > s_slowest.TotalMilliseconds);
        return new Sample(
            took / season.Units.Count, sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100], refused.Count + missing,
            string.Create(CultureInfo.InvariantCulture, $"{season.Units.Count} units in {took / 1000:0.0} s, slowest answer {sorted[^1]:0} ms, {slow} over 2 s, {missing} lost{(refused.IsEmpty ? "" : $", {refused.First()}")}"));
    }

    /// <summary>What was acknowledged and is not there.</summary>
    private async Task<int> MissingAsync(FreshSeason season, CancellationToken ct)
    {
        var submitted = await _product.Client.ListAsync(_product.Cast.Appraiser, $"/score-sheets?season={season.Code}&state=SUBMITTED", ct);
        var evidence = await _product.Client.ListAsync(_product.Cast.Appraiser, $"/documents?season={season.Code}", ct);
        return Math.Abs(season.Units.Count - submitted.Count) + Math.Abs((season.Units.Count * Files) - evidence.Count);
    }

    /// <summary>One unit's day.</summary>
    private sealed class Rusher(HttpClient http, string token, ConcurrentBag<double> times, ConcurrentBag<string> refused)
    {
        private string _etag = "";

        public async Task PlayAsync(RunningProduct product, string season, string unit, string mark, CancellationToken ct)
        {
            var opened = await SendAsync(HttpMethod.Post, "/api/v1/score-sheets", new JsonObject { ["season"] = season, ["unit"] = unit }.ToJsonString(), ct);
            var sheet = $"/api/v1/score-sheets/{(string?)opened["id"]}";
            for (var part = 0; part < Autosaves; part++)
            {
                await SendAsync(HttpMethod.Put, $"{sheet}/lines", SeasonText.Fill(SeasonText.Lines(Enumerable.Range(part * 3, 3)), part), ct);
            }

            await SendAsync(HttpMethod.Put, $"{sheet}/lines", SeasonText.Fill(SeasonText.Lines(Enumerable.Range(0, SeasonText.Criteria)), 8), ct);
            for (var file = 0; file < Files; file++)
            {
                using var upload = product.Upload(season, unit, token, EvidenceRow.File($"{mark}-{file}"), $"bao-cao-{mark}-{file}");
                await SendAsync(upload, ct);
            }

            await SendAsync(HttpMethod.Post, $"{sheet}/submit", "{}", ct);
        }

        private async Task<JsonNode> SendAsync(HttpMethod method, string path, string body, CancellationToken ct)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (_etag.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("If-Match", _etag);
            }

            var (answer, etag) = await SendAsync(request, ct);
            _etag = etag ?? _etag;
            return answer;
        }

        private async Task<(JsonNode Answer, string? ETag)> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            times.Add(clock.Elapsed.TotalMilliseconds);
            if (!answer.IsSuccessStatusCode)
            {
                refused.Add(string.Create(CultureInfo.InvariantCulture, $"{request.Method} {request.RequestUri} {(int)answer.StatusCode} {text}"));
            }

            return (JsonNode.Parse(text)!, answer.Headers.ETag?.ToString());
        }
    }
}
