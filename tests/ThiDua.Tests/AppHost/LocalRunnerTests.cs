using ThiDua.AppHost.Local;

namespace ThiDua.Tests.AppHost;

/// <summary>The runner with pretended services; the servers are Debian's.</summary>
public sealed class LocalRunnerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_system_starts_in_order_and_restarts_one_of_it_and_leaves_nothing()
    {
        await using var system = new TrialSystem(builder =>
        {
            var postgres = builder.AddPostgres("postgres").WithDataVolume();
            var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithManagementPlugin().WithDataVolume();
            var secret = builder.AddParameter("admin-secret", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);
            var database = postgres.AddDatabase("scoringdb");
            var migration = builder.AddProject<FakeService>("scoring-migrate", options => options.ExcludeLaunchProfile = true).WithArgs("migrate").WithReference(database).WaitFor(database);
            var scoring = builder.AddProject<FakeService>("scoring").WithReference(database).WithReference(rabbitmq).WaitFor(rabbitmq).WaitForCompletion(migration).WithHttpHealthCheck("/health/ready");
            builder.AddProject<FakeService>("gateway").WithReference(scoring).WaitFor(scoring).WithEnvironment("Secret", secret)
                .WithEnvironment("ReverseProxy__Clusters__scoring__Destinations__only__Address", scoring.GetEndpoint("http")).WithHttpHealthCheck("/health/ready");
        });
        await system.UntilHealthyAsync(Ct);

        Assert.Equal(["scoring-migrate migrated", "scoring started", "gateway started"], system.Events);
        Assert.Contains("I am scoring", await File.ReadAllTextAsync(Path.Combine(system.Data, "log", "scoring.log"), Ct), StringComparison.Ordinal);
        Assert.Matches(@"\d\d:\d\d:\d\d scoring +I am scoring", system.Said);
        await Approved.MatchAsync("Environment.approved.txt", await InjectedAsync(system), Ct);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(system.Data, "secrets.json")));

        var before = system.Endpoints["scoring"]!;
        Machine.Signal(before["pid"]!.GetValue<int>(), "KILL");
        await system.CommandAsync("restart scoring", "restarted scoring", Ct);
        var after = system.Endpoints["scoring"]!;
        Assert.Equal(before["url"]!.GetValue<string>(), after["url"]!.GetValue<string>());
        Assert.NotEqual(before["pid"]!.GetValue<int>(), after["pid"]!.GetValue<int>());
        Assert.Equal("healthy", after["state"]!.GetValue<string>());
        await system.CommandAsync("restart nobody", "not restarted nobody: there is none of this name", Ct);
        await system.CommandAsync("dance", "'dance' is not understood", Ct);

        await system.StopAsync();
        Assert.Null(system.Failure);
        Assert.Equal(2, system.Events.Count(line => line.EndsWith("stopped", StringComparison.Ordinal)));
        Assert.Empty(Machine.ProcessesOf(system.Root));
        Assert.False(File.Exists(Path.Combine(system.Data, "endpoints.json")));
    }

    [Fact]
    public async Task A_migration_that_fails_ends_the_start_and_names_itself()
    {
        await using var system = new TrialSystem(builder =>
        {
            var migration = builder.AddProject<FakeService>("scoring-migrate", options => options.ExcludeLaunchProfile = true).WithArgs("migrate").WithEnvironment("FAKE_EXIT", "3");
            builder.AddProject<FakeService>("scoring").WaitForCompletion(migration).WithHttpHealthCheck("/health/ready");
        });
        await system.EndedAsync(Ct);
        Assert.Contains("scoring-migrate ended with code 3, not 0", system.Failure, StringComparison.Ordinal);
        Assert.Equal(["scoring-migrate migrated"], system.Events);
        Assert.Equal(1, Environment.ExitCode);
    }

    [Fact]
    public async Task A_service_that_dies_while_it_starts_is_shown_with_its_last_lines()
    {
        await using var system = new TrialSystem(builder =>
            builder.AddProject<FakeService>("scoring").WithEnvironment("FAKE_DIES", "yes").WithHttpHealthCheck("/health/ready"));
        await system.EndedAsync(Ct);
        Assert.Contains("scoring failed to start: it ended with code 7", system.Failure, StringComparison.Ordinal);
        Assert.Contains("I am scoring", system.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_refused_with_what_to_set()
    {
        var (listener, port) = Machine.TakeAnyPort();
        using var taken = listener;
        await using var system = new TrialSystem(builder => builder.AddProject<FakeService>("gateway").WithHttpHealthCheck("/"), port: port, settings: "--Local:RandomizePorts=false");
        await system.EndedAsync(Ct);
        Assert.Contains($"port {port} of gateway is taken", system.Failure, StringComparison.Ordinal);
        Assert.Contains("Gateway__Port", system.Failure, StringComparison.Ordinal);
        Assert.Contains("Local__RandomizePorts=true", system.Failure, StringComparison.Ordinal);
        Assert.Empty(system.Events);
    }

    [Theory]
    [InlineData("PostgresDirectory", "apt-get install postgresql postgresql-client")]
    [InlineData("RabbitMQDirectory", "apt-get install rabbitmq-server")]
    public async Task A_missing_server_is_named_with_its_package(string setting, string advice)
    {
        await using var system = new TrialSystem(builder =>
        {
            if (setting == "PostgresDirectory") builder.AddPostgres("postgres");
            else builder.AddRabbitMQ("rabbitmq");
        }, settings: $"--Local:{setting}=/nowhere");
        await system.EndedAsync(Ct);
        Assert.Contains(advice, system.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_servers_cannot_reach_is_named()
    {
        if (!Environment.IsPrivilegedProcess) return; // only root starts servers as other users
        var root = Directory.CreateTempSubdirectory("thidua-apphost-").FullName; // 0700
        await using var system = new TrialSystem(builder => builder.AddPostgres("postgres"), root);
        await system.EndedAsync(Ct);
        Assert.Contains($"may not pass through {root} to {system.Data}", system.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_kept_with_the_data_and_a_given_one_replaces_it()
    {
        var root = Machine.NewDirectory();
        string Value(params string[] settings)
        {
            var builder = DistributedApplication.CreateBuilder([$"--Local:DataDirectory={root}", .. settings]);
            return builder.AddParameter("admin-secret", new GenerateParameterDefault { MinLength = 40 }, secret: true, persist: true).Resource.Value;
        }

        var first = Value();
        Assert.Equal(40, first.Length);
        Assert.Equal(first, Value());
        Assert.Equal("given", Value("--Parameters:admin-secret=given"));
        Assert.Equal("given", Value());
        await Task.Run(() => Directory.Delete(root, recursive: true), Ct);
    }

    /// <summary>The names of what the runner adds to the environment of each program.</summary>
    private static async Task<string> InjectedAsync(TrialSystem system)
    {
        var lines = new List<string>();
        foreach (var name in new[] { "gateway", "scoring", "scoring-migrate" })
        {
            var variables = await File.ReadAllLinesAsync(Path.Combine(system.Root, "fake", $"{name}.environment"), Ct);
            lines.AddRange(variables.Where(variable => Environment.GetEnvironmentVariable(variable) is null || variable.StartsWith("DOTNET_GC", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Select(variable => $"{name} {variable}"));
        }

        return string.Join('\n', lines) + "\n";
    }
}
