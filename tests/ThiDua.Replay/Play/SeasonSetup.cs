using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.Play;

/// <summary>What the administrator and the standing agency do before any unit can score itself.</summary>
public sealed class SeasonSetup(SeasonFile file, Cast cast, GatewayClient gateway, Progress progress)
{
    private const int AccountsPerRequest = 500;
    private const int RowsPerRequest = 2000;

    private const string AdoptionDocument = "Hướng dẫn chấm điểm thi đua của mùa thi đua";
    private const string AcceptedWarnings = "Cơ quan thường trực đã xem xét các cảnh báo và thống nhất áp dụng";

    public async Task ProvisionAccountsAsync(CancellationToken ct)
    {
        progress.Phase("accounts", file.Units.Count);
        JsonObject[] accounts = [.. cast.Accounts.AgencyClients(), .. file.Units.Select(unit => cast.Accounts.UnitClient(unit.Code, unit.Name))];
        foreach (var chunk in accounts.Chunk(AccountsPerRequest))
        {
            await gateway.PostAsync(cast.Admin, "/accounts", new JsonObject { ["accounts"] = Array(chunk) }, ct);
        }
    }

    /// <summary>Opens the season under the file's code, or under the next free one beside it (<c>2025-2</c>) when that is taken.</summary>
    public async Task<OpenedSeason> OpenSeasonAsync(string? wanted, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var code = wanted ?? (attempt == 1 ? file.Code : $"{file.Code}-{attempt}");
            try
            {
                var opened = await gateway.PostAsync(cast.Head, "/seasons", new JsonObject
                {
                    ["code"] = code,
                    ["type"] = JsonNamingPolicy.SnakeCaseUpper.ConvertName(file.Type!.Value.ToString()),
                    ["year"] = file.Year,
                }, ct);
                progress.Phase(code == file.Code ? $"season {code}" : $"season {code} (the code {file.Code} is taken; the result keeps the file's code)");
                return new OpenedSeason(code, Day(opened, "first_day"), Day(opened, "last_day"));
            }
            catch (RefusedException taken) when (wanted is null && taken is { Status: HttpStatusCode.Conflict, Code: "season-exists" })
            {
                // the next one, then
            }
        }
    }

    /// <returns>The identifiers that the system gave the clusters, by code.</returns>
    public async Task<IReadOnlyDictionary<string, string>> FormClustersAsync(string season, CancellationToken ct)
    {
        progress.Phase("clusters", file.Clusters.Count);
        var clusters = file.Clusters.Select(cluster => new JsonObject
        {
            ["code"] = cluster.Code,
            ["name"] = cluster.Name,
            ["kind"] = JsonNamingPolicy.SnakeCaseUpper.ConvertName(cluster.Kind!.Value.ToString()),
            ["leader"] = cluster.Leader,
            ["deputy"] = cluster.Deputy,
            ["members"] = Array(cluster.Members.Select(member => JsonValue.Create(member.Unit))),
        });
        var formed = await gateway.PostAsync(cast.Head, "/clusters", new JsonObject { ["season"] = season, ["clusters"] = Array(clusters) }, ct);
        return formed.Body.GetProperty("clusters").EnumerateArray().ToDictionary(
            cluster => cluster.GetProperty("code").GetString()!, cluster => cluster.GetProperty("id").GetString()!, StringComparer.Ordinal);
    }

    /// <summary>The next phase of the season, by the head of the standing agency.</summary>
    public async Task AdvanceAsync(string season, string phase, CancellationToken ct)
    {
        var path = $"/seasons/{Uri.EscapeDataString(season)}";
        while (true)
        {
            var current = await gateway.GetAsync(cast.Head, path, ct);
            if (current.Text("phase") == phase)
            {
                return;
            }

            try
            {
                await gateway.PostAsync(cast.Head, $"{path}/advance", new JsonObject { ["to"] = phase }, ct, current.ETag);
                return;
            }
            catch (RefusedException changed) when (changed.Status == HttpStatusCode.PreconditionFailed)
            {
                // somebody touched the season between the two requests: look again
            }
        }
    }

    public async Task SetPolicyAsync(string season, CancellationToken ct)
    {
        if (file.Policy is { } policy)
        {
            await gateway.PostAsync(cast.Head, "/award-policies", new JsonObject
            {
                ["season"] = season,
                ["valid_from"] = $"{file.Year:D4}-01-01",
                ["switches"] = Json(policy),
                ["basis"] = $"Quy định khen thưởng của mùa thi đua {file.Code}",
            }, ct);
        }
    }

    public async Task AdoptTablesAsync(string season, CancellationToken ct)
    {
        progress.Phase("criteria tables", file.Tables.Count);
        foreach (var table in file.Tables)
        {
            var users = file.Clusters.Where(cluster => cluster.Table == table.Id).Select(cluster => JsonValue.Create(cluster.Code)).ToList();
            if (users.Count == 0)
            {
                progress.Say($"table {table.Id} is used by no cluster and not drafted");
                continue;
            }

            var draft = await gateway.PostAsync(
                cast.Appraiser, "/criteria-tables", new JsonObject { ["season"] = season, ["table"] = Json(table.At), ["clusters"] = Array(users) }, ct);
            await gateway.PostAsync(
                cast.Head,
                $"/criteria-tables/{draft.Text("id")}/adopt",
                new JsonObject { ["document"] = AdoptionDocument, ["accepted_warnings_reason"] = AcceptedWarnings },
                ct,
                draft.ETag);
            progress.Step();
        }
    }

    public async Task LoadPublishedAsync(string season, CancellationToken ct)
    {
        progress.Phase("published results", file.Published.Count);
        foreach (var chunk in file.Published.DistinctBy(result => (result.Index, result.Unit)).Chunk(RowsPerRequest))
        {
            await gateway.PostAsync(
                cast.Appraiser, "/published-results", new JsonObject { ["season"] = season, ["results"] = Array(chunk.Select(result => Json(result.At))) }, ct);
        }
    }

    private static DateOnly Day(Answer season, string member) => DateOnly.ParseExact(season.Text(member), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items]);

    private static JsonNode Json(StrictJson value) => JsonNode.Parse(value.Element.GetRawText())!;
}

/// <summary>A season as the system has opened it.</summary>
public sealed record OpenedSeason(string Code, DateOnly FirstDay, DateOnly LastDay);
