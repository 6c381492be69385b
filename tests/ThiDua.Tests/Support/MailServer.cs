using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace ThiDua.Tests.Support;

/// <summary>A mail as the server took it.</summary>
/// <param name="MessageId">Message-ID.</param>
/// <param name="Attempt">The sender's count.</param>
/// <param name="To">Addresses of the envelope.</param>
/// <param name="Subject">As it reads.</param>
/// <param name="Body">As it reads.</param>
/// <param name="Raw">As it came.</param>
public sealed record ReceivedMail(string MessageId, int Attempt, IReadOnlyList<string> To, string Subject, string Body, string Raw);

/// <summary>A real SMTP server on the loopback, which keeps what it takes and can be stopped and started on the same port.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedMail> _received = new();
    private CancellationTokenSource? _running;
    private Task _server = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    public IReadOnlyList<ReceivedMail> Received => [.. _received];

    /// <summary>Addresses that are refused: 550.</summary>
    public ConcurrentDictionary<string, bool> Unknown { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called when a mail is in the mailbox and its sender does not know yet.</summary>
    public Action? BeforeAnswer { get; set; }

    public async Task StartAsync()
    {
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(this));
        services.Add((IMailboxFilter)new Filter(this));
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build();
        _running = new CancellationTokenSource();
        _server = new SmtpServer.SmtpServer(options, services).StartAsync(_running.Token);
        await Eventually.TrueAsync(
            async () =>
            {
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, Port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the mail server listens");
    }

    public async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.CancelAsync();
            await _server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _running.Dispose();
            _running = null;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Store(MailServer owner) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            var bytes = buffer.ToArray();
            using var stream = new MemoryStream(bytes);
            using var message = await MimeMessage.LoadAsync(stream, CancellationToken.None);
            owner._received.Enqueue(new ReceivedMail(
                message.MessageId ?? "",
                int.Parse(message.Headers["X-ThiDua-Attempt"] ?? "0", CultureInfo.InvariantCulture),
                [.. transaction.To.Select(mailbox => $"{mailbox.User}@{mailbox.Host}")],
                message.Subject ?? "",
                message.TextBody ?? "",
                System.Text.Encoding.UTF8.GetString(bytes)));
            owner.BeforeAnswer?.Invoke();
            return SmtpResponse.Ok;
        }
    }

    private sealed class Filter(MailServer owner) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            Task.FromResult(!owner.Unknown.ContainsKey($"{to.User}@{to.Host}"));
    }
}
