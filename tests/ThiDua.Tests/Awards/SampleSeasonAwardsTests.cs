using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

/// <summary>The rankings of the sample seasons' results go in; their nominations, Government flag and rotation must come out.</summary>
public class SampleSeasonAwardsTests
{
    public static TheoryData<string> Seasons =>
        new(Directory.GetFiles(Folder(), "0*.json").Select(Path.GetFileNameWithoutExtension).Where(name => !name!.EndsWith(".expected", StringComparison.Ordinal)).Order()!);

    [Theory]
    [MemberData(nameof(Seasons))]
    public void Awards_follow_from_the_ranking(string name)
    {
        var file = Parse($"{name}.json");
        var expected = Parse($"{name}.expected.json");
        var actual = Play(file, expected);

        Assert.Equal(expected["nominations"]!.ToJsonString(), actual["nominations"]!.ToJsonString());
        Assert.Equal(expected["government_flag"]!.ToJsonString(), actual["government_flag"]!.ToJsonString());
        Assert.Equal(expected["rotation"]!.ToJsonString(), actual["rotation"]!.ToJsonString());
    }

    [Fact]
    public void All_six_samples_are_there() => Assert.Equal(6, Seasons.Count);

    private static JsonObject Play(JsonNode file, JsonNode expected)
    {
        var year = (int)file["season"]!["year"]!;
        var policy = PolicyOf(file);
        var exclusions = List(file, "exclusions").Select(entry => new Exclusion
        {
            Unit = (string)entry["unit"]!,
            Type = (string)entry["type"]!,
            Status = Enum.Parse<ExclusionStatus>((string)entry["status"]!, ignoreCase: true),
            Document = (string)entry["document"]!,
        }).ToList();
        var members = (int?)file["ballots"]?["members"] ?? 0;
        var votes = List(file["ballots"] ?? new JsonObject(), "votes").ToDictionary(vote => ((string)vote["award"]!, (string)vote["cluster"]!), vote => (int)vote["yes"]!);

        JsonArray nominations = [];
        JsonArray rotation = [];
        List<FlagHolder> holders = [];
        foreach (var cluster in expected["clusters"]!.AsArray())
        {
            var result = ResultOf(cluster!, file, year);
            var drawing = Nominations.DrawUp(result, exclusions, policy);
            foreach (var nomination in drawing.Positions)
            {
                var status = nomination.Status;
                if (nomination.Award is AwardKind.ProvincialFlag && votes.TryGetValue(("PROVINCIAL_FLAG", result.Code), out var yes))
                {
                    Assert.Empty(CouncilVote.Check(AwardKind.ProvincialFlag, members, yes, status, alreadyVoted: false));
                    status = CouncilVote.Count(members, yes, policy.Switches).Passed ? NominationStatus.Passed : NominationStatus.Failed;
                }

                if (nomination.Award is AwardKind.ProvincialFlag && status is NominationStatus.Passed)
                {
                    var vote = votes.TryGetValue(("GOVERNMENT_FLAG", result.Code), out var more) ? CouncilVote.Count(members, more, policy.Switches) : null;
                    holders.Add(new FlagHolder(result.Code, nomination.Unit!, vote));
                }

                nominations.Add(View(result.Code, nomination, status));
            }

            var winners = List(file, "history").Where(entry => (string)entry["cluster"]! == result.Code)
                .Select(entry => new SeasonWinner((int)entry["year"]!, (string)entry["winner"]!, (string?)entry["leader"]))
                .Concat(drawing.First is null ? [] : [new SeasonWinner(year, drawing.First, result.Leader)]);
            var finding = RotationSignals.Detect(winners, result.Size, policy.Thresholds.Rotation);
            rotation.Add(new JsonObject { ["cluster"] = result.Code, ["level"] = UpperSnake.Of(finding.Level), ["signals"] = new JsonArray([.. finding.Signals.Select(signal => (JsonNode)signal)]) });
        }

        var proposal = GovernmentFlag.Propose(holders, expected["clusters"]!.AsArray().Count, policy);
        var flag = new JsonObject { ["base"] = proposal.Base, ["quota"] = proposal.Quota, ["proposed"] = View(proposal.Proposed) };
        if (proposal.Unresolved.Count > 0)
        {
            flag["unresolved"] = View(proposal.Unresolved);
        }

        return new JsonObject { ["nominations"] = nominations, ["government_flag"] = flag, ["rotation"] = rotation };
    }

    private static ClusterResult ResultOf(JsonNode cluster, JsonNode file, int year)
    {
        var code = (string)cluster["code"]!;
        var formed = List(file, "clusters").Single(entry => (string)entry["code"]! == code);
        var tags = List(file, "tables").Single(table => (string)table["id"]! == (string)formed["table"]!)["groups"]!.AsArray()
            .ToDictionary(group => (string)group!["code"]!, group => (string)group!["tag"]!);
        var units = List(file, "units").ToDictionary(unit => (string)unit["code"]!);
        return new ClusterResult
        {
            ClusterId = Guid.CreateVersion7(),
            Season = (string)file["season"]!["code"]!,
            Year = year,
            Code = code,
            Name = (string)formed["name"]!,
            Size = (int)cluster["size"]!,
            Leader = (string)formed["leader"]!,
            Version = 1,
            Standings = [.. cluster["ranking"]!.AsArray().Select(row => new Standing
            {
                Unit = (string)row!["unit"]!,
                Name = (string)units[(string)row["unit"]!]["name"]!,
                Rank = (int?)row["rank"],
                Total = row["total"] is { } total ? Number(total) : null,
                Groups = [.. row["groups"]!.AsObject().Select(group => new TaggedPoints(group.Key, tags[group.Key], Number(group.Value!)))],
                Deductions = Number(row["deductions"]!),
                FemaleShare = units[(string)row["unit"]!]["attributes"]?["female_share"] is { } share ? Number(share) : null,
            })],
        };
    }

    private static AwardPolicy PolicyOf(JsonNode file)
    {
        using var document = JsonDocument.Parse(file.ToJsonString());
        List<Violation> errors = [];
        var switches = AwardPolicyReader.Read(new StrictJson(document.RootElement, "", errors).Member("policy", required: false));
        Assert.Empty(errors);
        return AwardFacts.Policy(switches!.DefinitivePolicy, switches.MeritRanks, switches.TieChain, switches.GovFlag, switches.VoteThresholdPercent);
    }

    private static JsonObject View(string cluster, DrawnNomination nomination, NominationStatus status)
    {
        var view = new JsonObject
        {
            ["cluster"] = cluster,
            ["award"] = UpperSnake.Of(nomination.Award),
            ["position"] = nomination.Position,
            ["unit"] = nomination.Unit,
            ["status"] = UpperSnake.Of(status),
        };
        if (status is NominationStatus.Unresolved)
        {
            view["tied"] = new JsonArray([.. nomination.Tied.Select(unit => (JsonNode)unit)]);
        }

        return view;
    }

    private static JsonArray View(IEnumerable<ProposedUnit> units) =>
        [.. units.Select(unit => new JsonObject { ["cluster"] = unit.Cluster, ["unit"] = unit.Unit, ["yes"] = unit.Yes })];

    private static IEnumerable<JsonNode> List(JsonNode node, string name) => node[name]?.AsArray().OfType<JsonNode>() ?? [];

    private static decimal Number(JsonNode node) => decimal.Parse(node.ToString(), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static JsonNode Parse(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), name)))!;

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ThiDua.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "samples", "season");
    }
}
