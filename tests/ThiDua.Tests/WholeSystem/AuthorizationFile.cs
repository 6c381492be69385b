using System.Text.RegularExpressions;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>One who asks: a role, and where the account's unit stands to the unit whose thing it is.</summary>
/// <param name="Role">One role alone.</param>
/// <param name="Position">own, cluster, leader, deputy, foreign, none; for whom no unit matters, other.</param>
internal sealed record MatrixActor(string Role, string Position)
{
    private static readonly string[] s_positions = ["own", "cluster", "leader", "deputy", "foreign", "none"];
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead];
    private static readonly string[] s_council = [Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];
    private static readonly string[] s_unit = [Roles.UnitClerk, Roles.UnitHead];

    public static IReadOnlyList<MatrixActor> All { get; } =
    [
        .. Roles.All.Except(s_unit).Select(role => new MatrixActor(role, "other")),
        .. s_agency.Select(role => new MatrixActor(role, "own")),
        .. from position in s_positions from role in s_unit select new MatrixActor(role, position),
    ];

    /// <summary>Whom a word of the file means.</summary>
    public static IEnumerable<MatrixActor> Of(string word)
    {
        var parts = word.Split('@', 2);
        string[] roles = parts[0] switch
        {
            "all" or "everybody" => [.. Roles.All],
            "agency" => s_agency,
            "council" => s_council,
            "unit" => s_unit,
            "clerk" => [Roles.UnitClerk],
            "head" => [Roles.UnitHead],
            var role when Roles.All.Contains(role) && !s_unit.Contains(role) => [role],
            var other => throw new FormatException($"“{other}” is no word of authorization.tsv."),
        };
        var positions = parts.ElementAtOrDefault(1)?.Split(',');
        var meant = All.Where(actor => roles.Contains(actor.Role) && (positions is null || positions.Contains(actor.Position))).ToList();
        return meant.Count > 0 && (positions is null || positions.All(position => meant.Exists(actor => actor.Position == position))) ? meant : throw new FormatException($"“{word}” means nobody.");
    }

    public override string ToString() => $"{Role}@{Position}";
}

/// <summary>What the file says of one operation.</summary>
/// <param name="Operation">For example <c>GET /api/v1/score-sheets/{id}</c>.</param>
/// <param name="Open">To everybody, with or without a token.</param>
/// <param name="May">Who may; everybody else is refused.</param>
/// <param name="Shown">To whom a list shows what belongs to the unit; null: it is no unit's.</param>
/// <param name="Violation">By which a body that names what the caller may not know of is refused, beside 403 and 404; empty: none.</param>
/// <param name="IsOfPositions">It is not the role alone that decides.</param>
internal sealed record AuthorizationRow(string Operation, bool Open, IReadOnlySet<MatrixActor> May, IReadOnlySet<MatrixActor>? Shown, string Violation, bool IsOfPositions);

/// <summary>Who may do what, written by hand from the domain reference: <c>authorization.tsv</c> beside this file, one row an operation.</summary>
internal static partial class AuthorizationFile
{
    public static IReadOnlyDictionary<string, AuthorizationRow> Rows { get; } = Read();

    private static Dictionary<string, AuthorizationRow> Read() =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "ThiDua.Tests", "WholeSystem", "authorization.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Row)
            .ToDictionary(row => row.Operation, StringComparer.Ordinal);

    private static AuthorizationRow Row(string line)
    {
        var cells = line.Split('\t');
        Assert.True(cells.Length == 5 && Rule().IsMatch(cells[4]), $"Five cells, and rules of the domain reference in the last: {line}");
        var may = cells[1].Split(' ');
        return new AuthorizationRow(
            cells[0],
            may.Contains("everybody"),
            may.SelectMany(MatrixActor.Of).ToHashSet(),
            cells[2].Length == 0 ? null : cells[2].Split(' ').SelectMany(MatrixActor.Of).ToHashSet(),
            cells[3],
            may.Any(word => word.Contains('@', StringComparison.Ordinal)));
    }

    [GeneratedRegex("^((B\\.\\d+|R-\\d\\d|F-\\d\\d|SoD-\\d|matrix:[a-z]+)( |$))*$")]
    private static partial Regex Rule();
}
