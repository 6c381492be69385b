using System.Text;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;

namespace ThiDua.Documents.Papers;

/// <summary>A name in double braces, where it stands in the text of its paragraph.</summary>
internal sealed record TemplateToken(string Name, int Start, int Length)
{
    public string? List => Name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Name[..dot] : null;
}

/// <summary>
/// The text of one paragraph as a reader sees it. Word cuts text into runs as it pleases (spelling, revision marks, a change of the keyboard),
/// so a name is looked for in the joined text, and what replaces it goes where its first brace was, formatted as that.
/// </summary>
internal sealed partial class TemplateText
{
    private readonly List<(OpenXmlElement Element, int Start, int Length)> _pieces = [];

    public TemplateText(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var element in Own(paragraph))
        {
            var piece = element switch
            {
                Text letters => letters.Text,
                TabChar => "\t",
                Break or CarriageReturn => "\n",
                NoBreakHyphen => "-",
                _ => null,
            };
            if (piece is not null)
            {
                _pieces.Add((element, text.Length, piece.Length));
                text.Append(piece);
            }
        }

        Value = text.ToString();
        Tokens = [.. Token().Matches(Value).Select(match => new TemplateToken(match.Groups[1].Value, match.Index, match.Length))];
    }

    public string Value { get; }

    public IReadOnlyList<TemplateToken> Tokens { get; }

    /// <summary>Braces that are left when the names are taken away: a name that was mistyped.</summary>
    public bool HasBrokenBraces => Leftover().IsMatch(Token().Replace(Value, " "));

    /// <summary>Puts values in the place of the names; what a value says is never looked at for names again.</summary>
    public void Replace(Func<TemplateToken, string> valueOf)
    {
        foreach (var token in Tokens.OrderByDescending(token => token.Start))
        {
            var end = token.Start + token.Length;
            var first = true;
            foreach (var (element, start, length) in _pieces.Where(piece => piece.Start < end && piece.Start + piece.Length > token.Start))
            {
                if (element is not Text letters)
                {
                    element.Remove(); // no name holds a break, but one may stand between its braces
                    continue;
                }

                // Names further right are replaced already, so what stands left of this one is where it was.
                var from = Math.Max(token.Start - start, 0);
                var until = Math.Min(end - start, length);
                var before = letters.Text[..from];
                var after = letters.Text[until..];
                if (!first)
                {
                    Set(letters, before + after);
                    continue;
                }

                first = false;
                var lines = valueOf(token).Split('\n');
                if (lines.Length == 1)
                {
                    Set(letters, before + lines[0] + after);
                    continue;
                }

                // The piece itself keeps the first line: names to the left of this one still count on it. The last line takes what followed.
                OpenXmlElement last = letters;
                Set(letters, before + lines[0]);
                for (var line = 1; line < lines.Length; line++)
                {
                    last = last.InsertAfterSelf(new Break());
                    var more = new Text();
                    Set(more, lines[line] + (line == lines.Length - 1 ? after : string.Empty));
                    last = last.InsertAfterSelf(more);
                }
            }
        }
    }

    private static void Set(Text letters, string value)
    {
        letters.Text = value;
        letters.Space = SpaceProcessingModeValues.Preserve;
    }

    // A text box stands inside a paragraph and has paragraphs of its own.
    private static IEnumerable<OpenXmlElement> Own(OpenXmlElement parent)
    {
        foreach (var child in parent.ChildElements)
        {
            yield return child;
            foreach (var inner in child is Paragraph or TextBoxContent ? [] : Own(child).Where(element => element is not Paragraph))
            {
                yield return inner;
            }
        }
    }

    [GeneratedRegex(@"\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)?)\s*\}\}")]
    private static partial Regex Token();

    [GeneratedRegex(@"\{\{|\}\}|\{[A-Za-z0-9_. ]*\}")]
    private static partial Regex Leftover();
}
