using ThiDua.Awards.Domain;

namespace ThiDua.Awards.Endpoints;

/// <summary>How the council voted on nominations, and what was revoked of it since: both stay.</summary>
internal sealed record CouncilVotes(IReadOnlyList<Ballot> Ballots, IReadOnlyList<Revocation> Revocations)
{
    public static CouncilVotes None { get; } = new([], []);

    /// <summary>The vote on the nomination's own award, and its having been revoked.</summary>
    public (Ballot? Ballot, Revocation? Revoked) On(Nomination nomination)
    {
        var ballot = Ballots.FirstOrDefault(known => known.NominationId == nomination.Id && known.Award == nomination.Award);
        return (ballot, ballot is null ? null : Revocations.FirstOrDefault(revocation => revocation.BallotId == ballot.Id && revocation.State is RevocationState.Revoked));
    }

    /// <summary>Both as steps of an explanation.</summary>
    public IEnumerable<Derivation> Derive(Guid nomination) =>
    [
        .. Ballots.Where(ballot => ballot.NominationId == nomination).Select(BallotView.Derive),
        .. Revocations.Where(revocation => revocation.NominationId == nomination).Select(RevocationView.Derive),
    ];
}
