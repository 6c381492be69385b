using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>What Scoring tells of a sheet's way, from which others know what is still owed.</summary>
public sealed class SheetFactsTests(ServiceHost<ScoringDbContext> host) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    [Fact]
    public async Task A_review_is_told_once_both_are_done_and_every_return_with_its_answer()
    {
        var season = new ScoringSeason(host, "FACTS");
        var sheets = await season.SubmittedAsync();
        await season.PhaseAsync("CLUSTER_REVIEW");
        await using var reviewed = await host.CollectAsync<SheetReviewed>();
        await using var returned = await host.CollectAsync<SheetReturned>();
        await using var explained = await host.CollectAsync<SheetExplained>();

        await StepAsync("A", "C", "review", new { lines = Array.Empty<object>() });
        await StepAsync("B", "A", "review", new { lines = Array.Empty<object>() });
        Assert.Equal("A", (await reviewed.FirstAsync()).Unit); // of the leader's sheet the deputy's review is all; of C's the deputy's is still missing

        await StepAsync("B", "C", "return", new { reason = "Chưa rõ số liệu", criteria = new[] { "I.1" } });
        await StepAsync("C", "C", "explain", new { text = "Theo báo cáo số 12" });
        await StepAsync("A", "C", "review", new { lines = Array.Empty<object>() });
        await StepAsync("B", "C", "review", new { lines = Array.Empty<object>() });

        var (back, answer, done) = (await returned.FirstAsync(), await explained.FirstAsync(), await reviewed.FirstAsync(fact => fact.Unit == "C"));
        Assert.Equal(("C", false), (back.Unit, back.ByStandingAgency));
        Assert.Equal((back.SheetId, back.ClusterId, "FACTS", "C"), (answer.SheetId, answer.ClusterId, answer.Season, answer.Unit));
        Assert.True(back.Version < answer.Version && answer.Version < done.Version);
        Assert.Equal(2, reviewed.Messages.Count);

        await season.PhaseAsync("APPRAISAL");
        (await ScoringSeason.StepAsync(season.Appraiser, sheets["A"], "return", new { reason = "Thiếu minh chứng", criteria = new[] { "I.1" } })).Expect(200);
        Assert.True((await returned.FirstAsync(fact => fact.Unit == "A")).ByStandingAgency);

        async Task StepAsync(string actor, string unit, string step, object body) => (await ScoringSeason.StepAsync(season.Unit(actor), sheets[unit], step, body)).Expect(200);
    }
}
