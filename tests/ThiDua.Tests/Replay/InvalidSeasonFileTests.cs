using System.Text.Json.Nodes;
using ThiDua.Replay;

namespace ThiDua.Tests.Replay;

/// <summary>The files that must be refused, through the program itself.</summary>
public sealed class InvalidSeasonFileTests
{
    /// <summary>Sound to look at: only the services, while it is played, know that the slot is held.</summary>
    private const string ShowsWhilePlaying = "ballot-on-a-held-slot";

    private static readonly JsonObject s_expected = JsonNode.Parse(File.ReadAllText(PlantedSeason.PathOf("invalid/expected.json")))!.AsObject();

    public static TheoryData<string> Files => [.. s_expected.Select(file => file.Key)];

    public static TheoryData<string> Samples =>
        [.. Directory.GetFiles(PlantedSeason.PathOf("."), "*.json").Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".expected.json", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Files))]
    public async Task Is_refused_with_exactly_its_codes(string name)
    {
        var (status, output, error) = await CheckAsync(PlantedSeason.PathOf($"invalid/{name}.json"));
        var expected = s_expected[name]!.AsArray().Select(code => (string)code!).Where(_ => name != ShowsWhilePlaying).Order(StringComparer.Ordinal);
        var faults = JsonNode.Parse(output)!["errors"]!.AsArray();

        Assert.Equal(expected, faults.Select(fault => (string)fault!["code"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(name == ShowsWhilePlaying ? Commands.Done : Commands.Refused, status);
        Assert.All(faults, fault =>
        {
            Assert.StartsWith("/", (string)fault!["path"]!, StringComparison.Ordinal);
            Assert.Contains($"{(string)fault["code"]!} {(string)fault["path"]!}: {(string)fault["message"]!}", error, StringComparison.Ordinal);
        });
    }

    [Theory, MemberData(nameof(Samples))]
    public async Task A_sound_season_is_not_refused(string file)
    {
        var (status, output, _) = await CheckAsync(PlantedSeason.PathOf(file));

        Assert.Equal(Commands.Done, status);
        Assert.Empty(JsonNode.Parse(output)!["errors"]!.AsArray());
    }

    [Fact]
    public async Task An_invalid_file_is_refused_before_the_system_is_asked_for_anything()
    {
        // Nobody listens there, so any request would take its time and end with another status.
        var (status, _, _) = await RunAsync(PlantedSeason.PathOf("invalid/missing-input.json"), "--gateway", "http://127.0.0.1:1");

        Assert.Equal(Commands.Refused, status);
    }

    [Fact]
    public async Task A_missing_file_is_no_refusal()
    {
        var (status, output, error) = await CheckAsync(PlantedSeason.PathOf("no-such-season.json"));

        Assert.Equal((Commands.Failed, ""), (status, output));
        Assert.Contains("no-such-season.json", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--colour red")]
    [InlineData("")]
    [InlineData("a.json b.json")]
    [InlineData("a.json --out")]
    [InlineData("a.json --gateway ftp://x")]
    [InlineData("accounts")]
    public void A_wrong_command_is_explained(string arguments)
    {
        var (command, mistake) = CommandLine.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Null(command);
        Assert.False(string.IsNullOrEmpty(mistake));
    }

    private static Task<(int Status, string Output, string Error)> CheckAsync(string path) => RunAsync("check", path);

    private static async Task<(int Status, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var status = await new Commands(output, error, TimeProvider.System).RunAsync(CommandLine.Parse(arguments).Command!, TestContext.Current.CancellationToken);
        return (status, output.ToString(), error.ToString());
    }
}
