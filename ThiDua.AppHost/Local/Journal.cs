namespace ThiDua.AppHost.Local;

/// <summary>What the programs say: on the console with time and name before it, and in a file per resource.</summary>
internal sealed class Journal(string directory, TextWriter console, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StreamWriter> _files = [];
    private readonly Dictionary<string, Queue<string>> _latest = [];

    public void Say(string who, string line)
    {
        lock (_lock)
        {
            var now = time.GetLocalNow();
            File(who).WriteLine($"{now:yyyy-MM-dd HH:mm:ss.fff} {line}");
            var latest = _latest[who];
            if (latest.Count == 5) latest.Dequeue();
            latest.Enqueue(line);
            Print($"{now:HH:mm:ss} {who,-18} {line}");
        }
    }

    /// <summary>For the console alone.</summary>
    public void Print(string line)
    {
        lock (_lock)
        {
            try { console.WriteLine(line); }
            catch (IOException) { } // the terminal is gone; the files still have it, and stopping in order matters more
        }
    }

    public string Latest(string who)
    {
        lock (_lock) return _latest.TryGetValue(who, out var lines) ? string.Join(Environment.NewLine, lines) : "";
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values) file.Dispose();
            _files.Clear();
            _latest.Clear();
        }
    }

    /// <summary>Of this start; that of the start before is kept under another name.</summary>
    private StreamWriter File(string who)
    {
        if (_files.TryGetValue(who, out var file)) return file;
        var path = Path.Combine(directory, $"{who}.log");
        if (System.IO.File.Exists(path)) System.IO.File.Move(path, Path.Combine(directory, $"{who}.previous.log"), overwrite: true);
        _latest[who] = new();
        return _files[who] = new StreamWriter(path) { AutoFlush = true };
    }
}
