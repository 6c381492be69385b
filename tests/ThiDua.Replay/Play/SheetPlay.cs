using System.Net;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Replay.Play;

/// <summary>The score sheets: filled in and submitted by the units, reviewed by leader and deputy, appraised and decided by the agency.</summary>
public sealed class SheetPlay(SeasonFile file, string season, Cast cast, GatewayClient gateway, Progress progress)
{
    /// <summary>Enough to keep two cores busy; more would only wait in the services' queues.</summary>
    private const int SheetsAtATime = 8;

    private const string DefaultNote = "Theo hồ sơ";
    private const string DecisionDocument = "Thông báo kết quả chấm điểm thi đua";

    private readonly List<Sheet> _sheets = Sheets(file);

    public Task FillInAsync(CancellationToken ct) => EachAsync("self scoring", async sheet =>
    {
        var unit = cast.Unit(sheet.Unit);
        var opened = await gateway.PostAsync(unit, "/score-sheets", new JsonObject { ["season"] = season, ["unit"] = sheet.Unit }, ct);
        sheet.Id = opened.Text("id");
        sheet.ETag = opened.ETag;
        await StepAsync(sheet, unit, HttpMethod.Put, "lines", Lines(sheet.Card, sheet.Cluster), ct);
        await StepAsync(sheet, unit, HttpMethod.Post, "submit", new JsonObject(), ct);
    }, ct);

    /// <summary>Leader and deputy confirm every line, or set what the file has; neither touches the sheet of its own unit.</summary>
    public Task ReviewAsync(CancellationToken ct) => EachAsync("cluster review", async sheet =>
    {
        var changes = Changes(file.Reviews, sheet.Unit);
        foreach (var reviewer in new[] { sheet.Cluster.Leader, sheet.Cluster.Deputy }.Where(reviewer => reviewer != sheet.Unit))
        {
            await StepAsync(sheet, cast.Unit(reviewer), HttpMethod.Post, "review", changes, ct);
            changes = new JsonObject { ["lines"] = new JsonArray() }; // the second one confirms what the first has set
        }
    }, ct);

    public Task AppraiseAsync(CancellationToken ct) => EachAsync(
        "appraisal", sheet => StepAsync(sheet, cast.Appraiser, HttpMethod.Post, "appraise", Changes(file.Appraisals, sheet.Unit), ct), ct);

    public async Task DecideAsync(IReadOnlyDictionary<string, string> clusterIds, CancellationToken ct)
    {
        var clusters = file.Clusters.Where(cluster => _sheets.Exists(sheet => sheet.Cluster == cluster)).ToList();
        progress.Phase("decisions", clusters.Count);
        await Parallel.ForEachAsync(clusters, Bounded(ct), async (cluster, cancel) =>
        {
            await gateway.PostAsync(cast.Head, $"/rankings/{clusterIds[cluster.Code]}/decide", new JsonObject { ["document"] = DecisionDocument }, cancel);
            progress.Step();
        });
    }

    internal static ParallelOptions Bounded(CancellationToken ct) => new() { MaxDegreeOfParallelism = SheetsAtATime, CancellationToken = ct };

    private async Task EachAsync(string phase, Func<Sheet, Task> play, CancellationToken ct)
    {
        progress.Phase(phase, _sheets.Count);
        await Parallel.ForEachAsync(_sheets, Bounded(ct), async (sheet, _) =>
        {
            await play(sheet);
            progress.Step();
        });
    }

    /// <summary>One step of the procedure on the version last seen; when the sheet has moved since, on the version it has now.</summary>
    private async Task StepAsync(Sheet sheet, Actor actor, HttpMethod method, string step, JsonObject body, CancellationToken ct)
    {
        var path = $"/score-sheets/{sheet.Id}";
        while (true)
        {
            sheet.ETag ??= (await gateway.GetAsync(actor, path, ct)).ETag;
            try
            {
                var answer = method == HttpMethod.Put
                    ? await gateway.PutAsync(actor, $"{path}/{step}", body, ct, sheet.ETag)
                    : await gateway.PostAsync(actor, $"{path}/{step}", body, ct, sheet.ETag);
                sheet.ETag = answer.ETag;
                return;
            }
            catch (RefusedException moved) when (moved.Status == HttpStatusCode.PreconditionFailed)
            {
                sheet.ETag = null;
            }
        }
    }

    private JsonObject Lines(CardEntry card, ClusterEntry cluster)
    {
        var table = file.Tables.First(table => table.Id == cluster.Table);
        var notes = new JsonObject();
        foreach (var criterion in table.At.Element.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("criteria").EnumerateArray()))
        {
            notes[criterion.GetProperty("code").GetString()!] = DefaultNote;
        }

        foreach (var note in Part(card, "notes"))
        {
            if (note.Value?.GetValue<string>() is { } written && !string.IsNullOrWhiteSpace(written))
            {
                notes[note.Key] = written;
            }
        }

        return new JsonObject { ["inputs"] = Part(card, "inputs"), ["bonus"] = Part(card, "bonus"), ["deductions"] = Part(card, "deductions"), ["notes"] = notes };
    }

    private static JsonObject Part(CardEntry card, string name) =>
        card.At.Has(name) ? JsonNode.Parse(card.At.Element.GetProperty(name).GetRawText())!.AsObject() : [];

    private static JsonObject Changes(IReadOnlyList<LineEntry> lines, string unit) => new()
    {
        ["lines"] = new JsonArray([.. lines.Where(line => line.Unit == unit).Select(line => new JsonObject
        {
            ["criterion"] = line.Criterion,
            ["points"] = JsonNode.Parse(line.At.Element.GetProperty("points").GetRawText()),
            ["reason"] = line.Reason,
        })]),
    };

    private static List<Sheet> Sheets(SeasonFile file)
    {
        var clusters = file.Clusters.SelectMany(cluster => cluster.Members.Select(member => (member.Unit, cluster))).ToDictionary(StringComparer.Ordinal);
        return [.. file.Cards.Where(card => clusters.ContainsKey(card.Unit)).Select(card => new Sheet(card, clusters[card.Unit]))];
    }

    private sealed class Sheet(CardEntry card, ClusterEntry cluster)
    {
        public CardEntry Card => card;

        public ClusterEntry Cluster => cluster;

        public string Unit => card.Unit;

        public string Id { get; set; } = "";

        public string? ETag { get; set; }
    }
}
