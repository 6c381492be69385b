using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Tables of the depth indicators and of the thresholds by which they speak.</summary>
internal static class IndicatorTables
{
    internal static void MapIndicators(this ModelBuilder model)
    {
        model.Entity<IndicatorRule>(rule =>
        {
            rule.ToTable("indicator_rules");
            rule.Property(row => row.Id).ValueGeneratedNever();
            ScoringDbContext.AsJson(rule.Property(row => row.Thresholds));
            rule.HasIndex(row => row.Version).IsUnique();
        });
        model.Entity<DepthIndicators>(indicators =>
        {
            indicators.ToTable("cluster_indicators");
            indicators.HasKey(row => new { row.ClusterId, row.ResultVersion });
            ScoringDbContext.AsJson(indicators.Property(row => row.Facts)).NotJournalled(); // the sheets that they were counted in are in the journal
        });
    }

    /// <summary>Puts the thresholds that the product comes with into an empty table; what is there is left as it is.</summary>
    internal static async Task SeedAsync(IServiceProvider services, ScoringDbContext db, CancellationToken ct)
    {
        if (!await db.IndicatorRules.AnyAsync(rule => rule.Id == IndicatorRule.Default.Id, ct))
        {
            db.Add(IndicatorRule.Default);
        }
    }
}
