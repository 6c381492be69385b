using System.Diagnostics;

namespace ThiDua.Tests.Support;

/// <summary>
/// A directory for servers' data that is gone after the tests. A small shell waits for the end of the pipe that only we
/// hold open, so it cleans up after a kill as well.
/// </summary>
public sealed class TemporaryDirectory : IDisposable
{
    private readonly Process _cleaner;

    private TemporaryDirectory(string path, Process cleaner)
    {
        Path = path;
        _cleaner = cleaner;
    }

    public string Path { get; }

    public static TemporaryDirectory Create(string prefix)
    {
        var path = Directory.CreateTempSubdirectory(prefix).FullName;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

        // Servers that are just being killed may still write: hence more than one go.
        const string Clean = """cat >/dev/null; n=0; while [ -e "$1" ] && [ $n -lt 20 ]; do rm -rf "$1" 2>/dev/null || true; n=$((n+1)); [ -e "$1" ] && sleep 0.5; done""";
        var cleaner = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Clean, "cleaner", path]) { RedirectStandardInput = true, WorkingDirectory = "/" })
            ?? throw new InvalidOperationException("No shell to clean up with.");
        return new TemporaryDirectory(path, cleaner);
    }

    /// <summary>A directory within that belongs to the server's user.</summary>
    public async Task<string> AddAsync(string name, string owner)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        if (Environment.UserName == "root")
        {
            await ChildProcess.RunAsync(["chown", $"{owner}:{owner}", path]);
        }

        return path;
    }

    public void Dispose()
    {
        _cleaner.StandardInput.Close();
        _cleaner.WaitForExit(TimeSpan.FromSeconds(15));
        _cleaner.Dispose();
    }
}
