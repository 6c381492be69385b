using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ThiDua.Tests.Support;

namespace ThiDua.Bench.Bare;

/// <summary>The pieces of a submit with nothing around them: commit, a confirmed message to a quorum queue, taken up, commit.</summary>
internal sealed class BareExchange : IAsyncDisposable
{
    private const string Queue = "submitted";
    private const ushort TakenUpAtATime = 4;

    private readonly ConcurrentDictionary<int, TaskCompletionSource> _waiting = new();
    private readonly ConcurrentBag<IChannel> _free = [];
    private readonly BrokerServer _broker;
    private readonly IConnection _connection;
    private readonly NpgsqlDataSource _database;

    private BareExchange(BrokerServer broker, IConnection connection, string database)
    {
        _broker = broker;
        _connection = connection;
        _database = NpgsqlDataSource.Create(database);
    }

    public static async Task<BareExchange> StartAsync(BarePostgres postgres, TemporaryDirectory directory)
    {
        var broker = await BrokerServer.StartAsync(directory);
        var factory = new ConnectionFactory { Uri = new Uri(broker.ConnectionString(await broker.CreateVirtualHostAsync("bench"))), ConsumerDispatchConcurrency = TakenUpAtATime };
        var exchange = new BareExchange(broker, await factory.CreateConnectionAsync(), postgres.ConnectionString);
        await exchange.ConsumeAsync();
        return exchange;
    }

    /// <summary>Hands a sheet in and waits until the other end has written it down.</summary>
    public async Task SubmitAsync(int sheet, CancellationToken ct)
    {
        var takenUp = _waiting[sheet] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var connection = await _database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await ExecuteAsync(connection, "UPDATE sheet SET state = 1, total = (SELECT sum(score) FROM sheet_line WHERE sheet_id = $1), version = version + 1, changed_at = now() WHERE id = $1", sheet, ct);
            await ExecuteAsync(connection, """INSERT INTO outbox (sheet_id, body) VALUES ($1, '{"type":"SheetSubmitted"}')""", sheet, ct);
            await transaction.CommitAsync(ct);
        }

        var channel = _free.TryTake(out var kept) ? kept : await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(sheet.ToString(CultureInfo.InvariantCulture)), ct);
        _free.Add(channel);
        await takenUp.Task.WaitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _database.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private async Task ConsumeAsync()
    {
        var channel = await _connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.BasicQosAsync(0, prefetchCount: 64, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            var sheet = int.Parse(Encoding.UTF8.GetString(message.Body.Span), CultureInfo.InvariantCulture);
            await using (var connection = await _database.OpenConnectionAsync())
            {
                await ExecuteAsync(connection, "UPDATE ranking SET total = (SELECT total FROM sheet WHERE id = $1) WHERE sheet_id = $1", sheet, CancellationToken.None);
            }

            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            _waiting[sheet].TrySetResult();
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, int sheet, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = sheet } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}
