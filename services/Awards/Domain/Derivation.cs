namespace ThiDua.Awards.Domain;

/// <summary>
/// Diễn giải: one step of a decision with the facts it used and the steps it rests on. The rules return it together with
/// the result; explanations, papers and audits read it, and nobody works it out a second time.
/// </summary>
/// <param name="Rule">Number of the rule: R-26, F-12 …</param>
/// <param name="Statement">What this step found, in Vietnamese.</param>
public sealed record Derivation(string Rule, string Statement)
{
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public IReadOnlyList<Derivation> Steps { get; init; } = [];
}

/// <summary>A fact that a step used.</summary>
/// <param name="Name">What it is, in Vietnamese.</param>
/// <param name="Value">As the rule saw it.</param>
/// <param name="Source">Where it comes from: a document, a version of a result, a switch of the policy.</param>
public sealed record Fact(string Name, string Value, string? Source = null);
