using System.Diagnostics;

namespace ThiDua.Tests.Support;

/// <summary>Waits for what other processes do, no longer than it takes and never for ever.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        await AnswerAsync(condition, answer => answer, what, limit);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) => TrueAsync(() => Task.FromResult(condition()), what, limit);

    /// <summary>Asks again until the answer is the one expected; fails with the last answer.</summary>
    public static async Task<T> AnswerAsync<T>(Func<Task<T>> ask, Func<T, bool> expected, string what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (expected(answer))
            {
                return answer;
            }

            if (clock.Elapsed > (limit ?? DefaultLimit))
            {
                Assert.Fail($"After {clock.Elapsed.TotalSeconds:0} s still not: {what}. Last answer: {answer}");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
