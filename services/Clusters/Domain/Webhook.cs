using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Đăng ký webhook: the address of a system that is told of reminders, in signed calls. A unit's system is told what the unit is told,
/// the standing agency's system everything.
/// </summary>
public sealed class Webhook
{
    /// <summary>Nhắc trước hoặc trong ngày đến hạn.</summary>
    public const string DueEvent = "vn.gov.thidua.reminder.due.v1";

    /// <summary>Nhắc khi đã quá hạn.</summary>
    public const string OverdueEvent = "vn.gov.thidua.reminder.overdue.v1";

    private static readonly TimeSpan s_overlap = TimeSpan.FromHours(24); // a receiver has a day to put the new secret in place

    private Webhook() { }

    public Guid Id { get; private init; }

    /// <summary>Code of the unit whose system it is; null: the standing agency's.</summary>
    public string? Unit { get; private init; }

    public string Url { get; private set; } = "";

    public IReadOnlyList<string> EventTypes { get; private set; } = [];

    /// <summary>Khóa ký, as it is stored; leaves the service once, when it was made.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Khóa ký cũ: signs too until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousSecret { get; private set; }

    public DateTimeOffset? PreviousUntil { get; private set; }

    public bool Enabled { get; private set; }

    /// <summary>Lý do tắt.</summary>
    public string? DisabledBecause { get; private set; }

    public uint RowVersion { get; private set; }

    public static IReadOnlyList<string> AllEvents { get; } = [DueEvent, OverdueEvent];

    public static Webhook Subscribe(string? unit, string url, IReadOnlyList<string> eventTypes, string storedSecret) =>
        new() { Id = Guid.CreateVersion7(), Unit = unit, Url = url, EventTypes = eventTypes, Secret = storedSecret, Enabled = true };

    public static string EventOf(int occurrence) => occurrence > 0 ? OverdueEvent : DueEvent;

    public bool Wants(int occurrence) => Enabled && EventTypes.Contains(EventOf(occurrence));

    public void Change(string url, IReadOnlyList<string> eventTypes, bool enabled)
    {
        (Url, EventTypes, Enabled) = (url, eventTypes, enabled);
        DisabledBecause = enabled ? null : DisabledBecause ?? "Được tắt theo yêu cầu.";
    }

    /// <summary>The receiver said that it is gone for good (410), or its owner switched it off.</summary>
    public void Disable(string because) => (Enabled, DisabledBecause) = (false, because);

    /// <summary>Đổi khóa ký: both sign for a day, so that the receiver may change over at any moment of it.</summary>
    public void Rotate(string storedSecret, DateTimeOffset now) => (PreviousSecret, PreviousUntil, Secret) = (Secret, now + s_overlap, storedSecret);

    /// <summary>The stored secrets that sign now, the newest first.</summary>
    public IReadOnlyList<string> SigningSecrets(DateTimeOffset now) => PreviousSecret is not null && now < PreviousUntil ? [Secret, PreviousSecret] : [Secret];

    /// <summary>A new secret in the form of Standard Webhooks: <c>whsec_</c> and 32 random bytes in base64.</summary>
    public static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Địa chỉ của webhook: where calls may go. The service stands inside the province's network; a caller must not reach it through us.</summary>
public static class WebhookAddress
{
    private const int MaximumLength = 1000;

    /// <param name="text">The address given.</param>
    /// <param name="allowPrivate">Whether this installation lets calls stay in its own network, and go unencrypted there.</param>
    /// <returns>What is wrong with it: <c>BAD_URL</c> or <c>PRIVATE_ADDRESS</c>; null when nothing is.</returns>
    public static Violation? Problem(string text, bool allowPrivate)
    {
        if (text.Length > MaximumLength || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (allowPrivate && url.Scheme == Uri.UriSchemeHttp)))
        {
            return new Violation("BAD_URL", "/url", $"Phải là địa chỉ https đầy đủ, tối đa {MaximumLength} ký tự, không kèm tài khoản hay phần sau dấu #.");
        }

        return !allowPrivate && IPAddress.TryParse(url.DnsSafeHost, out var address) && !IsPublic(address)
            ? new Violation("PRIVATE_ADDRESS", "/url", "Địa chỉ thuộc mạng nội bộ; chỉ gọi địa chỉ công khai.")
            : null;
    }

    /// <summary>Whether an address is one of the open internet. Asked of every address that a name resolves to, at the moment of the call.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        var bytes = address.GetAddressBytes();
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => bytes[0] switch
            {
                0 or 10 or 127 or >= 224 => false,
                100 => bytes[1] is < 64 or > 127,
                169 => bytes[1] != 254,
                172 => bytes[1] is < 16 or > 31,
                192 => bytes[1] != 168 && !(bytes[1] == 0 && bytes[2] is 0 or 2),
                198 => bytes[1] is not (18 or 19) && !(bytes[1] == 51 && bytes[2] == 100),
                203 => !(bytes[1] == 0 && bytes[2] == 113),
                _ => true,
            },

            // Only 2000::/3 is given out; without 6to4 and Teredo, which carry an IPv4 address within, and the one for examples.
            AddressFamily.InterNetworkV6 => (bytes[0] & 0xe0) == 0x20
                && !(bytes[0] == 0x20 && bytes[1] == 0x02)
                && !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0)
                && !(bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8),
            _ => false,
        };
    }
}
