using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Đối tượng của văn bản: what a paper of the season is about. Of each subject one paper is in force.</summary>
/// <param name="Kind">Loại văn bản.</param>
/// <param name="Season">Code.</param>
/// <param name="ClusterId">For papers of a cluster, and for a unit's notice: the cluster that it is a member of.</param>
/// <param name="Unit">For a unit's notice: its code.</param>
/// <param name="Award">For papers of one award: PROVINCIAL_FLAG, GOVERNMENT_FLAG or CHAIRMAN_MERIT.</param>
public sealed record PaperSubject(PaperKind Kind, string Season, Guid? ClusterId = null, string? Unit = null, string? Award = null)
{
    public const string ProvincialFlag = "PROVINCIAL_FLAG";
    public const string GovernmentFlag = "GOVERNMENT_FLAG";
    public const string ChairmanMerit = "CHAIRMAN_MERIT";

    /// <summary>The same for the same subject, and for no other.</summary>
    public string Key => string.Join('/', UpperSnake.Of(Kind), Season, ClusterId?.ToString("N"), Unit, Award);

    /// <summary>Văn bản chính: what this one is an annex of, and has number and date of; null for a paper with a number of its own.</summary>
    public PaperSubject? Main => Kind switch
    {
        PaperKind.ScoreSummary => this with { Kind = PaperKind.ClusterMeetingMinutes },
        PaperKind.NominationList => new PaperSubject(
            Award switch
            {
                GovernmentFlag => PaperKind.GovernmentFlagSubmission,
                ChairmanMerit => PaperKind.CertificateSubmission,
                _ => PaperKind.ProvincialFlagSubmission,
            },
            Season),
        _ => null,
    };

    /// <summary>Văn bản của cụm, khối: its leader draws them up and signs them.</summary>
    public static IReadOnlyList<PaperKind> OfClusters { get; } = [PaperKind.ClusterMeetingMinutes, PaperKind.ScoreSummary, PaperKind.MidyearReport, PaperKind.YearendReport];

    public static bool IsOfCluster(PaperKind kind) => OfClusters.Contains(kind);

    /// <summary>The awards that there is such a paper of; empty for a kind that is not about one award.</summary>
    public static IReadOnlyList<string> AwardsOf(PaperKind kind) => kind switch
    {
        PaperKind.VoteCountMinutes => [ProvincialFlag, GovernmentFlag],
        PaperKind.NominationList => [ProvincialFlag, GovernmentFlag, ChairmanMerit],
        PaperKind.DraftDecision => [ProvincialFlag, ChairmanMerit], // the Government's flag is decided elsewhere
        _ => [],
    };

    /// <summary>Names what a request for a paper lacks, and what it names in vain.</summary>
    public static IReadOnlyList<Violation> Problems(PaperKind kind, string? cluster, string? unit, string? award)
    {
        var awards = AwardsOf(kind);
        var problems = new List<Violation>();
        Check(IsOfCluster(kind), cluster, "/cluster", "cụm, khối");
        Check(kind == PaperKind.UnitNotice, unit, "/unit", "đơn vị");
        Check(awards.Count > 0, award, "/award", "hình thức khen thưởng");
        if (award is not null && awards.Count > 0 && !awards.Contains(award))
        {
            problems.Add(new Violation("NO_SUCH_PAPER", "/award", $"Loại văn bản này chỉ có cho {string.Join(", ", awards)}."));
        }

        return problems;

        void Check(bool needed, string? given, string path, string what)
        {
            if (needed && string.IsNullOrEmpty(given))
            {
                problems.Add(new Violation("MISSING_PROPERTY", path, $"Loại văn bản này cần nêu {what}."));
            }
            else if (!needed && given is not null)
            {
                problems.Add(new Violation("NOT_TAKEN", path, $"Loại văn bản này không theo {what}."));
            }
        }
    }
}
