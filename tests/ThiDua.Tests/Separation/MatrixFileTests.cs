namespace ThiDua.Tests.Separation;

/// <summary>The matrix has all its cells, and each says what it says.</summary>
public sealed class MatrixFileTests
{
    [Fact]
    public void Nine_rows_of_eight_columns()
    {
        Assert.Equal(9 * 8, MatrixFile.Cells.Count);
        Assert.Equal(9, MatrixFile.Cells.DistinctBy(cell => cell.Row).Count());
        Assert.Equal(8, MatrixFile.Cells.DistinctBy(cell => cell.Column).Count());
    }

    [Theory] // an act that a clause names is granted by its name, and no other with it
    [InlineData("criteria", "leader_deputy", "draft", true)]
    [InlineData("criteria", "leader_deputy", "adopt", false)]
    [InlineData("criteria", "member", "draft", false)]
    [InlineData("criteria", "appraiser", "vote", false)]
    [InlineData("ballots", "council", "counts", false)]
    public void An_act_is_granted_by_its_name(string row, string column, string act, bool granted)
    {
        Assert.Equal(granted, MatrixFile.Of(row, column).Grants('W', act));
        Assert.Equal(row == "ballots", MatrixFile.Of(row, column).Grants('W', Whose.Own)); // naming an act grants nothing in general
    }

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
