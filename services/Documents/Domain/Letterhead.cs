using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Thể thức của cơ quan ban hành: what stands at the head and the foot of an agency's papers, from one day to another. A version never changes.</summary>
public sealed class Letterhead
{
    public required Guid Id { get; init; }

    /// <summary>Chosen by the agency; the same for all versions.</summary>
    public required string Code { get; init; }

    /// <summary>1, 2, …; of those that hold on a day the latest counts.</summary>
    public required int Version { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    public required LetterheadProfile Profile { get; init; }
    public required string RegisteredBy { get; init; }
    public required DateTimeOffset RegisteredAt { get; init; }
    public uint RowVersion { get; private init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidTo ?? day) >= day;
}
