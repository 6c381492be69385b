using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Data;

/// <summary>A fact as another service told it, whole: papers and counts are made of these. The latest version wins.</summary>
public sealed class KnownFact
{
    /// <summary>Name of the message.</summary>
    public required string Kind { get; init; }

    /// <summary>What the fact is about, among the facts of its kind.</summary>
    public required string Key { get; init; }

    public string? Season { get; init; }
    public Guid? ClusterId { get; init; }
    public string? Unit { get; init; }
    public required int Version { get; init; }

    /// <summary>The message as JSON.</summary>
    public required string Body { get; init; }

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body) ?? throw new InvalidOperationException($"The fact {Kind} {Key} is empty.");
}

internal static class FactTables
{
    internal static void MapFacts(this ModelBuilder model) => model.Entity<KnownFact>(fact =>
    {
        fact.ToTable("known_facts").HasKey(f => new { f.Kind, f.Key });
        fact.Property(f => f.Kind).HasMaxLength(100);
        fact.Property(f => f.Key).HasMaxLength(200);
        fact.Property(f => f.Season).HasMaxLength(60);
        fact.Property(f => f.Unit).HasMaxLength(60);
        fact.Property(f => f.Body).HasColumnType("jsonb");
        fact.HasIndex(f => new { f.Season, f.Kind });
        fact.HasIndex(f => f.ClusterId);
        fact.NotJournalled(); // what it was before and after is in the journal of the service that told it
    });

    /// <summary>Keeps a fact unless what is known is as new. One statement, so that of two versions at one moment the newer stays.</summary>
    internal static async Task KeepAsync<T>(
        this DocumentsDbContext db, T fact, string key, int version, string? season, Guid? cluster, string? unit, CancellationToken ct)
        where T : class =>
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into known_facts (kind, key, season, cluster_id, unit, version, body)
            values ({typeof(T).Name}, {key}, {season}, {cluster}, {unit}, {version}, {JsonSerializer.Serialize(fact)}::jsonb)
            on conflict (kind, key) do update
            set season = excluded.season, cluster_id = excluded.cluster_id, unit = excluded.unit, version = excluded.version, body = excluded.body
            where known_facts.version < excluded.version
            """,
            ct);

    /// <summary>The register of law that the product comes with; what was told since stays.</summary>
    internal static async Task SeedAsync(IServiceProvider services, DocumentsDbContext db, CancellationToken ct)
    {
        foreach (var instrument in InitialRegister.Read<LegalInstrumentRegistered>())
        {
            await db.KeepAsync(instrument, instrument.Code, instrument.Version, season: null, cluster: null, unit: null, ct);
        }
    }
}
