using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using ThiDua.ServiceDefaults;

namespace ThiDua.Spreadsheets;

/// <summary>
/// What a workbook carries, unseen, of where it came from, with an HMAC under a key that only the service has: whoever changes it cannot
/// have it believed. The text stands encoded, so that no program changes a character of it.
/// </summary>
public sealed class WorkbookSeal
{
    /// <summary>Name of the very hidden sheet.</summary>
    public const string SheetName = "ThiDua.Niem";

    /// <summary>The setting that holds the key, at least 32 characters; without it a service that seals does not start.</summary>
    public const string Setting = "Workbooks:SecretKey";

    private const int LeastLength = 32;
    private const int KeyLength = 32;
    private const int ChunkLength = 30_000;
    private readonly byte[] _key;

    public WorkbookSeal(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: >= LeastLength } text)
        {
            throw new InvalidOperationException($"{Setting} is missing or shorter than {LeastLength} characters.");
        }

        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), KeyLength, info: "seals of workbooks"u8.ToArray());
    }

    /// <param name="builder">The workbook; the sheet is added to it.</param>
    /// <param name="kind">Which form: a seal of one form is none for another.</param>
    /// <param name="content">What the service wants to find again.</param>
    public void Put<T>(WorkbookBuilder builder, string kind, T content)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(content);
        var sheet = builder.AddSheet(SheetName, SheetVisibility.VeryHidden);
        sheet.Text(1, 1, kind).Text(1, 2, Convert.ToHexStringLower(Mac(kind, bytes)));
        var row = 2;
        foreach (var chunk in Convert.ToBase64String(bytes).Chunk(ChunkLength))
        {
            sheet.Text(row++, 1, new string(chunk));
        }
    }

    /// <summary>Refused: <c>NO_SEAL</c> (no file of ours, or another form) and <c>BROKEN_SEAL</c> (changed).</summary>
    public T Get<T>(Workbook workbook, string kind)
    {
        if (workbook.Find(SheetName) is not { } sheet || sheet.At(1, 1).Text != kind)
        {
            throw Refused("NO_SEAL", "Tệp không phải là mẫu tải xuống từ hệ thống cho việc này.");
        }

        try
        {
            var text = new StringBuilder();
            for (var row = 2; row <= sheet.LastRow; row++)
            {
                text.Append(sheet.At(row, 1).Text);
            }

            var bytes = Convert.FromBase64String(text.ToString());
            if (CryptographicOperations.FixedTimeEquals(Mac(kind, bytes), Convert.FromHexString(sheet.At(1, 2).Text)))
            {
                return JsonSerializer.Deserialize<T>(bytes) ?? throw new JsonException();
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // what was changed no longer has a form
        }

        throw Refused("BROKEN_SEAL", "Phần ẩn của tệp đã bị sửa; hãy tải mẫu mới và nhập lại.");
    }

    private byte[] Mac(string kind, byte[] content)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(kind + "\n"));
        mac.AppendData(content);
        return mac.GetHashAndReset();
    }

    private static RuleViolationException Refused(string code, string message) => new(WorkbookRefusal.Code, message, [new Violation(code, string.Empty, message)]);
}
