using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>The switches of a season, read by the awards domain for what is wrong with them.</summary>
internal static class PolicyCheck
{
    public static void Run(StrictJson? policy)
    {
        if (policy is not null)
        {
            AwardPolicyReader.Read(policy);
        }
    }
}
