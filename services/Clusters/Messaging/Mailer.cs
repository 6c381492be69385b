using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>
/// Mails over SMTP, one connection for a run of sending. Without <c>Smtp:Host</c> there is no mail, and reminders wait for it.
/// </summary>
internal sealed class Mailer : IDisposable
{
    private const int StandardPort = 587;
    private const int TimeoutMilliseconds = 15_000; // for each answer of the server
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1); // for a mail as a whole

    private readonly TimeProvider _clock;
    private readonly string? _host;
    private readonly int _port;
    private readonly MailboxAddress _from = new("", "nobody@invalid");
    private readonly string? _user;
    private readonly string? _password;
    private readonly SecureSocketOptions _security;
    private readonly TolerantClient _client = new() { Timeout = TimeoutMilliseconds };

    public Mailer(IConfiguration settings, TimeProvider clock)
    {
        _clock = clock;
        _host = settings["Smtp:Host"] is { Length: > 0 } host ? host : null;
        _port = settings.GetValue("Smtp:Port", StandardPort);
        _user = settings["Smtp:User"];
        _password = settings["Smtp:Password"];
        _security = settings.GetValue<bool?>("Smtp:StartTls") switch
        {
            true => SecureSocketOptions.StartTls,
            false => SecureSocketOptions.None,
            null => SecureSocketOptions.Auto,
        };
        if (_host is not null)
        {
            _from = MailboxAddress.TryParse(settings["Smtp:From"], out var from) && EmailAddress.IsValid(from.Address) ? from : throw new InvalidOperationException("Smtp:From must be an e-mail address where Smtp:Host is set.");
        }
    }

    public bool IsConfigured => _host is not null;

    /// <returns>Why the server cannot be reached; null when it can.</returns>
    public async Task<string?> ConnectAsync(CancellationToken ct)
    {
        try
        {
            if (_client.IsConnected)
            {
                await _client.NoOpAsync(ct);
                return null;
            }
        }
        catch (Exception fault) when (IsOfTheWay(fault))
        {
            await _client.DisconnectAsync(quit: false, ct); // it was closed while it idled: a new one is opened below
        }

        try
        {
            await _client.ConnectAsync(_host!, _port, _security, ct);
            if (!string.IsNullOrEmpty(_user))
            {
                await _client.AuthenticateAsync(_user, _password ?? "", ct);
            }

            return null;
        }
        catch (Exception fault) when (IsOfTheWay(fault) || fault is AuthenticationException or SslHandshakeException or SmtpCommandException or NotSupportedException)
        {
            await _client.DisconnectAsync(quit: false, ct);
            return $"Máy chủ thư: {fault.Message}";
        }
    }

    public async Task<Transmission> SendAsync(Reminder reminder, int attempt, IReadOnlyList<string> to, ReminderText text)
    {
        using var message = new MimeMessage
        {
            MessageId = MessageIdOf(reminder),
            Subject = text.Subject,
            Date = _clock.GetUtcNow().ToVietnam(),
            Body = new TextPart("plain") { Text = text.Body },
        };
        message.From.Add(_from);
        message.To.AddRange(to.Select(address => new MailboxAddress("", address)));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-ThiDua-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        _client.NotAccepted.Clear();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await _client.SendAsync(message, limit.Token);
            return new Transmission(AttemptOutcome.Delivered, _client.NotAccepted.Count == 0 ? null : $"Không nhận: {string.Join(", ", _client.NotAccepted)}");
        }
        catch (SmtpCommandException refusal)
        {
            return new Transmission(AttemptOutcome.Refused, $"{(int)refusal.StatusCode} {refusal.Message}");
        }
        catch (Exception fault) when (IsOfTheWay(fault))
        {
            await _client.DisconnectAsync(quit: false);
            return new Transmission(AttemptOutcome.Unknown, fault.Message);
        }
    }

    /// <summary>The same on every attempt, so that a mail system knows the second as the first.</summary>
    public string MessageIdOf(Reminder reminder) => $"{reminder.Id:N}@{_from.Domain}";

    public void Dispose() => _client.Dispose();

    private static bool IsOfTheWay(Exception fault) => fault is IOException or SocketException or ProtocolException or ServiceNotConnectedException or TimeoutException or OperationCanceledException;

    /// <summary>One address that is no longer does not keep the mail from the others.</summary>
    private sealed class TolerantClient : SmtpClient
    {
        public List<string> NotAccepted { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            NotAccepted.Add($"{mailbox.Address} ({(int)response.StatusCode} {response.Response})");
    }
}
