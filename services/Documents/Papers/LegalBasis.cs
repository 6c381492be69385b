using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Căn cứ of a paper: texts that the data cite, a line for each instrument, each checked against the register on the paper's day.</summary>
internal static partial class LegalBasis
{
    /// <summary>A basis names several instruments, parted by semicolons; a paper gives each a line.</summary>
    public static IReadOnlyList<BasisLine> Of(IEnumerable<string> bases, ILookup<string, CitableInstrument> register, DateOnly on) =>
        [.. bases.SelectMany(Parts).Select(part => Citing(part, register)).Where(part => part.Length > 0).Distinct(StringComparer.Ordinal).Select(part => Check(part, register, on))];

    private static BasisLine Check(string part, ILookup<string, CitableInstrument> register, DateOnly on)
    {
        var doubtful = Citations.Check(part, register, on).Where(citation => citation.Status != CitationStatus.Verified).ToList();
        var note = doubtful.Count == 0 ? null : doubtful.Exists(citation => citation.Status == CitationStatus.Expired) ? "không có hiệu lực theo sổ văn bản" : "chưa kiểm chứng hiệu lực";
        return new BasisLine(part, note, [.. doubtful.Select(citation => $"Căn cứ “{part}”: {citation.Reason}")]);
    }

    /// <summary>What a basis adds in sentences of its own that cite nothing is a remark, not a ground; a text that cites nothing at all stays whole.</summary>
    private static string Citing(string part, ILookup<string, CitableInstrument> register)
    {
        var citing = Sentences().Split(part).Where(sentence => Citations.Find(sentence, Citations.NamesIn(register)).Count > 0).ToList();
        return (citing.Count > 0 ? string.Join(' ', citing) : part).Trim().TrimEnd('.', ';', ' ');
    }

    [GeneratedRegex(@"(?<=\.)\s+(?=\p{Lu})")]
    private static partial Regex Sentences();

    // A semicolon inside a quotation or inside parentheses parts nothing.
    private static IEnumerable<string> Parts(string basis)
    {
        var (depth, quoted, from) = (0, false, 0);
        for (var at = 0; at <= basis.Length; at++)
        {
            var end = at == basis.Length;
            if (!end)
            {
                depth = Math.Max(0, depth + (basis[at] == '(' ? 1 : basis[at] == ')' ? -1 : 0));
                quoted = basis[at] == '“' || (quoted && basis[at] != '”');
            }

            if (end || (basis[at] == ';' && depth == 0 && !quoted))
            {
                yield return basis[from..at];
                from = at + 1;
            }
        }
    }
}

/// <summary>A line of căn cứ.</summary>
/// <param name="Text">As the data have it.</param>
/// <param name="Note">What a draft says behind it; null: all that it cites is verified.</param>
/// <param name="Doubts">Warnings.</param>
internal sealed record BasisLine(string Text, string? Note, IReadOnlyList<string> Doubts)
{
    /// <summary>An issued paper bears no notes: who signed it was warned and answers for it.</summary>
    public string Printed(bool isDraft) => $"Căn cứ {Text}{(isDraft && Note is not null ? $" [{Note}]" : "")};";
}
