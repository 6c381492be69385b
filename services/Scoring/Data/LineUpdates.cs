using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ThiDua.Scoring.Domain;

namespace ThiDua.Scoring.Data;

/// <summary>
/// Writes what a unit enters into the lines of its sheet in one statement. A sheet has sixty lines and is saved thousands of times on the
/// last days: sixty statements of Entity Framework were the largest part of a save (ADR 109). All other changes of lines are left to it.
/// </summary>
internal sealed class LineUpdates : SaveChangesInterceptor
{
    private static readonly string[] s_entered = [nameof(ScoreLine.Input), nameof(ScoreLine.Note), nameof(ScoreLine.Self)];

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        // Without a transaction around it this statement would stand although the rest of the change fails.
        if (eventData.Context is { Database.CurrentTransaction: not null } db && Entered(db) is { Count: > 0 } lines)
        {
            await WriteAsync(db, lines, cancellationToken);
        }

        return result;
    }

    /// <summary>Lines that are in the table already, of which nothing but the first layer has changed.</summary>
    private static List<(EntityEntry<ScoreLine> Line, EntityEntry<LineDerivation>? Derivation)> Entered(DbContext db)
    {
        var tracker = db.ChangeTracker;
        tracker.AutoDetectChangesEnabled = false; // the journal has just looked
        try
        {
            var derivations = tracker.Entries<LineDerivation>().Where(entry => entry.State is EntityState.Added or EntityState.Modified).ToDictionary(entry => entry.Entity);
            List<(EntityEntry<ScoreLine>, EntityEntry<LineDerivation>?)> found = [];
            foreach (var line in tracker.Entries<ScoreLine>())
            {
                var derivation = line.Entity.SelfDerivation is { } value ? derivations.GetValueOrDefault(value) : null;
                if (line.State is EntityState.Modified ? line.Properties.All(property => !property.IsModified || s_entered.Contains(property.Metadata.Name)) : line.State is EntityState.Unchanged && derivation is not null)
                {
                    found.Add((line, derivation));
                }
            }

            return found;
        }
        finally
        {
            tracker.AutoDetectChangesEnabled = true;
        }
    }

    private static async Task WriteAsync(DbContext db, List<(EntityEntry<ScoreLine> Line, EntityEntry<LineDerivation>? Derivation)> lines, CancellationToken ct)
    {
        Guid[] sheets = [.. lines.Select(row => row.Line.Entity.SheetId)];
        string[] criteria = [.. lines.Select(row => row.Line.Entity.Criterion)];
        string?[] inputs = [.. lines.Select(row => row.Line.Entity.Input)];
        string?[] notes = [.. lines.Select(row => row.Line.Entity.Note)];
        decimal?[] points = [.. lines.Select(row => row.Line.Entity.Self)];
        string?[] derivations = [.. lines.Select(row => row.Derivation is { } derivation ? JsonSerializer.Serialize(derivation.Entity.Value, ScoringDbContext.StoredJson) : null)];
        var written = await db.Database.ExecuteSqlAsync(
            $"""
            update score_lines as line
            set input = entered.input::jsonb, note = entered.note, self = entered.points, derivation = coalesce(entered.derivation::jsonb, line.derivation)
            from unnest({sheets}, {criteria}, {inputs}, {notes}, {points}, {derivations}) as entered (sheet_id, criterion, input, note, points, derivation)
            where line.sheet_id = entered.sheet_id and line.criterion = entered.criterion
            """,
            ct);
        if (written != lines.Count)
        {
            throw new DbUpdateConcurrencyException($"{lines.Count} lines were changed, and {written} are there.");
        }

        foreach (var (line, derivation) in lines)
        {
            Keep(line);
            if (derivation is not null)
            {
                Keep(derivation);
            }
        }
    }

    private static void Keep(EntityEntry entry)
    {
        entry.OriginalValues.SetValues(entry.CurrentValues);
        entry.State = EntityState.Unchanged;
    }
}
