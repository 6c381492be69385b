using System.Runtime.CompilerServices;

namespace ThiDua.Tests.AppHost;

/// <summary>Text files beside the tests that a person agreed to.</summary>
internal static class Approved
{
    public static async Task MatchAsync(string name, string received, CancellationToken ct, [CallerFilePath] string here = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(here)!, name);
        if (await File.ReadAllTextAsync(approved, ct) == received) return;
        var copy = Path.Combine(AppContext.BaseDirectory, name);
        await File.WriteAllTextAsync(copy, received, ct);
        Assert.Fail($"{approved} was agreed to; what there is now lies in {copy}");
    }
}
