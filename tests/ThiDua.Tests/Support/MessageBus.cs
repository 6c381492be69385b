using System.Collections.Concurrent;
using MassTransit;

namespace ThiDua.Tests.Support;

/// <summary>The broker as another service sees it: publishes facts, and listens to those of the service under test.</summary>
public sealed class MessageBus(string virtualHost) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private IBusControl? _bus;

    public async Task PublishAsync<T>(T message, Guid? messageId = null)
        where T : class
    {
        var bus = await StartedAsync();
        await bus.Publish(message, context => context.MessageId = messageId ?? Guid.CreateVersion7(), TestContext.Current.CancellationToken);
    }

    public async Task<CollectedMessages<T>> CollectAsync<T>()
        where T : class
    {
        var bus = await StartedAsync();
        var collected = new CollectedMessages<T>();
        var endpoint = bus.ConnectReceiveEndpoint(new TemporaryEndpointDefinition(), null, configure => configure.Handler<T>(context =>
        {
            collected.Add(context.Message, context.MessageId);
            return Task.CompletedTask;
        }));
        await endpoint.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        collected.Until(endpoint);
        return collected;
    }

    public async ValueTask DisposeAsync()
    {
        if (_bus is not null)
        {
            await _bus.StopAsync(TimeSpan.FromSeconds(10));
        }

        _starting.Dispose();
    }

    private async Task<IBusControl> StartedAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_bus is null)
            {
                var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(new Uri(virtualHost)));
                await bus.StartAsync(TimeSpan.FromSeconds(60));
                _bus = bus;
            }

            return _bus;
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>What a service published of one type since a test began to listen.</summary>
public sealed class CollectedMessages<T> : IAsyncDisposable
    where T : class
{
    private readonly ConcurrentQueue<(T Message, Guid? Id)> _received = new();
    private HostReceiveEndpointHandle? _endpoint;

    public IReadOnlyList<T> Messages => [.. _received.Select(received => received.Message)];

    public IReadOnlyList<Guid?> MessageIds => [.. _received.Select(received => received.Id)];

    /// <summary>Waits for the first message that fits.</summary>
    public async Task<T> FirstAsync(Func<T, bool>? fits = null, TimeSpan? limit = null) =>
        (await Eventually.AnswerAsync(() => Task.FromResult(Messages.FirstOrDefault(fits ?? (_ => true))), message => message is not null, $"a {typeof(T).Name} was published", limit))!;

    /// <summary>Waits until so many messages that fit are there; others may still tell of the test before.</summary>
    public async Task<IReadOnlyList<T>> CountAsync(int count, Func<T, bool> fits) =>
        await Eventually.AnswerAsync(() => Task.FromResult<IReadOnlyList<T>>([.. Messages.Where(fits)]), messages => messages.Count >= count, $"{count} of {typeof(T).Name} were published");

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await _endpoint.StopAsync(CancellationToken.None);
        }
    }

    internal void Add(T message, Guid? id) => _received.Enqueue((message, id));

    internal void Until(HostReceiveEndpointHandle endpoint) => _endpoint = endpoint;
}
