using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Giai đoạn của năm thi đua, in order.</summary>
public enum SeasonPhase
{
    Setup,
    Criteria,
    SelfScoring,
    ClusterReview,
    Appraisal,
    Proposal,
    Council,
    Closed,
}

public static class SeasonPhases
{
    public static SeasonPhase Parse(string name) => Enum.Parse<SeasonPhase>(name.Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true);

    /// <summary>
    /// A step belongs to its phase. An earlier phase may only mean that the news of the later one is still on its way; a later one refuses.
    /// </summary>
    public static void Require(this SeasonPhase phase, SeasonPhase needed)
    {
        if (phase < needed)
        {
            throw new NotKnownYetException($"Năm thi đua chưa sang giai đoạn {Name(needed)}, hoặc thông tin chưa tới.");
        }

        if (phase > needed)
        {
            throw new RuleViolationException("wrong-phase", $"Bước này thuộc giai đoạn {Name(needed)}; năm thi đua đã sang giai đoạn {Name(phase)}.");
        }
    }

    public static string Name(SeasonPhase phase) => phase switch
    {
        SeasonPhase.Setup => "thiết lập",
        SeasonPhase.Criteria => "thống nhất tiêu chí",
        SeasonPhase.SelfScoring => "tự chấm điểm",
        SeasonPhase.ClusterReview => "cụm rà soát",
        SeasonPhase.Appraisal => "thẩm định",
        SeasonPhase.Proposal => "đề nghị khen thưởng",
        SeasonPhase.Council => "Hội đồng xét",
        _ => "kết thúc",
    };
}
