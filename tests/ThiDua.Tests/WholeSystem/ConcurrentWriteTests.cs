using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Many hands on one sheet: nobody's entry is lost, and nobody overwrites what they have not seen.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class ConcurrentWriteTests(SharedSystem shared)
{
    private const int Writers = 32;

    [Fact]
    public async Task Of_32_writes_that_saw_the_same_sheet_exactly_one_takes_effect()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        await season.BeginSelfScoringAsync();
        var unit = season.Unit[season.Member];
        var sheet = await season.OpenSheetAsync(season.Member);
        var path = $"score-sheets/{(string)sheet["id"]!}";

        var answers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
            unit.PutJson($"{path}/lines", new { notes = new Dictionary<string, string> { ["I.1"] = $"Người viết {writer}" } }, sheet.ETag)));

        var winner = Assert.Single(Enumerable.Range(0, Writers), writer => answers[writer].Status == 200);
        Assert.All(answers.Where((_, writer) => writer != winner), answer => answer.Expect(412, "precondition-failed"));
        var after = (await unit.GetJson(path)).Expect(200);
        Assert.Equal(answers[winner].ETag, after.ETag);
        Assert.Contains($"Người viết {winner}\"", after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_when_32_clients_fill_in_one_sheet_and_read_again_after_each_refusal()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running, criteria: Writers);
        await season.BeginSelfScoringAsync();
        var unit = season.Unit[season.Member];
        var path = $"score-sheets/{(string)(await season.OpenSheetAsync(season.Member))["id"]!}";

        await Task.WhenAll(season.Criteria.Select(async (criterion, writer) =>
        {
            await Eventually.AnswerAsync(
                async () =>
                {
                    var seen = (await unit.GetJson(path)).Expect(200);
                    var answer = await unit.PutJson($"{path}/lines", new JsonObject { ["notes"] = new JsonObject { [criterion] = $"Ghi chú của {criterion}." } }, seen.ETag);
                    Assert.True(answer.Status is 200 or 412, answer.ToString());
                    return answer;
                },
                answer => answer.Status == 200,
                $"writer {writer} came through",
                TimeSpan.FromSeconds(60));
        }));

        var filled = (await unit.GetJson(path)).Expect(200);
        Assert.All(season.Criteria, criterion => Assert.Contains($"Ghi chú của {criterion}.", filled.Text, StringComparison.Ordinal));
    }
}
