using ThiDua.Awards.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Awards;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>SoD-4: who places an exclusion hold cannot alone release it; each way out of it by everybody who might try.</summary>
public sealed class HoldSeparationTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    private static readonly string[] s_everything = [.. Roles.All];

    private readonly List<string> _wrong = [];

    [Theory]
    [InlineData("PENDING", "release", Roles.Appraiser)]
    [InlineData("PENDING", "release", Roles.AppraisalHead)]
    [InlineData("PENDING", "confirm", Roles.Appraiser)]
    [InlineData("PENDING", "confirm", Roles.AppraisalHead)]
    [InlineData("DEFINITIVE", "release", Roles.Appraiser)]
    [InlineData("DEFINITIVE", "release", Roles.AppraisalHead)]
    public async Task Who_places_a_hold_does_not_decide_on_it(string status, string step, string placedAs)
    {
        var season = new AwardSeason(host, $"SOD4-{status}-{step}-{placedAs}");
        await season.PhaseAsync("APPRAISAL");
        await season.FormAsync("C1", "A", "B", "C");
        using var placer = host.As(placedAs, subject: "places");
        var hold = (string)(await AwardSeason.Known(() => placer.PostJson("exclusions", new
        {
            exclusions = new[] { new { season = season.Code, unit = "C", type = "SUSPECTED_PENDING", status, ground = "Đơn thư", document = "CV 1" } },
        }))).Expect(200)["exclusions"]![0]!["id"]!;

        // Whatever roles the placer takes on, and every other role in other hands.
        Expect(403, "placer-decides", await DecideAsync(host.As(Roles.AppraisalHead, subject: "places"), hold, step), "the placer");
        Expect(403, "placer-decides", await DecideAsync(host.As(s_everything, subject: "places"), hold, step), "the placer with every role");
        Expect(403, "own-unit", await DecideAsync(host.As(s_everything, "C", "places"), hold, step), "the placer, of the unit itself");
        Expect(403, "own-unit", await DecideAsync(host.As(Roles.AppraisalHead, "C", "of the unit"), hold, step), "a head of the agency who belongs to the unit");
        foreach (var role in Roles.All.Where(role => role != Roles.AppraisalHead))
        {
            Expect(403, null, await DecideAsync(host.As(role, subject: $"other-{role}"), hold, step), role);
            Expect(403, null, await DecideAsync(host.As(role, "C", $"own-{role}"), hold, step), $"{role} of the unit");
        }

        Nothing.In(_wrong);
        (await DecideAsync(host.As(Roles.AppraisalHead, subject: "decides"), hold, step)).Expect(200);
        if (step == "confirm")
        {
            // What was confirmed is undone by neither of the two.
            Expect(403, "placer-decides", await DecideAsync(host.As(Roles.AppraisalHead, subject: "places"), hold, "release"), "the placer, later");
            Expect(403, "placer-decides", await DecideAsync(host.As(Roles.AppraisalHead, subject: "decides"), hold, "release"), "who confirmed it");
            Nothing.In(_wrong);
            (await DecideAsync(host.As(Roles.AppraisalHead, subject: "a third"), hold, "release")).Expect(200);
        }
    }

    private async Task<ApiAnswer> DecideAsync(HttpClient who, string hold, string step)
    {
        using (who)
        {
            var seen = (await host.As(Roles.Auditor).GetJson($"exclusions/{hold}")).Expect(200);
            return await who.PostJson($"exclusions/{hold}/{step}", new { document = "KL 1", reason = "Đã có kết luận" }, seen.ETag);
        }
    }

    private void Expect(int status, string? code, ApiAnswer answer, string who)
    {
        if (answer.Status != status || (code is not null && answer.Code != code))
        {
            _wrong.Add($"{who}: expected {status} {code}: {answer}");
        }
    }
}
