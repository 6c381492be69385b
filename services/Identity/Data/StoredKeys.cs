using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ThiDua.Identity.Data;

public enum KeyPurpose
{
    /// <summary>Signs tokens; its public half is published.</summary>
    Signing,

    /// <summary>Encrypts authorization codes and refresh tokens, which only this service reads.</summary>
    Encryption,

    /// <summary>A key of ASP.NET Core's Data Protection: cookies and anti-forgery tokens.</summary>
    DataProtection,
}

/// <summary>A secret key of the provider, kept in its own database so that it outlives restarts and is shared by copies of the process.</summary>
public sealed class StoredKey
{
    public required Guid Id { get; init; }
    public required KeyPurpose Purpose { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>As <see cref="KeyEncryption"/> wrote it.</summary>
    public required byte[] Material { get; set; }
}

public enum KeyState
{
    /// <summary>Published, so that services have it when its turn comes.</summary>
    Waiting,

    /// <summary>Signs.</summary>
    Signing,

    /// <summary>Signed before, and is published for what it signed.</summary>
    Published,

    /// <summary>Nothing that it signed is good any more.</summary>
    Retired,
}

/// <summary>When a signing key signs, and how long it is published.</summary>
/// <param name="Id">Key; as <c>kid</c> in tokens, without hyphens.</param>
/// <param name="CreatedAt">When it was made, and published.</param>
/// <param name="SignsFrom">When it takes over.</param>
/// <param name="PublishedUntil">When the last token that it signed expires; absent: no other has taken over.</param>
/// <param name="State">What it is good for now.</param>
public sealed record SigningKeyTurn(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset? PublishedUntil, KeyState State);

/// <summary>Encrypts keys at rest under the setting <c>Identity:KeySecret</c> (AES-256-GCM). Without the setting they are stored as they are.</summary>
public sealed class KeyEncryption(IOptions<IdentitySettings> settings)
{
    private const byte Plain = 0;
    private const byte Encrypted = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public bool IsOn => !string.IsNullOrEmpty(settings.Value.KeySecret);

    public byte[] Protect(ReadOnlySpan<byte> key)
    {
        if (!IsOn)
        {
            return [Plain, .. key];
        }

        var material = new byte[1 + NonceLength + TagLength + key.Length];
        material[0] = Encrypted;
        var nonce = material.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(DeriveKey(), TagLength);
        aes.Encrypt(nonce, key, material.AsSpan(1 + NonceLength + TagLength), material.AsSpan(1 + NonceLength, TagLength));
        return material;
    }

    public byte[] Unprotect(ReadOnlySpan<byte> material)
    {
        if (!IsEncrypted(material))
        {
            return material[1..].ToArray();
        }

        if (!IsOn)
        {
            throw new InvalidOperationException("Stored keys are encrypted: set Identity:KeySecret.");
        }

        var key = new byte[material.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(DeriveKey(), TagLength);
        aes.Decrypt(material.Slice(1, NonceLength), material[(1 + NonceLength + TagLength)..], material.Slice(1 + NonceLength, TagLength), key);
        return key;
    }

    public static bool IsEncrypted(ReadOnlySpan<byte> material) => material[0] == Encrypted;

    private byte[] DeriveKey() =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(settings.Value.KeySecret!), outputLength: 32, info: "thidua identity keys"u8.ToArray());
}

/// <summary>The keys of this provider. Synchronous where the framework asks for them synchronously.</summary>
public sealed class StoredKeys(IServiceScopeFactory scopes, KeyEncryption encryption, IOptions<IdentitySettings> settings, TimeProvider clock, ILogger<StoredKeys> logger) : IXmlRepository
{
    private const int RsaKeySize = 3072;
    private const int RotationLock = 2;
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5); // of clocks, which services forgive

