using ThiDua.Tests.Support;

namespace ThiDua.Tests.Fuzzing;

/// <summary>
/// Inputs that nobody thought of: some of them on every run, the same ones each time; millions with <c>./thidua measure fuzz</c>
/// (<see cref="LongFuzzTests"/>). What was ever found is kept and read again.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20261125;

    /// <summary>How many fit into a part of a second.</summary>
    public static TheoryData<string, int> Targets => new()
    {
        { "season", 200 }, { "workbook", 150 }, { "forms", 40 }, { "evidence", 300 }, { "template", 8 }, { "tokens", 300 }, { "words", 5000 },
    };

    private static string Folder => Repository.PathOf("tests", "ThiDua.Tests", "Fuzzing", "Found");

    [Theory, MemberData(nameof(Targets))]
    public async Task No_changed_input_breaks_its_reader(string name, int executions)
    {
        var loop = new FuzzLoop(FuzzTargets.All[name](), Seed);

        await loop.RunAsync(executions);

        Nothing.In(loop.Findings.Select(finding => $"{finding.Signature}\n{finding.Detail}\n{Convert.ToBase64String(finding.Input)[..Math.Min(2000, (finding.Input.Length + 2) / 3 * 4)]}"));
        Assert.True(loop.Taken > 0, "No input was taken: what is tried is only how files are refused.");
    }

    /// <summary>A file of that folder is called after its target: season-deep-array.bin.</summary>
    [Fact]
    public async Task What_was_found_once_is_refused_or_read()
    {
        var broken = new List<string>();
        foreach (var files in Directory.EnumerateFiles(Folder, "*.bin").GroupBy(file => Path.GetFileName(file).Split('-', '.')[0]))
        {
            var loop = new FuzzLoop(FuzzTargets.All[files.Key](), Seed);
            foreach (var file in files)
            {
                await loop.TryAsync(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            }

            broken.AddRange(loop.Findings.Select(finding => $"{files.Key}: {finding.Signature}\n{finding.Detail}"));
        }

        Nothing.In(broken);
    }

    [Fact]
    public void Every_reader_has_its_share() => Assert.Equal(FuzzTargets.All.Keys, Targets.Select(row => row.Data.Item1));
}
