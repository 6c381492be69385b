using System.Text.RegularExpressions;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Operations;

/// <summary>Commands of the runbooks are commands: all can be read by a shell, and <c>./thidua measure runbooks</c> runs each of them.</summary>
[Collection(WholeSystemTests.Name)]
public sealed partial class RunbookTests(SharedSystem shared)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_command_can_be_read_and_is_run_or_says_why_not()
    {
        var script = new List<string>();
        foreach (var file in OperationsFiles.Runbooks)
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            var (name, blocks) = (Path.GetFileName(file), BlocksOf(text).ToList());
            Nothing.In(new[] { "**Meaning.**", "**What users notice.**", "**Check.**", "**Mend.**", "**Prevent.**" }.Where(section => !text.Contains(section, StringComparison.Ordinal)).Select(section => $"{name} has no {section}"));
            Assert.True(blocks.Count(block => block.IsRun) >= 2, $"{name} has nothing to run");
            Nothing.In(blocks.Where(block => !block.IsRun && !block.Commands.StartsWith("# not rehearsed: ", StringComparison.Ordinal)).Select(block => $"{name}: {block.Commands}"));
            script.AddRange(blocks.Select(block => block.Commands));
        }

        await ChildProcess.RunAsync(["bash", "-n", "-c", string.Join('\n', script)], ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Every_command_does_its_work_on_a_running_system()
    {
        var wanted = Environment.GetEnvironmentVariable("THIDUA_RUNBOOKS");
        var files = OperationsFiles.Runbooks.Where(file => wanted is { Length: > 0 } ? wanted == "all" || wanted.Split(',').Contains(Path.GetFileNameWithoutExtension(file)) : Path.GetFileNameWithoutExtension(file) == "AppraisalsWaiting").ToList();
        Assert.NotEmpty(files);
        var system = await shared.Running;
        var environment = await EnvironmentAsync(system);
        var failures = new List<string>();
        var run = 0;
        foreach (var file in files)
        {
            foreach (var block in BlocksOf(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Where(block => block.IsRun))
            {
                // Each line by itself, as somebody types them: one that fails must not be hidden by the next.
                await using var shell = await ChildProcess.StartAsync(["bash", "-eo", "pipefail", "-c", $". operations/environment.sh\nset -x\n{block.Commands}"], environment: environment, directory: Repository.Root, logs: false);
                shell.CloseInput();
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                limit.CancelAfter(s_limit);
                run += block.Commands.Split('\n').Length;
                var code = await ExitCodeAsync(shell, limit.Token);
                var line = $"{Path.GetFileNameWithoutExtension(file)}: {(code == 0 ? "ok" : $"FAILED ({code})")}";
                TestContext.Current.TestOutputHelper?.WriteLine(line);
                if (code != 0)
                {
                    failures.Add($"{line}\n{string.Join('\n', shell.Lines.TakeLast(12))}");
                }
            }

            await system.UntilReadyAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Count} runbooks, {run} commands run, {failures.Count} blocks failed");
        Nothing.In(failures);
    }

    private static async Task<int?> ExitCodeAsync(ChildProcess shell, CancellationToken limit)
    {
        try
        {
            return await shell.WaitForExitAsync(limit);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null; // it took too long; it is ended with its process
        }
    }

    /// <summary>What is of the case at hand: an account, a client and a webhook that may be touched, a place for backups.</summary>
    private static async Task<Dictionary<string, string>> EnvironmentAsync(RunningSystem system)
    {
        using var season = await SmallSeason.CreateAsync(system);
        var webhook = (await season.Appraiser.PostJson("webhooks", """{"url":"https://he-thong.example.vn/thi-dua","event_types":["vn.gov.thidua.reminder.due.v1"]}""")).Expect(201);
        return new Dictionary<string, string>
        {
            ["DATA"] = system.DataDirectory,
            ["SERVICE"] = "scoring",
            ["ACCOUNT"] = $"unit-{season.Member}",
            ["CLIENT"] = $"unit-{season.Member}",
            ["WEBHOOK"] = (string)webhook["id"]!,
            ["REPOSITORY"] = Path.Combine(Path.GetDirectoryName(system.DataDirectory)!, "backups"),
        };
    }

    private static IEnumerable<(bool IsRun, string Commands)> BlocksOf(string text) =>
        Block().Matches(text).Select(match => (match.Groups[1].Value == " run", match.Groups[2].Value.Trim()));

    [GeneratedRegex(@"^```sh( run)?\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
