using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using ThiDua.Documents;
using ThiDua.Documents.Papers;
using ThiDua.Gateway;
using ThiDua.Identity;
using ThiDua.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace ThiDua.Tests.Operations;

/// <summary>The deployment files say what the programs understand: each setting that they give is one that a program reads.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string[] s_services = ["identity", "clusters", "scoring", "awards", "documents", "gateway"];
    private static readonly string s_deploy = Path.Combine(Repository.Root, "deploy");

    // Of the framework, not of ours.
    private static readonly string[] s_ofTheFramework = ["ASPNETCORE_", "DOTNET_", "OTEL_", "Logging:Console:FormatterName"];

    private static readonly Dictionary<string, Type> s_sections = new()
    {
        ["Gateway"] = typeof(GatewaySettings), ["Identity"] = typeof(IdentitySettings), ["Documents:Converter"] = typeof(ConverterSettings),
        ["Documents:Signing"] = typeof(SigningSettings), ["Documents:Scanner"] = typeof(ScannerSettings), ["Documents"] = typeof(DocumentsSettings),
    };

    private static readonly Lazy<string> s_code = new(() => string.Concat(
        new[] { "services", "gateway" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText)));

    [Fact]
    public async Task Kubernetes_runs_two_of_everything_behind_probes_and_gives_only_settings_that_are_read()
    {
        var objects = Load(await RunAsync("kubectl", "kustomize", Path.Combine(s_deploy, "kubernetes", "province")));
        foreach (var service in s_services)
        {
            var deployment = Single(objects, "Deployment", service);
            Assert.Equal("2", Text(deployment, "spec", "replicas"));
            Assert.Equal("0", Text(deployment, "spec", "strategy", "rollingUpdate", "maxUnavailable"));
            Assert.Equal("1", Text(Single(objects, "PodDisruptionBudget", service), "spec", "minAvailable"));
            Assert.Equal(service, Text(Single(objects, "Service", service), "spec", "selector", "app"));

            var pod = Node(deployment, "spec", "template", "spec");
            Assert.Equal("true", Text(pod, "securityContext", "runAsNonRoot"));
            var serving = Assert.Single(Items(Node(pod, "containers")));
            foreach (var (probe, path) in new[] { ("startupProbe", "/health/live"), ("livenessProbe", "/health/live"), ("readinessProbe", "/health/ready") })
            {
                Assert.Equal(path, Text(serving, probe, "httpGet", "path"));
            }

            Assert.NotEmpty(Text(serving, "resources", "requests", "memory"));
            Assert.NotEmpty(Text(serving, "resources", "limits", "memory"));
            var environment = Items(Node(serving, "env")).ToDictionary(one => Text(one, "name"), one => one);
            Nothing.In(environment.Keys.Where(name => !IsRead(name)));
            Nothing.In(environment.Where(pair => IsSecret(pair.Key) && !((YamlMappingNode)pair.Value).Children.ContainsKey("valueFrom")).Select(pair => pair.Key));
            var drain = int.Parse(Text(environment["Shutdown__DrainSeconds"], "value"), null);
            Assert.InRange(int.Parse(Text(pod, "terminationGracePeriodSeconds"), null), drain + 30, 120); // the host finishes what is in flight within 30 s

            if (service != "gateway")
            {
                var migration = Assert.Single(Items(Node(pod, "initContainers")));
                Assert.Equal("migrate", Assert.Single(Items(Node(migration, "args"))).ToString());
                Assert.Equal(environment.Keys.Order(StringComparer.Ordinal), Items(Node(migration, "env")).Select(one => Text(one, "name")).Order(StringComparer.Ordinal));
                Assert.Contains($"ConnectionStrings__{service}db", environment.Keys);
                Assert.Contains("ConnectionStrings__rabbitmq", environment.Keys);
            }
        }

        Assert.Equal("3", Text(Single(objects, "RabbitmqCluster", "rabbitmq"), "spec", "replicas"));
        Assert.Contains("error_logger_format_depth", Text(Single(objects, "RabbitmqCluster", "rabbitmq"), "spec", "rabbitmq", "envConfig"), StringComparison.Ordinal);
        Assert.Equal("1", Text(Single(objects, "Cluster", "postgres"), "spec", "minSyncReplicas"));
        Assert.DoesNotContain(objects, one => Text(one, "kind") == "Secret");
    }

    [Fact]
    public void Systemd_starts_two_of_everything_with_settings_that_are_read()
    {
        var folder = Path.Combine(s_deploy, "systemd");
        var target = File.ReadAllText(Path.Combine(folder, "units", "thidua.target"));
        foreach (var service in s_services)
        {
            Assert.Contains($"thidua-{service}@1.service", target, StringComparison.Ordinal);
            Assert.Contains($"thidua-{service}@2.service", target, StringComparison.Ordinal);
            var unit = File.ReadAllText(Path.Combine(folder, "units", $"thidua-{service}@.service"));
            Assert.Contains($"ThiDua.{char.ToUpperInvariant(service[0])}{service[1..]}.dll", unit, StringComparison.Ordinal);
            Assert.Equal(service != "gateway", unit.Contains($"Requires=thidua-migrate@{service}.service", StringComparison.Ordinal));
            var given = SettingsOf(Path.Combine(folder, "settings", $"{service}.env")).Concat(SettingsOf(Path.Combine(folder, "settings", $"{service}@1.env"))).Concat(SettingsOf(Path.Combine(folder, "settings", $"{service}@2.env"))).ToList();
            Nothing.In(given.Select(pair => pair.Key).Where(name => !IsRead(name)));
            Nothing.In(given.Where(pair => IsSecret(pair.Key) && pair.Value is not ("" or "CHANGE-ME")).Select(pair => pair.Key));
            Assert.Equal(service == "gateway", !given.Exists(pair => pair.Key == $"ConnectionStrings__{service}db"));
        }

        Nothing.In(SettingsOf(Path.Combine(folder, "settings", "common.env")).Select(pair => pair.Key).Where(name => !IsRead(name)));

        // Every replica that listens is one that the gateway sends requests to.
        var listening = s_services.Except(["gateway"]).SelectMany(service => new[] { 1, 2 }.Select(number =>
            ($"services__{service}__http__{number - 1}", SettingsOf(Path.Combine(folder, "settings", $"{service}@{number}.env")).Single().Value)));
        Assert.Equal(listening.Order(), SettingsOf(Path.Combine(folder, "settings", "gateway.env")).Where(pair => pair.Key.StartsWith("services__", StringComparison.Ordinal)).Select(pair => (pair.Key, pair.Value)).Order());
    }

    /// <summary>A unit that stays active would take both replicas along when it is restarted for an upgrade.</summary>
    [Fact]
    public void A_migration_ends_by_itself() =>
        Assert.DoesNotContain(File.ReadLines(Path.Combine(s_deploy, "systemd", "units", "thidua-migrate@.service")), line => line.StartsWith("RemainAfterExit", StringComparison.Ordinal));

    [Fact]
    public async Task Systemd_accepts_the_units()
    {
        var units = Path.Combine(s_deploy, "systemd", "units");
        var said = await RunAsync("env", [$"SYSTEMD_UNIT_PATH={units}:", "systemd-analyze", "verify", .. s_services.Select(service => $"thidua-{service}@1.service"), "thidua.target"]);
        Nothing.In(said.Split('\n').Where(line => line.Contains("thidua", StringComparison.Ordinal) && !line.Contains("is not executable", StringComparison.Ordinal)));
    }

    private static bool IsSecret(string name) => SecretName().IsMatch(name);

    private static bool IsRead(string variable)
    {
        var key = variable.Replace("__", ":", StringComparison.Ordinal);
        if (s_ofTheFramework.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) || ConnectionOrAddress().IsMatch(key))
        {
            return true;
        }

        var section = s_sections.Keys.Where(name => key.StartsWith(name + ':', StringComparison.Ordinal)).MaxBy(name => name.Length);
        return section is not null
            ? s_sections[section].GetProperty(key[(section.Length + 1)..].Split(':')[0], BindingFlags.Public | BindingFlags.Instance) is not null
            : s_code.Value.Contains($"\"{key}\"", StringComparison.Ordinal);
    }

    private static List<KeyValuePair<string, string>> SettingsOf(string file) =>
        [.. File.ReadLines(file).Select(line => SettingLine().Match(line)).Where(match => match.Success).Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value))];

    private static List<YamlNode> Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static YamlNode Single(List<YamlNode> objects, string kind, string name) => Assert.Single(objects, one => Text(one, "kind") == kind && Text(one, "metadata", "name") == name);

    private static YamlNode Node(YamlNode node, params string[] path) => path.Aggregate(node, (at, step) => at[step]);

    private static string Text(YamlNode node, params string[] path) => Node(node, path).ToString();

    private static IEnumerable<YamlNode> Items(YamlNode node) => ((YamlSequenceNode)node).Children;

    /// <returns>What it said, to whomever; it must succeed.</returns>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
        return program == "kubectl" ? await output : await output + await errors;
    }

    [GeneratedRegex("^#? ?([A-Za-z][A-Za-z0-9_]*__?[A-Za-z0-9_]*)=(.*)$")]
    private static partial Regex SettingLine();

    [GeneratedRegex("^(ConnectionStrings:([a-z]+db|rabbitmq)|services:[a-z]+:http:[0-9]+)$")]
    private static partial Regex ConnectionOrAddress();

    [GeneratedRegex("(Secret|SecretKey|Password)$")]
    private static partial Regex SecretName();
}
