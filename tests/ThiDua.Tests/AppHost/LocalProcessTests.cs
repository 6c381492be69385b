using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ThiDua.Tests.AppHost;

/// <summary>The AppHost as a program of its own, with the servers alone: what it leaves when it ends, however it ends.</summary>
public sealed class LocalProcessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_systems_run_side_by_side_and_a_killed_one_leaves_nothing_but_its_data()
    {
        var (here, there) = (Machine.NewDirectory(), Machine.NewDirectory());
        using var first = new HostProcess(here, "postgres,rabbitmq");
        using var second = new HostProcess(there, "postgres");
        await first.UntilHealthyAsync();
        await second.UntilHealthyAsync();
        Assert.NotEqual(first.Endpoint("postgres", "port"), second.Endpoint("postgres", "port"));

        using (var third = new HostProcess(here, "postgres"))
        {
            Assert.Equal(1, await third.ExitCodeAsync());
            Assert.Contains($"Another system runs on {here} (process {first.Id})", third.Said, StringComparison.Ordinal);
        }

        foreach (var server in new[] { "postgres", "rabbitmq" })
        {
            var (port, process) = (first.Endpoint(server, "port"), first.Endpoint(server, "pid"));
            Machine.Signal(process, "KILL");
            first.Command($"restart {server}");
            await Machine.UntilAsync(() => first.Said.Contains($"restarted {server}", StringComparison.Ordinal), $"{server} is restarted", Ct);
            Assert.Equal(port, first.Endpoint(server, "port"));
            Assert.NotEqual(process, first.Endpoint(server, "pid"));
        }

        Assert.Contains("error_logger_format_depth", await File.ReadAllTextAsync($"/proc/{first.Endpoint("rabbitmq", "pid")}/cmdline", Ct), StringComparison.Ordinal); // no message whole in its log

        Machine.Signal(first.Id, "KILL");
        Assert.Empty(await Machine.ProcessesLeftOfAsync(here, TimeSpan.FromSeconds(10), Ct));
        using (var again = new HostProcess(here, "postgres"))
        {
            await again.UntilHealthyAsync();
            again.EndOfCommands(); // nobody to command it is no reason to end
            await Task.Delay(300, Ct);
            Assert.False(again.HasExited);
            Machine.Signal(again.Id, "INT");
            Assert.Equal(0, await again.ExitCodeAsync());
        }

        Machine.Signal(second.Id, "TERM");
        Assert.Equal(0, await second.ExitCodeAsync());
        Assert.Empty(Machine.ProcessesOf(here).Concat(Machine.ProcessesOf(there)));
        Directory.Delete(here, recursive: true);
        Directory.Delete(there, recursive: true);
    }

    private sealed class HostProcess : IDisposable
    {
        private readonly ConcurrentQueue<string> _said = new();
        private readonly Process _process;
        private readonly string _directory;

        public HostProcess(string directory, string only)
        {
            _directory = directory;
            var program = Path.Combine(AppContext.BaseDirectory, "ThiDua.AppHost.dll");
            // A shell starts what it puts in the background deaf to Ctrl+C, and so would be whatever the suite starts.
            var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", "dotnet", program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["Local__DataDirectory"] = directory;
            start.Environment["Local__RandomizePorts"] = "true";
            start.Environment["Local__Only"] = only;
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
            _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public int Id => _process.Id;
        public bool HasExited => _process.HasExited;
        public string Said => string.Join('\n', _said);

        public int Endpoint(string name, string key) => JsonNode.Parse(File.ReadAllText(Path.Combine(_directory, "endpoints.json")))![name]![key]!.GetValue<int>();

        public async Task UntilHealthyAsync()
        {
            await Machine.UntilAsync(() => HasExited || Said.Contains("all is healthy", StringComparison.Ordinal), "the servers are healthy", Ct);
            Assert.False(HasExited, Said);
        }

        public async Task<int> ExitCodeAsync()
        {
            await _process.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct);
            return _process.ExitCode;
        }

        public void Command(string line) => _process.StandardInput.WriteLine(line);
        public void EndOfCommands() => _process.StandardInput.Close();

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
    }
}
