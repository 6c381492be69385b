namespace ThiDua.AppHost.Local;

public abstract class Resource(string name) : IResource
{
    public string Name => name;
    internal List<EndpointAnnotation> Endpoints { get; } = [];
    internal List<Func<IEnumerable<KeyValuePair<string, string>>>> Environment { get; } = [];
    internal List<string> Arguments { get; } = [];

    /// <summary>What must have happened before this resource starts, and the resource it happens to.</summary>
    internal List<(Resource On, Func<Task> Happens)> Waits { get; } = [];
    internal List<Action<ResourceUrlAnnotation>> Urls { get; } = [];
    internal string? HealthPath { get; set; }
    internal string State { get; set; } = "waiting";

    /// <summary>Completes when the resource is healthy for the first time.</summary>
    internal TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The exit code of the resource's first process.</summary>
    internal TaskCompletionSource<int> Exit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal EndpointAnnotation Endpoint(string endpointName) => Endpoints.Find(endpoint => endpoint.Name == endpointName)
        ?? throw new StartException($"{Name} has no endpoint '{endpointName}': its Properties/launchSettings.json needs a profile 'http' with an applicationUrl.");

    internal string Url(string endpointName) => new EndpointReference(Endpoint(endpointName)).Url;
}

public sealed class ParameterResource : Resource
{
    private readonly Lazy<string> _value;
    internal ParameterResource(string name, Func<string> value) : base(name) => _value = new(value);
    internal string Value => _value.Value;
}

public sealed class ProjectResource : Resource, IResourceWithServiceDiscovery, IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport
{
    internal ProjectResource(string name, IProjectMetadata project) : base(name) => Project = project;
    internal IProjectMetadata Project { get; }
}

/// <summary>A program of the machine's own, such as Prometheus. The system does without it when it does not start.</summary>
public sealed class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithArgs, IResourceWithWaitSupport
{
    internal ExecutableResource(string name, string command, string workingDirectory) : base(name)
    {
        Command = command;
        WorkingDirectory = workingDirectory;
    }

    internal string Command { get; }
    internal string WorkingDirectory { get; }
}

/// <summary>A server or a part of one: what its clients are told.</summary>
public abstract class ConnectionResource(string name) : Resource(name), IResourceWithConnectionString
{
    internal abstract string ConnectionString { get; }
    internal abstract IEnumerable<KeyValuePair<string, string>> ConnectionProperties { get; }
}

/// <summary>A server with a password and a directory of its own.</summary>
public abstract class ServerResource : ConnectionResource
{
    private protected ServerResource(string name, ParameterResource password, int? port) : base(name)
    {
        Secret = password;
        Volume = name;
        Endpoints.Add(new("tcp", port));
    }

    private ParameterResource Secret { get; }
    internal string Volume { get; set; }
    internal string Password => Secret.Value;
    internal int Port => Endpoints[0].AllocatedPort;
}

public sealed class PostgresServerResource : ServerResource
{
    internal PostgresServerResource(string name, ParameterResource password, int? port) : base(name, password, port)
    {
    }

    internal List<PostgresDatabaseResource> Databases { get; } = [];
    internal override string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password}";
    internal override IEnumerable<KeyValuePair<string, string>> ConnectionProperties => new Dictionary<string, string>
    {
        ["HOST"] = "127.0.0.1", ["PORT"] = $"{Port}", ["USERNAME"] = "postgres", ["PASSWORD"] = Password,
        ["URI"] = $"postgresql://postgres:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}",
    };
}

public sealed class PostgresDatabaseResource : ConnectionResource
{
    private readonly PostgresServerResource _server;

    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server) : base(name)
    {
        _server = server;
        DatabaseName = databaseName;
    }

    internal string DatabaseName { get; }
    internal override string ConnectionString => $"{_server.ConnectionString};Database={DatabaseName}";
    internal override IEnumerable<KeyValuePair<string, string>> ConnectionProperties => new Dictionary<string, string>(_server.ConnectionProperties)
    {
        ["DATABASENAME"] = DatabaseName,
        ["URI"] = $"postgresql://postgres:{Uri.EscapeDataString(_server.Password)}@127.0.0.1:{_server.Port}/{DatabaseName}",
    };
}

public sealed class RabbitMQServerResource : ServerResource, IResourceWithEndpoints
{
    internal RabbitMQServerResource(string name, ParameterResource password, int? port) : base(name, password, port)
    {
    }

    internal override string ConnectionString => $"amqp://guest:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}";
    internal override IEnumerable<KeyValuePair<string, string>> ConnectionProperties => new Dictionary<string, string>
    {
        ["HOST"] = "127.0.0.1", ["PORT"] = $"{Port}", ["USERNAME"] = "guest", ["PASSWORD"] = Password, ["URI"] = ConnectionString,
    };
}

/// <summary>A start that did not succeed, in words for the person who asked for it.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
