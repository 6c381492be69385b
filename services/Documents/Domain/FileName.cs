using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Tên tệp: the name of a file as its unit gave it, fit to be shown and to be saved under again on any system. It never names a place on our disk.</summary>
public static class FileName
{
    public const int Longest = 180;
    private const string Forbidden = "<>:\"|?*";

    // Windows opens a device by these names, whatever extension follows.
    private static readonly HashSet<string> s_devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>In NFC, Vietnamese letters kept; a name that is a path, that hides characters or that is a device's is refused, not mended.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: MISSING_NAME, NAME_TOO_LONG, UNSAFE_NAME.</exception>
    public static string Clean(string? given)
    {
        var raw = given ?? "";
        if (raw.AsSpan().IndexOfAny('/', '\\') >= 0 || raw.Any(IsHidden) || !VietnameseText.IsText(raw))
        {
            throw Refused("UNSAFE_NAME", "Tên tệp không được là đường dẫn, không chứa ký tự điều khiển hoặc ký tự đổi chiều chữ.");
        }

        var name = VietnameseText.Normalize(raw);
        for (var before = ""; name != before;)
        {
            before = name;
            name = name.Trim('.').Trim(); // a point may hide a space of another kind, and the other way round
        }

        name = string.Concat(name.Select(character => Forbidden.Contains(character, StringComparison.Ordinal) ? '_' : character));
        var stem = name.Split('.')[0].TrimEnd();
        if (s_devices.Contains(stem))
        {
            throw Refused("UNSAFE_NAME", $"“{stem}” là tên dành riêng của hệ điều hành.");
        }

        if (Path.GetFileNameWithoutExtension(name).Length == 0)
        {
            throw Refused("MISSING_NAME", "Thiếu tên tệp.");
        }

        return name.Length <= Longest ? name : throw Refused("NAME_TOO_LONG", $"Tên tệp dài quá {Longest} ký tự.");
    }

    // Control characters, and those that turn the direction of writing: "gnp.exe" may look like "exe.png".
    private static bool IsHidden(char character) =>
        char.IsControl(character) || character is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069')
        || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static RuleViolationException Refused(string code, string message) => new("file-refused", "Không nhận tệp này.", [new Violation(code, "/filename", message)]);
}
