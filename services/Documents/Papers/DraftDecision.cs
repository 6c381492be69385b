using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>Dự thảo quyết định khen thưởng: what the province itself decides, for the units that its letter proposes.</summary>
internal static class DraftDecision
{
    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.DraftDecision,
            new Dictionary<string, string>
            {
                ["hinh_thuc"] = "Danh hiệu thi đua, hình thức khen thưởng",
                ["so_don_vi"] = "Số đơn vị được khen thưởng",
            },
            new Dictionary<string, string>(),
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["don_vi"] = Proposals.Proposed },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, string award, PaperIssue issue)
    {
        var missing = Proposals.Needs(season);
        (award == PaperSubject.ProvincialFlag ? missing.NeedVotes(season, award) : missing).Refuse();
        var proposed = Proposals.Divide(season, award).Proposed;
        var name = PrintedText.Award(award);
        missing.Need(proposed.Count > 0, "NOTHING_TO_DECIDE", "/nominations", $"không có đơn vị nào được đề nghị tặng {name}").Refuse();
        return new PaperDraft(PaperKind.DraftDecision, season, issue, $"Về việc tặng {name} {PrintedText.Year(season.Season)}")
            .Basis(season.Policy!.Basis)
            .Field("hinh_thuc", name)
            .Field("so_don_vi", PrintedText.Count(proposed.Count))
            .List("don_vi", Proposals.Rows(proposed))
            .Finish();
    }
}
