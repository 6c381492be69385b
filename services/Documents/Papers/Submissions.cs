using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>What the letters, the list and the decision of a season have in common: who is proposed, who is not and why.</summary>
internal static class Proposals
{
    public static IReadOnlyDictionary<string, string> Proposed { get; } = new Dictionary<string, string>
    {
        ["stt"] = "Số thứ tự",
        ["ten"] = "Đơn vị được đề nghị",
        ["ten_cum"] = "Cụm, khối thi đua",
        ["tong_diem"] = "Tổng điểm chính thức",
        ["diem_toi_da"] = "Tổng điểm tối đa của bảng tiêu chí",
        ["xep_hang"] = "Xếp hạng trong cụm, khối",
        ["phieu"] = "Số thành viên Hội đồng đồng ý trên tổng số thành viên; “chưa biểu quyết” khi hình thức không phải biểu quyết hoặc chưa biểu quyết",
    };

    public static IReadOnlyDictionary<string, string> NotProposed { get; } = new Dictionary<string, string>
    {
        ["stt"] = "Số thứ tự",
        ["ten"] = "Đơn vị; “Chưa xác định” khi chưa rõ đơn vị nào giữ vị trí",
        ["ten_cum"] = "Cụm, khối thi đua",
        ["vi_tri"] = "Vị trí trong thứ tự xét khen thưởng",
        ["tinh_trang"] = "Tình trạng của đề nghị",
        ["ly_do"] = "Lý do chưa đề nghị",
    };

    /// <summary>A season's paper is of all its clusters: one without a result or a list would be left out in silence.</summary>
    public static MissingFacts Needs(SeasonFacts season)
    {
        var missing = new MissingFacts()
            .Need(season.Policy is not null, "MISSING_POLICY", "/policy", "chưa có quy định xét khen thưởng của năm thi đua")
            .Need(season.Clusters.Count > 0, "MISSING_CLUSTERS", "/clusters", "chưa có cụm, khối thi đua nào");
        foreach (var cluster in season.Clusters)
        {
            ClusterNeeds.Result(missing, cluster).Need(
                cluster.Result is null || cluster.Nominations is not null,
                "MISSING_NOMINATIONS", $"/clusters/{cluster.Cluster.Code}/nominations", $"{cluster.Cluster.Name}: chưa có danh sách đề nghị khen thưởng lập từ kết quả đang có hiệu lực");
        }

        return missing;
    }

    public static MissingFacts NeedVotes(this MissingFacts missing, SeasonFacts season, string award) =>
        missing.Need(season.Clusters.Any(cluster => cluster.Ballots.Any(ballot => ballot.Award == award)), "MISSING_BALLOTS", "/ballots", $"Hội đồng chưa biểu quyết đề nghị nào về {PrintedText.Award(award)}");

    /// <summary>Those that a letter proposes: what the council votes on must have passed, a certificate needs no vote.</summary>
    public static (List<Nominee> Proposed, List<Nominee> Others) Divide(SeasonFacts season, string award)
    {
        var all = Nominee.Of(season.Clusters, award).ToList();
        bool IsProposed(Nominee nominee) => nominee.Status == "PASSED" || (nominee.Status == "CANDIDATE" && award == PaperSubject.ChairmanMerit);
        return (all.FindAll(IsProposed), all.FindAll(nominee => !IsProposed(nominee)));
    }

    public static IEnumerable<IReadOnlyDictionary<string, string>> Rows(IEnumerable<Nominee> proposed) => proposed.Select((nominee, index) => Item(
        ("stt", PrintedText.Count(index + 1)),
        ("ten", nominee.Name),
        ("ten_cum", nominee.ClusterName),
        ("tong_diem", PrintedText.Points(nominee.Result?.Total)),
        ("diem_toi_da", PrintedText.Amount(nominee.Cluster.Result?.Max)),
        ("xep_hang", nominee.Result?.Rank is { } rank ? PrintedText.Count(rank) : PrintedText.NotScored),
        ("phieu", nominee.Votes)));

