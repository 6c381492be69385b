using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using static ThiDua.Documents.Papers.PaperDraft;

namespace ThiDua.Documents.Papers;

/// <summary>Thông báo kết quả chấm điểm to a unit: its own three layers line by line, and why each point is not what the unit gave itself.</summary>
internal static class UnitNotice
{
    private const string NoReason = "Không ghi nhận lý do trên hệ thống";

    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.UnitNotice,
            new Dictionary<string, string>
            {
                ["ten_don_vi"] = "Đơn vị nhận thông báo",
                ["ten_cum"] = "Tên cụm, khối thi đua",
                ["tong_tu_cham"] = "Tổng điểm đơn vị tự chấm",
                ["tong_cum_cham"] = "Tổng điểm cụm trưởng, cụm phó rà soát",
                ["tong_chinh_thuc"] = "Tổng điểm chính thức",
                ["xep_hang"] = "Xếp hạng trong cụm, khối",
                ["so_don_vi"] = "Số đơn vị thành viên của cụm, khối",
            },
            new Dictionary<string, string>
            {
                ["ten_bang_tieu_chi"] = "Tên bảng tiêu chí",
                ["van_ban_ket_qua"] = "Văn bản quyết định kết quả chấm điểm",
                ["nguoi_ra_soat"] = "“Cụm trưởng, Cụm phó” hoặc “Khối trưởng, Khối phó”",
                ["tong_diem_toi_da"] = "Tổng điểm tối đa của bảng tiêu chí",
            },
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["diem"] = new Dictionary<string, string>
                {
                    ["stt"] = "Ký hiệu nhóm, tiêu chí",
                    ["noi_dung"] = "Nhóm, tiêu chí",
                    ["diem_chuan"] = "Điểm chuẩn",
                    ["tu_cham"] = "Điểm tự chấm; “–” là chưa có điểm, không phải 0 điểm; trống ở dòng nhóm",
                    ["cum_cham"] = "Điểm cụm trưởng, cụm phó rà soát; trống ở dòng nhóm",
                    ["chinh_thuc"] = "Điểm chính thức",
                },
                ["thay_doi"] = new Dictionary<string, string>
                {
                    ["stt"] = "Số thứ tự",
                    ["noi_dung"] = "Tiêu chí, khoản thưởng hoặc khoản trừ được thay đổi",
                    ["nguoi"] = "Cụm trưởng, cụm phó hay cơ quan thường trực",
                    ["gia_tri"] = "Điểm đã ấn định; với khoản thưởng, khoản trừ là số lần",
                    ["ly_do"] = "Lý do",
                },
            },
            HasMatrix: false),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, ClusterFacts cluster, string code, PaperIssue issue)
    {
        var unit = Nominee.ResultOf(cluster, code);
        var scored = cluster.Scores?.Units.FirstOrDefault(scored => scored.Unit == code);
        var name = ClusterNeeds.NameOf(season, cluster, code);
        ClusterNeeds.Scores(cluster)
            .Need(cluster.Result is null || cluster.Scores is null || (unit?.Total is not null && scored?.Lines.Count > 0), "MISSING_SHEET", $"/clusters/{cluster.Cluster.Code}/units/{code}", $"{name}: chưa có điểm chính thức")
            .Refuse();

        var (result, scores) = (cluster.Result!, cluster.Scores!);
        return new PaperDraft(PaperKind.UnitNotice, season, issue, $"Kết quả chấm điểm thi đua {PrintedText.Year(season.Season)} của {unit!.Name}")
            .Basis(scores.TableBasis)
            .Field("ten_don_vi", unit.Name)
            .Field("ten_cum", cluster.Cluster.Name)
            .Field("tong_tu_cham", PrintedText.Points(scored!.SelfTotal))
            .Field("tong_cum_cham", PrintedText.Points(scored.ReviewTotal))
            .Field("tong_chinh_thuc", PrintedText.Points(unit.Total))
            .Field("xep_hang", unit.Rank is { } rank ? PrintedText.Count(rank) : PrintedText.NotScored)
            .Field("so_don_vi", PrintedText.Count(result.Size))
            .Field("ten_bang_tieu_chi", scores.TableTitle)
            .Field("van_ban_ket_qua", scores.Document.Length > 0 ? scores.Document : PrintedText.None)
            .Field("nguoi_ra_soat", PrintedText.Reviewers(cluster.Cluster))
            .Field("tong_diem_toi_da", PrintedText.Amount(result.Max))
            .List("diem", Rows(scores, unit, scored))
            .List("thay_doi", Changes(cluster, scores, scored).Select((change, index) => Item(
                ("stt", PrintedText.Count(index + 1)), ("noi_dung", change.What), ("nguoi", change.By), ("gia_tri", change.Value), ("ly_do", change.Reason))))
            .Warn(scores.Document.Length == 0, "Kết quả chấm điểm chưa nêu văn bản quyết định.")
            .Finish();
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Rows(ClusterScoresDecided scores, UnitResult unit, ScoredUnit scored)
    {
        var lines = scored.Lines.ToDictionary(line => line.Criterion, StringComparer.Ordinal);
        foreach (var group in scores.Groups)
        {
            // Of the first two layers the facts have no sums of groups, and a paper adds up nothing itself.
            var isScored = group.Criteria.All(criterion => lines.GetValueOrDefault(criterion.Code)?.Final is not null);
            yield return Item(
                ("stt", group.Code), ("noi_dung", group.Title), ("diem_chuan", PrintedText.Amount(group.Max)), ("tu_cham", ""), ("cum_cham", ""),
                ("chinh_thuc", PrintedText.Points(isScored ? unit.Groups.FirstOrDefault(points => points.Code == group.Code)?.Points : null)));
            foreach (var criterion in group.Criteria)
            {
                var line = lines.GetValueOrDefault(criterion.Code);
                yield return Row(criterion.Code, criterion.Title, PrintedText.Amount(criterion.Max), line?.Self, line?.Review, line?.Final);
            }
        }

        yield return Row("", "Điểm thưởng", "", scored.Bonus?.Self, scored.Bonus?.Review, scored.Bonus?.Final);
        yield return Row("", "Điểm trừ", "", scored.Deductions?.Self, scored.Deductions?.Review, scored.Deductions?.Final);
        yield return Row("", "Tổng điểm", "", scored.SelfTotal, scored.ReviewTotal, unit.Total);
    }

    private static IReadOnlyDictionary<string, string> Row(string code, string title, string max, decimal? self, decimal? review, decimal? final) => Item(
        ("stt", code), ("noi_dung", title), ("diem_chuan", max),
        ("tu_cham", PrintedText.Points(self)), ("cum_cham", PrintedText.Points(review)), ("chinh_thuc", PrintedText.Points(final)));

    /// <summary>Every reason that somebody gave, and every layer that differs from the one before although nobody gave one.</summary>
    private static IEnumerable<(string What, string By, string Value, string Reason)> Changes(ClusterFacts cluster, ClusterScoresDecided scores, ScoredUnit scored)
    {
        var titles = scores.Groups.SelectMany(group => group.Criteria).ToDictionary(criterion => criterion.Code, criterion => $"{criterion.Code}. {criterion.Title}", StringComparer.Ordinal);
        (titles["BONUS"], titles["DEDUCTIONS"]) = ("Điểm thưởng", "Điểm trừ");
        foreach (var line in scored.Lines.Concat(new[] { scored.Bonus, scored.Deductions }.OfType<LinePoints>()))
        {
            var what = titles.GetValueOrDefault(line.Criterion, line.Criterion);
            foreach (var change in line.Changes)
            {
                yield return (
                    change.Of is { } part ? $"{what}: {part}" : what,
                    PrintedText.Office(change.By, cluster.Cluster),
                    change.Of is null ? PrintedText.Points(change.Value) : $"{PrintedText.Amount(change.Value)} lần",
                    change.Reason.Length > 0 ? change.Reason : NoReason);
            }

            var reviewed = line.Changes.Any(change => change.By != "STANDING_AGENCY");
            if (line.Self != line.Review && !reviewed)
            {
                yield return (what, PrintedText.Reviewers(cluster.Cluster), PrintedText.Points(line.Review), NoReason);
            }

            if (line.Review != line.Final && line.Changes.All(change => change.By != "STANDING_AGENCY"))
            {
                yield return (what, PrintedText.Office("STANDING_AGENCY", cluster.Cluster), PrintedText.Points(line.Final), NoReason);
            }
        }
    }
}
