using ThiDua.Awards.Domain;
using ThiDua.Contracts.Awards;

namespace ThiDua.Awards.Messaging;

/// <summary>What others are told of a policy.</summary>
internal static class PolicyFacts
{
    public static AwardPolicySet ToFact(this AwardPolicy policy) => new()
    {
        Season = policy.Season, ValidFrom = policy.ValidFrom, ValidTo = policy.ValidTo, Basis = policy.Basis, Version = policy.Version, At = policy.RegisteredAt,
    };
}
