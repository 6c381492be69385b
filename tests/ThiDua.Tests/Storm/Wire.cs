using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Storm;

/// <summary>
/// How the clients of one round call: an answer, or none. It judges what no fault excuses: a 500, an error that is no problem, a refusal
/// that is not true, a gateway that lets its caller wait.
/// </summary>
/// <param name="patience">How long an answer may take. The gateway gives up before that.</param>
/// <param name="isExcused">Whether a refusal must be borne, and asked again, as long as this fault lasts.</param>
public sealed class Wire(TimeSpan patience, Func<ApiAnswer, bool> isExcused)
{
    private static readonly HashSet<int> s_unavailable = [502, 503, 504];

    private readonly ConcurrentDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _untruths = new();
    private long _longest;

    public IEnumerable<string> Untruths => _untruths;

    /// <summary>What was answered, and how often.</summary>
    public string Outcomes => string.Join(' ', _outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}×{pair.Value}"));

    public int Answers => _outcomes.Values.Sum();

    public int Failures => _outcomes.Where(pair => pair.Key is ['5', ..] or ['n', ..]).Sum(pair => pair.Value);

    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _longest));

    /// <returns>Null: no answer, or one that says that the system cannot answer now.</returns>
    public async Task<ApiAnswer?> AskAsync(Func<Task<ApiAnswer>> call)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = await call().WaitAsync(patience);
            return Judge(answer) ? answer : null;
        }
        catch (TimeoutException)
        {
            Tell(string.Create(CultureInfo.InvariantCulture, $"hung: no answer within {patience.TotalSeconds:0.0} s"));
            Count("none");
            return null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Count("none");
            return null;
        }
        finally
        {
            var took = Stopwatch.GetTimestamp() - started;
            for (var before = Interlocked.Read(ref _longest); took > before && Interlocked.CompareExchange(ref _longest, took, before) != before; before = Interlocked.Read(ref _longest))
            {
                // another one was longer meanwhile: look again
            }
        }
    }

    public void Tell(string untruth) => _untruths.Enqueue(untruth);

    private void Count(string what) => _outcomes.AddOrUpdate(what, 1, (_, count) => count + 1);

    private bool Judge(ApiAnswer answer)
    {
        Count(answer.Status < 400 ? $"{answer.Status}" : $"{answer.Status}:{answer.Code}");
        if (answer.Status >= 400 && (!answer.IsProblem || answer.Code is null || JsonNode.Parse(answer.Text)!["traceId"] is null))
        {
            Tell($"no problem: {answer}");
        }

        if (answer.Status >= 500)
        {
            if (!s_unavailable.Contains(answer.Status))
            {
                Tell($"a fault of the program: {answer}");
            }

            return false;
        }

        return answer.Status < 400 || !isExcused(answer);
    }
}
