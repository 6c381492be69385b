using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace ThiDua.ServiceDefaults;

/// <summary>A message that could not be handled, without what it says.</summary>
/// <param name="Id">The MessageId under which the inbox knows it; of one without, made from its body.</param>
/// <param name="Type">Loại thông điệp.</param>
/// <param name="FailedAt">When it was given up.</param>
/// <param name="Reason">Type of the exception; its text may hold what the message says, and is not shown.</param>
/// <param name="Place">Our consumer that it was thrown in; absent: it came to none.</param>
/// <param name="PutBack">How often it has been put back before; each time it is tried four times.</param>
/// <param name="TraceId">Trace of the request that it tells of.</param>
public sealed record FailedMessageView(Guid Id, string Type, DateTimeOffset? FailedAt, string? Reason, string? Place, int PutBack, string? TraceId);

/// <summary>
/// The queue of what could not be handled. A message leaves it in two steps: it is confirmed by the broker where it goes, and only
/// then taken off. Who dies in between leaves it in both places, where the inbox lets it take effect once.
/// </summary>
internal sealed partial class ErrorQueue(BrokerAddress broker, ServiceIdentity service) : IAsyncDisposable
{
    private const string PutBackHeader = "ThiDua-Put-Back";
    private const int BatchSize = 200;
    private const int MostLooks = 100; // another operator may have taken some off
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);
    private static readonly string[] s_ofTheFault = ["MT-Fault", "MT-Reason", "x-"];

    private readonly SemaphoreSlim _once = new(1);
    private IConnection? _connection;

    private string Name => $"{service.Name}_error";

    public async Task<long> CountAsync(CancellationToken ct)
    {
        await using var channel = await OpenAsync(confirms: false, ct);
        return await DeclareAsync(channel, ct);
    }

    /// <summary>The oldest of them, which stay where they are, in their order.</summary>
    public async Task<(long Count, IReadOnlyList<FailedMessageView> Oldest)> ReadAsync(int most, CancellationToken ct)
    {
        var found = new List<FailedMessageView>();
        long count;
        await using (var channel = await OpenAsync(confirms: false, ct))
        {
            count = await DeclareAsync(channel, ct);
            while (found.Count < Math.Min(most, count) && await channel.BasicGetAsync(Name, autoAck: false, ct) is { } message)
            {
                found.Add(View(message));
            }
        }

        await UntilGivenBackAsync(count, ct);
        return (count, found);
    }

    /// <summary>Takes all that are there now, or one of them, off the queue.</summary>
    /// <param name="only">The one; null: all.</param>
    /// <param name="putBack">Back to the service's own queue first; otherwise they are gone.</param>
    /// <param name="record">Writes down, for good, what is about to leave the queue.</param>
    /// <param name="ct">Ends it between two batches.</param>
    public async Task<IReadOnlyList<Guid>> TakeOffAsync(Guid? only, bool putBack, Func<IReadOnlyList<FailedMessageView>, Task> record, CancellationToken ct)
    {
        await using var channel = await OpenAsync(confirms: true, ct);
        var present = await DeclareAsync(channel, ct);
        var left = present;
        var taken = new List<Guid>();
        while (left > 0)
        {
            var batch = new List<(ulong Tag, FailedMessageView View)>();
            while (batch.Count < BatchSize && left > 0)
            {
                if (await channel.BasicGetAsync(Name, autoAck: false, ct) is not { } message)
                {
                    left = 0;
                    break;
                }

                left--;
                var view = View(message);
                if (only is not null && view.Id != only)
                {
                    continue; // given back when the channel closes
                }

                if (putBack)
                {
                    await channel.BasicPublishAsync("", service.Name, mandatory: true, Again(message, view), message.Body, ct);
                }

                batch.Add((message.DeliveryTag, view));
            }

            if (batch.Count > 0)
            {
                await record(batch.ConvertAll(one => one.View));
                foreach (var (tag, view) in batch)
                {
                    await channel.BasicAckAsync(tag, multiple: false, CancellationToken.None);
                    taken.Add(view.Id);
                }
            }
        }

        await channel.CloseAsync(CancellationToken.None); // answers when the broker has read the acknowledgements before it
        await UntilGivenBackAsync(present - taken.Count, ct);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _once.Dispose();
    }

    private async Task<IChannel> OpenAsync(bool confirms, CancellationToken ct)
    {
        await _once.WaitAsync(ct);
        try
        {
            _connection ??= await new ConnectionFactory { Uri = broker.Address, ClientProvidedName = $"{service.Name} error queue" }.CreateConnectionAsync(ct);
            return await _connection.CreateChannelAsync(new CreateChannelOptions(confirms, confirms), ct);
        }
        finally
        {
            _once.Release();
        }
    }

    // What a closed channel held, a quorum queue takes back a moment later: whoever looked in between would see less than there is.
    private async Task UntilGivenBackAsync(long count, CancellationToken ct)
    {
        for (var looks = 0; looks < MostLooks && await CountAsync(ct) < count; looks++)
        {
            await Task.Delay(s_look, ct);
        }
    }

    // Declared as MassTransit declares it with the first message that fails; asking passively would fill the broker's log until then.
    private async Task<long> DeclareAsync(IChannel channel, CancellationToken ct) => (await channel.QueueDeclareAsync(
        Name, durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct)).MessageCount;

    private static BasicProperties Again(BasicGetResult message, FailedMessageView view)
    {
        var headers = (message.BasicProperties.Headers ?? new Dictionary<string, object?>())
            .Where(header => !Array.Exists(s_ofTheFault, start => header.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(header => header.Key, header => header.Value);
        headers[PutBackHeader] = (view.PutBack + 1).ToString(CultureInfo.InvariantCulture);
        return new BasicProperties(message.BasicProperties) { Headers = headers, Persistent = true };
    }

    private static FailedMessageView View(BasicGetResult message)
    {
        var envelope = Envelope(message.Body);
        var headers = message.BasicProperties.Headers;
        string? Header(string name) => headers?.TryGetValue(name, out var value) == true ? (value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)) : null;
        string? Within(string name) => envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("headers", out var inner) && inner.ValueKind == JsonValueKind.Object
            && inner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        var id = Guid.TryParse(message.BasicProperties.MessageId, out var given) ? given : new Guid(SHA256.HashData(message.Body.Span).AsSpan(0, 16));
        var trace = Header("traceparent") ?? Within("traceparent") ?? Header("MT-Activity-Id") ?? Within("MT-Activity-Id");
        return new FailedMessageView(
            id,
            TypeOf(envelope),
            DateTimeOffset.TryParse(Header("MT-Fault-Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null,
            Header("MT-Fault-ExceptionType"),
            Header("MT-Fault-ConsumerType") ?? PlaceOf(Header("MT-Fault-StackTrace")),
            int.TryParse(Header(PutBackHeader), CultureInfo.InvariantCulture, out var putBack) ? putBack : 0,
            trace?.Split('-') is [_, { Length: 32 } traceId, ..] ? traceId : null);
    }

    private static JsonElement Envelope(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default; // what is no JSON is why it is here
        }
    }

    // "urn:message:ThiDua.Contracts.Clusters:ClusterFormed"
    private static string TypeOf(JsonElement envelope) =>
        envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("messageType", out var types) && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0 && types[0].ValueKind == JsonValueKind.String
            ? types[0].GetString()!.Split(':')[^1]
            : "unknown";

    private static string? PlaceOf(string? stack) => stack is null ? null : OurMethod().Matches(stack).Select(match => match.Value).FirstOrDefault(method => !method.Contains("InboxFilter", StringComparison.Ordinal));

    // Of "   at ThiDua.Scoring.Messaging.ClusterFactsConsumer.Consume(…) in …" the method.
    [GeneratedRegex(@"\bThiDua\.[A-Za-z][\w.<>+`]*")]
    private static partial Regex OurMethod();
}
