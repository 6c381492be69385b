using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Play;

/// <summary>From decided results to awards: exclusions, history, nominations, the council's votes and the Government flag.</summary>
public sealed class AwardPlay(SeasonFile file, string season, Cast cast, GatewayClient gateway, Progress progress)
{
    public async Task RegisterExclusionsAsync(CancellationToken ct)
    {
        if (file.Exclusions.Count == 0)
        {
            return;
        }

        progress.Phase("exclusions", file.Exclusions.Count);
        var exclusions = file.Exclusions.Select(exclusion => new JsonObject
        {
            ["season"] = season,
            ["unit"] = exclusion.Unit,
            ["type"] = exclusion.Type,
            ["status"] = JsonNamingPolicy.SnakeCaseUpper.ConvertName(exclusion.Status!.Value.ToString()),
            ["document"] = exclusion.Document,
        });
        await gateway.PostAsync(cast.Appraiser, "/exclusions", new JsonObject { ["exclusions"] = new JsonArray([.. exclusions]) }, ct);
    }

    public async Task LoadHistoryAsync(CancellationToken ct)
    {
        if (file.History.Count == 0)
        {
            return;
        }

        progress.Phase("award history", file.History.Count);
        var entries = file.History.Select(entry => JsonNode.Parse(entry.At.Element.GetRawText()));
        await gateway.PostAsync(cast.Appraiser, "/award-history", new JsonObject { ["season"] = season, ["entries"] = new JsonArray([.. entries]) }, ct);
    }

    /// <summary>One list of nominations a cluster; a cluster in which nobody has a sheet has no result to nominate from.</summary>
    public async Task NominateAsync(CancellationToken ct)
    {
        var carded = file.Cards.Select(card => card.Unit).ToHashSet(StringComparer.Ordinal);
        var clusters = file.Clusters.Where(cluster => cluster.Members.Any(member => carded.Contains(member.Unit))).ToList();
        progress.Phase("nominations", clusters.Count);
        await Parallel.ForEachAsync(clusters, SheetPlay.Bounded(ct), async (cluster, cancel) =>
        {
            await gateway.PostAsync(cast.Appraiser, "/nominations", new JsonObject { ["season"] = season, ["cluster"] = cluster.Code }, cancel);
            progress.Step();
        });
    }

    /// <summary>The provincial flags first: a vote on the Government flag needs a provincial flag that has passed.</summary>
    /// <returns>What the services refused, at the places of the file; empty when every vote was recorded.</returns>
    public async Task<IReadOnlyList<Violation>> VoteAsync(CancellationToken ct)
    {
        progress.Phase("ballots", file.Votes.Count);
        foreach (var award in Enum.GetValues<BallotAward>())
        {
            var refused = new ConcurrentBag<Violation>();
            await Parallel.ForEachAsync(file.Votes.Where(vote => vote.Award == award), SheetPlay.Bounded(ct), async (vote, cancel) =>
            {
                try
                {
                    await gateway.PostAsync(cast.Secretary, "/ballots", new JsonObject
                    {
                        ["season"] = season,
                        ["award"] = JsonNamingPolicy.SnakeCaseUpper.ConvertName(award.ToString()),
                        ["cluster"] = vote.Cluster,
                        ["members"] = file.CouncilMembers,
                        ["yes"] = vote.Yes,
                    }, cancel);
                }
                catch (RefusedException refusal) when (refusal.Errors.Any(error => error.Code == "BALLOT_NOT_CANDIDATE"))
                {
                    refused.Add(refusal.Errors.First(error => error.Code == "BALLOT_NOT_CANDIDATE") with { Path = vote.At.Path });
                }

                progress.Step();
            });
            if (!refused.IsEmpty)
            {
                return [.. refused.OrderBy(error => error.Path, StringComparer.Ordinal)];
            }
        }

        return [];
    }

    public Task ProposeGovernmentFlagsAsync(CancellationToken ct) =>
        gateway.PostAsync(cast.Head, "/government-flag-proposals", new JsonObject { ["season"] = season }, ct);
}
