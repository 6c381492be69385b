using System.Globalization;
using System.Text.Json;
using CsCheck;
using ThiDua.Clusters.Domain;

namespace ThiDua.Tests.Clusters;

public class ProvinceDivisionTests
{
    private static readonly Dictionary<string, string> s_labels = new() { ["DN"] = "Doanh nghiệp", ["TINH"] = "Tỉnh" };

    private static readonly Gen<ComparedUnit[]> s_units = Gen.Select(
        Gen.OneOf<string>("HC", "GD", "DN"), Gen.OneOf<string>("TINH", "XA"), Gen.OneOf<string>("", "", "a", "b", "c"), Gen.OneOf<string>("", "x", "y"), Gen.OneOf<string>("", "mười tỷ", "#", "#", "#", "#"), Gen.Int[0, 3000])
        .Array[0, 70]
        .Select(drawn => drawn.Select((unit, index) => OfDrawn($"U{index:D3}", unit)).ToArray());

    private static readonly Gen<ClusterSizeLimits> s_limits = Gen.Select(Gen.Int[2, 5], Gen.Int[0, 7], (min, more) => new ClusterSizeLimits(min, min + more));

    [Fact]
    public void Every_unit_is_in_exactly_one_cluster_or_unplaced_and_no_cluster_leaves_the_limits() => Gen.Select(s_units, s_limits).Sample(drawn =>
    {
        var (units, limits) = drawn;
        var division = Divide(units, limits);

        Assert.Equal(units.Select(unit => unit.Code).Order(StringComparer.Ordinal), division.Clusters.SelectMany(cluster => cluster.Members).Concat(division.Unplaced.Select(unit => unit.Unit)).Order(StringComparer.Ordinal));
        Assert.All(division.Clusters, cluster => Assert.InRange(cluster.Members.Count, limits.Min, limits.Max));
        Assert.Equal(division.Clusters.Count, division.Clusters.Select(cluster => cluster.Code).Distinct().Count());
        Assert.All(division.Clusters, cluster => Assert.NotEmpty(cluster.Reasons));
    });

    [Fact]
    public void Units_of_two_categories_or_levels_are_never_put_together_and_no_more_are_left_out_than_must_be() => Gen.Select(s_units, s_limits).Sample(drawn =>
    {
        var (units, limits) = drawn;
        var byCode = units.ToDictionary(unit => unit.Code);
        var division = Divide(units, limits);

        Assert.All(division.Clusters, cluster => Assert.Single(cluster.Members.Select(member => (byCode[member].Category, byCode[member].Level)).Distinct()));
        foreach (var stratum in units.GroupBy(unit => (unit.Category, unit.Level)))
        {
            var left = division.Unplaced.Count(unit => (byCode[unit.Unit].Category, byCode[unit.Unit].Level) == stratum.Key);
            Assert.Equal(stratum.Count() - MostHeld(stratum.Count(), limits), left);
        }
    });

    [Fact]
    public void The_order_in_which_units_come_changes_nothing() => Gen.Select(s_units.SelectMany(units => Gen.Shuffle(units).Select(shuffled => (units, shuffled))), s_limits).Sample(drawn =>
        Assert.Equal(JsonSerializer.Serialize(Divide(drawn.Item1.units, drawn.Item2)), JsonSerializer.Serialize(Divide(drawn.Item1.shuffled, drawn.Item2))));

    [Fact]
    public void Groups_are_cut_where_sizes_lie_furthest_apart()
    {
        var division = Divide([.. new[] { 3, 4, 5, 6, 400, 500, 600 }.Select((capital, index) => Compared.Unit($"D{index} DN TINH industry=dệt; capital={capital}"))], new(3, 7));

        Assert.Equal([["D0", "D1", "D2", "D3"], ["D4", "D5", "D6"]], division.Clusters.Select(cluster => cluster.Members));
        Assert.Equal(("DN-TINH-001", "Doanh nghiệp cấp Tỉnh, dệt (DN-TINH-001)"), (division.Clusters[0].Code, division.Clusters[0].Name));
        Assert.Equal(
            [
                "Cùng loại DN (Doanh nghiệp), cùng cấp TINH (Tỉnh).", "Cùng “industry”: dệt.", "Cùng chưa khai báo “legal_form”.",
                "Phần 1 trong 2 phần của nhóm, xếp theo quy mô rồi theo mã, mỗi phần từ 3 đến 7 đơn vị.", "“capital” từ 3 đến 6, không vượt 10 lần.",
            ],
            division.Clusters[0].Reasons);
    }

