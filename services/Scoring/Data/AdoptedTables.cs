using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Data;

/// <summary>Adopted criteria tables, read once: they never change again.</summary>
public sealed class AdoptedTables
{
    private readonly ConcurrentDictionary<Guid, (CriteriaTable Table, int Version)> _tables = new();

    public async ValueTask<(CriteriaTable Table, int Version)> GetAsync(ScoringDbContext db, Guid id, CancellationToken ct)
    {
        if (_tables.TryGetValue(id, out var known))
        {
            return known;
        }

        var stored = await db.CriteriaTables.AsNoTracking().Where(table => table.Id == id && table.State != TableState.Draft)
            .Select(table => new { table.Content, table.Version }).SingleAsync(ct);
        return _tables.GetOrAdd(id, (Read(stored.Content), stored.Version));
    }

    /// <summary>A table that was read without complaint when it was stored.</summary>
    public static CriteriaTable Read(string content)
    {
        using var document = JsonDocument.Parse(content);
        var errors = new List<Violation>();
        return CriteriaTableReader.Read(new StrictJson(document.RootElement, string.Empty, errors))
            ?? throw new InvalidOperationException($"A stored criteria table cannot be read: {string.Join("; ", errors)}");
    }
}
