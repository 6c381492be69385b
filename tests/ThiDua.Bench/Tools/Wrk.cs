using System.Globalization;
using System.Text.RegularExpressions;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Tools;

/// <summary>The load generator: Debian's wrk with a script of ours.</summary>
internal static partial class Wrk
{
    /// <param name="target">Address of this machine.</param>
    /// <param name="script">Name of a file in Lua/.</param>
    /// <param name="threads">Of wrk; a script that follows each answer wants a thread a connection.</param>
    /// <param name="connections">Keep-alive.</param>
    /// <param name="time">How long.</param>
    /// <param name="arguments">The script's.</param>
    /// <param name="ct">Ends wrk.</param>
    public static async Task<Sample> RunAsync(Uri target, string script, int threads, int connections, TimeSpan time, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        if (!target.IsLoopback)
        {
            throw new ArgumentException($"{target} is not this machine.", nameof(target));
        }

        var output = await ChildProcess.RunAsync(
            [
                "wrk", $"-t{threads}", $"-c{connections}", string.Create(CultureInfo.InvariantCulture, $"-d{(int)time.TotalSeconds}s"), "--timeout", "20s", "--latency",
                "-s", Path.Combine(AppContext.BaseDirectory, "Lua", script), target.GetLeftPart(UriPartial.Authority), "--", .. arguments,
            ],
            ct: ct);
        return Read(output);
    }

    private static Sample Read(string output)
    {
        var rate = Rate().Match(output);
        if (!rate.Success)
        {
            throw new InvalidDataException($"wrk said no rate:\n{output}");
        }

        // A write that its script saw refused and one that wrk itself counts are the same request.
        var failed = Math.Max(Number(NotSuccessful().Match(output)), Number(Refused().Match(output)));
        var broken = SocketErrors().Match(output);
        var refusal = Refused().Match(output).Groups[2].Value;
        return new Sample(
            double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture), Milliseconds(P50().Match(output)), Milliseconds(P99().Match(output)), failed + (broken.Success ? 1 : 0),
            refusal.Length > 0 ? refusal : broken.Success ? broken.Value : null);
    }

    private static long Number(Match match) => match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static double? Milliseconds(Match match) => !match.Success ? null
        : double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, "s" => 1000, _ => 60_000 };

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\b50%\s+([\d.]+)(us|ms|s|m)\b")]
    private static partial Regex P50();

    [GeneratedRegex(@"\b99%\s+([\d.]+)(us|ms|s|m)\b")]
    private static partial Regex P99();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex NotSuccessful();

    [GeneratedRegex(@"Refused: (\d+) ?(.*)")]
    private static partial Regex Refused();

    [GeneratedRegex(@"Socket errors: .*")]
    private static partial Regex SocketErrors();
}
