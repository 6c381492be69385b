// Thi Đua on one page, in Aspire's vocabulary. -p:Orchestrator=Aspire compiles it against Aspire.Hosting (containers,
// Aspire's dashboard); without it, against ./Local (the machine's own PostgreSQL and RabbitMQ, no containers).
var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres").WithDataVolume("thidua-postgres");
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithHttpEndpoint(targetPort: 15692, name: "prometheus").WithDataVolume("thidua-rabbitmq");
var replicas = int.Parse(builder.Configuration["Replicas"] ?? "1", null); // of each service; the gateway is one here
var data = Path.GetFullPath(builder.Configuration["Local:DataDirectory"] ?? Path.Combine(builder.AppHostDirectory, "../.data"));
var adminSecret = builder.AddParameter("admin-secret", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var reminderKey = builder.AddParameter("reminder-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
var workbookKey = builder.AddParameter("workbook-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

var prometheus = AddWatcher("prometheus", "/-/ready");

// The one address the outside sees. It does not wait for the services: it is ready when all of them are.
var gateway = builder.AddProject<Projects.ThiDua_Gateway>("gateway")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health/ready")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Thi đua");
if (builder.Configuration["Gateway:Port"] is { Length: > 0 } port)
    gateway.WithEndpoint("http", endpoint => endpoint.Port = int.Parse(port, null));
gateway.WithEnvironment("Gateway__PublicAddress", gateway.GetEndpoint("http")); // sessions of browsers at /ops: where they come back to, and the keys that replicas share
gateway.WithEnvironment("Gateway__KeyDirectory", Path.Combine(data, "gateway-keys"));

EndpointReference? authority = null;
AddService<Projects.ThiDua_Identity>("identity", identity => identity
    .WithEnvironment("Identity__AdminSecret", adminSecret)
    .WithEnvironment("Identity__Issuer", gateway.GetEndpoint("http")));
AddService<Projects.ThiDua_Clusters>("clusters", clusters => clusters.WithEnvironment("Reminders__SecretKey", reminderKey).WithEnvironment("Workbooks__SecretKey", workbookKey));
AddService<Projects.ThiDua_Scoring>("scoring", scoring => scoring.WithEnvironment("Workbooks__SecretKey", workbookKey));
AddService<Projects.ThiDua_Awards>("awards");
AddService<Projects.ThiDua_Documents>("documents", documents => documents
    .WithEnvironment("Documents__PublicAddress", gateway.GetEndpoint("http"))
    .WithEnvironment("Documents__Directory", Path.Combine(data, "documents")));
gateway.WithEnvironment("Authentication__Authority", authority!);

// Who watches: Debian's programs in both modes, each by its script. Nobody waits for them.
var machine = AddWatcher("machine", "/metrics");
var postgresMetrics = AddWatcher("postgres-exporter", "/").WithReference(postgres);
var alertmanager = AddWatcher("alertmanager", "/-/ready");
prometheus
    .WithReference(gateway)
    .WithEnvironment("TARGET_RABBITMQ", rabbitmq.GetEndpoint("prometheus"))
    .WithEnvironment("TARGET_POSTGRES", postgresMetrics.GetEndpoint("http"))
    .WithEnvironment("TARGET_MACHINE", machine.GetEndpoint("http"))
    .WithEnvironment("TARGET_ALERTMANAGER", alertmanager.GetEndpoint("http"));
gateway.WithEnvironment("Gateway__Prometheus", prometheus.GetEndpoint("http"));

builder.Build().Run();

// A service has one database of its own, speaks to the others through the broker, and is reached through the gateway.
// Its own program, run once with "migrate", brings the schema up to date before it serves; that needs no broker, so
// that schemas are made while the broker still starts. The first service, Identity, is the one that all trust.
void AddService<TProject>(string name, Action<IResourceBuilder<ProjectResource>>? configure = null)
    where TProject : IProjectMetadata, new()
{
    var database = postgres.AddDatabase($"{name}db");
    var migration = builder.AddProject<TProject>($"{name}-migrate", options => options.ExcludeLaunchProfile = true)
        .WithArgs("migrate")
        .WaitFor(database);
    var service = builder.AddProject<TProject>(name)
        .WaitForCompletion(migration)
        .WaitFor(rabbitmq)
        .WithHttpHealthCheck("/health/ready")
        .WithReplicas(replicas)
        .WithEnvironment("Shutdown__DrainSeconds", replicas > 1 ? "5" : "0");
    authority ??= service.GetEndpoint("http");
    foreach (var program in new[] { migration, service })
    {
        program.WithReference(database).WithReference(rabbitmq).WithEnvironment("Authentication__Authority", authority);
        configure?.Invoke(program);
    }

    gateway.WithReference(service);
    prometheus.WithReference(service);
}

IResourceBuilder<ExecutableResource> AddWatcher(string name, string health) => builder
    .AddExecutable(name, "/bin/sh", "../operations", $"{name}.sh")
    .WithHttpEndpoint(env: "PORT")
    .WithEnvironment("DATA", data)
    .WithHttpHealthCheck(health);
