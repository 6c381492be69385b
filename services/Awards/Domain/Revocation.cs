using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Hủy bỏ quyết định khen thưởng (F-29): proposed by the standing agency, decided by the council's chair.</summary>
public sealed class Revocation
{
    private Revocation()
    {
    }

    public Guid Id { get; private init; }
    public required Guid BallotId { get; init; }
    public required Guid NominationId { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Cluster { get; init; }
    public required string Unit { get; init; }
    public required AwardKind Award { get; init; }

    /// <summary>Code of one of the policy's grounds.</summary>
    public required string Ground { get; init; }

    public required string GroundLabel { get; init; }
    public required string Basis { get; init; }
    public required string Document { get; init; }
    public required string Reason { get; init; }
    public required string ProposedBy { get; init; }
    public required DateTimeOffset ProposedAt { get; init; }
    public RevocationState State { get; private set; } = RevocationState.Proposed;
    public string? DecisionDocument { get; private set; }
    public string? DecisionReason { get; private set; }
    public string? DecidedBy { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }
    public uint RowVersion { get; private init; }

    public static Revocation Propose(Ballot ballot, RevocationGround ground, string basis, string document, string reason, string by, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at), BallotId = ballot.Id, NominationId = ballot.NominationId, ClusterId = ballot.ClusterId, Season = ballot.Season, Cluster = ballot.Cluster,
        Unit = ballot.Unit, Award = ballot.Award, Ground = ground.Code, GroundLabel = ground.Label, Basis = basis, Document = document, Reason = reason, ProposedBy = by, ProposedAt = at,
    };

    /// <summary>Quyết định: by somebody else than who proposed it.</summary>
    public void Decide(bool revoke, string document, string reason, string by, DateTimeOffset at)
    {
        if (State is not RevocationState.Proposed)
        {
            throw new RuleViolationException("wrong-state", "Đề nghị hủy bỏ này đã được quyết định.");
        }

        if (by == ProposedBy)
        {
            throw new AccessDeniedException("proposer-decides", "Người đề nghị hủy bỏ không đồng thời quyết định.");
        }

        State = revoke ? RevocationState.Revoked : RevocationState.Rejected;
        (DecisionDocument, DecisionReason, DecidedBy, DecidedAt) = (document, reason, by, at);
    }
}

/// <summary>Trạng thái của đề nghị hủy bỏ.</summary>
public enum RevocationState
{
    /// <summary>Đã đề nghị.</summary>
    Proposed,

    /// <summary>Quyết định khen thưởng đã bị hủy bỏ.</summary>
    Revoked,

    /// <summary>Không chấp nhận đề nghị.</summary>
    Rejected,
}
