using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>A caller that got no answer may ask again with its key: the step counts once.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class IdempotencyTests(SharedSystem shared)
{
    [Fact]
    public async Task The_same_request_with_the_same_key_gets_the_first_answer_again()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var key = Guid.CreateVersion7().ToString();
        var body = new { code = $"{season.Code}-once", type = "CALENDAR_YEAR", year = 2026 };

        var first = (await season.Head.PostJson("seasons", body, idempotencyKey: key)).Expect(201);
        var again = (await season.Head.PostJson("seasons", body, idempotencyKey: key)).Expect(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.ETag, again.ETag);
        Assert.Equal(first.Location, again.Location);
        Assert.False(first.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
    }

    [Fact]
    public async Task A_key_cannot_be_used_for_another_request()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var key = Guid.CreateVersion7().ToString();
        (await season.Head.PostJson("seasons", new { code = $"{season.Code}-a", type = "CALENDAR_YEAR", year = 2026 }, idempotencyKey: key)).Expect(201);

        (await season.Head.PostJson("seasons", new { code = $"{season.Code}-b", type = "CALENDAR_YEAR", year = 2026 }, idempotencyKey: key)).Expect(422, "idempotency-key-reused");

        (await season.Head.GetJson($"seasons/{season.Code}-b")).Expect(404);
    }

    [Fact]
    public async Task Sixteen_equal_requests_at_once_take_effect_once()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var key = Guid.CreateVersion7().ToString();
        var body = new { exclusions = new[] { new { season = season.Code, unit = season.Member, type = "DISCIPLINE", status = "PENDING", document = "CV 1/SNV" } } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            SmallSeason.Known(() => season.Appraiser.PostJson("exclusions", body, idempotencyKey: key))));

        var granted = answers.Where(answer => answer.Status is 200 or 201).ToList();
        Assert.NotEmpty(granted);
        Assert.Single(granted.Select(answer => answer.Text).Distinct());
        Assert.All(answers.Except(granted), answer => answer.Expect(409, "idempotency-in-progress"));
        var kept = (await season.Appraiser.GetJson($"exclusions?season={season.Code}&unit={season.Member}")).Expect(200);
        Assert.Single(kept["items"].AsArray());
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        var key = Guid.CreateVersion7().ToString();
        var body = new { season = season.Code, unit = season.Member };
        (await season.Unit[season.Member].PostJson("score-sheets", body, idempotencyKey: key)).Expect(409);

        await season.BeginSelfScoringAsync();

        (await SmallSeason.Known(() => season.Unit[season.Member].PostJson("score-sheets", body, idempotencyKey: key))).Expect(201);
    }
}
