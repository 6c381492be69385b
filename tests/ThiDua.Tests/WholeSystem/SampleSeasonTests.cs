using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>The same season gives the same result: played through the gateway as the real actors would, compared with an independent implementation's answer.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class SampleSeasonTests(SharedSystem shared)
{
    public static TheoryData<string> Seasons => [.. Names("").Where(name => !name.EndsWith(".expected", StringComparison.Ordinal))];

    public static TheoryData<string> Invalid => [.. Names("invalid").Where(name => name != "expected")];

    [Theory, MemberData(nameof(Seasons))]
    public async Task A_sample_season_gives_its_known_result(string sample)
    {
        await using var replay = await SeasonReplay.StartAsync(await shared.Running, SeasonReplay.Sample($"{sample}.json"));

        var result = await replay.ResultAsync();

        var expected = JsonNode.Parse(await File.ReadAllTextAsync(SeasonReplay.Sample($"{sample}.expected.json"), TestContext.Current.CancellationToken));
        SeasonReplay.AssertSame(expected, result);
    }

    [Theory, MemberData(nameof(Invalid))]
    public async Task A_file_that_cannot_be_played_is_refused_with_its_codes_and_leaves_nothing_behind(string sample)
    {
        var system = await shared.Running;
        using var head = await system.WithAccountAsync("agency-head", ["appraisal_head"]);
        var before = await CountSeasonsAsync(head);
        await using var replay = await SeasonReplay.StartAsync(system, SeasonReplay.Sample($"invalid/{sample}.json"));

        Assert.Equal(2, await replay.ExitCodeAsync());

        var known = JsonNode.Parse(await File.ReadAllTextAsync(SeasonReplay.Sample("invalid/expected.json"), TestContext.Current.CancellationToken))!;
        var codes = known[sample]!.AsArray().Select(code => (string)code!);
        Assert.All(codes, code => Assert.Contains($"{code} /", replay.Output, StringComparison.Ordinal));
        if (sample != "ballot-on-a-held-slot")
        {
            Assert.Equal(before, await CountSeasonsAsync(head)); // only a ballot shows its fault while the season is played
        }
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(SeasonReplay.Sample(folder), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    private static async Task<int> CountSeasonsAsync(HttpClient client) => (await client.GetJson("seasons?limit=200")).Expect(200)["items"].AsArray().Count;
}
