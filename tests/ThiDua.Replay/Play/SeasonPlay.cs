using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Play;

/// <summary>One season from its file to its result, in the order in which the year goes.</summary>
public static class SeasonPlay
{
    /// <param name="seasonCode">The code to play under; null takes the file's, or the next free one beside it.</param>
    /// <returns>The result, or what the council's services refused while playing.</returns>
    public static async Task<(JsonObject? Result, IReadOnlyList<Violation> Refused)> PlayAsync(
        SeasonFile file, Cast cast, GatewayClient gateway, Progress progress, TimeProvider clock, string? seasonCode, CancellationToken ct)
    {
        var setup = new SeasonSetup(file, cast, gateway, progress);
        await setup.ProvisionAccountsAsync(ct);
        var opened = await setup.OpenSeasonAsync(seasonCode, ct);
        var season = opened.Code;
        await new UnitRegistration(file, cast, gateway, progress, clock).RunAsync(opened.FirstDay, opened.LastDay, ct);
        var clusterIds = await setup.FormClustersAsync(season, ct);
        await setup.AdvanceAsync(season, "CRITERIA", ct);
        await setup.SetPolicyAsync(season, ct);
        await setup.AdoptTablesAsync(season, ct);
        await setup.LoadPublishedAsync(season, ct);

        var sheets = new SheetPlay(file, season, cast, gateway, progress);
        await setup.AdvanceAsync(season, "SELF_SCORING", ct);
        await sheets.FillInAsync(ct);
        await setup.AdvanceAsync(season, "CLUSTER_REVIEW", ct);
        await sheets.ReviewAsync(ct);
        await setup.AdvanceAsync(season, "APPRAISAL", ct);
        await sheets.AppraiseAsync(ct);
        await sheets.DecideAsync(clusterIds, ct);

        var awards = new AwardPlay(file, season, cast, gateway, progress);
        await setup.AdvanceAsync(season, "PROPOSAL", ct);
        await awards.RegisterExclusionsAsync(ct);
        await awards.LoadHistoryAsync(ct);
        await awards.NominateAsync(ct);
        await setup.AdvanceAsync(season, "COUNCIL", ct);
        var refused = await awards.VoteAsync(ct);
        if (refused.Count > 0)
        {
            return (null, refused);
        }

        await awards.ProposeGovernmentFlagsAsync(ct);
        return (await new ResultReading(file, season, cast, gateway, progress).ReadAsync(clusterIds, ct), []);
    }
}
