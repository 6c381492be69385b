using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.ServiceDefaults;

/// <summary>What an exception becomes for the caller.</summary>
public sealed class ProblemTests
{
    [Fact]
    public async Task A_disk_without_room_is_unavailable_and_no_fault_of_the_program()
    {
        var full = Assert.Throws<IOException>(() =>
        {
            using var disk = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            disk.Write("a file of evidence"u8);
        });

        var response = await AnswerToAsync(full);

        Assert.Equal((503, "60"), (response.StatusCode, response.Headers.RetryAfter.ToString()));
    }

    [Fact]
    public async Task Another_fault_of_a_file_is_one_of_the_program() =>
        Assert.Equal(500, (await AnswerToAsync(new IOException("The file is in use."))).StatusCode);

    private static async Task<HttpResponse> AnswerToAsync(Exception exception)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddProblems();
        await using var provider = services.BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = provider, Response = { Body = new MemoryStream() } };
        Assert.True(await provider.GetServices<IExceptionHandler>().Single().TryHandleAsync(context, exception, TestContext.Current.CancellationToken));
        return context.Response;
    }
}
