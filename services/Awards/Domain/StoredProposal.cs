namespace ThiDua.Awards.Domain;

/// <summary>One version of a season's proposal for the Government flag, as it was worked out from the votes then known.</summary>
public sealed class StoredProposal
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }

    /// <summary>1, 2, … within the season.</summary>
    public required int Version { get; init; }

    public required int PolicyVersion { get; init; }
    public required GovernmentFlagProposal Proposal { get; init; }
    public required string DrawnUpBy { get; init; }
    public required DateTimeOffset DrawnUpAt { get; init; }

    /// <summary>Whether working it out again gave the same.</summary>
    public bool IsSame(GovernmentFlagProposal other, int policyVersion) =>
        PolicyVersion == policyVersion && Proposal.Base == other.Base && Proposal.Quota == other.Quota
        && Proposal.Proposed.SequenceEqual(other.Proposed) && Proposal.Unresolved.SequenceEqual(other.Unresolved);
}
