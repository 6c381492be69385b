namespace ThiDua.Tests.Storm;

/// <summary>The judge of the storm finds what it is there to find, and accuses nobody else.</summary>
public sealed class LinearizabilityTests
{
    private static readonly SheetValue s_empty = new("");

    [Fact]
    public void Changes_one_after_the_other_with_reads_between_them_are_explained() =>
        Assert.Null(Refute(Change(1, 2, "", "a"), Read(3, 4, "a"), Change(5, 6, "a", "b"), Read(7, 8, "b")));

    [Fact]
    public void Of_two_changes_at_once_one_may_win_and_the_other_be_stale() =>
        Assert.Null(Refute(Change(1, 9, "", "a"), Change(2, 8, "", "b", Outcome.Stale), Read(3, 7, ""), Read(4, 10, "a")));

    [Fact]
    public void A_change_without_an_answer_may_have_taken_effect_or_not_and_late()
    {
        Assert.Null(Refute(Change(1, 2, "", "a", Outcome.Unknown), Read(3, 4, ""), Read(5, 6, "a")));
        Assert.Null(Refute(Change(1, 2, "", "a", Outcome.Unknown), Read(3, 4, "")));
    }

    [Fact]
    public void A_lost_update_is_found() =>
        Assert.NotNull(Refute(Change(1, 4, "", "a"), Change(2, 5, "", "b"), Read(6, 7, "b")));

    [Fact]
    public void An_acknowledged_change_that_is_gone_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a"), Read(3, 4, "")));

    [Fact]
    public void A_stale_read_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a"), Change(3, 4, "a", "b"), Read(5, 6, "a")));

    [Fact]
    public void A_read_that_goes_back_is_found() =>
        Assert.NotNull(Refute(Change(1, 9, "", "a"), Read(2, 3, "a"), Read(4, 5, "")));

    [Fact]
    public void An_effect_that_comes_twice_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a"), Change(3, 4, "a", "b"), Read(5, 6, "a"), Read(7, 8, "b")));

    [Fact]
    public void An_effect_of_a_change_that_was_refused_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a", Outcome.Stale), Read(3, 4, "a")));

    [Fact]
    public void A_refusal_as_stale_of_what_was_current_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a"), Change(3, 4, "a", "b", Outcome.Stale), Read(5, 6, "a")));

    [Fact]
    public void A_change_of_a_sheet_that_was_handed_in_is_found()
    {
        var handIn = new Operation(OperationKind.Change, "head", 3, 4, Outcome.Done, new("a"), new("a", IsSubmitted: true));
        Assert.Null(Refute(Change(1, 2, "", "a"), handIn, Change(5, 6, "a", "b", Outcome.Locked)));
        Assert.NotNull(Refute(Change(1, 2, "", "a"), handIn, Change(5, 6, "a", "b")));
        Assert.NotNull(Refute(Change(1, 2, "", "a"), handIn, new Operation(OperationKind.Change, "clerk", 5, 6, Outcome.Done, new("a", IsSubmitted: true), new("b"))));
    }

    [Fact]
    public void A_change_after_the_lock_was_acknowledged_is_found()
    {
        Assert.Null(Refute(Close(1, 4), Change(2, 5, "", "a"), Change(6, 7, "a", "b", Outcome.Locked)));
        Assert.NotNull(Refute(Close(1, 4), Change(5, 6, "", "a")));
        Assert.NotNull(Refute(Close(1, 4), Change(2, 9, "", "a"), Read(5, 6, ""), Read(7, 8, "a"))); // accepted in time, but to be seen only afterwards
    }

    [Fact]
    public void A_refusal_as_locked_before_anybody_locked_is_found() =>
        Assert.NotNull(Refute(Change(1, 2, "", "a", Outcome.Locked), Close(3, 4)));

    [Fact]
    public void Two_hundred_operations_of_eight_clients_are_judged_at_once()
    {
        var history = new List<Operation>();
        for (var turn = 0; turn < 25; turn++)
        {
            var (start, before, after) = (turn * 100, turn == 0 ? "" : $"{turn - 1}", $"{turn}");
            history.Add(Change(start, start + 90, before, after));
            history.AddRange(Enumerable.Range(1, 5).Select(client => Change(start + client, start + 80 + client, before, $"{turn}-{client}", Outcome.Stale)));
            history.Add(Change(start + 10, start + 99, before, $"{turn}-lost", Outcome.Unknown));
            history.Add(Read(start + 20, start + 95, after));
        }

        Assert.Null(Linearizability.Refute(history, s_empty));
        Assert.NotNull(Linearizability.Refute(history.Append(Read(2_600, 2_601, "7")), s_empty));
    }

    private static string? Refute(params Operation[] history) => Linearizability.Refute(history, s_empty);

    private static Operation Read(long invoked, long answered, string saw) => new(OperationKind.Read, "reader", invoked, answered, Outcome.Done, default, new(saw));

    private static Operation Change(long invoked, long answered, string from, string to, Outcome outcome = Outcome.Done) =>
        new(OperationKind.Change, "clerk", invoked, answered, outcome, new(from), new(to));

    private static Operation Close(long invoked, long answered) => new(OperationKind.Close, "head", invoked, answered, Outcome.Done, default, default);
}
