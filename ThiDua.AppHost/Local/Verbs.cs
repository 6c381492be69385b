using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.AppHost.Local;

/// <summary>The verbs of AppHost.cs. Each has the name and the leading parameters of Aspire's own.</summary>
public static class Verbs
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false)
        => builder.AddResource(new ParameterResource(name, () => Local(builder).Given(name)
            ?? throw new StartException($"Parameter '{name}' has no value: set Parameters__{name.Replace('-', '_')}.")));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, GenerateParameterDefault value, bool secret = false, bool persist = false)
        => builder.AddResource(new ParameterResource(name, () => Local(builder).Generated(name, value)));

    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        => builder.AddResource(new PostgresServerResource(name, (password ?? ServerPassword(builder, name)).Resource, port));

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null)
        => builder.With(resource => builder.Resource.Volume = name ?? resource.Name);

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return builder.ApplicationBuilder.AddResource(database);
    }

    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
        => builder.AddResource(new RabbitMQServerResource(name, (password ?? ServerPassword(builder, name)).Resource, port));

    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null)
        => builder.With(resource => builder.Resource.Volume = name ?? resource.Name);

    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder)
        => builder.With(resource => resource.Endpoints.Add(new("management", null)));

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) where TProject : IProjectMetadata, new()
        => builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure) where TProject : IProjectMetadata, new()
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var resource = new ProjectResource(name, new TProject());
        if (!options.ExcludeLaunchProfile) ReadLaunchProfile(resource);
        resource.Environment.Add(() => resource.Endpoints.Select(endpoint => KeyValuePair.Create("ASPNETCORE_URLS", resource.Url(endpoint.Name))));
        resource.Environment.Add(() => [KeyValuePair.Create("OTEL_SERVICE_NAME", name)]);
        return builder.AddResource(resource);
    }

    public static IResourceBuilder<ExecutableResource> AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args)
    {
        var resource = new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory));
        resource.Arguments.AddRange(args);
        return builder.AddResource(resource);
    }

    /// <summary>Nothing stands between: the program listens on the endpoint's own port, which it finds in the variable. A server of ours is told by its configuration.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null) where T : IResourceWithEndpoints
        => builder.With(resource =>
        {
            var endpoint = new EndpointAnnotation(name ?? "http", port);
            resource.Endpoints.Add(endpoint);
            if (env is not null) resource.Environment.Add(() => [KeyValuePair.Create(env, $"{endpoint.AllocatedPort}")]);
        });

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) where T : IResourceWithArgs
        => builder.With(resource => resource.Arguments.AddRange(args));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value) where T : IResourceWithEnvironment
        => builder.With(resource => resource.Environment.Add(() => [KeyValuePair.Create(name, value ?? "")]));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter) where T : IResourceWithEnvironment
        => builder.With(resource => resource.Environment.Add(() => [KeyValuePair.Create(name, parameter.Resource.Value)]));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference) where T : IResourceWithEnvironment
        => builder.With(resource => resource.Environment.Add(() => [KeyValuePair.Create(name, endpointReference.Url)]));

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null) where T : IResourceWithEnvironment
        => builder.With(resource => resource.Environment.Add(() =>
        {
            var (server, name) = ((ConnectionResource)source.Resource, connectionName ?? source.Resource.Name);
            return [KeyValuePair.Create($"ConnectionStrings__{name}", server.ConnectionString),
                .. server.ConnectionProperties.Select(pair => KeyValuePair.Create($"{Variable(name)}_{pair.Key}", pair.Value))];
        }));

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) where T : IResourceWithEnvironment
        => builder.With(resource => resource.Environment.Add(() => Of(source).Endpoints.SelectMany(endpoint => new[]
        {
            KeyValuePair.Create($"services__{source.Resource.Name}__{endpoint.Name}__0", Of(source).Url(endpoint.Name)),
            KeyValuePair.Create($"{Variable(source.Resource.Name)}_{Variable(endpoint.Name)}", Of(source).Url(endpoint.Name)),
        })));

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
        => builder.With(resource => resource.Waits.Add((Of(dependency), () => Of(dependency).Ready.Task)));

    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0) where T : IResourceWithWaitSupport
        => builder.With(resource => resource.Waits.Add((Of(dependency), async () =>
        {
            var code = await Of(dependency).Exit.Task;
            if (code != exitCode) throw new StartException($"{dependency.Resource.Name} ended with code {code}, not {exitCode}");
        })));

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints
        => new(Of(builder).Endpoint(name));

    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback) where T : IResourceWithEndpoints
        => builder.With(resource =>
        {
            callback(resource.Endpoint(endpointName));
            resource.Endpoint(endpointName).IsExplicit = true;
        });

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string? path = null) where T : IResourceWithEndpoints
        => builder.With(resource =>
        {
            resource.Endpoint("http"); // refuses here rather than at start
            resource.HealthPath = path ?? "/";
        });

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
        => builder; // Everything listens on loopback here; Aspire tells its deployments by it.

    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback) where T : IResource
        => builder.With(resource => resource.Urls.Add(callback));

    private static void ReadLaunchProfile(ProjectResource resource)
    {
        var settings = Path.Combine(Path.GetDirectoryName(resource.Project.ProjectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(settings)) return;
        var profile = JsonNode.Parse(File.ReadAllText(settings), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })?["profiles"]?["http"];
        if (profile is null) return;
        var url = profile["applicationUrl"]?.GetValue<string>().Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.Ordinal));
        if (url is not null) resource.Endpoints.Add(new("http", new Uri(url).Port));
        resource.Environment.Add(() => [KeyValuePair.Create("DOTNET_LAUNCH_PROFILE", "http"),
            .. profile["environmentVariables"]?.AsObject().Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.GetValue<string>())) ?? []]);
    }

    private static IResourceBuilder<ParameterResource> ServerPassword(IDistributedApplicationBuilder builder, string server)
        => builder.AddParameter($"{server}-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, Action<Resource> change) where T : IResource
    {
        change(Of(builder));
        return builder;
    }

    private static Resource Of<T>(IResourceBuilder<T> builder) where T : IResource => (Resource)(IResource)builder.Resource;
    private static ApplicationBuilder Local(IDistributedApplicationBuilder builder) => (ApplicationBuilder)builder;
    private static string Variable(string name) => name.ToUpperInvariant().Replace('-', '_');
}
