using System.Globalization;
using System.Text;

namespace ThiDua.ServiceDefaults;

/// <summary>Vietnamese text as it is stored (NFC) and as it is searched (without diacritics).</summary>
public static class VietnameseText
{
    /// <summary>NFC without leading or trailing white space; a no-break space becomes a space and zero-width characters go.</summary>
    public static string Normalize(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormC))
        {
            if (character == '\u00a0')
            {
                kept.Append(' ');
            }
            else if (character is '\n' or '\t' || CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format))
            {
                kept.Append(character);
            }
        }

        return kept.ToString().Normalize(NormalizationForm.FormC).Trim(); // what stood between a letter and its mark may have gone
    }

    /// <summary>Whether it is text at all: half of a surrogate pair and U+FFFE are none, and <see cref="Normalize"/> throws at them.</summary>
    public static bool IsText(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\ufffe' || (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[++at]))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Without ICU, normalisation does nothing and says nothing: better not to start at all.</summary>
    public static void RequireUnicode()
    {
        if ("e\u0323\u0302".Normalize(NormalizationForm.FormC) != "\u1ec7")
        {
            throw new InvalidOperationException("Unicode normalisation does not work: unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT and install libicu.");
        }
    }

    /// <summary>The form that search compares: no diacritics, đ as d, lower case. "Phường Hưởng" becomes "phuong huong".</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                folded.Append(character is 'đ' or 'Đ' ? 'd' : char.ToLowerInvariant(character));
            }
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }
}
