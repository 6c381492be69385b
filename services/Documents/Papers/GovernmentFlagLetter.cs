using ThiDua.Contracts.Awards;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>Tờ trình về việc đề nghị tặng Cờ thi đua của Chính phủ: the units proposed within the quota, and how the quota was reached.</summary>
internal static class GovernmentFlagLetter
{
    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.GovernmentFlagSubmission,
            new Dictionary<string, string>
            {
                ["co_so"] = "Cơ số tính chỉ tiêu",
                ["cach_tinh"] = "Cách tính chỉ tiêu",
                ["chi_tieu"] = "Số đơn vị được phép đề nghị",
                ["so_de_nghi"] = "Số đơn vị được đề nghị",
            },
            new Dictionary<string, string> { ["ty_le"] = "Tỷ lệ số đơn vị được đề nghị trên cơ số" },
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["de_nghi"] = Proposals.Proposed,
                ["chua_xac_dinh"] = new Dictionary<string, string>
                {
                    ["stt"] = "Số thứ tự",
                    ["ten"] = "Đơn vị bằng phiếu ở ranh giới chỉ tiêu",
                    ["ten_cum"] = "Cụm, khối thi đua",
                    ["phieu"] = "Số thành viên Hội đồng đồng ý trên tổng số thành viên",
                    ["ly_do"] = "Lý do chưa đề nghị",
                },
            },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, PaperIssue issue)
    {
        var missing = Proposals.Needs(season).Need(season.GovernmentFlag is not null, "MISSING_PROPOSAL", "/government_flag", "chưa lập đề nghị tặng Cờ thi đua của Chính phủ");
        var proposal = season.GovernmentFlag;
        foreach (var unit in proposal is null ? [] : proposal.Proposed.Concat(proposal.Unresolved))
        {
            missing.Need(ClusterOf(season, unit) is not null, "MISSING_CLUSTER", $"/clusters/{unit.Cluster}", $"chưa có số liệu của cụm, khối {unit.Cluster}");
        }

        missing.Refuse();
        return new PaperDraft(PaperKind.GovernmentFlagSubmission, season, issue, $"Về việc đề nghị tặng {PrintedText.Award(PaperSubject.GovernmentFlag)} {PrintedText.Year(season.Season)}")
            .Basis(season.Policy!.Basis)
            .Field("co_so", PrintedText.Count(proposal!.Base))
            .Field("cach_tinh", Derivation(proposal))
            .Field("chi_tieu", PrintedText.Count(proposal.Quota))
            .Field("so_de_nghi", PrintedText.Count(proposal.Proposed.Count))
            .Field("ty_le", PrintedText.Share(proposal.Proposed.Count, proposal.Base))
            .List("de_nghi", Nominees(season, proposal.Proposed))
            .List("chua_xac_dinh", proposal.Unresolved.Select((unit, index) => Item(
                ("stt", PrintedText.Count(index + 1)), ("ten", Nominee.NameOf(ClusterOf(season, unit)!, unit.Unit)), ("ten_cum", ClusterOf(season, unit)!.Cluster.Name),
                ("phieu", Votes(season, unit)), ("ly_do", "Bằng phiếu ở ranh giới chỉ tiêu; Hội đồng cần biểu quyết lại."))))
            .Warn(proposal.Proposed.Count == 0, "Không có đơn vị nào được đề nghị tặng Cờ thi đua của Chính phủ.")
            .Warn(proposal.Unresolved.Count > 0, "Có đơn vị bằng phiếu ở ranh giới chỉ tiêu, chưa được đề nghị.")
            .Finish();
    }

    public static IEnumerable<IReadOnlyDictionary<string, string>> Nominees(SeasonFacts season, IEnumerable<ProposedForGovernmentFlag> proposed) => proposed.Select((unit, index) =>
    {
        var cluster = ClusterOf(season, unit)!;
        var result = Nominee.ResultOf(cluster, unit.Unit);
        return Item(
            ("stt", PrintedText.Count(index + 1)),
            ("ten", Nominee.NameOf(cluster, unit.Unit)),
            ("ten_cum", cluster.Cluster.Name),
            ("tong_diem", PrintedText.Points(result?.Total)),
            ("diem_toi_da", PrintedText.Amount(cluster.Result?.Max)),
            ("xep_hang", result?.Rank is { } rank ? PrintedText.Count(rank) : PrintedText.NotScored),
            ("phieu", Votes(season, unit)));
    });

    private static string Derivation(GovernmentFlagProposed proposal)
    {
        var of = proposal.Of switch
        {
            "AWARDED" => "đơn vị được Hội đồng thông qua Cờ thi đua của Ủy ban nhân dân tỉnh",
            "LEADING" => "cụm, khối thi đua đã có kết quả",
            _ => "đơn vị của cơ số theo quy định xét khen thưởng",
        };
        var share = proposal.Percent is { } percent ? $"không quá {PrintedText.Amount(percent)}% của" : "theo tỷ lệ của quy định xét khen thưởng trên";
        return $"{share} {PrintedText.Count(proposal.Base)} {of}, phần lẻ làm tròn xuống, được {PrintedText.Count(proposal.Quota)}";
    }

    private static string Votes(SeasonFacts season, ProposedForGovernmentFlag unit)
    {
        var ballot = ClusterOf(season, unit)!.Ballots.FirstOrDefault(ballot => ballot.Award == PaperSubject.GovernmentFlag && ballot.Unit == unit.Unit);
        return ballot is null ? PrintedText.Count(unit.Yes) : $"{PrintedText.Count(unit.Yes)}/{PrintedText.Count(ballot.Members)}";
    }

    private static ClusterFacts? ClusterOf(SeasonFacts season, ProposedForGovernmentFlag unit) => season.Clusters.FirstOrDefault(cluster => cluster.Cluster.Code == unit.Cluster);
}
