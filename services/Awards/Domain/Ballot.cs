namespace ThiDua.Awards.Domain;

/// <summary>Kết quả biểu quyết của Hội đồng on one award of one nomination. Written once, never changed.</summary>
public sealed class Ballot
{
    private Ballot()
    {
    }

    public Guid Id { get; private init; }
    public required Guid NominationId { get; init; }
    public required Guid ListId { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Cluster { get; init; }
    public required string Unit { get; init; }
    public required AwardKind Award { get; init; }
    public required int Members { get; init; }
    public required int Yes { get; init; }

    /// <summary>Votes it took by the policy of the nomination's list.</summary>
    public required int Needed { get; init; }

    public required bool Passed { get; init; }
    public required int PolicyVersion { get; init; }
    public required string RecordedBy { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }

    public static Ballot Record(NominationList list, Nomination nomination, AwardKind award, CouncilVote vote, string by, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        NominationId = nomination.Id,
        ListId = list.Id,
        ClusterId = list.ClusterId,
        Season = list.Season,
        Cluster = list.Cluster,
        Unit = nomination.Unit!,
        Award = award,
        Members = vote.Members,
        Yes = vote.Yes,
        Needed = vote.Needed,
        Passed = vote.Passed,
        PolicyVersion = list.PolicyVersion,
        RecordedBy = by,
        RecordedAt = at,
    };
}
