using System.Security.Cryptography;
using System.Text;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Danh sách đề nghị khen thưởng of one cluster: one version, with the facts it was drawn up from. When a fact changes, the list is
/// drawn up again as the next version; the earlier one is kept.
/// </summary>
public sealed class NominationList
{
    private readonly List<Nomination> _nominations = [];

    private NominationList()
    {
    }

    public Guid Id { get; private init; }
    public required Guid ClusterId { get; init; }
    public required string Season { get; init; }
    public required string Cluster { get; init; }

    /// <summary>1, 2, … within the cluster.</summary>
    public required int Version { get; init; }

    public required int ResultVersion { get; init; }
    public required Guid PolicyId { get; init; }
    public required int PolicyVersion { get; init; }

    /// <summary>The unit at position 1 if it is a single one: this season's winner for the rotation signals.</summary>
    public string? First { get; private init; }

    /// <summary>Digest of the facts, to tell whether any of them has changed.</summary>
    public required string Fingerprint { get; init; }

    public required NominationFacts Facts { get; init; }
    public Derivation Derivation { get; private init; } = null!;
    public required string DrawnUpBy { get; init; }
    public required DateTimeOffset DrawnUpAt { get; init; }
    public NominationListState State { get; private set; } = NominationListState.Current;
    public uint RowVersion { get; private init; }
    public IReadOnlyList<Nomination> Nominations => _nominations;

    /// <summary>Draws the list up by the rules.</summary>
    public static NominationList DrawUp(NominationFacts facts, AwardPolicy policy, int version, string by, DateTimeOffset at)
    {
        var result = facts.Result;
        var drawing = Domain.Nominations.DrawUp(result, facts.Exclusions, policy);
        var list = new NominationList
        {
            Id = Guid.CreateVersion7(at),
            ClusterId = result.ClusterId,
            Season = result.Season,
            Cluster = result.Code,
            Version = version,
            ResultVersion = result.Version,
            PolicyId = policy.Id,
            PolicyVersion = policy.Version,
            First = drawing.First,
            Fingerprint = facts.Fingerprint(policy),
            Facts = facts,
            Derivation = drawing.Derivation,
            DrawnUpBy = by,
            DrawnUpAt = at,
        };
        list._nominations.AddRange(drawing.Positions.Select(position => Nomination.Of(position, result.Season, result.Code)));
        return list;
    }

    /// <summary>The result that it rests on was opened again: the list waits for the next version.</summary>
    public void Wait()
    {
        if (State is NominationListState.Current)
        {
            State = NominationListState.Waiting;
        }
    }

    /// <summary>A later version has taken its place.</summary>
    public void Supersede() => State = NominationListState.Superseded;
}

/// <summary>Whether a list of nominations still counts.</summary>
public enum NominationListState
{
    Current,

    /// <summary>The result that it rests on was opened again.</summary>
    Waiting,

    /// <summary>Drawn up again since; kept for the record.</summary>
    Superseded,
}

/// <summary>Everything that a list was drawn up from, besides the policy.</summary>
/// <param name="Result">The decided result.</param>
/// <param name="Exclusions">Those of members in force on <paramref name="AsOf"/>, in a fixed order.</param>
/// <param name="AsOf">The day.</param>
public sealed record NominationFacts(ClusterResult Result, IReadOnlyList<Exclusion> Exclusions, DateOnly AsOf)
{
    /// <summary>Picks the exclusions that concern the cluster's members on that day.</summary>
    public static NominationFacts Of(ClusterResult result, IEnumerable<Exclusion> exclusions, DateOnly asOf)
    {
        var members = result.Standings.Select(standing => standing.Unit).ToHashSet(StringComparer.Ordinal);
        return new NominationFacts(
            result,
            [
                .. exclusions.Where(exclusion => members.Contains(exclusion.Unit) && exclusion.InForceOn(asOf))
                    .OrderBy(exclusion => exclusion.Unit, StringComparer.Ordinal)
                    .ThenBy(exclusion => exclusion.Status)
                    .ThenBy(exclusion => exclusion.Type, StringComparer.Ordinal)
                    .ThenBy(exclusion => exclusion.Document, StringComparer.Ordinal),
            ],
            asOf);
    }

    /// <summary>The same for the same facts, on whatever day.</summary>
    public string Fingerprint(AwardPolicy policy)
    {
        var facts = Exclusions.Select(exclusion => $"{exclusion.Unit}\t{exclusion.Status}\t{exclusion.Type}\t{exclusion.Document}")
            .Prepend($"{Result.ClusterId} {Result.Version} {policy.Id}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', facts))));
    }
}

/// <summary>Đề nghị khen thưởng: one position of a list. It never changes; how the council voted stands on the ballot.</summary>
public sealed class Nomination
{
    private Nomination()
    {
    }

    public Guid Id { get; private init; }
    public Guid ListId { get; private init; }
    public required string Season { get; init; }
    public required string Cluster { get; init; }
    public required AwardKind Award { get; init; }
    public required int Position { get; init; }
    public string? Unit { get; private init; }

    /// <summary>As drawn up: candidate, hold, vacant or unresolved.</summary>
    public required NominationStatus Status { get; init; }

    public required IReadOnlyList<string> Tied { get; init; }
    public required string Reason { get; init; }
    public Derivation Derivation { get; private init; } = null!;

    /// <summary>By cluster, flag before certificate, position: the order of every list.</summary>
    public required string SortKey { get; init; }

    /// <summary>The status, with the council's vote if there was one, and its being revoked since.</summary>
    public NominationStatus StatusAfter(Ballot? ballot, bool isRevoked = false) =>
        isRevoked ? NominationStatus.Revoked : ballot is null ? Status : ballot.Passed ? NominationStatus.Passed : NominationStatus.Failed;

    internal static Nomination Of(DrawnNomination drawn, string season, string cluster) => new()
    {
        Id = Guid.CreateVersion7(),
        Season = season,
        Cluster = cluster,
        Award = drawn.Award,
        Position = drawn.Position,
        Unit = drawn.Unit,
        Status = drawn.Status,
        Tied = drawn.Tied,
        Reason = drawn.Reason,
        Derivation = drawn.Derivation,
        SortKey = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{cluster}\t{(int)drawn.Award}\t{drawn.Position:0000000000}"),
    };
}
