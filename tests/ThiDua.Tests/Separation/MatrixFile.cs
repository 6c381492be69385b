using System.Text.Json;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Separation;

/// <summary>Whose thing it is to the one who asks.</summary>
public enum Whose
{
    Own,

    /// <summary>Another member's of the own cluster.</summary>
    Cluster,

    /// <summary>Of another cluster.</summary>
    Foreign,

    /// <summary>The one who asks belongs to no unit.</summary>
    Outside,
}

/// <summary>What a cell grants: R or W, on what, in which states of the sheet.</summary>
/// <param name="Verb">R or W.</param>
/// <param name="On">own, cluster, any, or the one act or part that is meant.</param>
/// <param name="States">Empty: whatever the state.</param>
/// <param name="OnlyStatus">Without the source.</param>
internal sealed record Clause(char Verb, string On, IReadOnlyList<string> States, bool OnlyStatus)
{
    public bool Grants(char verb, Whose whose, string state) =>
        Verb == verb && (States.Count == 0 || States.Contains(state)) && (On switch
        {
            "own" => whose is Whose.Own,
            "cluster" => whose is Whose.Cluster,
            "counts" or "draft" or "vote" or "comment" or "adopt" => false, // asked for by name
            _ => true,
        });
}

/// <summary>A cell of the layer matrix (domain reference B).</summary>
/// <param name="Row">For example raw.</param>
/// <param name="Column">For example leader_deputy.</param>
/// <param name="Clauses">What is granted; nothing else is.</param>
internal sealed record Cell(string Row, string Column, IReadOnlyList<Clause> Clauses)
{
    /// <summary>Whether the one act or part is granted by its name.</summary>
    public bool Grants(char verb, string on) => Clauses.Any(clause => clause.Verb == verb && clause.On == on);

    public bool Grants(char verb, Whose whose, string state = "") => Clauses.Any(clause => clause.Grants(verb, whose, state));
}

/// <summary>The layer matrix as it is committed beside this file, cell by cell.</summary>
internal static class MatrixFile
{
    public static IReadOnlyList<string> States { get; } = ["DRAFT", "SUBMITTED", "REVIEWED", "UNDER_APPRAISAL", "LOCKED"];

    public static IReadOnlyList<Cell> Cells { get; } = Read();

    public static Cell Of(string row, string column) => Cells.Single(cell => cell.Row == row && cell.Column == column);

    private static List<Cell> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "ThiDua.Tests", "Separation", "layer-matrix.json")));
        var columns = document.RootElement.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!).ToList();
        List<Cell> cells = [];
        foreach (var row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            foreach (var column in columns)
            {
                cells.Add(new Cell(row.GetProperty("row").GetString()!, column, Clauses(row.GetProperty("cells").GetProperty(column).GetString()!)));
            }
        }

        return cells;
    }

    private static List<Clause> Clauses(string cell) => cell == "–" ? [] : [.. cell.Split("; ").Select(clause =>
    {
        var words = clause.Split(' ');
        List<string> states = words.ElementAtOrDefault(^2) switch
        {
            "from" => [.. States.SkipWhile(state => state != words[^1])],
            "in" => [.. words[^1].Split(',')],
            _ => [],
        };
        Assert.True(words[0] is "R" or "W" && words[1] is "own" or "cluster" or "any" or "topic" or "metadata" or "counts" or "draft" or "vote" or "comment" or "adopt", $"“{clause}” is no clause");
        Assert.All(states, state => Assert.Contains(state, States));
        return new Clause(words[0][0], words[1], states, words.Contains("status"));
    })];
}
