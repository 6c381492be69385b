using System.Text.Json.Nodes;

namespace ThiDua.Tests.WholeSystem;

/// <summary>
/// Whatever dies in the middle of a season and is started again, its result is that of a season in which nothing died. What dies while
/// many write is the storm's (<see cref="Storm.StormTests"/>).
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class KillTests(KillTests.SystemToBreak broken) : IClassFixture<KillTests.SystemToBreak>
{
    [Theory]
    [InlineData("clusters", "clusters")]
    [InlineData("documents", "self scoring")]
    [InlineData("rabbitmq", "decisions")]
    [InlineData("awards", "nominations")]
    public async Task A_season_in_which_one_process_was_killed_has_the_same_result(string victim, string during)
    {
        await using var replay = await SeasonReplay.StartAsync(broken.System, broken.File);
        await replay.UntilAsync(during);

        await broken.System.KillAsync(victim);
        await broken.System.RestartAsync(victim);

        SeasonReplay.AssertSame(broken.Undisturbed, await replay.ResultAsync());
        await broken.System.UntilReadyAsync();
    }

    /// <summary>The system, and a season of eight clusters that was played on it before anything broke.</summary>
    public sealed class SystemToBreak(BreakableSystem breakable) : IAsyncLifetime
    {
        private const string Sample = "05-mixed-province";
        private const int Clusters = 8;

        private RunningSystem? _system;

        public RunningSystem System => _system ?? throw new InvalidOperationException("The system has not been started.");

        public string File => Path.Combine(System.DataDirectory, "season.json");

        public JsonObject Undisturbed { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            _system = await breakable.Running;
            var whole = JsonNode.Parse(await global::System.IO.File.ReadAllTextAsync(SeasonReplay.Sample($"{Sample}.json")))!.AsObject();
            var part = Part(whole, out var codes);
            await global::System.IO.File.WriteAllTextAsync(File, part.ToJsonString());
            await using var replay = await SeasonReplay.StartAsync(_system, File);
            Undisturbed = await replay.ResultAsync();

            // What can be known of a part beforehand: its clusters stand for themselves.
            var expected = JsonNode.Parse(await global::System.IO.File.ReadAllTextAsync(SeasonReplay.Sample($"{Sample}.expected.json")))!;
            foreach (var list in new[] { "clusters", "nominations", "rotation" })
            {
                var known = new JsonArray([.. expected[list]!.AsArray().Where(item => codes.Contains((string)(item!["cluster"] ?? item["code"])!)).Select(item => item!.DeepClone())]);
                SeasonReplay.AssertSame(known, Undisturbed[list], $"/{list}");
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static JsonObject Part(JsonObject season, out HashSet<string> codes)
        {
            var kept = season["clusters"]!.AsArray().OrderBy(cluster => (string)cluster!["code"]!, StringComparer.Ordinal).Take(Clusters).ToList();
            var clusters = codes = [.. kept.Select(cluster => (string)cluster!["code"]!)];
            var units = kept.SelectMany(cluster => cluster!["members"]!.AsArray()).Select(unit => (string)unit!).ToHashSet(StringComparer.Ordinal);
            JsonArray Where(string list, Func<JsonNode, bool> keep) => new([.. season[list]!.AsArray().Where(item => keep(item!)).Select(item => item!.DeepClone())]);
            bool IsOfUnit(JsonNode item) => units.Contains((string)item["unit"]!);

            var part = season.DeepClone().AsObject();
            part["units"] = Where("units", unit => units.Contains((string)unit["code"]!));
            part["clusters"] = new JsonArray([.. kept.Select(cluster => cluster!.DeepClone())]);
            foreach (var list in new[] { "published", "cards", "reviews", "appraisals", "exclusions" })
            {
                part[list] = Where(list, IsOfUnit);
            }

            part["history"] = Where("history", year => clusters.Contains((string)year["cluster"]!));
            part["ballots"]!["votes"] = new JsonArray([.. season["ballots"]!["votes"]!.AsArray().Where(vote => clusters.Contains((string)vote!["cluster"]!)).Select(vote => vote!.DeepClone())]);
            return part;
        }
    }
}