    /// <summary>The signing keys of this moment, the one that signs first; after it those that are published too.</summary>
    public IReadOnlyList<SecurityKey> SigningKeys()
    {
        var stored = Read(KeyPurpose.Signing);
        return [.. Turns(stored).Where(turn => turn.State != KeyState.Retired).OrderBy(turn => turn.State != KeyState.Signing).Select(turn =>
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(encryption.Unprotect(stored.Single(key => key.Id == turn.Id).Material), out _);
            return new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: true)) { KeyId = turn.Id.ToString("n") };
        })];
    }

    /// <summary>What each signing key is good for at this moment, newest first.</summary>
    public async Task<IReadOnlyList<SigningKeyTurn>> TurnsAsync(IdentityDbContext db, CancellationToken ct) => Turns(await InOrderAsync(db, ct));

    public IReadOnlyList<SecurityKey> EncryptionKeys() =>
        [.. Read(KeyPurpose.Encryption).Select(stored => new SymmetricSecurityKey(encryption.Unprotect(stored.Material)) { KeyId = stored.Id.ToString("n") })];

    /// <summary>Makes the keys that are not there yet, and encrypts those that were stored before <c>KeySecret</c> was set.</summary>
    public async Task EnsureAsync(IdentityDbContext db, CancellationToken ct)
    {
        var keys = await db.Keys.ToListAsync(ct);
        if (keys.TrueForAll(key => key.Purpose != KeyPurpose.Signing))
        {
            db.Add(NewSigningKey());
        }

        if (keys.TrueForAll(key => key.Purpose != KeyPurpose.Encryption))
        {
            db.Add(NewKey(KeyPurpose.Encryption, RandomNumberGenerator.GetBytes(32)));
        }

        foreach (var plain in keys.Where(key => encryption.IsOn && !KeyEncryption.IsEncrypted(key.Material)))
        {
            plain.Material = encryption.Protect(encryption.Unprotect(plain.Material));
        }

        if (!encryption.IsOn)
        {
            logger.LogWarning("Private keys are stored as they are: set Identity:KeySecret to have them encrypted");
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>
    /// A new signing key: published from now on, and signing when every service has had the time to fetch it. While one waits for its
    /// turn there is no second. <paramref name="atOnce"/>: it signs now and all others are gone, with every token and session that
    /// they signed; for a key that others may have.
    /// </summary>
    public async Task RotateAsync(IdentityDbContext db, bool atOnce, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({RotationLock})", ct);
        var present = await InOrderAsync(db, ct);
        if (atOnce)
        {
            db.RemoveRange(present);
        }
        else if (Turns(present).Any(turn => turn.State == KeyState.Waiting))
        {
            return;
        }

        db.Add(NewSigningKey());
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Removes keys whose last token has expired.</summary>
    public async Task RemoveRetiredAsync(IdentityDbContext db, CancellationToken ct)
    {
        var present = await InOrderAsync(db, ct);
        var retired = Turns(present).Where(turn => turn.State == KeyState.Retired).Select(turn => turn.Id).ToHashSet();
        db.RemoveRange(present.Where(key => retired.Contains(key.Id)));
        await db.SaveChangesAsync(ct);
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Read(KeyPurpose.DataProtection).Select(stored => XElement.Parse(Encoding.UTF8.GetString(encryption.Unprotect(stored.Material))))];

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        db.Add(NewKey(KeyPurpose.DataProtection, Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting))));
        db.SaveChanges();
    }

    /// <summary>
    /// A key signs from when it has been published for long enough (the first of all at once) until the next one does, and is published
    /// until the last token that it signed has expired.
    /// </summary>
    private List<SigningKeyTurn> Turns(List<StoredKey> newestFirst)
    {
        var (now, ahead) = (clock.GetUtcNow(), settings.Value.KeyPublishedAhead);
        var longest = settings.Value.AccessTokenLifetime > settings.Value.RefreshTokenLifetime ? settings.Value.AccessTokenLifetime : settings.Value.RefreshTokenLifetime;
        var turns = new List<SigningKeyTurn>();
        DateTimeOffset? nextSigns = null;
        for (var index = 0; index < newestFirst.Count; index++)
        {
            var key = newestFirst[index];
            var signs = index == newestFirst.Count - 1 ? key.CreatedAt : key.CreatedAt + ahead;
            var until = nextSigns + longest + s_skew;
            turns.Add(new SigningKeyTurn(
                key.Id, key.CreatedAt, signs, until, now < signs ? KeyState.Waiting : nextSigns is null || now < nextSigns ? KeyState.Signing : now < until ? KeyState.Published : KeyState.Retired));
            nextSigns = signs;
        }

        return turns;
    }

    private static Task<List<StoredKey>> InOrderAsync(IdentityDbContext db, CancellationToken ct) => db.Keys.Where(key => key.Purpose == KeyPurpose.Signing).OrderByDescending(key => key.CreatedAt).ToListAsync(ct);

    private List<StoredKey> Read(KeyPurpose purpose)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        return [.. db.Keys.AsNoTracking().Where(key => key.Purpose == purpose).OrderByDescending(key => key.CreatedAt)];
    }

    private StoredKey NewSigningKey()
    {
        using var rsa = RSA.Create(RsaKeySize);
        return NewKey(KeyPurpose.Signing, rsa.ExportPkcs8PrivateKey());
    }

    private StoredKey NewKey(KeyPurpose purpose, byte[] key) =>
        new() { Id = Guid.CreateVersion7(), Purpose = purpose, CreatedAt = clock.GetUtcNow(), Material = encryption.Protect(key) };
}
