using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents;

/// <summary>“Memory bounded while a 500 MB evidence file goes up and down.” THIDUA_UPLOAD_MEGABYTES says how large the file is.</summary>
[Collection(DocumentsProgramTests.Name)]
public sealed class UploadMemoryTests(DocumentsPrograms programs)
{
    private const int UsualMegabytes = 64;
    private const int MostGrowthMegabytes = 48;
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_services_memory_does_not_grow_with_the_file()
    {
        var megabytes = int.TryParse(Environment.GetEnvironmentVariable("THIDUA_UPLOAD_MEGABYTES"), CultureInfo.InvariantCulture, out var given) ? given : UsualMegabytes;
        var (_, _, unit) = await programs.FormClusterAsync();
        await using var program = await programs.StartAsync();
        using var clerk = programs.Clerk(program, unit);
        await RoundTripAsync(clerk, unit, 8 * 1024 * 1024, seed: 3, inOne: true);
        await RoundTripAsync(clerk, unit, 8 * 1024 * 1024, seed: 5, inOne: false);
        var before = program.PeakMemory();

        program.ForgetPeak();
        await RoundTripAsync(clerk, unit, megabytes * 1024L * 1024, seed: 7, inOne: true);
        var afterOne = program.PeakMemory();
        program.ForgetPeak();
        await RoundTripAsync(clerk, unit, megabytes * 1024L * 1024, seed: 9, inOne: false);
        var afterParts = program.PeakMemory();

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{megabytes} MB up and down: peak resident memory {before / 1024} MB after 8 MB, {afterOne / 1024} MB in one request, {afterParts / 1024} MB in parts"));
        Assert.InRange(Math.Max(afterOne, afterParts) - before, long.MinValue, MostGrowthMegabytes * 1024L);
    }

    private static async Task RoundTripAsync(HttpClient clerk, string unit, long size, int seed, bool inOne)
    {
        await using var content = new PdfStream(size, seed);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancel));
        content.Position = 0;
        using var body = new StreamContent(content);
        string document;
        if (inOne)
        {
            body.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
            document = $"/api/v1/documents/{(await clerk.CallAsync(HttpMethod.Post, DocumentsHost.Query(unit), body)).Expect(201)["id"]}";
        }
        else
        {
            var upload = (await TusClient.BeginAsync(clerk, unit, size, more: [("sha256", hash)])).Expect(201).Location!;
            document = (await TusClient.PatchAsync(clerk, upload, 0, body)).Expect(204).Headers["Content-Location"];
        }

        using var read = await clerk.GetAsync($"{document}/content", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var stored = await read.Content.ReadAsStreamAsync(Cancel);
        Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(stored, Cancel)));
    }
}
