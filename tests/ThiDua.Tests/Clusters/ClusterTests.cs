using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using static ThiDua.Tests.Clusters.Sample;

namespace ThiDua.Tests.Clusters;

public sealed class ClusterTests
{
    [Fact]
    public void Everything_wrong_with_the_clusters_is_named_at_once()
    {
        var errors = Check(Opened(), [Registered("A"), Registered("B"), Registered("C"), Registered("D")],
            Plan("C1", ["A", "B", "X"]),
            Plan("C2", ["C", "A", "C"], leader: "C", deputy: "C"),
            Plan("C1", ["D"], leader: "B", deputy: "D"));

        Assert.Equal(
            [
                ("UNKNOWN_UNIT", "/clusters/0/members/2"),
                ("UNIT_IN_TWO_CLUSTERS", "/clusters/1/members/1"),
                ("DUPLICATE_CODE", "/clusters/1/members/2"),
                ("LEADER_IS_DEPUTY", "/clusters/1/deputy"),
                ("DUPLICATE_CODE", "/clusters/2/code"),
                ("LEADER_NOT_MEMBER", "/clusters/2/leader"),
            ],
            errors);
    }

    [Fact]
    public void A_unit_of_a_cluster_formed_before_joins_no_other()
    {
        var season = Opened();
        var units = Units([Registered("A"), Registered("B"), Registered("C")]);
        var plan = Plan("C1", ["A", "B"]);
        var errors = new List<Violation>();
        var formed = Cluster.Form(season, plan, new ClusterComposition(season, Today, units, Levels, Categories, []).Check(plan, "", errors));

        new ClusterComposition(season, Today, units, Levels, Categories, [formed]).Check(Plan("C2", ["B", "C"]), "", errors);

        Assert.Equal([("UNIT_IN_TWO_CLUSTERS", "/members/0")], errors.Select(error => (error.Code, error.Path)));
    }

    [Theory]
    [InlineData(2024, true)]
    [InlineData(2025, true)] // the last year of districts: they end in its middle
    [InlineData(2026, false)]
    public void Districts_compete_until_they_are_abolished(int year, bool allowed)
    {
        var errors = Check(Opened(year), [Registered("A", "HUYEN"), Registered("B", "HUYEN")], Plan("C1", ["A", "B"]));

        Assert.Equal(allowed ? [] : [("UNKNOWN_LEVEL", "/clusters/0/members/0"), ("UNKNOWN_LEVEL", "/clusters/0/members/1")], errors);
    }

    [Fact]
    public void A_unit_that_does_not_exist_in_the_season_is_no_member() =>
        Assert.Equal([("UNKNOWN_UNIT", "/clusters/0/members/1")], Check(Opened(2021), [Registered("A"), Registered("B", from: "2022-01-01")], Plan("C1", ["A", "B"])));

    [Fact]
    public void Clusters_are_formed_in_setup_and_changed_until_units_score_themselves()
    {
        var season = Opened();
        var cluster = Form(season, ["A", "B"]);
        season.Advance(SeasonPhase.Criteria, null, 1, Now);

        Assert.Equal("wrong-phase", Assert.Throws<RuleViolationException>(() => Form(season, ["C", "D"])).Code);
        cluster.Change(season, Plan("C1", ["A", "B", "C"], deputy: "C"), Members(season, ["A", "B", "C"]), Today, null);
        Assert.Equal((2, "C", 3), (cluster.Version, cluster.Deputy, cluster.Members.Count));

        season.Advance(SeasonPhase.SelfScoring, null, 1, Now);
        Assert.Equal("wrong-phase", Assert.Throws<RuleViolationException>(() => cluster.Change(season, Plan("C1", ["A", "B"]), Members(season, ["A", "B"]), Today, null)).Code);
    }

    private static Cluster Form(Season season, string[] members) => Cluster.Form(season, Plan("C1", members), Members(season, members));

    private static List<MemberUnit> Members(Season season, string[] codes) => [.. codes.Select(code => new MemberUnit(season.Code, Registered(code).Versions[0]))];

    private static Dictionary<string, Unit> Units(IEnumerable<Unit> units) => units.ToDictionary(unit => unit.Code);

    private static List<(string Code, string Path)> Check(Season season, Unit[] units, params ClusterPlan[] plans)
    {
        var errors = new List<Violation>();
        var composition = new ClusterComposition(season, Today, Units(units), Levels, Categories, []);
        for (var index = 0; index < plans.Length; index++)
        {
            composition.Check(plans[index], $"/clusters/{index}", errors);
        }

        return [.. errors.Select(error => (error.Code, error.Path))];
    }
}
