using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThiDua.ServiceDefaults;

/// <summary>
/// Whom a journal row is about. A changed entity is about the unit that its property <c>Unit</c> names and about the cluster of its
/// <c>ClusterId</c>; one whose properties are called otherwise says so in its mapping. So a new entity cannot be forgotten.
/// </summary>
public static class JournalScopes
{
    private const string UnitIn = "ThiDua:AboutUnit";
    private const string ClusterIn = "ThiDua:AboutCluster";
    private const string Kept = "ThiDua:KeptFromUnits";

    // A scope that nobody has: the row is not without scopes, and so not open to the unit of whoever did it.
    private const string Nobody = "kept";

    /// <summary>The entity is about the unit whose code this property holds.</summary>
    public static EntityTypeBuilder<T> AboutUnit<T>(this EntityTypeBuilder<T> entity, string property)
        where T : class => entity.HasAnnotation(UnitIn, property);

    /// <summary>The entity is about the cluster whose id this property holds.</summary>
    public static EntityTypeBuilder<T> AboutCluster<T>(this EntityTypeBuilder<T> entity, string property)
        where T : class => entity.HasAnnotation(ClusterIn, property);

    /// <summary>No unit learns from the journal that this was done, not even the unit of whoever did it: a council's ballot.</summary>
    public static EntityTypeBuilder<T> KeptFromUnits<T>(this EntityTypeBuilder<T> entity)
        where T : class => entity.HasAnnotation(Kept, true);

    /// <inheritdoc cref="KeptFromUnits{T}(EntityTypeBuilder{T})"/>
    public static OwnedNavigationBuilder<TOwner, T> KeptFromUnits<TOwner, T>(this OwnedNavigationBuilder<TOwner, T> entity)
        where TOwner : class
        where T : class
    {
        entity.OwnedEntityType.SetAnnotation(Kept, true);
        return entity;
    }

    public static string OfUnit(string code) => $"unit:{code}";

    public static string OfCluster(Guid id) => $"cluster:{id}";

    internal static IEnumerable<string> Of(EntityEntry entry)
    {
        var type = entry.Metadata;
        if (type.FindAnnotation(Kept) is not null)
        {
            yield return Nobody;
            yield break;
        }

        if (Value(type.FindAnnotation(UnitIn)?.Value as string ?? "Unit") is string { Length: > 0 } unit)
        {
            yield return OfUnit(unit);
        }

        if (Value(type.FindAnnotation(ClusterIn)?.Value as string ?? "ClusterId") is Guid cluster)
        {
            yield return OfCluster(cluster);
        }

        object? Value(string property) => type.FindProperty(property) is null ? null : entry.Property(property).CurrentValue;
    }
}

/// <summary>
/// What a reader of the journal may see (section B, "audit trail"). The layers of a sheet open one after the other, so the journal must
/// not show a unit what its sheet does not show it yet: of what others did it sees that it was done, by whom and when.
/// </summary>
public sealed class JournalSight
{
    private readonly string[] _scopes;
    private readonly string? _unit;
    private readonly bool _allRows;
    private readonly bool _allContent;

    private JournalSight(bool allRows, bool allContent, string? unit, string[] scopes) => (_allRows, _allContent, _unit, _scopes) = (allRows, allContent, unit, scopes);

    /// <summary>Every row, with its content.</summary>
    public static JournalSight Whole { get; } = new(true, true, null, []);

    /// <param name="caller">Who reads.</param>
    /// <param name="led">Scopes of the clusters that the caller's unit leads or is deputy of.</param>
    public static JournalSight Of(Caller caller, IReadOnlyList<string> led)
    {
        if (caller.Is(Roles.Auditor, Roles.Appraiser, Roles.AppraisalHead))
        {
            return Whole;
        }

        if (caller.Is(Roles.Admin))
        {
            return new JournalSight(true, false, null, []);
        }

        return caller.Unit is { } unit && caller.Is(Roles.UnitClerk, Roles.UnitHead)
            ? new JournalSight(false, false, unit, [JournalScopes.OfUnit(unit), .. led])
            : new JournalSight(false, false, null, []);
    }

    internal IQueryable<JournalEntry> Filter(IQueryable<JournalEntry> rows) =>
        _allRows ? rows : rows.Where(entry => entry.Scopes.Any(scope => _scopes.Contains(scope)) || (_unit != null && entry.Unit == _unit && entry.Scopes.Length == 0));

    /// <summary>Values before and after, and the reason: all of it, or of what the unit itself did to nothing but its own.</summary>
    internal bool ShowsContentOf(JournalEntry entry) =>
        _allContent || (_unit is not null && entry.Unit == _unit && Array.TrueForAll(entry.Scopes, scope => scope == JournalScopes.OfUnit(_unit) || scope.StartsWith("cluster:", StringComparison.Ordinal)));
}
