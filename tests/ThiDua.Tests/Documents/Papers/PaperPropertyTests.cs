using System.Globalization;
using CsCheck;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>Whatever the facts are, a paper has all of them, and none of another cluster.</summary>
public sealed class PaperPropertyTests
{
    private static readonly long Cases = long.Parse(Environment.GetEnvironmentVariable("THIDUA_CASES") ?? "300", CultureInfo.InvariantCulture);

    private static readonly Gen<decimal?> Points = Gen.Frequency((1, Gen.Const((decimal?)null)), (6, Gen.Select(Gen.Int[-200, 200_000], Gen.Int[0, 3]).Select((units, scale) => (decimal?)new decimal(Math.Abs(units), 0, 0, units < 0, (byte)scale))));

    private static readonly Gen<decimal?[][][]> Scores = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 12]).SelectMany((units, criteria) => Points.Array[3].Array[criteria].Array[units]);

    private static readonly Gen<SeasonFacts> Seasons = Gen.Select(Scores, Scores, Gen.Int[0, 1]).Select((first, second, kind) => new SeasonFacts(
        new SeasonPhaseChanged { Season = "S", Type = kind == 0 ? "CALENDAR_YEAR" : "SCHOOL_YEAR", Year = 2025, Phase = "COUNCIL", Version = 1, At = default },
        [Cluster("A", first, kind), Cluster("B", second, kind)], null,
        new AwardPolicySet { ValidFrom = default, Basis = "Quy chế số 5/QĐ-UBND", Version = 1, At = default }, new Dictionary<string, UnitRegistered>(), Citations.ByNumber([])));

    [Fact]
    public void A_summary_has_every_line_of_every_unit() => Seasons.Sample(
        season =>
        {
            foreach (var cluster in season.Clusters)
            {
                var matrix = Compose(PaperKind.ScoreSummary, season, cluster).Matrix!;
                Assert.Equal(cluster.Result!.Ranking.Select(unit => unit.Name), matrix.Columns);
                Assert.Equal(cluster.Scores!.Groups.Sum(group => 1 + group.Criteria.Count) + 4, matrix.Rows.Count);
                Assert.All(matrix.Rows, row => Assert.Equal(matrix.Corner.Count + matrix.Columns.Count, row.Cells.Count));
                foreach (var (unit, column) in cluster.Scores.Units.Select((unit, column) => (unit, column + 3)))
                {
                    Assert.Equal(unit.Lines.Select(line => line.Final), matrix.Rows.Where(row => row.Cells[0].Contains('.', StringComparison.Ordinal)).Select(row => Parse(row.Cells[column])));
                }
            }
        },
        iter: Cases);

    [Fact]
    public void Papers_of_a_cluster_have_its_units_once_and_none_of_the_other() => Seasons.Sample(
        season =>
        {
            foreach (var (cluster, other) in season.Clusters.Zip(season.Clusters.Reverse()))
            {
                foreach (var kind in new[] { PaperKind.ClusterMeetingMinutes, PaperKind.MidyearReport, PaperKind.YearendReport, PaperKind.ScoreSummary })
                {
                    var content = Compose(kind, season, cluster);
                    var cells = content.Lists.Values.SelectMany(items => items).SelectMany(item => item.Values).Concat(content.Matrix?.Columns ?? []).Concat(content.Fields.Values).ToList();
                    Assert.All(other.Cluster.Members, stranger => Assert.DoesNotContain(cells, cell => cell.Contains(stranger.Name, StringComparison.Ordinal)));
                    foreach (var list in content.Lists.Where(list => list.Key is "ket_qua" or "don_vi" or "thanh_phan"))
                    {
                        Assert.Equal(cluster.Cluster.Members.Select(member => member.Name).Order(), list.Value.Select(row => row["ten"]).Order());
                        Assert.Equal(Enumerable.Range(1, list.Value.Count).Select(place => $"{place}"), list.Value.Select(row => row["stt"]));
                    }
                }
            }
        },
        iter: Cases);

    [Fact]
    public void A_notice_has_every_layer_and_every_reason() => Seasons.Sample(
        season =>
        {
            foreach (var cluster in season.Clusters)
            {
                foreach (var unit in cluster.Scores!.Units.Where(unit => unit.FinalTotal is not null))
                {
                    var content = Compose(PaperKind.UnitNotice, season, cluster, unit.Unit);
                    var rows = content.Lists["diem"].Where(row => row["stt"].Contains('.', StringComparison.Ordinal)).ToList();
                    Assert.Equal(unit.Lines.Select(line => (line.Criterion, line.Self, line.Review, line.Final)), rows.Select(row => (row["stt"], Parse(row["tu_cham"]), Parse(row["cum_cham"]), Parse(row["chinh_thuc"]))));
                    var reasons = content.Lists["thay_doi"].Select(row => row["ly_do"]).ToHashSet();
                    Assert.All(unit.Lines.SelectMany(line => line.Changes), change => Assert.Contains(change.Reason, reasons));
                    Assert.All(unit.Lines.Where(line => line.Self != line.Review || line.Review != line.Final), line => Assert.Contains(content.Lists["thay_doi"], row => row["noi_dung"].StartsWith(line.Criterion + ".", StringComparison.Ordinal)));
                }
            }
        },
        iter: Cases);

    [Fact]
    public void A_paper_says_the_same_of_the_same_facts() => Seasons.Sample(
        season => PaperHash.Of(Compose(PaperKind.YearendReport, season, season.Clusters[0]), "") == PaperHash.Of(Compose(PaperKind.YearendReport, season, season.Clusters[0]), ""),
        iter: Cases);

    private static PaperContent Compose(PaperKind kind, SeasonFacts season, ClusterFacts cluster, string? unit = null) =>
        PaperComposer.Compose(new PaperSubject(kind, "S", cluster.Cluster.ClusterId, unit), season, SampleFacts.Draft()).Content;

    private static decimal? Parse(string cell) => cell == "–" ? null : PrintedPaperText.Parse(cell);

    /// <summary>Points by unit, criterion and layer; a unit with a line that nobody scored has no total.</summary>
    private static ClusterFacts Cluster(string code, decimal?[][][] points, int kind)
    {
        var (units, criteria) = (points.Length, points[0].Length);
        string Unit(int index) => $"{code}{index + 1:00}";
        string Name(int index) => $"Đơn vị {Unit(index)}x"; // so that no name begins another
        var formed = new ClusterFormed
        {
            ClusterId = Guid.CreateVersion7(), Season = "S", Code = code, Name = $"Cụm {code}", Kind = kind == 0 ? "CUM" : "KHOI", Leader = Unit(0), Deputy = Unit(units - 1), Version = 1,
            Members = [.. Enumerable.Range(0, units).Select(index => new ClusterMember { Unit = Unit(index), Name = Name(index), Category = "HC", Level = "XA" })],
        };
        var scored = Enumerable.Range(0, units).Select(index =>
        {
            var lines = points[index].Select((layers, place) => new LinePoints
            {
                Criterion = $"{(place % 2 == 0 ? "I" : "II")}.{place + 1}", Self = layers[0], Review = layers[1], Final = layers[2],
                Changes = layers[0] == layers[2] ? [] : [new LineChange { By = place % 2 == 0 ? "LEADER" : "STANDING_AGENCY", Value = layers[2] ?? 0, Reason = $"Vì {Unit(index)} dòng {place}" }],
            }).OrderBy(line => line.Criterion.Length > 1 && line.Criterion[1] == 'I').ToList();
            return new ScoredUnit { Unit = Unit(index), Name = Name(index), Rank = index + 1, Lines = lines, FinalTotal = lines.Aggregate((decimal?)0, (sum, line) => sum + line.Final), Bonus = null, Deductions = null };
        }).ToList();
        ScoredGroup Group(string group, int odd) => new()
        {
            Code = group, Title = $"Nhóm {group}", Max = 10,
            Criteria = [.. Enumerable.Range(0, criteria).Where(place => place % 2 == odd).Select(place => new ScoredCriterion { Code = $"{group}.{place + 1}", Title = "Tiêu chí", Max = 5 })],
        };
        ScoredGroup[] groups = [Group("I", 0), Group("II", 1)];
        return new ClusterFacts(
            formed,
            new ClusterResultDecided
            {
                ClusterId = formed.ClusterId, Season = "S", Year = 2025, Code = code, Name = formed.Name, Size = units, Leader = formed.Leader, Deputy = formed.Deputy, CriteriaTable = "T", CriteriaTableVersion = 1, Max = 20, Version = 1, DecidedAt = default,
                Ranking = [.. scored.Select(unit => new UnitResult { Unit = unit.Unit, Name = unit.Name, Rank = unit.Rank, Total = unit.FinalTotal, Groups = [], Bonus = 0, Deductions = 0 })],
            },
            new ClusterScoresDecided { ClusterId = formed.ClusterId, Season = "S", Code = code, TableTitle = "Bảng", TableBasis = "", Document = "", Groups = groups, Units = scored, Version = 1, DecidedAt = default },
            new NominationsDrawnUp { ClusterId = formed.ClusterId, Season = "S", Code = code, ResultVersion = 1, Positions = [], Version = 1, At = default },
            [], [], [], [], [], null);
    }
}
