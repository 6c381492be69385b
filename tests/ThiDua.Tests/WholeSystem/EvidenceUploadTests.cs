using ThiDua.Tests.Documents;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>Evidence through the gateway: what the service lets pass, the gateway lets pass too.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class EvidenceUploadTests(SharedSystem shared)
{
    [Fact]
    public async Task A_file_larger_than_a_usual_body_goes_up_in_parts_and_in_one_request()
    {
        using var season = await SmallSeason.CreateAsync(await shared.Running);
        await season.BeginSelfScoringAsync();
        var member = season.Unit[season.Member];
        await using var content = new PdfStream(20 * 1024 * 1024);
        var whole = content.Part(0, content.Length);

        var begun = (await SmallSeason.Known(() => TusClient.BeginAsync(member, season.Member, whole.Length, season: season.Code))).Expect(201);
        (await TusClient.PatchAsync(member, begun.Location!, 0, whole[..12_000_000])).Expect(204);
        Assert.Equal(12_000_000, await TusClient.OffsetAsync(member, begun.Location!));
        var last = (await TusClient.PatchAsync(member, begun.Location!, 12_000_000, whole[12_000_000..])).Expect(204);
        using var read = await member.GetAsync(new Uri($"{last.Headers["Content-Location"]}/content", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(whole, await read.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("1.0.0", (await member.CallAsync(HttpMethod.Options, "documents/uploads")).Expect(204).Headers["Tus-Version"]);

        await using var other = new PdfStream(20 * 1024 * 1024, 33);
        (await member.CallAsync(HttpMethod.Post, DocumentsHost.Query(season.Member).Replace($"season={DocumentsHost.Season}", $"season={season.Code}", StringComparison.Ordinal), DocumentsHost.Content(other.Part(0, other.Length)))).Expect(201);
    }
}
