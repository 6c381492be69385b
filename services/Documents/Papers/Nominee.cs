using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Papers;

/// <summary>A position of an award with all that is known of it.</summary>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Award">PROVINCIAL_FLAG, CHAIRMAN_MERIT or GOVERNMENT_FLAG.</param>
/// <param name="Position">As it was drawn up.</param>
/// <param name="Status">Where it stands after the votes.</param>
/// <param name="Result">Of its unit; null: no single unit holds it.</param>
/// <param name="Ballot">Null: nobody has voted on it.</param>
internal sealed record Nominee(ClusterFacts Cluster, string Award, NominatedPosition Position, string Status, UnitResult? Result, AwardDecided? Ballot)
{
    /// <summary>By cluster, then by position.</summary>
    public static IEnumerable<Nominee> Of(IEnumerable<ClusterFacts> clusters, string award) =>
        from cluster in clusters
        from position in cluster.Nominations?.Positions ?? []
        where position.Award == award
        orderby cluster.Cluster.Code, position.Position
        select new Nominee(
            cluster, award, position, cluster.StatusOf(position), ResultOf(cluster, position.Unit),
            cluster.Ballots.FirstOrDefault(ballot => ballot.NominationId == position.NominationId && ballot.Award == award));

    public string Name => Position.Unit is { } unit ? NameOf(Cluster, unit) : "Chưa xác định";

    public string ClusterName => Cluster.Cluster.Name;

    /// <summary>Why it stands where it stands.</summary>
    public string Reason => Status switch
    {
        "PASSED" or "FAILED" when Ballot is { } vote => $"{PrintedText.Count(vote.Yes)}/{PrintedText.Count(vote.Members)} thành viên Hội đồng đồng ý; cần ít nhất {PrintedText.Count(vote.Needed)}.",
        "REVOKED" => $"Hủy bỏ theo {Cluster.Revocations.First(revoked => revoked.NominationId == Position.NominationId && revoked.Award == Award).Document}.",
        _ => Position.Reason,
    };

    public string Votes => Ballot is null ? "chưa biểu quyết" : $"{PrintedText.Count(Ballot.Yes)}/{PrintedText.Count(Ballot.Members)}";

    public static UnitResult? ResultOf(ClusterFacts cluster, string? unit) => cluster.Result?.Ranking.FirstOrDefault(result => result.Unit == unit);

    /// <summary>The name that the result was decided under, else that of a member; a paper about a result names its units as the result does.</summary>
    public static string NameOf(ClusterFacts cluster, string unit) =>
        ResultOf(cluster, unit)?.Name ?? cluster.Cluster.Members.FirstOrDefault(member => member.Unit == unit)?.Name ?? unit;
}
