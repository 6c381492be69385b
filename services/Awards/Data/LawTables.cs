using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>Văn bản, as Clusters registered it: the fact itself, from which a dossier's law is chosen and citations are checked.</summary>
public sealed class KnownInstrument
{
    public required string Code { get; init; }
    public required LegalInstrumentRegistered Fact { get; set; }
    public required int Version { get; set; }

    /// <summary>The part of a fact by which a dossier's law is chosen.</summary>
    public static Instrument ToInstrument(LegalInstrumentRegistered fact) => new(
        fact.Code, fact.Number, fact.Family, fact.InForceFrom, fact.InForceTo, fact.ClaimedInForceTo, fact.DatesVerified, fact.DatesNote, fact.ReplacedBy, fact.Amends,
        [.. fact.Transitions.Where(rule => rule.Kind == "KEEP_OLD_FOR_RECEIVED_BEFORE").Select(rule => new Transition(rule.Before, rule.MoreFavourableException, rule.Words, rule.Verified))],
        fact.Version);
}

/// <summary>Dossiers, and our copy of the register of law.</summary>
internal static class LawTables
{
    internal static void MapLaw(this ModelBuilder model)
    {
        model.Entity<Dossier>(dossier =>
        {
            dossier.ToTable("dossiers").KeptFromUnits();
            dossier.Property(d => d.Id).ValueGeneratedNever();
            dossier.Property(d => d.Season).HasMaxLength(60);
            dossier.Property(d => d.Document).HasMaxLength(300);
            dossier.Property(d => d.Laws).StoredAsJson();
            dossier.Property(d => d.RowVersion).IsRowVersion();
            dossier.HasIndex(d => new { d.Season, d.Id });
        });
        model.Entity<KnownInstrument>(instrument =>
        {
            instrument.ToTable("known_instruments").HasKey(i => i.Code);
            instrument.Property(i => i.Code).HasMaxLength(60);
            instrument.Property(i => i.Fact).StoredAsJson();
            instrument.NotJournalled();
        });
    }

    public static async Task SeedAsync(AwardsDbContext db, CancellationToken ct)
    {
        var known = await db.Instruments.Select(instrument => instrument.Code).ToListAsync(ct);
        db.AddRange(InitialRegister.Read<LegalInstrumentRegistered>().Where(fact => !known.Contains(fact.Code))
            .Select(fact => new KnownInstrument { Code = fact.Code, Fact = fact, Version = fact.Version }));
    }

    /// <summary>The register as citations are checked against it.</summary>
    public static async Task<ILookup<string, CitableInstrument>> CitableRegisterAsync(this AwardsDbContext db, CancellationToken ct) =>
        (await db.Instruments.AsNoTracking().Select(instrument => instrument.Fact).ToListAsync(ct)).ToCitable();

    /// <summary>The register as a dossier's law is chosen from it.</summary>
    public static async Task<IReadOnlyCollection<Instrument>> RegisterAsync(this AwardsDbContext db, CancellationToken ct)
    {
        var facts = await db.Instruments.AsNoTracking().Select(instrument => instrument.Fact).ToListAsync(ct);
        return facts.Count > 0 ? facts.ConvertAll(KnownInstrument.ToInstrument) : throw new NotKnownYetException("Dịch vụ khen thưởng chưa nhận được sổ văn bản.");
    }
}
