using System.Diagnostics;
using System.Globalization;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>How long papers take, shown and never asserted: <c>./thidua measure papers</c>.</summary>
public sealed class PaperSpeedTests(PaperJobHost host) : IClassFixture<PaperJobHost>
{
    [Fact]
    public async Task The_minutes_of_a_province_are_made_in_one_go()
    {
        var clusters = PaperJobTests.Number("THIDUA_PAPERS") ?? PaperJobTests.UsualPapers;
        var season = await host.DecidedAsync("B4", clusters, members: 10, criteria: 30);
        using var appraiser = host.As(Roles.Appraiser);
        await using var maker = await host.StartMakerAsync();
        await Eventually.TrueAsync(async () => (string?)(await PaperJobTests.EndedAsync(appraiser, (await PaperJobTests.StartAsync(appraiser, season, "BOTH", clusters: ["C01"])).Expect(202)))["state"] == "DONE", "the maker is warm");
        var clock = Stopwatch.StartNew();
        var job = (await PaperJobTests.StartAsync(appraiser, season, "BOTH")).Expect(202);

        Assert.Equal("DONE", (string?)(await PaperJobTests.EndedAsync(appraiser, job))["state"]);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clusters} minutes, docx and pdf, in one archive: {clock.Elapsed.TotalSeconds:0.0} s; the maker's memory at its highest: {PeakMemory(maker)}"));
    }

    [Fact]
    public async Task A_submission_is_drafted_and_read_as_PDF()
    {
        var season = await host.DecidedAsync("B6", clusters: 16, members: 10, criteria: 30);
        using var appraiser = host.As(Roles.Appraiser);
        (await appraiser.GetJson($"papers/{(await host.DraftAsync(season, "CERTIFICATE_SUBMISSION")).Expect(201)["id"]}/pdf")).Expect(200); // starts LibreOffice
        var clock = Stopwatch.StartNew();

        var draft = (await host.DraftAsync(season, "PROVINCIAL_FLAG_SUBMISSION")).Expect(201);
        var drafted = clock.Elapsed;
        (await appraiser.GetJson($"papers/{draft["id"]}/pdf")).Expect(200);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one submission of 16 units: drafted in {drafted.TotalSeconds:0.00} s, as PDF after {clock.Elapsed.TotalSeconds:0.00} s"));
    }

    // Of the service alone; the converter's programs are their own.
    private static string PeakMemory(ChildProcess process) => File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..].Trim();
}
