using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ThiDua.Recovery;

/// <summary>
/// What backups are encrypted with, by pgBackRest and restic as it stands, so that these alone can read a repository, too; and what the
/// catalogue is sealed with. Whoever loses it has no backup.
/// </summary>
internal sealed class BackupKey
{
    public const string Variable = "THIDUA_BACKUP_KEY_FILE";
    public const string Parameter = "backup-key";
    private const int LeastLength = 32;

    private readonly byte[] _seal;

    private BackupKey(string text, string source)
    {
        if (text.Length < LeastLength || !text.All(char.IsAsciiLetterOrDigit))
        {
            throw new RecoveryException($"The key in {source} is no backup key: it has at least {LeastLength} letters and digits.");
        }

        Text = text;
        _seal = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), outputLength: 32, info: "thidua backup catalogue"u8.ToArray());
    }

    public string Text { get; }

    /// <param name="file">A file with the key alone, or a <c>secrets.json</c>; null: the one that the environment names, else that of the system.</param>
    /// <param name="secrets">The system's own secrets.</param>
    public static BackupKey Read(string? file, string? secrets)
    {
        file ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : secrets;
        if (file is null || !File.Exists(file))
        {
            throw new RecoveryException(file is null
                ? $"The backup's key is needed: --key-file FILE, or {Variable}."
                : $"{file} does not exist; name the file with the backup's key: --key-file FILE, or {Variable}.");
        }

        var text = File.ReadAllText(file).Trim();
        if (text.StartsWith('{'))
        {
            text = JsonNode.Parse(text)?[Parameter]?.GetValue<string>()
                ?? throw new RecoveryException($"{file} has no {Parameter}: start the system once with this version, or give --key-file FILE.");
        }

        return new BackupKey(text, file);
    }

    /// <summary>Only who has the key can write what carries this.</summary>
    public string Seal(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_seal, Encoding.UTF8.GetBytes(text)));
}
