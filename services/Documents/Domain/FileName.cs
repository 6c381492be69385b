using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>The name of a file as its unit gave it, fit to be shown and to be saved under again on any system. It never names a place on our disk.</summary>
public static class FileName
{
    public const int Longest = 180;
    private const string Forbidden = "<>:\"|?*";

    /// <summary>Without its path, in NFC, Vietnamese letters kept.</summary>
    /// <exception cref="RuleViolationException"><c>file-refused</c>: MISSING_NAME, NAME_TOO_LONG.</exception>
    public static string Clean(string? given)
    {
        var name = VietnameseText.Normalize(given ?? "").ReplaceLineEndings(" ").Replace('\t', ' ');
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].TrimStart('.', ' ').TrimEnd('.', ' ');
        name = string.Concat(name.Select(character => Forbidden.Contains(character, StringComparison.Ordinal) ? '_' : character));
        if (Path.GetFileNameWithoutExtension(name).Length == 0)
        {
            throw new RuleViolationException("file-refused", "Không nhận tệp này.", [new Violation("MISSING_NAME", "/filename", "Thiếu tên tệp.")]);
        }

        return name.Length <= Longest
            ? name
            : throw new RuleViolationException("file-refused", "Không nhận tệp này.", [new Violation("NAME_TOO_LONG", "/filename", $"Tên tệp dài quá {Longest} ký tự.")]);
    }
}
