namespace ThiDua.Scoring.Domain;

/// <summary>
/// Diễn giải: how a number came about, kept with the number. Explanations, papers and audit read this tree; nobody works it out again.
/// </summary>
/// <param name="Subject">What is scored: code of the criterion or group, BONUS, DEDUCTIONS, TOTAL.</param>
/// <param name="Rule">Rule of the domain reference: R-15, F-03 …</param>
/// <param name="Basis">Căn cứ: the document behind the rule.</param>
/// <param name="Steps">The arithmetic, in Vietnamese.</param>
/// <param name="Result">Points as they are displayed; null: not scored, which is not zero.</param>
/// <param name="Rounding">The rounding that was applied once at the end.</param>
public sealed record Derivation(
    string Subject,
    string Title,
    string Rule,
    string? Basis,
    IReadOnlyList<DerivationInput> Inputs,
    IReadOnlyList<string> Steps,
    decimal? Result,
    string Rounding,
    IReadOnlyList<Derivation> Parts);

/// <summary>A value that the arithmetic started from.</summary>
/// <param name="Source">DECLARED (by the unit), REVIEWED, APPRAISED, PUBLISHED, OFFICIAL (recorded by the system), TABLE, CLUSTER (other members' values) or DECISION.</param>
/// <param name="Document">The document that gives it, where there is one.</param>
public sealed record DerivationInput(string Name, string Value, string Source, string? Document);
