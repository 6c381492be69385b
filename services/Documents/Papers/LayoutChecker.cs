using DocumentFormat.OpenXml.Packaging;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>A rule of the layout.</summary>
/// <param name="Number">Stays the same when rules are added.</param>
/// <param name="Name">Vietnamese, what it asks.</param>
/// <param name="Source">The provision, or that it is a rule of this system.</param>
public sealed record LayoutRule(int Number, string Name, string Source);

/// <summary>Where a paper breaks a rule.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Where">The paragraph, counted from the top of the text, or the part of the page.</param>
/// <param name="Message">Vietnamese.</param>
public sealed record LayoutFinding(LayoutRule Rule, string Where, string Message);

/// <summary>
/// Kiểm tra thể thức: reads a produced docx back and tests it against Nghị định 30/2020/NĐ-CP, Phụ lục I. It trusts nothing that made the paper:
/// formatting is resolved as Word does, and elements are known by what they say.
/// </summary>
public static class LayoutChecker
{
    private static readonly IReadOnlyList<(LayoutRule Rule, Func<LayoutReading, IEnumerable<(string Where, string Message)>> Test)> s_rules =
        [.. LayoutPageRules.All, .. LayoutHeadRules.All, .. LayoutTextRules.All, .. LayoutEndRules.All];

    /// <summary>Every rule, in order.</summary>
    public static IReadOnlyList<LayoutRule> Rules { get; } = [.. s_rules.Select(rule => rule.Rule).OrderBy(rule => rule.Number)];

    /// <summary>What is wrong with a paper; nothing when it is in order.</summary>
    /// <exception cref="ThiDua.ServiceDefaults.RuleViolationException">The file is no docx.</exception>
    public static IReadOnlyList<LayoutFinding> Check(Stream docx)
    {
        var bytes = TemplateSafety.ReadWithinLimits(docx);
        using var stream = new MemoryStream(bytes, writable: false);
        try
        {
            using var document = WordprocessingDocument.Open(stream, isEditable: false);
            if (document.MainDocumentPart?.Document?.Body is null)
            {
                throw TemplateSafety.Unreadable();
            }

            var reading = new LayoutReading(document, PrescribedLayout.Current);
            return
            [
                .. s_rules.SelectMany(rule => rule.Test(reading).Select(found => new LayoutFinding(rule.Rule, found.Where, found.Message))).OrderBy(finding => finding.Rule.Number),
            ];
        }
        catch (Exception reason) when (reason is not ServiceDefaults.RuleViolationException && TemplateSafety.IsUnreadable(reason))
        {
            throw TemplateSafety.Unreadable();
        }
    }
}
