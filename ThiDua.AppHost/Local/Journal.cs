using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace ThiDua.AppHost.Local;

/// <summary>
/// What the programs say: as JSON lines in a file per resource, and on the console as people read it, with time and name before it.
/// What is no JSON (a server's own words) becomes the message of a line.
/// </summary>
internal sealed class Journal(string directory, TextWriter console, TimeProvider time) : IDisposable
{
    private const long LargestFile = 16 * 1024 * 1024;
    private const int OlderFiles = 4;

    // A line for each request and message is for searching; on the console it would hide everything else.
    private static readonly string[] s_filesOnly = ["\"category\":\"ThiDua.ServiceDefaults.RequestLog\"", "\"category\":\"ThiDua.ServiceDefaults.InboxFilter"];
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StreamWriter> _files = [];
    private readonly Dictionary<string, Queue<string>> _latest = [];

    public void Say(string who, string line)
    {
        lock (_lock)
        {
            // These are by far the most: they are not read, only kept.
            if (line.StartsWith('{') && line.EndsWith('}') && Array.Exists(s_filesOnly, category => line.Contains(category, StringComparison.Ordinal)))
            {
                Keep(who, line);
                return;
            }

            var now = time.GetLocalNow();
            var said = Read(line);
            Keep(who, said is null ? Wrapped(who, line, now) : line);
            var shown = said ?? line;
            var latest = _latest[who];
            if (latest.Count == 5) latest.Dequeue();
            latest.Enqueue(shown);
            Print($"{now:HH:mm:ss} {who,-18} {shown}");
        }
    }

    /// <summary>In the file. When the disk is full the line is missing there, which must not end the system; what is more than a line for a request the console still has.</summary>
    private void Keep(string who, string line)
    {
        _latest.TryAdd(who, new());
        try { FileOf(who).WriteLine(line); }
        catch (IOException) { } // no room, or no disk: nobody could be told better than by the console
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
            foreach (var file in _files.Values)
            {
                try { file.Dispose(); }
                catch (IOException) { } // what it could not write before
            }

            _files.Clear();
            _latest.Clear();
        }
    }

    /// <summary>The short form of a JSON line; null when it is none.</summary>
    private static string? Read(string line)
    {
        if (!line.StartsWith('{')) return null;
        try
        {
            using var json = JsonDocument.Parse(line);
            if (Member("message") is not { } message) return null;
            var level = Member("level") is "information" or "debug" or "trace" or null ? "" : $"{Member("level")}: ";
            var trace = level.Length > 0 && Member("trace_id") is { } id ? $" [{id}]" : "";
            return $"{level}{message}{trace}{(Member("exception") is { } exception ? Environment.NewLine + exception : "")}";

            string? Member(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // a text that begins with a brace
        }
    }

    private static string Wrapped(string who, string line, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_json))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", now.UtcDateTime);
            json.WriteString("level", "information");
            json.WriteString("service", who);
            json.WriteString("message", line);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Each start begins a new file, and so does one that has grown too large; the older ones are kept under numbers.</summary>
    private StreamWriter FileOf(string who)
    {
        if (_files.TryGetValue(who, out var file))
        {
            if (file.BaseStream.Length < LargestFile) return file;
            _files.Remove(who);
            file.Dispose();
        }

        var path = Path.Combine(directory, $"{who}.log");
        for (var number = OlderFiles; number > 0; number--)
        {
            var younger = number == 1 ? path : Path.Combine(directory, $"{who}.{number - 1}.log");
            if (File.Exists(younger)) File.Move(younger, Path.Combine(directory, $"{who}.{number}.log"), overwrite: true);
        }

        return _files[who] = new StreamWriter(path) { AutoFlush = true };
    }
}
