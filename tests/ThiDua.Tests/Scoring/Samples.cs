using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Scoring;

/// <summary>The sample files of the repository, found from wherever the tests run.</summary>
internal static class Samples
{
    public static string Root { get; } = FindRoot();

    public static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "samples", path)));
        return document.RootElement.Clone();
    }

    /// <summary>A table that must read without any complaint.</summary>
    public static CriteriaTable Table(JsonElement json)
    {
        var errors = new List<Violation>();
        var table = CriteriaTableReader.Read(new StrictJson(json, string.Empty, errors));
        Assert.Empty(errors);
        return table!;
    }

    public static CriteriaTable Table(string id) =>
        Table(Read("domain/tables.json").EnumerateArray().Single(table => table.GetProperty("id").GetString() == id));

    /// <summary>A table made from one criterion written as JSON.</summary>
    public static CriteriaTable TableOf(string criterion, string rounding = """{"decimals": 2, "mode": "HALF_UP"}""")
    {
        using var json = JsonDocument.Parse(criterion);
        var max = json.RootElement.GetProperty("max").GetRawText();
        using var table = JsonDocument.Parse($$"""
            {"id": "T", "title": "Bảng thử", "total_max": {{max}}, "rounding": {{rounding}},
             "groups": [{"code": "I", "title": "Nhóm", "tag": "POLICY_COMPLIANCE", "max": {{max}}, "criteria": [{{criterion}}]}]}
            """);
        return Table(table.RootElement);
    }

    public static (ScoreCard Card, IReadOnlyList<Violation> Errors) Card(CriteriaTable table, string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<Violation>();
        return (ScoreCardReader.Read(new StrictJson(document.RootElement, string.Empty, errors), table), errors);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ThiDua.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository: no ThiDua.sln above " + AppContext.BaseDirectory);
        }

        return folder.FullName;
    }
}
