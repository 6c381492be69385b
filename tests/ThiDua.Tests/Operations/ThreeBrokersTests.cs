using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Operations;

/// <summary>RabbitMQ on three nodes, as deploy/systemd/rabbitmq sets it: a quorum queue goes on when the node of its leader is killed.</summary>
public sealed class ThreeBrokersTests
{
    private const string User = "rabbitmq";
    private const string Queue = "scoring";
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(4);
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Of the long measurements: <c>./thidua measure scale-out</c>.</summary>
    [Fact, Trait("run", "long")]
    public async Task Nothing_confirmed_is_lost_when_a_node_is_killed()
    {
        using var directory = TemporaryDirectory.Create("thidua-brokers-");
        var home = await directory.AddAsync("rabbitmq", User);
        var (mapper, ports) = (FreePort.Next(), new[] { FreePort.Next(), FreePort.Next(), FreePort.Next() });
        await using var names = await ChildProcess.StartAsync(["epmd", "-port", $"{mapper}", "-address", "127.0.0.1"], User);
        names.CloseInput();
        var nodes = new List<ChildProcess>();
        try
        {
            foreach (var (port, index) in ports.Select((port, index) => (port, index)))
            {
                nodes.Add(await StartAsync(home, index + 1, port, mapper)); // the first forms the cluster, the others join it
            }

            var endpoints = ports.Select(port => new AmqpTcpEndpoint("127.0.0.1", port)).ToList();
            var factory = new ConnectionFactory { UserName = "guest", Password = "guest", AutomaticRecoveryEnabled = false, RequestedHeartbeat = TimeSpan.FromSeconds(5) };
            await using (var connection = await factory.CreateConnectionAsync([endpoints[0]], "setup", Cancel))
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
                await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-quorum-initial-group-size"] = 3 }, cancellationToken: Cancel);
            }

            using var done = new CancellationTokenSource();
            var confirmed = 0;
            var received = new ConcurrentDictionary<int, int>();
            var consuming = AgainAsync(factory, endpoints.AsEnumerable().Reverse(), channel => ConsumeAsync(channel, received, done.Token), done.Token);
            var publishing = AgainAsync(factory, endpoints, async channel =>
            {
                while (!done.IsCancellationRequested)
                {
                    await channel.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { Persistent = true }, BitConverter.GetBytes(confirmed), Cancel); // returns when the majority has it
                    confirmed++;
                }
            }, done.Token);
            await Eventually.TrueAsync(() => Task.FromResult(confirmed > 1_000), "messages flow", TimeSpan.FromMinutes(2));
            nodes[0].Kill(); // declared there: the leader
            var before = confirmed;
            await Eventually.TrueAsync(() => Task.FromResult(confirmed > before + 1_000), "they flow on without it", TimeSpan.FromMinutes(2));
            await done.CancelAsync();
            await publishing;
            await consuming;
            await DrainAsync(factory, endpoints.Skip(1), received);

            Nothing.In(Enumerable.Range(0, confirmed).Where(number => !received.ContainsKey(number)).Select(number => $"{number}"));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{confirmed} messages confirmed, the leader's node killed after {before}: 0 lost, {received.Values.Count(times => times > 1)} delivered again (for the inbox).");
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<ChildProcess> StartAsync(string home, int number, int port, int mapper)
    {
        var own = Directory.CreateDirectory(Path.Combine(home, $"node{number}")).FullName;
        var deployed = File.ReadLines(Path.Combine(Repository.Root, "deploy", "systemd", "rabbitmq", "rabbitmq.conf"))
            .Where(line => !line.StartsWith("listeners.", StringComparison.Ordinal) && !line.Contains(".tcp.", StringComparison.Ordinal) && !line.StartsWith("disk_free", StringComparison.Ordinal) && !line.StartsWith("vm_memory", StringComparison.Ordinal))
            .Select(line => line.Replace("@rabbit", "@localhost", StringComparison.Ordinal) is var one && one.Contains("nodes.", StringComparison.Ordinal) ? $"{one[..one.IndexOf('=', StringComparison.Ordinal)]}= node{one[(one.IndexOf("nodes.", StringComparison.Ordinal) + 6)]}@localhost" : one);
        await File.WriteAllLinesAsync(Path.Combine(own, "rabbitmq.conf"), [.. deployed, $"listeners.tcp.1 = 127.0.0.1:{port}", "vm_memory_high_watermark.absolute = 256MiB", "disk_free_limit.absolute = 50MB"]);
        await File.WriteAllTextAsync(Path.Combine(own, "enabled_plugins"), "[].\n");
        await ChildProcess.RunAsync(["/bin/chown", "-R", $"{User}:", own], ct: Cancel);
        var node = await ChildProcess.StartAsync(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"], User,
            new Dictionary<string, string>
            {
                ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin", ["LANG"] = "C.UTF-8", ["HOME"] = home, ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_NODENAME"] = $"node{number}@localhost", ["RABBITMQ_NODE_PORT"] = $"{port}", ["RABBITMQ_DIST_PORT"] = $"{FreePort.Next()}",
                ["ERL_EPMD_PORT"] = $"{mapper}", ["ERL_EPMD_ADDRESS"] = "127.0.0.1", ["RABBITMQ_MNESIA_BASE"] = Path.Combine(own, "mnesia"), ["RABBITMQ_LOG_BASE"] = Path.Combine(own, "log"),
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(own, "rabbitmq.conf"), ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(own, "enabled_plugins"),
                ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(own, "generated"), ["RABBITMQ_PID_FILE"] = Path.Combine(own, "pid"), ["RABBITMQ_ALLOW_INPUT"] = "1",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-noinput +S 1:1 -kernel inet_dist_use_interface {127,0,0,1}",
            },
            onlyThisEnvironment: true, directory: own);
        node.CloseInput();
        await node.WaitForLineAsync("completed with", s_start);
        return node;
    }

    /// <summary>Works on a channel, and on another one of another node when that one breaks.</summary>
    private static async Task AgainAsync(ConnectionFactory factory, IEnumerable<AmqpTcpEndpoint> endpoints, Func<IChannel, Task> work, CancellationToken done)
    {
        var order = endpoints.ToList();
        while (!done.IsCancellationRequested)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync(new DefaultEndpointResolver(order), "trial", Cancel);
                await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancel);
                await work(channel);
            }
            catch (Exception broken) when (broken is AlreadyClosedException or BrokerUnreachableException or OperationInterruptedException or PublishException or IOException)
            {
                // The node is gone, or the queue chooses another leader: the same again elsewhere.
            }
        }
    }

    private static async Task ConsumeAsync(IChannel channel, ConcurrentDictionary<int, int> received, CancellationToken done)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, 32, global: false, Cancel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            received.AddOrUpdate(BitConverter.ToInt32(message.Body.Span), 1, (_, times) => times + 1);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, Cancel);
        using var asked = done.Register(() => closed.TrySetResult());
        await closed.Task;
    }

    private static async Task DrainAsync(ConnectionFactory factory, IEnumerable<AmqpTcpEndpoint> endpoints, ConcurrentDictionary<int, int> received)
    {
        await using var connection = await factory.CreateConnectionAsync(endpoints, "drain", Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        while (await channel.BasicGetAsync(Queue, autoAck: true, Cancel) is { } message)
        {
            received.AddOrUpdate(BitConverter.ToInt32(message.Body.Span), 1, (_, times) => times + 1);
        }
    }
}
