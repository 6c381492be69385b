using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using StandardWebhooks;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Messaging;

/// <summary>What a webhook is told: the <c>data</c> of its event.</summary>
internal sealed record ReminderEvent(
    Guid ReminderId, Guid ObligationId, string Season, Guid ClusterId, string? Unit, ObligationKind Kind, ObligationRecipient OwedTo, DateOnly DueOn, string Occurrence, RecipientKind Recipient, string? RecipientUnit, string Subject, string Text);

/// <summary>
/// Calls the systems that subscribed: a CloudEvent 1.0 in structured JSON, signed as Standard Webhooks has it. No redirects, no proxy,
/// no address of a private network unless <c>Reminders:AllowPrivateWebhooks</c> says so.
/// </summary>
internal sealed class WebhookCaller : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);
    private static readonly JsonEventFormatter s_format = new(Json(), default);

    private readonly SecretBox _secrets;
    private readonly TimeProvider _clock;
    private readonly HttpMessageInvoker _http;

    public WebhookCaller(IConfiguration settings, SecretBox secrets, TimeProvider clock)
    {
        AllowPrivate = settings.GetValue("Reminders:AllowPrivateWebhooks", false);
        _secrets = secrets;
        _clock = clock;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            MaxConnectionsPerServer = 2,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), // names are resolved, and addresses checked, again
        });
    }

    public bool AllowPrivate { get; }

    /// <returns>What became of it, and whether the receiver said that it is gone for good.</returns>
    public async Task<(Transmission Transmission, bool IsGone)> CallAsync(Webhook webhook, Reminder reminder, ReminderText text)
    {
        var now = _clock.GetUtcNow();
        var body = s_format.EncodeStructuredModeMessage(EventOf(reminder, text), out _);
        var payload = System.Text.Encoding.UTF8.GetString(body.Span);
        var id = reminder.Id.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", string.Join(' ', webhook.SigningSecrets(now).Select(secret => new StandardWebhook(_secrets.Open(secret)).Sign(id, now, payload))));
        using var limit = new CancellationTokenSource(s_timeout);
        try
        {
            using var response = await _http.SendAsync(request, limit.Token);
            var status = (int)response.StatusCode;
            return (new Transmission(response.IsSuccessStatusCode ? AttemptOutcome.Delivered : AttemptOutcome.Refused, $"HTTP {status}"), response.StatusCode == HttpStatusCode.Gone);
        }
        catch (HttpRequestException fault) when (fault.InnerException is PrivateAddressException || fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (new Transmission(AttemptOutcome.NotSent, fault.InnerException is PrivateAddressException inside ? inside.Message : fault.Message), false);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            return (new Transmission(AttemptOutcome.Unknown, fault is OperationCanceledException ? $"Không trả lời trong {s_timeout.TotalSeconds:0} giây." : fault.Message), false);
        }
    }

    public void Dispose() => _http.Dispose();

    private static CloudEvent EventOf(Reminder reminder, ReminderText text) => new(CloudEventsSpecVersion.V1_0)
    {
        Id = reminder.Id.ToString(),
        Source = new Uri("/api/v1/reminders", UriKind.Relative),
        Type = Webhook.EventOf(reminder.Occurrence),
        Subject = reminder.ObligationId.ToString(),
        Time = reminder.PlannedAt,
        DataContentType = "application/json",
        Data = new ReminderEvent(
            reminder.Id, reminder.ObligationId, reminder.Season, reminder.ClusterId, reminder.Unit, reminder.Kind, reminder.OwedTo, reminder.DueOn, ReminderSchedule.Label(reminder.Occurrence), reminder.Recipient, reminder.RecipientUnit, text.Subject, text.Body),
    };

    // The address that was checked is the one that is called: a name that resolves to another a moment later gains nothing.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(address => AllowPrivate || WebhookAddress.IsPublic(address)).ToArray();
        if (allowed.Length < addresses.Length || allowed.Length == 0)
        {
            throw new PrivateAddressException($"PRIVATE_ADDRESS: {context.DnsEndPoint.Host} thuộc mạng nội bộ.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static System.Text.Json.JsonSerializerOptions Json()
    {
        var options = new System.Text.Json.JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(options);
        return options;
    }

    private sealed class PrivateAddressException(string message) : IOException(message);
}
