using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Keeps the table of citations in step with what cites.</summary>
internal static class CitationKeeping
{
    /// <summary>The register as citations are checked against it.</summary>
    public static async Task<ILookup<string, CitableInstrument>> CitableRegisterAsync(this ClustersDbContext db, CancellationToken ct)
    {
        var register = await db.LegalInstruments.AsNoTracking().ToListAsync(ct);
        return register.ConvertAll(ToFact).ToCitable();
    }

    /// <summary>Cites for every changed term and rule; called before each save, so that no endpoint can forget it.</summary>
    public static async Task CiteChangedTermsAsync(this ClustersDbContext db, CancellationToken ct)
    {
        db.ChangeTracker.DetectChanges();
        var changed = db.ChangeTracker.Entries<DatedTerm>().Where(entry => entry.State is EntityState.Added or EntityState.Modified).Select(entry => entry.Entity).ToList();
        if (changed.Count > 0)
        {
            await db.CiteAsync(changed, ct);
        }
    }

    public static async Task CiteAsync(this ClustersDbContext db, IReadOnlyCollection<DatedTerm> terms, CancellationToken ct)
    {
        var names = await db.NamesAsync(ct);
        foreach (var term in terms)
        {
            var source = SourceOf(term);
            var key = KeyOf(term);
            db.Citations.RemoveRange(await db.Citations.Where(citation => citation.Source == source && citation.SourceKey == key).ToListAsync(ct));
            db.Citations.AddRange(Of(source, key, term.Label, "/basis", term.Basis, term.ValidFrom, term.ValidTo, names));
        }
    }

    /// <summary>Names of the registered instruments that have no number, by which texts may cite them.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(this ClustersDbContext db, CancellationToken ct) =>
        [.. Citations.NamesIn(await db.CitableRegisterAsync(ct))];

    /// <summary>The citations of one basis; one without an instrument when it names none.</summary>
    public static IEnumerable<StoredCitation> Of(CitationSource source, string key, string label, string path, string text, DateOnly from, DateOnly? to, IReadOnlyList<string> names) =>
        Citations.Find(text, names).Cast<Citation?>().DefaultIfEmpty().Select(found => new StoredCitation
        {
            Id = Guid.CreateVersion7(),
            Source = source,
            SourceKey = key,
            SourceLabel = label,
            Path = path,
            Text = text,
            Number = found?.Number,
            Provision = found?.Provision,
            Quote = found?.Quote,
            IssuedOn = found?.IssuedOn,
            HoldsFrom = from,
            HoldsTo = to < from ? from : to,
        });

    public static string KeyOf(DatedTerm term) => $"{term.Code}/{term.ValidFrom:yyyy-MM-dd}";

    public static CitationSource SourceOf(DatedTerm term) => term switch
    {
        Rule => CitationSource.Rule,
        OrgLevel => CitationSource.Level,
        UnitCategory => CitationSource.UnitCategory,
        SeasonType => CitationSource.SeasonType,
        ActivityType => CitationSource.ActivityType,
        _ => throw new InvalidOperationException($"{term.GetType().Name} is no source of citations."),
    };

    public static LegalInstrumentRegistered ToFact(this LegalInstrument instrument) => new()
    {
        Code = instrument.Code,
        Number = instrument.Number,
        Title = instrument.Title,
        Kind = UpperSnake.Of(instrument.Kind),
        Issuer = instrument.Issuer,
        IssuedOn = instrument.IssuedOn,
        InForceFrom = instrument.InForceFrom,
        InForceTo = instrument.InForceTo,
        ClaimedInForceTo = instrument.ClaimedInForceTo,
        DatesVerified = instrument.DatesVerified,
        DatesNote = instrument.DatesNote,
        Family = instrument.Family,
        ReplacedBy = instrument.ReplacedBy,
        Amends = instrument.Amends,
        Transitions =
        [
            .. instrument.Transitions.Select(rule => new LegalTransition
            {
                Kind = UpperSnake.Of(rule.Kind), Before = rule.Before, MoreFavourableException = rule.MoreFavourableException, Words = rule.Words, Verified = rule.Verified, Source = ToFact(rule.Source),
            }),
        ],
        Fragments =
        [
            .. instrument.Fragments.Select(fragment => new LegalFragment
            {
                Provision = fragment.Provision, Text = fragment.Text, Verified = fragment.Verified, Reason = fragment.Reason, Source = ToFact(fragment.Source),
            }),
        ],
        Source = ToFact(instrument.Source),
        Version = instrument.Version,
    };

    private static LegalSource ToFact(InstrumentSource source) => new() { Tag = source.Tag, Reading = UpperSnake.Of(source.Reading), Address = source.Address };
}
