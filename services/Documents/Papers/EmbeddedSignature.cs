using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using System.Text.RegularExpressions;

namespace ThiDua.Documents.Papers;

/// <summary>Reads the signature in a PDF back: which bytes it covers, and whether they are those that were signed.</summary>
public static partial class EmbeddedSignature
{
    /// <summary>Whether the last signature covers the whole file but itself, and is of these bytes.</summary>
    public static bool IsIntact(byte[] pdf)
    {
        if (Ranges().Matches(Encoding.Latin1.GetString(pdf)).LastOrDefault() is not { } found)
        {
            return false;
        }

        var range = Enumerable.Range(1, 4).Select(group => int.Parse(found.Groups[group].Value, CultureInfo.InvariantCulture)).ToArray();
        if (range[0] != 0 || range[2] <= range[1] || range[2] + range[3] != pdf.Length)
        {
            return false;
        }

        var hexadecimal = Encoding.Latin1.GetString(pdf, range[1] + 1, range[2] - range[1] - 2);
        byte[] covered = [.. pdf.AsSpan(0, range[1]), .. pdf.AsSpan(range[2], range[3])];
        var cms = new SignedCms(new ContentInfo(covered), detached: true);
        try
        {
            cms.Decode(Convert.FromHexString(hexadecimal)); // zeros after the signature fill the room that was left for it
            cms.CheckSignature(verifySignatureOnly: true);
            return true;
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"/ByteRange\s*\[\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})\s*\]")]
    private static partial Regex Ranges();
}
