using System.Globalization;

namespace ThiDua.Bench;

/// <summary>What the kernel tells of running processes.</summary>
internal static class Processes
{
    /// <summary>A process and all that it started, directly or not.</summary>
    public static IReadOnlySet<int> Below(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Stat: StatOf(id)))
            .Where(process => process.Stat.Length > 1)
            .ToLookup(process => int.Parse(process.Stat[1], CultureInfo.InvariantCulture), process => process.Id);
        var found = new HashSet<int>();
        var waiting = new Stack<int>([root]);
        while (waiting.TryPop(out var id))
        {
            if (found.Add(id))
            {
                foreach (var child in parents[id])
                {
                    waiting.Push(child);
                }
            }
        }

        return found;
    }

    /// <summary>The fields of proc(5) after the name, which may hold blanks; none when the process has ended.</summary>
    public static string[] StatOf(int process)
    {
        var text = Read($"/proc/{process}/stat");
        return text.Length == 0 ? [] : text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    public static string CommandOf(int process) => Read($"/proc/{process}/cmdline").Replace('\0', ' ');

    /// <summary>Proportional set size: a page that several share counts once in their sum.</summary>
    public static double Megabytes(int process)
    {
        var line = Read($"/proc/{process}/smaps_rollup").Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>Nothing, when the process has ended meanwhile.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
