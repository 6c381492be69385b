using System.Security.Cryptography;
using System.Text;

namespace ThiDua.Clusters.Data;

/// <summary>
/// Secrets of webhooks as they lie in the database: encrypted (AES-GCM) under a key made from <c>Reminders:SecretKey</c>, so that a copy of
/// the database signs nothing.
/// </summary>
internal sealed class SecretBox
{
    private const int LeastLength = 32;
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key;

    public SecretBox(IConfiguration configuration)
    {
        if (configuration["Reminders:SecretKey"] is not { Length: >= LeastLength } text)
        {
            throw new InvalidOperationException($"Reminders:SecretKey is missing or shorter than {LeastLength} characters.");
        }

        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), KeyLength, info: "secrets of webhooks"u8.ToArray());
    }

    public string Close(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceLength + TagLength + plain.Length];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plain, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength));
        return Convert.ToBase64String(box);
    }

    public string Open(string stored)
    {
        var box = Convert.FromBase64String(stored);
        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), plain);
        return Encoding.UTF8.GetString(plain);
    }
}
