using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Văn bản, as Clusters registered it: the fact itself, against which the bases of criteria tables are checked.</summary>
public sealed class LegalInstrumentCopy
{
    public required string Code { get; init; }
    public required LegalInstrumentRegistered Fact { get; init; }
    public required int Version { get; init; }
}

internal static class LegalRegister
{
    internal static void MapLegalRegister(this ModelBuilder model) => model.Entity<LegalInstrumentCopy>(instrument =>
    {
        instrument.ToTable("legal_instruments");
        instrument.HasKey(row => row.Code);
        ScoringDbContext.AsJson(instrument.Property(row => row.Fact));
        instrument.NotJournalled();
    });

    /// <summary>What the product comes with; what was told since stays.</summary>
    public static async Task SeedAsync(IServiceProvider services, ScoringDbContext db, CancellationToken ct)
    {
        var known = await db.LegalInstruments.Select(instrument => instrument.Code).ToListAsync(ct);
        db.AddRange(InitialRegister.Read<LegalInstrumentRegistered>().Where(fact => !known.Contains(fact.Code))
            .Select(fact => new LegalInstrumentCopy { Code = fact.Code, Fact = fact, Version = fact.Version }));
    }

    /// <summary>The register as citations are checked against it.</summary>
    public static async Task<ILookup<string, CitableInstrument>> CitableRegisterAsync(this ScoringDbContext db, CancellationToken ct) =>
        (await db.LegalInstruments.AsNoTracking().Select(instrument => instrument.Fact).ToListAsync(ct)).ToCitable();
}
