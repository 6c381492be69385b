namespace ThiDua.Tests.Support;

/// <summary>Texts that people have looked at and agreed to. What differs is written to artifacts/received, to compare and to copy when it is meant.</summary>
public static class Approved
{
    public static async Task MatchAsync(string name, string received)
    {
        var approved = Repository.PathOf("tests", "ThiDua.Tests", "Approved", name);
        var before = File.Exists(approved) ? await File.ReadAllTextAsync(approved, TestContext.Current.CancellationToken) : "";
        if (before == received)
        {
            return;
        }

        var seen = Repository.PathOf("artifacts", "received", name);
        Directory.CreateDirectory(Path.GetDirectoryName(seen)!);
        await File.WriteAllTextAsync(seen, received, TestContext.Current.CancellationToken);
        var (was, now) = (before.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(was.Length, now.Length)).First(index => was.ElementAtOrDefault(index) != now.ElementAtOrDefault(index));
        Assert.Fail($"{name} is not as approved. First difference, line {line + 1}:\n  approved: {was.ElementAtOrDefault(line)}\n  received: {now.ElementAtOrDefault(line)}\nIf the change is meant: cp {Path.GetRelativePath(Repository.Root, seen)} {Path.GetRelativePath(Repository.Root, approved)}");
    }
}
