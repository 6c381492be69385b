namespace ThiDua.Clusters.Domain;

/// <summary>Chủ của địa chỉ liên hệ.</summary>
public enum ContactHolder
{
    /// <summary>Đơn vị.</summary>
    Unit,

    /// <summary>Cơ quan thường trực.</summary>
    Agency,

    /// <summary>Lãnh đạo cơ quan thường trực.</summary>
    AgencyHead,
}

/// <summary>Địa chỉ liên hệ: an e-mail address to which reminders for its holder go.</summary>
public sealed class Contact
{
    private Contact() { }

    public Guid Id { get; private init; }

    public ContactHolder Holder { get; private init; }

    /// <summary>Code of the unit; null for the standing agency.</summary>
    public string? Unit { get; private init; }

    /// <summary>Tên người hoặc bộ phận nhận.</summary>
    public string Name { get; private set; } = "";

    public string Email { get; private set; } = "";

    /// <summary>Đang dùng: mails go to it.</summary>
    public bool Enabled { get; private set; }

    public uint RowVersion { get; private set; }

    public static Contact Of(ContactHolder holder, string? unit, string name, string email) =>
        new() { Id = Guid.CreateVersion7(), Holder = holder, Unit = unit, Name = name, Email = email, Enabled = true };

    public void Change(string name, string email, bool enabled) => (Name, Email, Enabled) = (name, email, enabled);

    /// <summary>Whose addresses a reminder goes to.</summary>
    public static ContactHolder HolderOf(RecipientKind recipient) => recipient switch
    {
        RecipientKind.Agency => ContactHolder.Agency,
        RecipientKind.AgencyHead => ContactHolder.AgencyHead,
        _ => ContactHolder.Unit,
    };
}

/// <summary>Địa chỉ thư điện tử: one plain address, as agencies have them; no display name, no quoted part, nothing that could end a header line.</summary>
public static class EmailAddress
{
    public const int MaximumLength = 254;
    private const int LocalPartLength = 64;
    private const int LabelLength = 63;

    public static bool IsValid(string address)
    {
        var at = address.LastIndexOf('@');
        return address.Length <= MaximumLength && at is > 0 and <= LocalPartLength && IsLocalPart(address[..at]) && IsDomain(address[(at + 1)..]);
    }

    private static bool IsLocalPart(string text) => text.Split('.').All(atom => atom.Length > 0 && atom.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-/=?^_`{|}~".Contains(character, StringComparison.Ordinal)));

    private static bool IsDomain(string text)
    {
        var labels = text.Split('.');
        return labels.Length > 1 && labels.All(label => label.Length is > 0 and <= LabelLength && label[0] != '-' && label[^1] != '-' && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'));
    }
}
