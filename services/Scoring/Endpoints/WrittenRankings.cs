using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ThiDua.Scoring.Data;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What an answer about a ranking rests on: as long as these are the same, so is the answer.</summary>
/// <param name="Of">Whether the result is decided.</param>
/// <param name="RowVersion">Of the result.</param>
/// <param name="ClusterVersion">Of the composition decision.</param>
internal sealed record RankingState(ResultState Of, uint RowVersion, int ClusterVersion);

/// <summary>
/// Answers about decided rankings, as they went out before: some tens of kilobytes each, made of ten sheets with all their lines. Which state holds is
/// asked of the database every time, so none is older than the last commit.
/// </summary>
internal sealed class WrittenRankings(IOptions<JsonOptions> json) : IDisposable
{
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly MemoryCache _answers = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    public Utf8ContentHttpResult? Find(Guid cluster, RankingState state) =>
        _answers.TryGetValue((cluster, state), out Utf8ContentHttpResult? answer) ? answer : null;

    /// <summary>Writes the answer out, and keeps it when it is about a decided result.</summary>
    public Utf8ContentHttpResult Write(RankingEndpoints.RankingView view, RankingState state)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(view, json.Value.SerializerOptions);
        var answer = TypedResults.Text(bytes, "application/json; charset=utf-8");
        if (state.Of == ResultState.Decided)
        {
            _answers.Set((view.ClusterId, state), answer, new MemoryCacheEntryOptions { Size = bytes.Length });
        }

        return answer;
    }

    public void Dispose() => _answers.Dispose();
}
