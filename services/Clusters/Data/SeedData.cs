using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>
/// The levels, categories, types of season and of activity, rules and holidays that the service starts with, from <c>seed.json</c>.
/// Only what is missing is added: what an administrator has changed since stays as it is.
/// </summary>
public static class SeedData
{
    private sealed record Seed(
        IReadOnlyList<OrgLevel> Levels, IReadOnlyList<UnitCategory> UnitCategories, IReadOnlyList<SeasonType> SeasonTypes, IReadOnlyList<ActivityType> ActivityTypes,
        IReadOnlyList<SeedRule> Rules, IReadOnlyList<Holiday> Holidays);

    private sealed record SeedRule(string Code, string Label, JsonElement Value, DateOnly ValidFrom, string Basis, DateOnly? ValidTo = null)
    {
        public Rule ToRule() => new() { Code = Code, Label = Label, Value = Value.GetRawText(), ValidFrom = ValidFrom, ValidTo = ValidTo, Basis = Basis };
    }

    public static async Task ApplyAsync(IServiceProvider services, ClustersDbContext db, CancellationToken ct)
    {
        var json = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(json);
        await using var file = typeof(SeedData).Assembly.GetManifestResourceStream("seed.json")!;
        var seed = (await JsonSerializer.DeserializeAsync<Seed>(file, json, ct))!;

        // The register first: what cites an instrument by its name is found by it.
        var registered = await db.LegalInstruments.Select(instrument => instrument.Code).ToListAsync(ct);
        db.LegalInstruments.AddRange(InitialRegister.Read<LegalInstrument>().Where(instrument => !registered.Contains(instrument.Code)));
        await db.SaveChangesAsync(ct);

        await AddMissingAsync(db.Levels, seed.Levels, ct);
        await AddMissingAsync(db.Categories, seed.UnitCategories, ct);
        await AddMissingAsync(db.SeasonTypes, seed.SeasonTypes, ct);
        await AddMissingAsync(db.ActivityTypes, seed.ActivityTypes, ct);
        await AddMissingAsync(db.Rules, [.. seed.Rules.Select(rule => rule.ToRule())], ct);
        var days = await db.Holidays.Select(day => day.Date).ToHashSetAsync(ct);
        db.AddRange(seed.Holidays.Where(day => !days.Contains(day.Date)));
        await db.SaveChangesAsync(ct);
        await CiteForgottenAsync(db, ct);
        await SchedulerTables.CreateAsync(db, ct);

        // Members from before days of joining were kept belonged to their cluster from the season's first day.
        await db.Database.ExecuteSqlRawAsync("update cluster_members set joined_on = seasons.first_day from seasons where seasons.code = cluster_members.season and joined_on = '0001-01-01'", ct);
    }

    /// <summary>Terms that were there before their citations were kept.</summary>
    private static async Task CiteForgottenAsync(ClustersDbContext db, CancellationToken ct)
    {
        IReadOnlyList<DatedTerm> terms = [.. await db.Levels.ToListAsync(ct), .. await db.Categories.ToListAsync(ct), .. await db.SeasonTypes.ToListAsync(ct), .. await db.ActivityTypes.ToListAsync(ct), .. await db.Rules.ToListAsync(ct)];
        var cited = (await db.Citations.Select(citation => new { citation.Source, citation.SourceKey }).ToListAsync(ct)).Select(citation => (citation.Source, citation.SourceKey)).ToHashSet();
        await db.CiteAsync([.. terms.Where(term => !cited.Contains((CitationKeeping.SourceOf(term), CitationKeeping.KeyOf(term))))], ct);
        await db.SaveChangesAsync(ct);
    }

    private static async Task AddMissingAsync<T>(DbSet<T> table, IReadOnlyList<T> terms, CancellationToken ct)
        where T : DatedTerm
    {
        var known = await table.ToListAsync(ct);
        table.AddRange(terms.Where(term => !known.Exists(other => other.Code == term.Code && (other.ValidFrom == term.ValidFrom || other.HoldsWithin(term.ValidFrom, term.ValidTo)))));
    }
}
