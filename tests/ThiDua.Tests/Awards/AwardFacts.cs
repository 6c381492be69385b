using System.Globalization;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

/// <summary>Facts and policies, written short, for the tests of the award rules.</summary>
internal static class AwardFacts
{
    /// <summary>EX-05: the score table printed in the guidance, a cluster of seven; A, C, B, D, E, G, F by total.</summary>
    public static ClusterResult Seed { get; } = Result("A 128", "C 122", "B 120", "D 118", "E 116", "G 98", "F 94");

    public static AwardPolicy Policy(
        DefinitivePolicy definitive = DefinitivePolicy.PromoteNext,
        IReadOnlyList<MeritRanks>? meritRanks = null,
        IReadOnlyList<string>? chain = null,
        GovernmentFlagShare? share = null,
        decimal? threshold = null)
    {
        var standard = AwardPolicy.Default;
        return new AwardPolicy
        {
            Id = standard.Id,
            ValidFrom = standard.ValidFrom,
            Version = standard.Version,
            Basis = standard.Basis,
            RegisteredAt = standard.RegisteredAt,
            RegisteredBy = standard.RegisteredBy,
            Thresholds = standard.Thresholds,
            Switches = standard.Switches with
            {
                DefinitivePolicy = definitive,
                MeritRanks = meritRanks ?? standard.Switches.MeritRanks,
                TieChain = chain ?? standard.Switches.TieChain,
                GovFlag = share ?? standard.Switches.GovFlag,
                VoteThresholdPercent = threshold ?? standard.Switches.VoteThresholdPercent,
            },
        };
    }

    /// <summary>A result from lines "unit total [group I] [deductions] [female share]"; a total of – is "no final sheet".</summary>
    public static ClusterResult Result(params string[] lines)
    {
        var standings = lines.Select(line => line.Split(' ')).Select(words => new Standing
        {
            Unit = words[0],
            Name = words[0],
            Total = words[1] == "–" ? null : Number(words[1]),
            Groups = [new TaggedPoints("I", "POLITICAL_TASK", Number(words.ElementAtOrDefault(2) ?? "0"))],
            Deductions = Number(words.ElementAtOrDefault(3) ?? "0"),
            FemaleShare = words.Length > 4 ? Number(words[4]) : null,
        }).ToList();
        return new ClusterResult
        {
            ClusterId = Guid.CreateVersion7(),
            Season = "2023",
            Year = 2023,
            Code = "C1",
            Name = "Cụm 1",
            Size = standings.Count,
            Leader = standings[0].Unit,
            Version = 1,
            Standings = standings.ConvertAll(standing => standing with { Rank = standing.Total is null ? null : 1 + standings.Count(other => other.Total > standing.Total) }),
        };
    }

    public static Exclusion Pending(string unit) => new() { Unit = unit, Type = "SUSPECTED_PENDING", Status = ExclusionStatus.Pending, Document = "Công văn 12/TTr" };

    public static Exclusion Definitive(string unit) => new() { Unit = unit, Type = "SERIOUS_VIOLATION", Status = ExclusionStatus.Definitive, Document = "Kết luận 34/KL-TTr" };

    /// <summary>Nominations in one line each: "PROVINCIAL_FLAG 1 A CANDIDATE", "CHAIRMAN_MERIT 2 B|C UNRESOLVED".</summary>
    public static IReadOnlyList<string> Lines(this NominationDrawing drawing) =>
        [.. drawing.Positions.Select(nomination => $"{UpperSnake.Of(nomination.Award)} {nomination.Position} {nomination.Unit ?? string.Join('|', nomination.Tied)} {UpperSnake.Of(nomination.Status)}")];

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
