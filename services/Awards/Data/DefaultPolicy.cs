using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Domain;

namespace ThiDua.Awards.Data;

/// <summary>Puts the policy and the register of law that the product comes with into empty tables; what is there is left as it is.</summary>
internal static class DefaultPolicy
{
    public static async Task SeedAsync(IServiceProvider services, AwardsDbContext db, CancellationToken ct)
    {
        if (!await db.Policies.AnyAsync(policy => policy.Id == AwardPolicy.Default.Id, ct))
        {
            db.Add(AwardPolicy.Default);
        }

        await LawTables.SeedAsync(db, ct);
    }
}
