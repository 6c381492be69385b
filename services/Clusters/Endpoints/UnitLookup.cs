using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Finds a unit by whatever code an integrator still has, and says under which code it is known now.</summary>
internal static class UnitLookup
{
    /// <summary>By its code, or by an identifier that it has or had, in the present or in the old form.</summary>
    public static async Task<Unit?> FindAsync(ClustersDbContext db, string code, DateOnly today, CancellationToken ct)
    {
        if (await db.Units.AsNoTracking().SingleOrDefaultAsync(unit => unit.Code == code, ct) is { } unit)
        {
            return unit;
        }

        if ((await FormatAsync(db, today, ct))?.Normalize(code) is not { } identifier)
        {
            return null;
        }

        var owner = await db.Identifiers.AsNoTracking().Where(known => known.Value == identifier).Select(known => known.Unit).SingleOrDefaultAsync(ct) ?? identifier;
        return await db.Units.AsNoTracking().SingleOrDefaultAsync(known => known.Code == owner, ct);
    }

    /// <summary>How identifiers are written on a day; null where no rule says so: there is no other form of a code then.</summary>
    public static async Task<AgencyCodeFormat?> FormatAsync(ClustersDbContext db, DateOnly day, CancellationToken ct) =>
        (await db.Rules.AsNoTracking().Where(rule => rule.Code == AgencyCodeFormat.Code).ToListAsync(ct)).On(AgencyCodeFormat.Code, day)?.Read<AgencyCodeFormat>();

    /// <summary>The code under which an ended unit goes on, and the units that came out of it.</summary>
    public static async Task<(string? Current, IReadOnlyList<string> Successors)> CurrentAsync(ClustersDbContext db, Unit unit, DateOnly today, CancellationToken ct)
    {
        if (unit.ClosesOn is null || unit.ClosesOn >= today)
        {
            return (unit.Code, []);
        }

        var lineage = await LineageAsync(db, ct);
        var current = lineage.CurrentOf(unit.Code, today);
        return (current == unit.Code ? null : current, lineage.SuccessorsOf(unit.Code, today));
    }

    public static async Task<Lineage> LineageAsync(ClustersDbContext db, CancellationToken ct) => new(await db.Reorganisations.AsNoTracking().ToListAsync(ct));
}
