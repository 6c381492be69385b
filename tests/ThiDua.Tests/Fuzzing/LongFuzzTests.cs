using System.Diagnostics;
using System.Globalization;
using SharpFuzz;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Fuzzing;

/// <summary>
/// <c>./thidua measure fuzz [MINUTES]</c>: each target in a process of its own, guided by the branches that its inputs take. The product's
/// assemblies are instrumented in a copy of the build, and a target whose process ends is started again.
/// </summary>
public sealed class LongFuzzTests(ITestOutputHelper output)
{
    private const string TargetSetting = "THIDUA_FUZZ_TARGET";
    private const string HeapLimit = "0x60000000";
    private const int MostCrashes = 20;
    private static readonly string[] s_instrumented = ["ThiDua.*.dll", "Microsoft.IdentityModel.JsonWebTokens.dll", "Microsoft.IdentityModel.Tokens.dll"];

    private static double Minutes => double.Parse(Environment.GetEnvironmentVariable("THIDUA_FUZZ_MINUTES") ?? "60", CultureInfo.InvariantCulture);

    private static string Folder => Repository.PathOf("artifacts", "fuzz");

    [Fact, Trait("run", "long")]
    public async Task Nothing_breaks_a_reader_for_an_hour()
    {
        if (Environment.GetEnvironmentVariable(TargetSetting) is { Length: > 0 } name)
        {
            await RunAsync(name);
            return;
        }

        var copy = Path.Combine(Folder, "build");
        Copy(AppContext.BaseDirectory, copy);
        foreach (var assembly in s_instrumented.SelectMany(pattern => Directory.EnumerateFiles(copy, pattern)).Where(file => Path.GetFileName(file) != "ThiDua.Tests.dll"))
        {
            Fuzzer.Instrument(assembly, _ => true, Options.Value);
        }

        var chosen = Environment.GetEnvironmentVariable("THIDUA_FUZZ_TARGETS")?.Split(',') ?? [.. FuzzTargets.All.Keys];
        var ends = TimeProvider.System.GetUtcNow().AddMinutes(Minutes);
        var found = (await Task.WhenAll(chosen.Select(target => WatchAsync(copy, target, ends)))).Sum();
        Assert.True(found == 0, $"{found} findings; see {Folder}.");
    }

    /// <summary>The one target of this process.</summary>
    private static async Task RunAsync(string name)
    {
        var folder = Path.Combine(Folder, name);
        Directory.CreateDirectory(folder);
        var loop = new FuzzLoop(FuzzTargets.All[name](), Environment.ProcessId, folder);
        await loop.RunAsync(TimeSpan.FromMinutes(Minutes), Console.WriteLine);
    }

    private async Task<int> WatchAsync(string copy, string target, DateTimeOffset ends)
    {
        var folder = Path.Combine(Folder, target);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        var crashes = 0;
        while (ends - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.FromSeconds(5) && crashes < MostCrashes)
        {
            var start = new ProcessStartInfo("nice", ["-n", "15", "dotnet", Path.Combine(copy, "ThiDua.Tests.dll"), "-class", typeof(LongFuzzTests).FullName!, "-showliveoutput"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment[TargetSetting] = target;
            start.Environment["THIDUA_FUZZ_MINUTES"] = left.TotalMinutes.ToString(CultureInfo.InvariantCulture);
            start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
            start.Environment["DOTNET_TieredPGO"] = "0";
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => Say(target, line.Data);
            process.ErrorDataReceived += (_, line) => Say(target, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync();
            if (process.ExitCode == 0)
            {
                break;
            }

            crashes++;
            output.WriteLine($"{target}: the process ended with code {process.ExitCode}; its input is crash-{crashes}.bin");
            Keep(folder, crashes);
        }

        return crashes + (Directory.Exists(folder) ? Directory.GetFiles(folder, "finding-*.bin").Length : 0);
    }

    private void Say(string target, string? line)
    {
        if (line is not null && (line.Contains(" executions (", StringComparison.Ordinal) || line.Contains("overflow", StringComparison.OrdinalIgnoreCase) || line.Contains("Unhandled", StringComparison.Ordinal)))
        {
            output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {(line.Contains(target, StringComparison.Ordinal) ? line.Trim() : $"{target}: {line.Trim()}")}");
        }
    }

    /// <summary>The input that the process was reading when it ended.</summary>
    private static void Keep(string folder, int number)
    {
        var current = File.ReadAllBytes(Path.Combine(folder, "current"));
        var length = Math.Clamp(BitConverter.ToInt32(current), 0, current.Length - sizeof(int));
        File.WriteAllBytes(Path.Combine(folder, $"crash-{number}.bin"), current.AsSpan(sizeof(int), length).ToArray());
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
