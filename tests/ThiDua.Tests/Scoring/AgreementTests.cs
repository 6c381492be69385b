using ThiDua.Scoring.Domain;

namespace ThiDua.Tests.Scoring;

public sealed class AgreementTests
{
    // “Cụm thi đua thống nhất thang điểm”: a majority of all members by default, all of them where the rule says so.
    // Fewest that agree: members, majority; unanimity is always all.
    public static TheoryData<int, int> Sizes => new()
    {
        { 2, 2 }, { 3, 2 }, { 4, 3 }, { 5, 3 }, { 6, 4 }, { 7, 4 }, { 8, 5 }, { 9, 5 }, { 10, 6 }, { 11, 6 }, { 12, 7 }, { 13, 7 },
        { 14, 8 }, { 15, 8 }, { 16, 9 }, { 17, 9 }, { 18, 10 }, { 19, 10 }, { 20, 11 }, { 21, 11 }, { 22, 12 }, { 23, 12 }, { 24, 13 }, { 25, 13 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_cluster_agrees_by_more_than_half_or_by_all_of_its_members(int members, int majority)
    {
        for (var yes = 0; yes <= members; yes++)
        {
            Assert.Equal(yes >= majority, Agreement.Reached(AgreementBy.MajorityOfMembers, yes, members));
            Assert.Equal(yes == members, Agreement.Reached(AgreementBy.Unanimous, yes, members));
        }
    }

    [Theory]
    [InlineData("MAJORITY_OF_MEMBERS", AgreementBy.MajorityOfMembers)]
    [InlineData("UNANIMOUS", AgreementBy.Unanimous)]
    public void The_rule_is_read_as_it_is_told(string name, AgreementBy by) => Assert.Equal(by, Agreement.Parse(name));

    // A qualitative criterion cites a clause where the cluster's covenant is in force, and needs none where it is not.
    [Theory]
    [InlineData("MANUAL", null, null, false)]
    [InlineData("MANUAL", null, "1 2", true)]
    [InlineData("MANUAL", "2", "1 2", false)]
    [InlineData("MANUAL", "3", "1 2", true)]
    [InlineData("MANUAL", "2", null, false)]
    [InlineData("DECLARED", null, "1", true)]
    [InlineData("DECLARED", "1", "1", false)]
    [InlineData("PUBLISHED", null, "1", false)] // a published classification is nobody's judgement here
    [InlineData("COUNT", null, "1", false)]
    public void Qualitative_criteria_cite_the_covenant_in_force(string kind, string? cited, string? clauses, bool refused)
    {
        var clause = cited is null ? "" : $"\"covenant_clause\": \"{cited}\",";
        const string Levels = """ "kind": "LEVEL", "levels": [{"key": "T", "label": "Tốt", "points": 5}, {"key": "K", "label": "Khá", "points": 3}] """;
        var table = Samples.TableOf($$"""{"code": "X", "title": "Tiêu chí", "max": 5, {{clause}} {{kind switch
        {
            "MANUAL" => "\"kind\": \"MANUAL\"",
            "COUNT" => "\"kind\": \"COUNT\", \"per_item\": 1, \"cap\": 5",
            "DECLARED" => Levels,
            _ => Levels + ", \"value_source\": \"PUBLISHED\", \"index\": \"TASK\"",
        }}} }""");
        var findings = CriteriaTableLinter.Errors(table, [new ClusterSize("C1", 5, clauses?.Split(' '))]);
        Assert.Equal(refused ? ["L-11 /groups/0/criteria/0/covenant_clause"] : [], findings.Select(finding => $"{finding.Code} {finding.Path}"));
    }

    [Fact]
    public void A_clause_changes_no_points()
    {
        var plain = Samples.TableOf("""{"code": "X", "title": "Tiêu chí", "max": 5, "kind": "MANUAL"}""");
        var citing = Samples.TableOf("""{"code": "X", "title": "Tiêu chí", "max": 5, "kind": "MANUAL", "covenant_clause": "1"}""");
        var cards = new Dictionary<string, ScoreCard> { ["A"] = ScoreCard.Empty with { Inputs = new Dictionary<string, CriterionInput> { ["X"] = new ManualInput(4.25m) } } };
        Assert.Equal(4.25m, ScoringEngine.Score(new ScoringContext(citing, ["A"], PublishedValues.None, cards), "A").Lines.Single().Points);
        Assert.Equal(4.25m, ScoringEngine.Score(new ScoringContext(plain, ["A"], PublishedValues.None, cards), "A").Lines.Single().Points);
        Assert.Equal("1", citing.Find("X")!.CovenantClause);
    }
}
