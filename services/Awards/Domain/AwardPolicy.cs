using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>
/// Quy định xét khen thưởng: the switches by which awards are proposed, dated and with the text that they rest on.
/// A policy of one season beats a dated default; the version used is recorded on everything that is drawn up by it.
/// </summary>
public sealed class AwardPolicy
{
    public required Guid Id { get; init; }

    /// <summary>Code of the one season that it is for; null is a default for every season.</summary>
    public string? Season { get; init; }

    /// <summary>First day on which the text it rests on is in force.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Grows with each policy registered, whatever its season.</summary>
    public required int Version { get; init; }

    /// <summary>Căn cứ: the documents, for people.</summary>
    public required string Basis { get; init; }

    public required AwardSwitches Switches { get; init; }

    public required AwardThresholds Thresholds { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public required string RegisteredBy { get; init; }

    /// <summary>The policy that the product comes with (questions Q1, Q2, Q4, Q11 and Q13), read from its data file.</summary>
    public static AwardPolicy Default { get; } = ReadDefault();

    /// <summary>
    /// The policy of a season: the latest one for that season, whatever its dates, since it was made for it;
    /// else the latest default in force on the last day of the season's year.
    /// </summary>
    public static AwardPolicy? For(string season, int year, IEnumerable<AwardPolicy> policies)
    {
        var lastDay = new DateOnly(year, 12, 31);
        return policies
            .Where(policy => policy.Season == season || (policy.Season is null && policy.ValidFrom <= lastDay && (policy.ValidTo ?? lastDay) >= lastDay))
            .OrderBy(policy => policy.Season is null)
            .ThenByDescending(policy => policy.Version)
            .FirstOrDefault();
    }

    private static AwardPolicy ReadDefault()
    {
        using var stream = typeof(AwardPolicy).Assembly.GetManifestResourceStream("default-award-policy.json")
            ?? throw new InvalidOperationException("default-award-policy.json is not in the assembly.");
        using var document = JsonDocument.Parse(stream);
        List<Violation> errors = [];
        var policy = new StrictJson(document.RootElement, "", errors);
        var switches = AwardPolicyReader.ReadSwitches(policy.Member("switches")!, otherwise: null);
        var thresholds = AwardPolicyReader.ReadThresholds(policy.Member("thresholds")!);
        var validFrom = policy.Text("valid_from");
        var basis = policy.Text("basis");
        policy.RefuseUnknown();
        RuleViolationException.ThrowIfAny(errors);
        return new AwardPolicy
        {
            Id = new Guid("0199a000-0000-7000-8000-000000000001"), // fixed, so that seeding twice is seeding once
            ValidFrom = DateOnly.ParseExact(validFrom!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            Version = 1,
            Basis = basis!,
            Switches = switches!,
            Thresholds = thresholds!,
            RegisteredAt = DateTimeOffset.UnixEpoch,
            RegisteredBy = "system",
        };
    }
}

/// <summary>The switches of the season file's <c>policy</c>.</summary>
public sealed record AwardSwitches
{
    /// <summary>R-28: which positions get the Chairman's certificate, by official size of the cluster.</summary>
    public required IReadOnlyList<MeritRanks> MeritRanks { get; init; }

    /// <summary>R-27: share of the flags that may go on to the Government flag, and of which base.</summary>
    public required GovernmentFlagShare GovFlag { get; init; }

    /// <summary>R-30…R-32: what a definitive exclusion does to the unit's slot.</summary>
    public required DefinitivePolicy DefinitivePolicy { get; init; }

    /// <summary>F-12: keys in the order in which they part equal units: total, group:TAG, deductions, female_70.</summary>
    public required IReadOnlyList<string> TieChain { get; init; }

    /// <summary>F-20: votes needed, in per cent of all members of the council.</summary>
    public required decimal VoteThresholdPercent { get; init; }

    /// <summary>R-28: the positions that get a certificate in a cluster of that official size, ascending; rows that overlap add up.</summary>
    public IReadOnlyList<int> MeritPositions(int size) =>
        [.. MeritRanks.Where(row => row.Holds(size)).SelectMany(row => row.Ranks).Distinct().Order()];
}

/// <summary>One row of R-28.</summary>
/// <param name="MinSize">Smallest official size of a cluster; null is any.</param>
/// <param name="MaxSize">Largest; null is any.</param>
/// <param name="Ranks">Positions in the award order, 2 or more: the first is the flag's (F-14).</param>
public sealed record MeritRanks(int? MinSize, int? MaxSize, IReadOnlyList<int> Ranks)
{
    public bool Holds(int size) => size >= (MinSize ?? size) && size <= (MaxSize ?? size);
}

/// <summary>Cờ thi đua của Chính phủ: at most <paramref name="Percent"/> per cent of <paramref name="Base"/>, rounded down .</summary>
public sealed record GovernmentFlagShare(decimal Percent, GovernmentFlagBase Base);

/// <summary>What the share of R-27 is a share of.</summary>
public enum GovernmentFlagBase
{
    /// <summary>Provincial flags that the council passed; those on hold do not count.</summary>
    Awarded,

    /// <summary>Clusters with a decided result.</summary>
    Leading,
}

/// <summary>What a definitive exclusion does to the slot of its unit (R-30…R-32).</summary>
public enum DefinitivePolicy
{
    /// <summary>The unit leaves the award order and the next moves up.</summary>
    PromoteNext,

    /// <summary>The unit keeps its position, which stays without an award.</summary>
    LeaveVacant,
}

/// <summary>Numbers that the rules name and the switches do not.</summary>
public sealed record AwardThresholds
{
    /// <summary>F-12: share of women from which a collective goes first, in per cent.</summary>
    public required decimal FemaleSharePercent { get; init; }

    public required RotationThresholds Rotation { get; init; }
}

/// <summary>When a sequence of winners looks like turn-taking (G.2). Advisory, so the numbers are nobody's law.</summary>
public sealed record RotationThresholds
{
    /// <summary>Fewer winners than this say nothing.</summary>
    public required int LeastWinners { get; init; }

    /// <summary>S1: shortest cycle.</summary>
    public required int LeastCycle { get; init; }

    /// <summary>S2: shortest run of winners that all differ.</summary>
    public required int LeastRun { get; init; }

    /// <summary>S2: the run is a signal when its probability is below this.</summary>
    public required decimal WatchBelow { get; init; }

    /// <summary>S2: and an alert when below this.</summary>
    public required decimal AlertBelow { get; init; }

    /// <summary>S6: of how many last years.</summary>
    public required int ChairYears { get; init; }

    /// <summary>S6: in how many of them the winner also led the cluster.</summary>
    public required int ChairAtLeast { get; init; }

    /// <summary>S3 to S5 and the province; null: registered before they were known, and then those that the product comes with hold.</summary>
    public FurtherThresholds? Further { get; init; }
}

/// <summary>Numbers of the signals that look beyond the sequence of winners (G.2).</summary>
public sealed record FurtherThresholds
{
    /// <summary>S3: of how many last years that can be judged.</summary>
    public required int JumpYears { get; init; }

    /// <summary>S3: in how many of them the winner came from the bottom half and fell back into it.</summary>
    public required int JumpAtLeast { get; init; }

    /// <summary>S4: largest margin of a hand-over, in per cent of the maximum.</summary>
    public required decimal HandOverPercent { get; init; }

    /// <summary>S4: smallest share of the years with such a margin, in per cent.</summary>
    public required decimal HandOverYearsPercent { get; init; }

    /// <summary>S5: of how many last years that can be judged.</summary>
    public required int MovedYears { get; init; }

    /// <summary>S5: in how many of them the changes moved the title to the unit that had waited longest.</summary>
    public required int MovedAtLeast { get; init; }

    /// <summary>Province: how many last seasons of each cluster are looked at.</summary>
    public required int ProvinceYears { get; init; }

    /// <summary>Province: a cluster with fewer seasons is not counted.</summary>
    public required int ProvinceLeastYears { get; init; }

    /// <summary>Province: with fewer counted clusters nothing is said.</summary>
    public required int ProvinceLeastClusters { get; init; }

    /// <summary>Province: to be watched when the chance is below this.</summary>
    public required decimal ProvinceWatchBelow { get; init; }

    /// <summary>Province: an alert when below this.</summary>
    public required decimal ProvinceAlertBelow { get; init; }
}
