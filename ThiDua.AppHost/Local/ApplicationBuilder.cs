using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace ThiDua.AppHost.Local;

internal sealed class ApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<Resource> _resources = [];
    private readonly Lazy<DataDirectory> _data;

    public ApplicationBuilder(string[] args)
    {
        AppHostDirectory = typeof(ApplicationBuilder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AppHostDirectory").Value!;
        var defaults = new Dictionary<string, string?>
        {
            ["Local:DataDirectory"] = Path.Combine(AppHostDirectory, "..", ".data"),
            ["Local:PostgresDirectory"] = "/usr/lib/postgresql",
            ["Local:RabbitMQDirectory"] = "/usr/lib/rabbitmq",
            ["Local:StartTimeoutSeconds"] = "180",
        };
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(defaults).AddEnvironmentVariables().AddCommandLine(args).Build();
        _data = new(() => new DataDirectory(Path.GetFullPath(Setting("DataDirectory"))));
    }

    public IConfiguration Configuration { get; }
    public string AppHostDirectory { get; }

    /// <summary>Made on first use, so that a refusal to make it is reported as a failed start.</summary>
    internal DataDirectory Data => _data.Value;
    internal IReadOnlyList<Resource> Resources => _resources;
    internal Ports Ports { get; } = new();
    internal TimeSpan StartTimeout => TimeSpan.FromSeconds(int.Parse(Setting("StartTimeoutSeconds"), CultureInfo.InvariantCulture));

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (_resources.Exists(other => other.Name == resource.Name)) throw new InvalidOperationException($"Two resources are named '{resource.Name}'.");
        _resources.Add((Resource)(IResource)resource);
        return new ResourceBuilder<T>(resource, this);
    }

    public DistributedApplication Build()
    {
        foreach (var project in _resources.OfType<ProjectResource>().ToList()) _resources.AddRange(project.MakeReplicas());
        return new(this);
    }

    internal string Setting(string name) => Configuration[$"Local:{name}"]!;

    /// <summary>Gives every endpoint its port: a fixed one that must be free, or a free one of another start each time.</summary>
    /// <remarks>With Local:RandomizePorts only the ports that AppHost.cs itself names stay.</remarks>
    internal async Task AllocatePortsAsync(CancellationToken ct)
    {
        var randomize = string.Equals(Configuration["Local:RandomizePorts"], "true", StringComparison.OrdinalIgnoreCase);
        var all = _resources.SelectMany(resource => resource.Endpoints, (resource, endpoint) => (resource, endpoint)).ToList();
        foreach (var (resource, endpoint) in all.Where(pair => IsFixed(pair.endpoint)))
        {
            endpoint.AllocatedPort = endpoint.Port!.Value;
            if (!await Ports.ClaimAsync(endpoint.AllocatedPort, ct)) throw new StartException(
                $"port {endpoint.AllocatedPort} of {resource.Name} is taken by another program. {(endpoint.IsExplicit || resource.Name == "gateway" ? "Set Gateway__Port to another port (./thidua run --port N)" : $"Change it in {resource.Name}'s Properties/launchSettings.json")}, or set Local__RandomizePorts=true.");
        }

        foreach (var (_, endpoint) in all.Where(pair => !IsFixed(pair.endpoint))) endpoint.AllocatedPort = Ports.Free();

        bool IsFixed(EndpointAnnotation endpoint) => endpoint.Port is not null && (!randomize || endpoint.IsExplicit);
    }

    internal string? Given(string parameter) => Configuration[$"Parameters:{parameter}"] ?? Configuration[$"Parameters:{parameter.Replace('-', '_')}"];

    /// <summary>Kept beside the data, even a given one: a database remembers the first password it was given.</summary>
    internal string Generated(string parameter, GenerateParameterDefault rule)
    {
        const string plain = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        return Data.Secret(parameter, Given(parameter), () => RandomNumberGenerator.GetString(rule.Special ? plain + "-_.~" : plain, Math.Max(22, rule.MinLength)));
    }

    /// <summary>Local:Only=postgres,rabbitmq starts these alone, and what they wait for; the rest may run in a debugger.</summary>
    internal void KeepOnlyWanted()
    {
        var names = Configuration["Local:Only"];
        if (string.IsNullOrWhiteSpace(names)) return;
        var kept = new HashSet<Resource>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            Keep(_resources.Find(resource => resource.Name == name) ?? throw new StartException($"Local__Only names '{name}', which is no resource."));
        _resources.RemoveAll(resource => resource is not (ParameterResource or PostgresDatabaseResource) && !kept.Contains(resource));

        void Keep(Resource resource)
        {
            if (!kept.Add(resource)) return;
            if (resource is PostgresDatabaseResource database) Keep(_resources.OfType<PostgresServerResource>().Single(server => server.Databases.Contains(database)));
            foreach (var (on, _) in resource.Waits) Keep(on);
        }
    }

    private sealed record ResourceBuilder<T>(T Resource, IDistributedApplicationBuilder ApplicationBuilder) : IResourceBuilder<T> where T : IResource;
}
