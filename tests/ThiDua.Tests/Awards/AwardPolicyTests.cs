using System.Text.Json;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

public class AwardPolicyTests
{
    [Fact]
    public void The_defaults_are_those_of_the_format()
    {
        var switches = AwardPolicy.Default.Switches;

        Assert.Equal((20m, GovernmentFlagBase.Awarded), (switches.GovFlag.Percent, switches.GovFlag.Base));
        Assert.Equal(DefinitivePolicy.PromoteNext, switches.DefinitivePolicy);
        Assert.Equal(["total", "group:POLITICAL_TASK", "deductions", "female_70"], switches.TieChain);
        Assert.Equal(80m, switches.VoteThresholdPercent);
        Assert.Equal([2], switches.MeritPositions(7));
        Assert.Equal([2, 3], switches.MeritPositions(8));
        Assert.Equal(70m, AwardPolicy.Default.Thresholds.FemaleSharePercent);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"merit_ranks": null, "gov_flag": {}, "tie_chain": null, "definitive_policy": null, "vote_threshold_percent": null}""")]
    public void A_missing_switch_has_its_default(string policy)
    {
        var (read, errors) = Read(policy);

        Assert.Empty(errors);
        Assert.Equivalent(AwardPolicy.Default.Switches, read);
    }

    [Fact]
    public void Every_switch_can_be_set()
    {
        var (read, errors) = Read("""
            {"merit_ranks": [{"min_size": 3, "max_size": 5, "ranks": [2]}, {"ranks": [4]}], "gov_flag": {"percent": "12.5", "base": "LEADING"},
             "definitive_policy": "LEAVE_VACANT", "tie_chain": ["group:EMULATION_WORK", "group:POLICY_COMPLIANCE", "female_70"], "vote_threshold_percent": 66.7}
            """);

        Assert.Empty(errors);
        Assert.Equal([2, 4], read!.MeritPositions(4));
        Assert.Equal([4], read.MeritPositions(6));
        Assert.Equal(new GovernmentFlagShare(12.5m, GovernmentFlagBase.Leading), read.GovFlag);
        Assert.Equal(DefinitivePolicy.LeaveVacant, read.DefinitivePolicy);
        Assert.Equal(["group:EMULATION_WORK", "group:POLICY_COMPLIANCE", "female_70"], read.TieChain);
        Assert.Equal(66.7m, read.VoteThresholdPercent);
    }

    [Theory]
    [InlineData("[]", "WRONG_TYPE /policy")]
    [InlineData("""{"quota": 20}""", "UNKNOWN_PROPERTY /policy/quota")]
    [InlineData("""{"tie_chain": ["total", "name"]}""", "WRONG_TYPE /policy/tie_chain/1")]
    [InlineData("""{"tie_chain": ["group:OTHER"]}""", "WRONG_TYPE /policy/tie_chain/0")]
    [InlineData("""{"tie_chain": "total"}""", "WRONG_TYPE /policy/tie_chain")]
    [InlineData("""{"tie_chain": [1]}""", "WRONG_TYPE /policy/tie_chain/0")]
    [InlineData("""{"definitive_policy": "KEEP"}""", "WRONG_TYPE /policy/definitive_policy")]
    [InlineData("""{"gov_flag": {"percent": 101}}""", "WRONG_TYPE /policy/gov_flag/percent")]
    [InlineData("""{"gov_flag": {"base": "MEETS_STANDARD"}}""", "WRONG_TYPE /policy/gov_flag/base")]
    [InlineData("""{"gov_flag": {"per_cent": 20}}""", "UNKNOWN_PROPERTY /policy/gov_flag/per_cent")]
    [InlineData("""{"vote_threshold_percent": -1}""", "WRONG_TYPE /policy/vote_threshold_percent")]
    [InlineData("""{"vote_threshold_percent": "tám mươi"}""", "WRONG_TYPE /policy/vote_threshold_percent")]
    [InlineData("""{"merit_ranks": {}}""", "WRONG_TYPE /policy/merit_ranks")]
    [InlineData("""{"merit_ranks": [{"max_size": 7}]}""", "MISSING_PROPERTY /policy/merit_ranks/0/ranks")]
    [InlineData("""{"merit_ranks": [{"ranks": [1, 2.5, "x", 2]}]}""", "WRONG_TYPE /policy/merit_ranks/0/ranks/0", "WRONG_TYPE /policy/merit_ranks/0/ranks/1", "WRONG_TYPE /policy/merit_ranks/0/ranks/2")]
    [InlineData("""{"merit_ranks": [{"ranks": [2], "size": 7}], "base": 1}""", "UNKNOWN_PROPERTY /policy/merit_ranks/0/size", "UNKNOWN_PROPERTY /policy/base")]
    public void What_is_wrong_is_named_with_its_path(string policy, params string[] expected)
    {
        Assert.Equal(expected, Read(policy).Errors.Select(error => $"{error.Code} {error.Path}"));
    }

    [Fact]
    public void A_seasons_own_policy_beats_the_dated_default_and_the_latest_beats_the_earlier()
    {
        AwardPolicy Of(int version, string? season, int from, int? to = null) => new()
        {
            Id = Guid.CreateVersion7(),
            Season = season,
            ValidFrom = new DateOnly(from, 1, 1),
            ValidTo = to is null ? null : new DateOnly(to.Value, 12, 31),
            Version = version,
            Basis = "…",
            Switches = AwardPolicy.Default.Switches,
            Thresholds = AwardPolicy.Default.Thresholds,
            RegisteredAt = default,
            RegisteredBy = "lan",
        };

        AwardPolicy[] policies = [Of(1, null, 2000), Of(2, null, 2015, 2019), Of(3, "2018", 2018), Of(4, null, 2024), Of(5, "2018", 2018)];

        Assert.Equal(1, AwardPolicy.For("2013", 2013, policies)?.Version);
        Assert.Equal(2, AwardPolicy.For("2017", 2017, policies)?.Version);
        Assert.Equal(5, AwardPolicy.For("2018", 2018, policies)?.Version);
        Assert.Equal(1, AwardPolicy.For("2020", 2020, policies)?.Version);
        Assert.Equal(4, AwardPolicy.For("2025", 2025, policies)?.Version);
        Assert.Null(AwardPolicy.For("1999", 1999, policies));
    }

    private static (AwardSwitches? Read, IReadOnlyList<Violation> Errors) Read(string policy)
    {
        using var document = JsonDocument.Parse($$"""{"policy": {{policy}}}""");
        List<Violation> errors = [];
        var read = AwardPolicyReader.Read(new StrictJson(document.RootElement, "", errors).Member("policy", required: false));
        return (read, errors);
    }
}
