using System.Text.Json;
using System.Text.Json.Nodes;

namespace ThiDua.AppHost.Local;

/// <summary>All that a system keeps: its servers' data, its secrets, its logs, and where it listens while it runs.</summary>
internal sealed class DataDirectory
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true };
    private readonly Lock _lock = new();

    public DataDirectory(string path)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            // As root, the servers run as users of their own, who must pass through; nobody else reads what is inside.
            if (Programs.IsRoot) File.SetUnixFileMode(path, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            Directory.CreateDirectory(Log, Owner);
        }
        catch (Exception reason) when (reason is UnauthorizedAccessException or IOException)
        {
            throw new StartException($"The data directory {path} cannot be used: {reason.Message} Set Local__DataDirectory to one of your own (./thidua run --data DIR).", reason);
        }

        if (!Programs.IsRoot) return;
        for (var parent = new DirectoryInfo(path).Parent; parent is not null; parent = parent.Parent)
            if ((File.GetUnixFileMode(parent.FullName) & UnixFileMode.OtherExecute) == 0) throw new StartException(
                $"As root, the servers run as users of their own, and these may not pass through {parent.FullName} to {path}. Set Local__DataDirectory to a folder they can reach (./thidua run --data DIR).");
    }

    public string Path { get; }
    public string Log => System.IO.Path.Combine(Path, "log");
    private string OwnerFile => System.IO.Path.Combine(Path, "apphost.pid");
    private string EndpointsFile => System.IO.Path.Combine(Path, "endpoints.json");

    /// <summary>Two systems on one directory would destroy each other's data.</summary>
    /// <returns>The claim; it ends with this process at the latest.</returns>
    public IDisposable Claim()
    {
        var file = System.IO.Path.Combine(Path, "lock");
        try
        {
            var claim = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Write(OwnerFile, $"{Environment.ProcessId}"); // beside the lock: a locked file cannot be read
            File.Delete(EndpointsFile);
            return claim;
        }
        catch (IOException reason)
        {
            throw new StartException($"Another system runs on {Path} (process {(File.Exists(OwnerFile) ? File.ReadAllText(OwnerFile).Trim() : "unknown")}). Stop it, or set Local__DataDirectory to another directory (./thidua run --data DIR).", reason);
        }
    }

    /// <summary>The secret of this name, made on first use. A given one replaces it.</summary>
    public string Secret(string name, string? given, Func<string> make)
    {
        lock (_lock)
        {
            var file = System.IO.Path.Combine(Path, "secrets.json");
            var kept = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))! : [];
            if (kept.TryGetValue(name, out var value) && (given is null || given == value)) return value;
            kept[name] = value = given ?? make();
            Write(file, JsonSerializer.Serialize(kept, s_readable));
            return value;
        }
    }

    /// <summary>Where each resource listens and its process: for tests, for the replay, for people.</summary>
    public void WriteEndpoints(JsonObject endpoints)
    {
        lock (_lock) Write(EndpointsFile, endpoints.ToJsonString(s_readable));
    }

    /// <summary>A pipe that only its owner may write to: another terminal's way to command this system.</summary>
    public Stream OpenCommands()
    {
        var pipe = System.IO.Path.Combine(Path, "commands");
        File.Delete(pipe);
        if (Programs.MakePipe(pipe, (int)(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0) throw new StartException($"The pipe {pipe} could not be made (error {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}).");
        return new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0); // also for writing: it then has no end when a writer goes
    }

    public void ForgetEndpoints() => File.Delete(EndpointsFile);

    /// <summary>Whole or not at all, and for its owner only.</summary>
    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter($"{file}.new", options)) writer.WriteLine(text);
        File.Move($"{file}.new", file, overwrite: true);
    }
}
