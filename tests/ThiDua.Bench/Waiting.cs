using System.Diagnostics;

namespace ThiDua.Bench;

/// <summary>Waits for something that happens by itself.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<Task<bool>> happened, string what, TimeSpan limit, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(s_look, ct))
        {
            try
            {
                if (await happened())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (clock.Elapsed < limit)
            {
                // not listening yet
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain until {what}.");
            }
        }
    }
}
