using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Bảng tổng hợp điểm: the official points of every unit in every criterion, criteria down and units across in the order of their ranks.</summary>
internal static class ScoreSummary
{
    public static PaperForm Form { get; } = PaperForms.With(
        new PaperForm(
            PaperKind.ScoreSummary,
            new Dictionary<string, string>
            {
                ["ten_bang_tieu_chi"] = "Tên bảng tiêu chí",
                ["so_don_vi"] = "Số đơn vị thành viên",
                ["ngay_quyet_dinh"] = "Ngày quyết định kết quả chấm điểm",
            },
            new Dictionary<string, string>
            {
                ["ten_cum"] = "Tên cụm, khối thi đua",
                ["van_ban_ket_qua"] = "Văn bản quyết định kết quả chấm điểm",
                ["tong_diem_toi_da"] = "Tổng điểm tối đa của bảng tiêu chí",
            },
            new Dictionary<string, IReadOnlyDictionary<string, string>>(),
            HasMatrix: true),
        citesLaw: true);

    public static ComposedPaper Compose(SeasonFacts season, ClusterFacts cluster, PaperIssue issue)
    {
        ClusterNeeds.Scores(cluster).Refuse();
        var (result, scores) = (cluster.Result!, cluster.Scores!);
        return new PaperDraft(PaperKind.ScoreSummary, season, issue, $"Điểm thi đua {PrintedText.Year(season.Season)} của {cluster.Cluster.Name}")
            .Basis(scores.TableBasis)
            .Field("ten_cum", cluster.Cluster.Name)
            .Field("ten_bang_tieu_chi", scores.TableTitle)
            .Field("so_don_vi", PrintedText.Count(result.Size))
            .Field("ngay_quyet_dinh", PrintedText.Day(VietnamDate.Of(result.DecidedAt)))
            .Field("van_ban_ket_qua", scores.Document.Length > 0 ? scores.Document : PrintedText.None)
            .Field("tong_diem_toi_da", PrintedText.Amount(result.Max))
            .Matrix(Matrix(result, scores))
            .Warn(scores.Document.Length == 0, "Kết quả chấm điểm chưa nêu văn bản quyết định.")
            .Warn(result.Ranking.Any(unit => unit.Total is null), $"Có đơn vị của {cluster.Cluster.Name} chưa có điểm chính thức.")
            .Finish();
    }

    private static PaperMatrix Matrix(ClusterResultDecided result, ClusterScoresDecided scores)
    {
        var units = result.Ranking;
        var lines = scores.Units.ToDictionary(unit => unit.Unit, unit => unit.Lines.ToDictionary(line => line.Criterion, line => line.Final, StringComparer.Ordinal), StringComparer.Ordinal);
        var rows = new List<PaperMatrixRow>();
        foreach (var group in scores.Groups)
        {
            rows.Add(Row(true, group.Code, group.Title, group.Max, unit => GroupPoints(unit, group)));
            rows.AddRange(group.Criteria.Select(criterion => Row(false, criterion.Code, criterion.Title, criterion.Max, unit => Final(unit, criterion.Code))));
        }

        rows.Add(Row(true, "", "Điểm thưởng", null, unit => unit.Total is null ? null : unit.Bonus));
        rows.Add(Row(true, "", "Điểm trừ", null, unit => unit.Total is null ? null : unit.Deductions));
        rows.Add(Row(true, "", "Tổng điểm", result.Max, unit => unit.Total));
        rows.Add(new PaperMatrixRow(true, ["", "Xếp hạng", "", .. units.Select(unit => unit.Rank is { } rank ? PrintedText.Count(rank) : PrintedText.NotScored)]));
        return new PaperMatrix(["STT", "Nội dung", "Điểm chuẩn"], [.. units.Select(unit => unit.Name)], rows);

        PaperMatrixRow Row(bool emphasis, string code, string title, decimal? max, Func<UnitResult, decimal?> points) =>
            new(emphasis, [code, title, max is null ? "" : PrintedText.Amount(max), .. units.Select(unit => PrintedText.Points(points(unit)))]);

        decimal? Final(UnitResult unit, string criterion) => lines[unit.Unit].GetValueOrDefault(criterion);

        // A group with a line that nobody scored has no sum, whatever the result counts for it.
        decimal? GroupPoints(UnitResult unit, ScoredGroup group) =>
            group.Criteria.Any(criterion => Final(unit, criterion.Code) is null) ? null : unit.Groups.FirstOrDefault(points => points.Code == group.Code)?.Points;
    }
}
