using System.Text.Json.Nodes;
using ThiDua.AppHost.Local;

namespace ThiDua.Tests.AppHost;

/// <summary>What programs say, in files for searching and on the console for people.</summary>
public sealed class JournalTests
{
    private const int Kibibyte = 1024;

    [Fact]
    public void A_json_line_is_kept_as_it_is_and_shown_short()
    {
        var (directory, console) = (Directory.CreateTempSubdirectory("thidua-journal-").FullName, new StringWriter());
        const string Request = """{"timestamp":"2026-11-25T08:22:17.7Z","level":"information","service":"scoring","category":"ThiDua.ServiceDefaults.RequestLog","message":"GET /api/v1/units 200 4 ms"}""";
        const string Fault = """{"timestamp":"2026-11-25T08:22:18.7Z","level":"warning","service":"scoring","category":"X","message":"Trying again","trace_id":"e89b20047196c9c4e626bec9b7ce96b6","exception":"System.TimeoutException: late\n   at X"}""";
        using (var journal = new Journal(directory, console, TimeProvider.System))
        {
            journal.Say("scoring", Request);
            journal.Say("scoring", Fault);
            journal.Say("postgres", "[12] LOG:  ready");
            journal.Say("postgres", "{ a text that begins with a brace");
            Assert.Contains("warning: Trying again", journal.Latest("scoring"), StringComparison.Ordinal);
        }

        Assert.Equal([Request, Fault], File.ReadLines(Path.Combine(directory, "scoring.log")));
        var words = File.ReadLines(Path.Combine(directory, "postgres.log")).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["[12] LOG:  ready", "{ a text that begins with a brace"], words.Select(line => (string)line["message"]!));
        Assert.All(words, line => Assert.Equal("postgres", (string?)line["service"]));
        var shown = console.ToString();
        Assert.DoesNotContain("GET /api", shown, StringComparison.Ordinal);
        Assert.Matches(@"\d\d:\d\d:\d\d scoring +warning: Trying again \[e89b20047196c9c4e626bec9b7ce96b6\]\r?\nSystem.TimeoutException: late", shown);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_disk_that_takes_no_more_lines_ends_nothing()
    {
        var console = new StringWriter();
        using (var journal = new Journal("/proc/no-place-for-logs", console, TimeProvider.System))
        {
            journal.Say("postgres", "PANIC: could not write to file");
            journal.Say("postgres", "No space left on device");
            Assert.Contains("PANIC", journal.Latest("postgres"), StringComparison.Ordinal);
        }

        Assert.Contains("No space left on device", console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_grows_to_its_limit_and_the_oldest_goes()
    {
        var directory = Directory.CreateTempSubdirectory("thidua-journal-").FullName;
        var line = new string('x', Kibibyte);
        using (var journal = new Journal(directory, TextWriter.Null, TimeProvider.System))
        {
            for (var number = 0; number < 96 * Kibibyte; number++)
            {
                journal.Say("scoring", line);
            }
        }

        var files = Directory.GetFiles(directory).Select(file => new FileInfo(file)).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["scoring.1.log", "scoring.2.log", "scoring.3.log", "scoring.4.log", "scoring.log"], files.Select(file => file.Name));
        Assert.All(files, file => Assert.InRange(file.Length, 1, (16 * Kibibyte * Kibibyte) + (2 * Kibibyte)));

        using (var next = new Journal(directory, TextWriter.Null, TimeProvider.System))
        {
            next.Say("scoring", "again");
        }

        Assert.Single(File.ReadLines(Path.Combine(directory, "scoring.log")));
        Directory.Delete(directory, recursive: true);
    }
}
