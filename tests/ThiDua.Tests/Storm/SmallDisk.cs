using ThiDua.Tests.Support;

namespace ThiDua.Tests.Storm;

/// <summary>A file system in a file, small enough to be filled: the system under the storm keeps all its data on it.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const string Size = "3G"; // the file is sparse: only what is written takes room

    private readonly TemporaryDirectory _directory;

    private readonly ChildProcess _cleaner;

    private SmallDisk(TemporaryDirectory directory, ChildProcess cleaner)
    {
        _directory = directory;
        _cleaner = cleaner;
    }

    public string Data => Path.Combine(Mounted, "data");

    private string Mounted => Path.Combine(_directory.Path, "disk");

    private string Ballast => Path.Combine(Mounted, "ballast");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SmallDisk> CreateAsync()
    {
        Assert.True(Environment.UserName == "root", "The storm mounts a disk, cuts connections and turns a clock: it must run as root.");
        var directory = TemporaryDirectory.Create("thidua-storm-");

        // What is left when we are killed: the directory's own cleaner cannot remove what is mounted.
        const string Clean = """
            cat >/dev/null; umount -l "$1"
            iptables -S INPUT 2>/dev/null | grep -e '--comment thidua-storm ' | sed 's/^-A/-D/' | while read -r rule; do iptables -w $rule; done; true
            """;
        var disk = new SmallDisk(directory, await ChildProcess.StartAsync(["setsid", "sh", "-c", Clean, "cleaner", Path.Combine(directory.Path, "disk")], deathSignal: "CONT", logs: false));
        var image = Path.Combine(directory.Path, "image");
        Directory.CreateDirectory(disk.Mounted);
        await ChildProcess.RunAsync(["truncate", "-s", Size, image], ct: Cancel);
        await ChildProcess.RunAsync(["mkfs.ext4", "-q", "-m", "0", image], ct: Cancel); // nothing reserved for root, who runs the services here
        await ChildProcess.RunAsync(["mount", "-o", "loop", image, disk.Mounted], ct: Cancel);
        Directory.CreateDirectory(disk.Data);
        return disk;
    }

    /// <summary>Takes all that is left, to the last block.</summary>
    public async Task<Func<Task>> FillAsync()
    {
        Directory.CreateDirectory(Ballast);
        var number = 0;
        for (var size = new DriveInfo(Mounted).AvailableFreeSpace; size >= 4096;)
        {
            try
            {
                await using var file = new FileStream(Path.Combine(Ballast, $"{number++}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, PreallocationSize = size });
                size = Math.Min(size, new DriveInfo(Mounted).AvailableFreeSpace);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }

        return () =>
        {
            Directory.Delete(Ballast, recursive: true);
            return Task.CompletedTask;
        };
    }

    public async ValueTask DisposeAsync()
    {
        _cleaner.CloseInput();
        await _cleaner.WaitForExitAsync();
        await _cleaner.DisposeAsync();
        _directory.Dispose();
    }
}
