using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Domain;

namespace ThiDua.Awards.Data;

/// <summary>Puts the policy that the product comes with into an empty table; one that is there is left as it is.</summary>
internal static class DefaultPolicy
{
    public static async Task SeedAsync(IServiceProvider services, AwardsDbContext db, CancellationToken ct)
    {
        if (!await db.Policies.AnyAsync(policy => policy.Id == AwardPolicy.Default.Id, ct))
        {
            db.Add(AwardPolicy.Default);
        }
    }
}
