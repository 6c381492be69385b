using System.Security.Cryptography;
using System.Text;

namespace ThiDua.Clusters.Data;

/// <summary>
/// Secrets of webhooks as they lie in the database: encrypted (AES-GCM) under the key of <c>Reminders:SecretKey</c> where one is set,
/// so that a copy of the database signs nothing. Those stored before a key was set stay readable.
/// </summary>
internal sealed class SecretBox
{
    private const string Mark = "aes1:";
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[]? _key;

    public SecretBox(IConfiguration configuration)
    {
        if (configuration["Reminders:SecretKey"] is { Length: > 0 } text)
        {
            _key = new byte[KeyLength];
            if (!Convert.TryFromBase64String(text, _key, out var length) || length != KeyLength)
            {
                throw new InvalidOperationException($"Reminders:SecretKey must be {KeyLength} bytes in base64.");
            }
        }
    }

    public string Close(string secret)
    {
        if (_key is null)
        {
            return secret;
        }

        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceLength + TagLength + plain.Length];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength));
        return Mark + Convert.ToBase64String(box);
    }

    public string Open(string stored)
    {
        if (!stored.StartsWith(Mark, StringComparison.Ordinal))
        {
            return stored;
        }

        var key = _key ?? throw new InvalidOperationException("Reminders:SecretKey is missing: secrets of webhooks were stored under one.");
        var box = Convert.FromBase64String(stored[Mark.Length..]);
        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), plain);
        return Encoding.UTF8.GetString(plain);
    }
}