    [Fact]
    public void A_group_that_is_too_small_joins_its_nearest_and_the_reason_says_so()
    {
        var division = Divide([.. new[] { "dệt", "dệt", "dệt", "xây dựng" }.Select((industry, index) => Compared.Unit($"D{index} DN TINH industry={industry}"))], new(3, 7));

        var cluster = Assert.Single(division.Clusters);
        Assert.Equal(["D0", "D1", "D2", "D3"], cluster.Members);
        Assert.Equal("Nhận thêm D3 vì nhóm của đơn vị này ít hơn 3 đơn vị; khoảng cách trung bình đến các thành viên là 1/4.", cluster.Reasons[^1]);
    }

    [Fact]
    public void Small_groups_make_one_together_before_they_join_others()
    {
        var division = Divide([.. new[] { "dệt", "dệt", "dệt", "gỗ", "xây dựng", "xây dựng" }.Select((industry, index) => Compared.Unit($"D{index} DN TINH industry={industry}"))], new(3, 7));

        Assert.Equal([["D0", "D1", "D2"], ["D3", "D4", "D5"]], division.Clusters.Select(cluster => cluster.Members));
        Assert.Contains("Gộp các nhóm khác nhau về “industry” vì mỗi nhóm không đủ chia với quy mô từ 3 đến 7: gỗ (1), xây dựng (2).", division.Clusters[1].Reasons);
    }

    [Fact]
    public void Too_few_of_a_category_and_level_are_left_to_people()
    {
        var division = Divide([Compared.Unit("D1 DN TINH"), Compared.Unit("D2 DN TINH"), Compared.Unit("H1 HC TINH")], new(3, 7));

        Assert.Empty(division.Clusters);
        Assert.Equal(new UnplacedUnit("D1", "Chỉ có 2 đơn vị loại DN (Doanh nghiệp) cấp TINH, ít hơn quy mô tối thiểu 3."), division.Unplaced[0]);
    }

    [Fact]
    public void A_code_that_the_season_has_is_not_given_again()
    {
        var division = new ProvinceDivision(Compared.Rule, new(2, 7), ClusterKind.Cum, s_labels, new HashSet<string> { "DN-TINH-001" }).Of([Compared.Unit("D1 DN TINH"), Compared.Unit("D2 DN TINH")]);

        Assert.Equal(("DN-TINH-002", ClusterKind.Cum), (division.Clusters[0].Code, division.Clusters[0].Kind));
    }

    private static Division Divide(IEnumerable<ComparedUnit> units, ClusterSizeLimits limits) => new ProvinceDivision(Compared.Rule, limits, ClusterKind.Khoi, s_labels, new HashSet<string>()).Of(units);

    /// <summary>By trying every number of clusters.</summary>
    private static int MostHeld(int count, ClusterSizeLimits limits) =>
        Enumerable.Range(0, (count / limits.Min) + 1).Where(parts => parts * limits.Min <= count).Max(parts => Math.Min(count, parts * limits.Max));

    private static ComparedUnit OfDrawn(string code, (string Category, string Level, string Nominal, string Form, string Measure, int Number) drawn)
    {
        var (nominal, measure) = drawn.Category switch { "HC" => ("sector", "population"), "GD" => ("stage", ""), _ => ("industry", "capital") };
        var attributes = new Dictionary<string, string>();
        foreach (var (name, value) in new[] { (nominal, drawn.Nominal), (drawn.Category == "DN" ? "legal_form" : "", drawn.Form), (measure, drawn.Measure == "#" ? drawn.Number.ToString(CultureInfo.InvariantCulture) : drawn.Measure) })
        {
            if (name.Length > 0 && value.Length > 0)
            {
                attributes[name] = value;
            }
        }

        return new ComparedUnit(code, code, drawn.Category, drawn.Level, attributes);
    }
}
