using System.Globalization;
using System.Text;

namespace ThiDua.Documents.Papers;

/// <summary>
/// How wide a text is in Times New Roman (and in Liberation Serif, which has the same widths): a column or a line is made as wide as what it
/// holds without asking a typesetter.
/// </summary>
internal static class FontWidths
{
    private const char First = ' ';
    private const int Horn = 0x031B;
    private const int WiderByHorn = 80; // at most: Ư upright
    private const int Widest = 1000;    // of what is not listed

    // In thousandths of the size, from the space to the tilde. A mark above or below a letter takes no width of its own.
    private static readonly short[] s_regular =
    [
        250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500,
        500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
        556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500,
        500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
    ];

    private static readonly short[] s_bold =
    [
        250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500,
        500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778,
        611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556, 444, 333, 500,
        556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
    ];

    /// <summary>In twentieths of a point.</summary>
    /// <param name="text">A single line.</param>
    /// <param name="halfPoints">Size, in the unit of Word.</param>
    /// <param name="bold">Italic is narrower than upright, so it counts as upright.</param>
    public static int Of(string text, int halfPoints, bool bold)
    {
        var widths = bold ? s_bold : s_regular;
        long thousandths = 0;
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (rune.Value == Horn)
            {
                thousandths += WiderByHorn;
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                thousandths += rune.Value switch
                {
                    'Đ' => widths['D' - First],
                    'đ' => widths['d' - First],
                    '\u00a0' => widths[0],
                    '–' => 500,
                    '“' or '”' => 500,
                    '‘' or '’' => 333,
                    '−' or '×' or '≈' or '≥' or '≤' => 570,
                    >= First and < First + 95 => widths[rune.Value - First],
                    _ => Widest,
                };
            }
        }

        return (int)(((thousandths * halfPoints * 10) + 999) / 1000);
    }

    /// <summary>The widest of the parts that a line is not broken in.</summary>
    public static int OfWidestWord(string text, int halfPoints, bool bold) =>
        text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => Of(word, halfPoints, bold)).DefaultIfEmpty().Max();

    /// <summary>The lines that a text takes in a column.</summary>
    public static int Lines(string text, int halfPoints, bool bold, int width)
    {
        var lines = 0;
        var space = Of(" ", halfPoints, bold);
        foreach (var paragraph in text.Split('\n'))
        {
            lines++;
            var used = 0;
            foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Of(word, halfPoints, bold)))
            {
                if (used > 0 && used + space + word > width)
                {
                    lines++;
                    used = 0;
                }

                used += (used > 0 ? space : 0) + word;
                for (; used > width && width > 0; used -= width)
                {
                    lines++; // a word that is longer than the line is broken anywhere
                }
            }
        }

        return lines;
    }
}
