namespace ThiDua.Identity.Domain;

/// <summary>Whose account it is: a system (or a unit's own software) with a client secret, or a person with a password.</summary>
public enum AccountKind
{
    Client,
    Person,
}

/// <summary>
/// Tài khoản: who may ask for a token, and what the token says of them. A client's secret hash is kept with its OpenIddict
/// application (same id); a person's password hash here.
/// </summary>
public sealed class Account
{
    private Account() { }

    public string Id { get; private init; } = "";
    public AccountKind Kind { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Vai trò, sorted; each becomes a <c>role</c> claim.</summary>
    public List<string> Roles { get; private set; } = [];

    /// <summary>Mã đơn vị that the account belongs to; becomes the <c>unit</c> claim.</summary>
    public string? Unit { get; private set; }

    public string? PasswordHash { get; private set; }

    /// <summary>Hash of a client's secret before the last rotation; good until <see cref="PreviousSecretUntil"/>.</summary>
    public string? PreviousSecretHash { get; private set; }

    public DateTimeOffset? PreviousSecretUntil { get; private set; }

    /// <summary>When the password or client secret was last set; the journal shows its change where it cannot show the secret.</summary>
    public DateTimeOffset SecretChangedAt { get; private set; }

    /// <summary>Changes with the password and on disabling: sessions and refresh tokens that carry an older one have ended.</summary>
    public Guid Stamp { get; private set; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? DisabledAt { get; private set; }

    /// <summary>Id and name without diacritics, for searching.</summary>
    public string SearchText { get; private set; } = "";

    public uint RowVersion { get; private init; }

    public static Account Open(string id, AccountKind kind, DateTimeOffset now) => new() { Id = id, Kind = kind, CreatedAt = now };

    /// <summary>Takes on the name, roles and unit given; says whether anything changed by it.</summary>
    public bool Describe(string name, IEnumerable<string> roles, string? unit)
    {
        List<string> sorted = [.. roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (Name == name && Unit == unit && Roles.SequenceEqual(sorted, StringComparer.Ordinal))
        {
            return false;
        }

        Name = name;
        Roles = sorted;
        Unit = unit;
        SearchText = ServiceDefaults.VietnameseText.Fold($"{Id} {name}");
        return true;
    }

    /// <summary>Notes that the secret is another one from now on.</summary>
    /// <param name="passwordHash">A person's; a client's is kept with its OpenIddict application.</param>
    /// <param name="now">When.</param>
    public void SetSecret(string? passwordHash, DateTimeOffset now)
    {
        PasswordHash = passwordHash;
        SecretChangedAt = now;
        Stamp = Guid.CreateVersion7();
    }

    /// <summary>
    /// Đổi khoá bí mật of a client, the old one staying good for a while. While the old one of an earlier rotation is still good, it
    /// stays the old one, for as long as it was given: of the one in between nobody need know, its answer may have been lost.
    /// </summary>
    /// <param name="presentHash">Hash of the secret until now.</param>
    /// <param name="overlap">How long it stays good; zero: it ends now, and with it what an earlier rotation left.</param>
    /// <param name="now">When.</param>
    public void RotateSecret(string? presentHash, TimeSpan overlap, DateTimeOffset now)
    {
        if (overlap <= TimeSpan.Zero)
        {
            (PreviousSecretHash, PreviousSecretUntil) = (null, null);
        }
        else if (!HasPreviousSecret(now))
        {
            (PreviousSecretHash, PreviousSecretUntil) = (presentHash, now + overlap);
        }

        SetSecret(passwordHash: null, now);
    }

    /// <summary>Whether the secret before the last rotation is still good.</summary>
    public bool HasPreviousSecret(DateTimeOffset now) => PreviousSecretHash is not null && now < PreviousSecretUntil;

    /// <summary>Ends or restores the use of the account; says whether that changed anything.</summary>
    public bool Disable(bool disabled, DateTimeOffset now)
    {
        if (disabled == DisabledAt is not null)
        {
            return false;
        }

        DisabledAt = disabled ? now : null;
        Stamp = Guid.CreateVersion7();
        return true;
    }
}
