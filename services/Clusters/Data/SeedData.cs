using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>
/// The levels, categories, types of season, rules and holidays that the service starts with, from <c>seed.json</c>.
/// Only what is missing is added: what an administrator has changed since stays as it is.
/// </summary>
public static class SeedData
{
    private sealed record Seed(IReadOnlyList<OrgLevel> Levels, IReadOnlyList<UnitCategory> UnitCategories, IReadOnlyList<SeasonType> SeasonTypes, IReadOnlyList<SeedRule> Rules, IReadOnlyList<Holiday> Holidays);

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

        await AddMissingAsync(db.Levels, seed.Levels, ct);
        await AddMissingAsync(db.Categories, seed.UnitCategories, ct);
        await AddMissingAsync(db.SeasonTypes, seed.SeasonTypes, ct);
        await AddMissingAsync(db.Rules, [.. seed.Rules.Select(rule => rule.ToRule())], ct);
        var days = await db.Holidays.Select(day => day.Date).ToHashSetAsync(ct);
        db.AddRange(seed.Holidays.Where(day => !days.Contains(day.Date)));
        await db.SaveChangesAsync(ct);
        await SchedulerTables.CreateAsync(db, ct);
    }

    private static async Task AddMissingAsync<T>(DbSet<T> table, IReadOnlyList<T> terms, CancellationToken ct)
        where T : DatedTerm
    {
        var known = await table.ToListAsync(ct);
        table.AddRange(terms.Where(term => !known.Exists(other => other.Code == term.Code && (other.ValidFrom == term.ValidFrom || other.HoldsWithin(term.ValidFrom, term.ValidTo)))));
    }
}
