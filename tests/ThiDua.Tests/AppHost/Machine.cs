using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")] // as the system itself

namespace ThiDua.Tests.AppHost;

/// <summary>What a test asks the machine about the processes of a system.</summary>
internal static class Machine
{
    /// <summary>The living processes that work in a directory or name it.</summary>
    public static IReadOnlyList<string> ProcessesOf(string directory) => [.. Directory.EnumerateDirectories("/proc")
        .Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0]) && Path.GetFileName(path) != $"{Environment.ProcessId}")
        .Select(path => (Path: path, Command: Read(path)))
        .Where(process => process.Command.Contains(directory, StringComparison.Ordinal) || WorksIn(process.Path, directory))
        .Select(process => $"{Path.GetFileName(process.Path)} {process.Command}")];

    public static async Task<IReadOnlyList<string>> ProcessesLeftOfAsync(string directory, TimeSpan within, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100, ct))
            if (ProcessesOf(directory) is var left && (left.Count == 0 || clock.Elapsed > within)) return left;
    }

    public static async Task UntilAsync(Func<bool> happened, string what, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); !happened(); await Task.Delay(50, ct))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"Waited a minute in vain: {what}");
    }

    public static (TcpListener Listener, int Port) TakeAnyPort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (listener, ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    /// <summary>One that a server may pass through, as whatever user.</summary>
    public static string NewDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("thidua-apphost-").FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return directory;
    }

    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    private static string Read(string process)
    {
        try { return File.ReadAllText($"{process}/cmdline").Replace('\0', ' '); }
        catch (IOException) { return ""; } // it has just ended
    }

    private static bool WorksIn(string process, string directory)
    {
        try { return File.ResolveLinkTarget($"{process}/cwd", false)?.FullName is { } cwd && (cwd + "/").StartsWith(directory + "/", StringComparison.Ordinal); }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException) { return false; }
    }
}
