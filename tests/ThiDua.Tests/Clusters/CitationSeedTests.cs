using System.Text.Json.Nodes;
using ThiDua.Awards.Domain;
using ThiDua.Clusters.Data;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>
/// Every citation that the product comes with: its words stand in a stored text, or it is reported as unverified and somebody has agreed
/// to that. A new one that cannot be verified changes the approved list.
/// </summary>
public sealed class CitationSeedTests(ServiceHost<ClustersDbContext> host) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Fact]
    public async Task Each_is_found_in_a_stored_text_or_is_known_to_be_unverified()
    {
        var policy = AwardPolicy.Default;
        await host.PublishAsync(new AwardPolicySet { ValidFrom = policy.ValidFrom, Basis = policy.Basis, Version = policy.Version, At = policy.RegisteredAt });
        var tables = Samples.Read("domain/tables.json").EnumerateArray().Select(Samples.Table).ToList();
        foreach (var table in tables)
        {
            await host.PublishAsync(new CriteriaTableAdopted
            {
                TableId = Guid.CreateVersion7(), Season = "2023", Code = table.Id, Title = table.Title, Version = 1, Clusters = ["C1"], At = new DateTimeOffset(2023, 7, 1, 0, 0, 0, TimeSpan.Zero),
                Citations = [.. table.Bases.Select(basis => new CitedBasis { Path = basis.Path, Text = basis.Text })],
            });
        }

        using var reader = host.As(Roles.Auditor);
        var told = new HashSet<string>(tables.Select(table => $"2023/{table.Id}/1")) { "1" };
        var citations = await Eventually.AnswerAsync(() => AllAsync(reader), all => told.IsSubsetOf(all.Select(citation => (string)citation["source_key"]!)), "all facts arrived");

        Assert.All(citations.Where(citation => (string)citation["status"]! == "VERIFIED"), citation => Assert.True(Stands(citation), $"{citation} is not in the stored text."));
        Assert.All(citations, citation => Assert.NotEmpty((string)citation["reason"]!));
        Assert.Contains(citations, citation => (string)citation["status"]! == "VERIFIED");
        var doubtful = citations.Where(citation => (string)citation["status"]! != "VERIFIED")
            .Select(citation => $"{citation["source"]} {citation["source_key"]} {citation["path"]}: {citation["status"]}: {citation["reason"]}");
        await Approved.MatchAsync("citations.approved.txt", string.Join('\n', doubtful.Order(StringComparer.Ordinal)) + "\n");
    }

    /// <summary>Looked for without the code under test: plainly, in the file that the register starts from.</summary>
    private static bool Stands(JsonNode citation)
    {
        var instrument = InitialRegister.Read<LegalInstrumentRegistered>().Single(known => known.Number == (string)citation["number"]!);
        return instrument.Fragments.Any(fragment => fragment.Verified
            && (citation["provision"] is not { } provision || fragment.Provision == (string)provision!)
            && (citation["quote"] is not { } quote || fragment.Text.Contains((string)quote!, StringComparison.Ordinal)));
    }

    private static async Task<IReadOnlyList<JsonNode>> AllAsync(HttpClient reader)
    {
        List<JsonNode> all = [];
        string? next = null;
        do
        {
            var page = (await reader.GetJson($"citations?as_of=2026-11-25&limit=7{(next is null ? "" : $"&cursor={next}")}")).Expect(200);
            all.AddRange(page["items"].AsArray().Select(item => item!));
            next = (string?)page.Json!["next"];
        }
        while (next is not null);
        return all;
    }
}
