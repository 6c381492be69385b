using System.Text.Json.Nodes;
using ThiDua.Replay.Gateway;
using ThiDua.Replay.SeasonFiles;

namespace ThiDua.Replay.Play;

/// <summary>The result of a season that was played before: after a restore, or years later.</summary>
public static class SeasonReading
{
    /// <param name="seasonCode">The code it was played under; null takes the file's.</param>
    public static async Task<JsonObject> ReadAsync(SeasonFile file, Cast cast, GatewayClient gateway, Progress progress, string? seasonCode, CancellationToken ct)
    {
        var season = seasonCode ?? file.Code;
        var clusters = await gateway.ListAsync(cast.Appraiser, $"/clusters?season={Uri.EscapeDataString(season)}&limit=200", ct);
        var ids = clusters.ToDictionary(cluster => cluster.GetProperty("code").GetString()!, cluster => cluster.GetProperty("id").GetString()!, StringComparer.Ordinal);
        return file.Clusters.FirstOrDefault(cluster => !ids.ContainsKey(cluster.Code)) is { } absent
            ? throw new InvalidOperationException($"The system has no cluster {absent.Code} in the season {season}.")
            : await new ResultReading(file, season, cast, gateway, progress).ReadAsync(ids, ct);
    }
}
