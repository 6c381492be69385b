namespace ThiDua.Tests.Fuzzing;

/// <summary>Every reader of what comes from outside, each made when it is needed.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, Func<FuzzTarget>> All { get; } = new Dictionary<string, Func<FuzzTarget>>
    {
        ["season"] = SeasonTarget.Make,
        ["workbook"] = WorkbookTargets.Make,
        ["forms"] = WorkbookTargets.MakeForms,
        ["evidence"] = DocumentTargets.MakeEvidence,
        ["template"] = DocumentTargets.MakeTemplate,
        ["tokens"] = TokenTarget.Make,
        ["words"] = WordTarget.Make,
    };
}
