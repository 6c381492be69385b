using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Scoring.Data;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Scoring;

/// <summary>What the bases of a criteria table cite is told at its adoption and shown beside the table (C32).</summary>
public sealed class TableCitationTests(ServiceHost<ScoringDbContext> host) : IClassFixture<ServiceHost<ScoringDbContext>>
{
    private static readonly string s_table = ScoringSeason.Table
        .Replace("\"title\": \"Bảng thử\"", "\"title\": \"Bảng thử\", \"basis\": \"khoản 6 Điều 4 Nghị định 152/2025/NĐ-CP\"", StringComparison.Ordinal)
        .Replace("\"kind\": \"MANUAL\"", "\"kind\": \"MANUAL\", \"basis\": \"Quyết định 8/2026/QĐ-UBND: “chấm trực tiếp”\"", StringComparison.Ordinal);

    [Fact]
    public async Task An_adopted_table_tells_its_bases_and_shows_which_are_verified()
    {
        await using var adopted = await host.CollectAsync<CriteriaTableAdopted>();
        var season = new ScoringSeason(host, "2026");
        await season.PhaseAsync("CRITERIA");
        await season.ClusterAsync("C1", "A", "B", "A", "B", "C");
        await season.AdoptAsync(s_table, "C1");

        var fact = await adopted.FirstAsync(table => table.Season == "2026");
        Assert.Equal(("T", 1, "C1"), (fact.Code, fact.Version, Assert.Single(fact.Clusters)));
        Assert.Equal(["/basis", "/groups/1/criteria/0/basis"], fact.Citations.Select(citation => citation.Path));

        var path = $"criteria-tables/{fact.TableId}";
        Assert.Equal(["/basis VERIFIED", "/groups/1/criteria/0/basis UNVERIFIED"], Statuses((await season.Head.GetJson(path)).Expect(200)));

        await host.PublishAsync(new LegalInstrumentRegistered
        {
            Code = "QD-8", Number = "8/2026/QĐ-UBND", Title = "Quyết định", Kind = "DECISION", Issuer = "UBND tỉnh", InForceFrom = new DateOnly(2020, 1, 1), DatesVerified = true, ReplacedBy = [], Amends = [], Transitions = [],
            Fragments = [new LegalFragment { Provision = "", Text = "Hội đồng chấm trực tiếp", Verified = true, Source = new LegalSource { Tag = "Bản chính", Reading = "FULL" } }],
            Source = new LegalSource { Tag = "Bản chính", Reading = "FULL" }, Version = 1,
        });
        await Eventually.AnswerAsync(async () => string.Join(", ", Statuses(await season.Head.GetJson(path))), statuses => statuses == "/basis VERIFIED, /groups/1/criteria/0/basis VERIFIED", "the register is known");
    }

    private static IEnumerable<string> Statuses(ApiAnswer table) => table["citations"].AsArray().Select(citation => $"{citation!["path"]} {citation["status"]}");
}
