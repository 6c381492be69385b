using System.Text.Json.Nodes;
using ThiDua.Replay;
using ThiDua.Replay.Gateway;

namespace ThiDua.Bench.Product;

/// <summary>The sheets of a season that is being filled in, one a unit.</summary>
internal sealed class DraftSeason
{
    /// <summary>Enough to keep two cores busy.</summary>
    private const int AtATime = 8;

    private readonly RunningProduct _product;
    private readonly IReadOnlyList<(string Unit, string Id)> _sheets;

    private DraftSeason(RunningProduct product, string code, IReadOnlyList<(string Unit, string Id)> sheets)
    {
        _product = product;
        _sheets = sheets;
        Code = code;
    }

    public string Code { get; }

    public int Count => _sheets.Count;

    public static async Task<DraftSeason> FillAsync(RunningProduct product, string code, IReadOnlyList<string> units, Progress progress, CancellationToken ct)
    {
        progress.Phase("sheets", units.Count);
        var lines = SeasonText.Lines(Enumerable.Range(0, SeasonText.Criteria));
        var sheets = new (string Unit, string Id)[units.Count];
        await Parallel.ForEachAsync(units.Index(), Bounded(ct), async (unit, cancel) =>
        {
            var actor = product.Cast.Unit(unit.Item);
            var opened = await product.Client.PostAsync(actor, "/score-sheets", new JsonObject { ["season"] = code, ["unit"] = unit.Item }, cancel);
            await product.Client.PutAsync(actor, $"/score-sheets/{opened.Text("id")}/lines", JsonNode.Parse(SeasonText.Fill(lines, unit.Index))!, cancel, opened.ETag);
            sheets[unit.Index] = (unit.Item, opened.Text("id"));
            progress.Step();
        });
        return new DraftSeason(product, code, sheets);
    }

    /// <summary>Path, token and ETag of every sheet as it is now, one a line, for wrk's scripts.</summary>
    /// <param name="file">Where they are written.</param>
    /// <param name="suffix">What follows the sheet's path.</param>
    /// <param name="withETags">Whether the ETags are asked for.</param>
    public async Task WriteTargetsAsync(string file, string suffix, bool withETags, CancellationToken ct)
    {
        var etags = withETags ? await SettledETagsAsync(ct) : [];
        var lines = new string[_sheets.Count];
        for (var index = 0; index < lines.Length; index++)
        {
            var token = await _product.Client.TokenAsync(_product.Cast.Unit(_sheets[index].Unit), ct);
            lines[index] = $"/api/v1/score-sheets/{_sheets[index].Id}{suffix}\t{token}\t{(withETags ? etags[index] : "")}";
        }

        await File.WriteAllLinesAsync(file, lines, ct);
    }

    /// <summary>The ETags, once no write of an earlier load is under way any more: wrk ends without waiting for its last answers.</summary>
    private async Task<string?[]> SettledETagsAsync(CancellationToken ct)
    {
        var last = await ETagsAsync(ct);
        await Waiting.UntilAsync(
            async () =>
            {
                var before = last;
                last = await ETagsAsync(ct);
                return before.AsSpan().SequenceEqual(last);
            },
            "no sheet changes any more", TimeSpan.FromSeconds(60), ct);
        return last;
    }

    private async Task<string?[]> ETagsAsync(CancellationToken ct)
    {
        var etags = new string?[_sheets.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, etags.Length), Bounded(ct), async (index, cancel) =>
            etags[index] = (await _product.Client.GetAsync(_product.Cast.Unit(_sheets[index].Unit), $"/score-sheets/{_sheets[index].Id}", cancel)).ETag);
        return etags;
    }

    /// <summary>The first unit's account: a caller like any other.</summary>
    public Actor AnyClerk => _product.Cast.Unit(_sheets[0].Unit);

    public string UnitOf(int index) => _sheets[index].Unit;

    /// <summary>Every sheet with its ETag as it is now.</summary>
    public async Task<IReadOnlyList<(string Unit, string Id, string ETag)>> SheetsAsync(CancellationToken ct) =>
        [.. _sheets.Zip(await ETagsAsync(ct), (sheet, etag) => (sheet.Unit, sheet.Id, etag!))];

    public (string Unit, string Id) SheetAt(int index) => _sheets[index];

    /// <summary>Whether a reader who has a sheet already is told that it has not changed.</summary>
    public async Task<bool> KnowsUnchangedAsync(CancellationToken ct)
    {
        var actor = AnyClerk;
        var path = $"/score-sheets/{_sheets[0].Id}";
        var etag = (await _product.Client.GetAsync(actor, path, ct)).ETag;
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_product.Gateway, $"/api/v1{path}"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await _product.Client.TokenAsync(actor, ct)}");
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        using var answer = await http.SendAsync(request, ct);
        return answer.StatusCode == System.Net.HttpStatusCode.NotModified;
    }

    private static ParallelOptions Bounded(CancellationToken ct) => new() { MaxDegreeOfParallelism = AtATime, CancellationToken = ct };
}