    public static IEnumerable<IReadOnlyDictionary<string, string>> OtherRows(IEnumerable<Nominee> others) => others.Select((nominee, index) => Item(
        ("stt", PrintedText.Count(index + 1)),
        ("ten", nominee.Name),
        ("ten_cum", nominee.ClusterName),
        ("vi_tri", PrintedText.Count(nominee.Position.Position)),
        ("tinh_trang", nominee is { Status: "CANDIDATE", Ballot: null } ? "Hội đồng chưa biểu quyết" : PrintedText.Status(nominee.Status)),
        ("ly_do", nominee.Reason)));
}

/// <summary>Tờ trình về việc tặng Cờ thi đua của UBND tỉnh: the units that the council passed.</summary>
internal static class FlagSubmission
{
    public static PaperForm Form { get; } = SubmissionForm.Of(PaperKind.ProvincialFlagSubmission);

    public static ComposedPaper Compose(SeasonFacts season, PaperIssue issue)
    {
        Proposals.Needs(season).NeedVotes(season, PaperSubject.ProvincialFlag).Refuse();
        return SubmissionForm.Compose(PaperKind.ProvincialFlagSubmission, PaperSubject.ProvincialFlag, season, issue);
    }
}

/// <summary>Tờ trình về việc tặng Bằng khen của Chủ tịch UBND tỉnh: the candidates of every cluster; no vote is asked for.</summary>
internal static class CertificateSubmission
{
    public static PaperForm Form { get; } = SubmissionForm.Of(PaperKind.CertificateSubmission);

    public static ComposedPaper Compose(SeasonFacts season, PaperIssue issue)
    {
        Proposals.Needs(season).Refuse();
        return SubmissionForm.Compose(PaperKind.CertificateSubmission, PaperSubject.ChairmanMerit, season, issue);
    }
}

/// <summary>The letter that proposes what the province itself decides.</summary>
internal static class SubmissionForm
{
    public static PaperForm Of(PaperKind kind) => PaperForms.With(
        new PaperForm(
            kind,
            new Dictionary<string, string>
            {
                ["so_cum"] = "Số cụm, khối thi đua có kết quả",
                ["so_thanh_vien"] = "Tổng số đơn vị thành viên của các cụm, khối",
                ["so_de_nghi"] = "Số đơn vị được đề nghị",
                ["so_chua_de_nghi"] = "Số vị trí chưa đề nghị",
            },
            new Dictionary<string, string> { ["hinh_thuc"] = "Danh hiệu thi đua, hình thức khen thưởng" },
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["de_nghi"] = Proposals.Proposed, ["chua_de_nghi"] = Proposals.NotProposed },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(PaperKind kind, string award, SeasonFacts season, PaperIssue issue)
    {
        var (proposed, others) = Proposals.Divide(season, award);
        var name = PrintedText.Award(award);
        return new PaperDraft(kind, season, issue, $"Về việc tặng {name} {PrintedText.Year(season.Season)}")
            .Basis(season.Policy!.Basis)
            .Field("hinh_thuc", name)
            .Field("so_cum", PrintedText.Count(season.Clusters.Count))
            .Field("so_thanh_vien", PrintedText.Count(season.Clusters.Sum(cluster => cluster.Result!.Size)))
            .Field("so_de_nghi", PrintedText.Count(proposed.Count))
            .Field("so_chua_de_nghi", PrintedText.Count(others.Count))
            .List("de_nghi", Proposals.Rows(proposed))
            .List("chua_de_nghi", Proposals.OtherRows(others))
            .Warn(proposed.Count == 0, $"Không có đơn vị nào được đề nghị tặng {name}.")
            .Warn(others.Exists(nominee => nominee is { Status: "CANDIDATE", Ballot: null }), "Có đề nghị Hội đồng chưa biểu quyết.")
            .Finish();
    }
}
