using System.Globalization;

namespace ThiDua.Tests.Storm;

/// <summary>What one round showed.</summary>
/// <param name="Fault">What broke.</param>
/// <param name="Seed">By which the round can be played again.</param>
/// <param name="Lock">What closed the sheets.</param>
/// <param name="Held">Milliseconds from the fault to the beginning of its mending.</param>
public sealed record StormReport(string Fault, int Seed, string Lock, int Held)
{
    public required TimeSpan Broken { get; init; }

    /// <summary>From the beginning of the mending until every copy was ready.</summary>
    public required TimeSpan Whole { get; init; }

    public required TimeSpan All { get; init; }

    /// <summary>The longest that anybody waited for one answer.</summary>
    public required TimeSpan Longest { get; init; }

    public required int Reads { get; init; }

    public required int Done { get; init; }

    public required int Refused { get; init; }

    public required int Unknown { get; init; }

    /// <summary>Files of evidence that were acknowledged.</summary>
    public required int Evidence { get; init; }

    /// <summary>Requests without an answer, or with 502, 503, 504.</summary>
    public required int Failures { get; init; }

    public required string Outcomes { get; init; }

    /// <summary>Writes that were begun after the next phase had been acknowledged by Clusters and accepted before it had come to Scoring.</summary>
    public required int BeforePhaseArrived { get; init; }

    /// <summary>From that acknowledgement to the last of those writes.</summary>
    public required TimeSpan PhaseUnderWay { get; init; }

    /// <summary>By service: probes, and those without an answer.</summary>
    public required IReadOnlyList<(string Service, int Probes, int Unanswered)> Unanswered { get; init; }

    /// <summary>The broker had to be started again by an operator before messages went out.</summary>
    public required bool ByHand { get; init; }

    public required IReadOnlyList<string> Wrong { get; init; }

    public required IReadOnlyList<string> History { get; init; }

    public string Line(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"round {number} seed {Seed} | {Fault} | {Held} ms | {Lock} | reads {Reads} done {Done} refused {Refused} unknown {Unknown} evidence {Evidence} failed {Failures} | longest {Longest.TotalSeconds:0.0} s, whole after {Whole.TotalSeconds:0.0} s, round {All.TotalSeconds:0.0} s | phase under way {BeforePhaseArrived}/{PhaseUnderWay.TotalMilliseconds:0} ms | {string.Join(' ', Unanswered.Select(one => $"{one.Service} {one.Unanswered}/{one.Probes}"))} | {Outcomes} | {(ByHand ? "broker started by hand, " : "")}{(Wrong.Count == 0 ? "all true" : $"WRONG: {string.Join(" ## ", Wrong)}")}");
}
