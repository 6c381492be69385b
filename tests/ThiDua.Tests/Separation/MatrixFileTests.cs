namespace ThiDua.Tests.Separation;

/// <summary>The matrix has all its cells, and says of each part that is not here whose work brings it.</summary>
public sealed class MatrixFileTests
{
    // Cells that other works bring. Whoever brings one takes it out here and writes the cell into layer-matrix.json.
    private static readonly string[] s_pending =
    [
        "ballots/appraiser: council", "ballots/appraisal_head: council", "ballots/council: council",
        "criteria/leader_deputy: covenant", "criteria/member: covenant", "criteria/appraiser: covenant",
    ];

    [Fact]
    public void Nine_rows_of_eight_columns()
    {
        Assert.Equal(9 * 8, MatrixFile.Cells.Count);
        Assert.Equal(9, MatrixFile.Cells.DistinctBy(cell => cell.Row).Count());
        Assert.Equal(8, MatrixFile.Cells.DistinctBy(cell => cell.Column).Count());
    }

    [Fact]
    public void What_is_pending_is_known_by_name() =>
        Assert.Equal(s_pending.Order(StringComparer.Ordinal), MatrixFile.Cells.Where(cell => cell.Pending is not null).Select(cell => $"{cell.Row}/{cell.Column}: {cell.Pending}").Order(StringComparer.Ordinal));

    [Theory] // a clause grants what it says and nothing beside it
    [InlineData("raw", "unit", 'W', Whose.Own, "DRAFT", true)]
    [InlineData("raw", "unit", 'W', Whose.Own, "SUBMITTED", false)]
    [InlineData("raw", "unit", 'W', Whose.Cluster, "DRAFT", false)]
    [InlineData("raw", "leader_deputy", 'R', Whose.Cluster, "DRAFT", false)]
    [InlineData("raw", "leader_deputy", 'R', Whose.Cluster, "LOCKED", true)]
    [InlineData("raw", "leader_deputy", 'R', Whose.Foreign, "LOCKED", false)]
    [InlineData("raw", "admin", 'R', Whose.Outside, "LOCKED", false)]
    [InlineData("final", "appraiser", 'W', Whose.Outside, "REVIEWED", true)]
    [InlineData("final", "appraiser", 'W', Whose.Outside, "LOCKED", false)]
    public void Clauses_are_read_as_they_are_written(string row, string column, char verb, Whose whose, string state, bool granted) =>
        Assert.Equal(granted, MatrixFile.Of(row, column).Grants(verb, whose, state));
}
