namespace ThiDua.Tests.Support;

/// <summary>Where things lie in the checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>A program as it was built beside the tests, in the same configuration: <c>ThiDua.Scoring</c>.</summary>
    public static string Program(string assembly)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = PathOf("artifacts", "bin", assembly, configuration, $"{assembly}.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"Build {assembly} first: a test runs it as a program of its own.", program);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ThiDua.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No ThiDua.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
