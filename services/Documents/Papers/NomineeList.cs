using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>Danh sách kèm theo: the units that the letter or the decision of an award is about.</summary>
internal static class NomineeList
{
    public static PaperForm Form { get; } = PaperForms.AnnexWith(
        new PaperForm(
            PaperKind.NominationList,
            new Dictionary<string, string>
            {
                ["so_don_vi"] = "Số đơn vị trong danh sách",
                ["van_ban_chinh"] = "Tờ trình mà danh sách kèm theo: số, ký hiệu, ngày, cơ quan ban hành",
            },
            new Dictionary<string, string> { ["hinh_thuc"] = "Danh hiệu thi đua, hình thức khen thưởng" },
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["don_vi"] = Proposals.Proposed },
            HasMatrix: false));

    public static ComposedPaper Compose(SeasonFacts season, string award, PaperIssue issue)
    {
        var isGovernmentFlag = award == PaperSubject.GovernmentFlag;
        var missing = Proposals.Needs(season).Need(!isGovernmentFlag || season.GovernmentFlag is not null, "MISSING_PROPOSAL", "/government_flag", "chưa lập đề nghị tặng Cờ thi đua của Chính phủ");
        (award == PaperSubject.ProvincialFlag ? missing.NeedVotes(season, award) : missing).Refuse();
        var rows = (isGovernmentFlag ? GovernmentFlagLetter.Nominees(season, season.GovernmentFlag!.Proposed) : Proposals.Rows(Proposals.Divide(season, award).Proposed)).ToList();
        var name = PrintedText.Award(award);
        return new PaperDraft(PaperKind.NominationList, season, issue, $"Các đơn vị được đề nghị tặng {name} {PrintedText.Year(season.Season)}")
            .Field("hinh_thuc", name)
            .Field("so_don_vi", PrintedText.Count(rows.Count))
            .Field("van_ban_chinh", Letter(award, issue))
            .List("don_vi", rows)
            .Warn(rows.Count == 0, $"Không có đơn vị nào được đề nghị tặng {name}.")
            .Finish();
    }

    /// <summary>The letter that it goes with; it shares its number and its day.</summary>
    private static string Letter(string award, PaperIssue issue)
    {
        var kind = award switch
        {
            PaperSubject.ProvincialFlag => PaperKind.ProvincialFlagSubmission,
            PaperSubject.GovernmentFlag => PaperKind.GovernmentFlagSubmission,
            _ => PaperKind.CertificateSubmission,
        };
        var number = DocumentNumber.Of(issue.Number, PrescribedLayout.Current.LettersOf(kind)!, issue.AgencyAbbreviation);
        var day = DateLine.Of(issue.Place, issue.Date, issue.DraftedOn.Year)[(issue.Place.Length + 2)..];
        return $"{PrescribedLayout.TypeOf(kind)} số {number} {day} của {issue.Agency}";
    }
}
