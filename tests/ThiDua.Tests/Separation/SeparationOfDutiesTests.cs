using ThiDua.Identity.Domain;
using ThiDua.Scoring.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>
/// SoD-1 to SoD-3 and SoD-5, each over all who might try. SoD-4 (who places a hold cannot alone release it) belongs to the awards service:
/// <see cref="HoldSeparationTests"/>.
/// </summary>
public sealed class SeparationOfDutiesTests(ServiceHost<ScoringDbContext> service) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private static readonly string[] s_units = ["A", "B", "C"];
    private static readonly string[] s_everything = [.. Roles.All];

    private readonly List<string> _wrong = [];

    [Fact] // SoD-1: no user acts on a card of their own unit beyond layer 1, whatever roles the account holds
    public async Task Nobody_goes_beyond_the_first_layer_of_the_own_units_sheet()
    {
        var season = new ScoringSeason(service, "SOD1");
        var sheets = await season.ReviewedAsync();
        await PhaseAsync(season, "CLUSTER_REVIEW");
        await EveryStepAsync(season, sheets, "review", "return");
        await PhaseAsync(season, "APPRAISAL");
        await EveryStepAsync(season, sheets, "appraise", "return");
        foreach (var unit in s_units)
        {
            using var client = service.As(s_everything, unit);
            Expect(403, await client.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" }));
            Expect(403, await client.PostJson($"rankings/{season.Cluster}/reopen", new { reason = "Xem lại" }));
        }

        Nothing.In(_wrong);

        async Task EveryStepAsync(ScoringSeason of, Dictionary<string, ApiAnswer> all, params string[] steps)
        {
            foreach (var unit in s_units)
            {
                using var client = service.As(s_everything, unit);
                foreach (var step in steps)
                {
                    var seen = (await of.Appraiser.GetJson($"score-sheets/{all[unit]["id"]}")).Expect(200);
                    object body = step == "return" ? new { reason = "Thiếu", criteria = new[] { "I.1" } } : new { lines = Array.Empty<object>() };
                    Expect(403, await client.PostJson($"score-sheets/{all[unit]["id"]}/{step}", body, seen.ETag), "own-sheet");
                }
            }
        }
    }

    [Fact] // SoD-2: the leader's unit is reviewed by the deputy, the deputy's by the leader, each then confirmed by the appraiser
    public async Task Leader_and_deputy_review_each_other_and_the_appraiser_confirms()
    {
        var season = new ScoringSeason(service, "SOD2");
        var sheets = await season.SubmittedAsync(); // A leads, B is deputy, C is a member
        await PhaseAsync(season, "CLUSTER_REVIEW");
        foreach (var sheet in s_units)
        {
            foreach (var reviewer in s_units.Append("X"))
            {
                using var client = service.As(Roles.UnitHead, reviewer);
                var seen = (await season.Appraiser.GetJson($"score-sheets/{sheets[sheet]["id"]}")).Expect(200);
                var answer = await client.PostJson($"score-sheets/{sheets[sheet]["id"]}/review", new { lines = Array.Empty<object>() }, seen.ETag);
                var granted = reviewer is "A" or "B" && reviewer != sheet;
                if (granted != answer.Status < 300 || (!granted && answer.Status is not (403 or 404)))
                {
                    _wrong.Add($"{reviewer} on {sheet}: {answer}");
                }
            }

            // One reviewer of the leader's and the deputy's sheet, both of the member's.
            var state = (await season.Appraiser.GetJson($"score-sheets/{sheets[sheet]["id"]}")).Expect(200);
            Assert.Equal("REVIEWED", (string)state["state"]!);
        }

        await PhaseAsync(season, "APPRAISAL");
        foreach (var sheet in s_units)
        {
            (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" })).Expect(409, "wrong-state"); // the appraiser has not confirmed them all
            (await ScoringSeason.StepAsync(season.Appraiser, sheets[sheet], "appraise", new { lines = Array.Empty<object>() })).Expect(200);
        }

        (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" })).Expect(200);
        Nothing.In(_wrong);
    }

    [Theory] // SoD-3: the person who drafts final points is not the one who decides
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("C")]
    public async Task Who_drafted_a_single_sheet_does_not_decide(string drafted)
    {
        var season = new ScoringSeason(service, $"SOD3{drafted}");
        var sheets = await season.ReviewedAsync();
        await PhaseAsync(season, "APPRAISAL");
        using var both = service.As([Roles.Appraiser, Roles.AppraisalHead], subject: "drafts-and-decides");
        foreach (var unit in s_units)
        {
            (await ScoringSeason.StepAsync(unit == drafted ? both : season.Appraiser, sheets[unit], "appraise", new { lines = Array.Empty<object>() })).Expect(200);
        }

        (await both.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" })).Expect(403, "drafter-decides");
        (await season.Head.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" })).Expect(200);
    }

    [Fact] // SoD-5: admins hold no scoring role in the same season
    public void No_account_administers_and_scores()
    {
        string[] harmless = [Roles.Admin, Roles.DataProvider, Roles.Auditor];
        foreach (var role in Roles.All)
        {
            Assert.Equal(!harmless.Contains(role), AccountRules.AdministersAndScores([Roles.Admin, role]));
            Assert.Equal(role == Roles.Admin, AccountRules.AdministersAndScores([role, Roles.UnitHead]));
        }
    }

    [Fact] // SoD-5, in the services too: the administrator's role opens nothing of a season's scores
    public async Task The_administrators_role_opens_no_step_of_a_sheet()
    {
        var season = new ScoringSeason(service, "SOD5");
        var sheets = await season.SubmittedAsync();
        using var admin = service.As(Roles.Admin);
        foreach (var step in new[] { "submit", "review", "return", "explain", "appraise" })
        {
            Expect(403, await admin.PostJson($"score-sheets/{sheets["C"]["id"]}/{step}", new { lines = Array.Empty<object>() }, sheets["C"].ETag));
        }

        Expect(403, await admin.PutJson($"score-sheets/{sheets["C"]["id"]}/lines", ScoringSeason.Inputs(1, 1), sheets["C"].ETag));
        Expect(403, await admin.PostJson($"rankings/{season.Cluster}/decide", new { document = "QĐ" }));
        Expect(403, await admin.GetJson($"rankings/{season.Cluster}"));
        Nothing.In(_wrong);
    }

    private async Task PhaseAsync(ScoringSeason season, string phase)
    {
        await season.PhaseAsync(phase);
        await service.EventuallyAsync(
            () => service.WithDatabaseAsync(db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AnyAsync(db.Seasons, row => row.Code == season.Code && row.Phase == ThiDua.Scoring.Domain.SeasonPhases.Parse(phase))), $"{season.Code} is in {phase}");
    }

    private void Expect(int status, ApiAnswer answer, string? code = null)
    {
        if (answer.Status != status || (code is not null && answer.Code != code))
        {
            _wrong.Add($"expected {status} {code}: {answer}");
        }
    }
}
