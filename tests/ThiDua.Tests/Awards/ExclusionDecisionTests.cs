using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Awards;

/// <summary>“Người ghi nhận trường hợp loại trừ không tự mình bỏ trường hợp đó” (SoD-4); a decision behind an exclusion can be overturned (C.3).</summary>
public sealed class ExclusionDecisionTests
{
    [Theory]
    [InlineData(ExclusionStatus.Pending, "head Released", ExclusionState.Released)]
    [InlineData(ExclusionStatus.Pending, "head Confirmed", ExclusionState.Definitive)]
    [InlineData(ExclusionStatus.Pending, "head Confirmed; other Released", ExclusionState.Released)]
    [InlineData(ExclusionStatus.Definitive, "head Released", ExclusionState.Released)]
    public void A_hold_is_released_or_becomes_definitive_and_what_is_definitive_can_be_overturned(ExclusionStatus placed, string decisions, ExclusionState expected)
    {
        var exclusion = Placed(placed);
        foreach (var words in decisions.Split("; ").Select(decision => decision.Split(' ')))
        {
            Decide(exclusion, words[0], Enum.Parse<ExclusionOutcome>(words[1]));
        }

        Assert.Equal(expected, exclusion.State);
        Assert.Equal(placed, exclusion.Status); // as it was placed it stays
        Assert.Equal(decisions.Split("; ").Length, exclusion.Decisions.Count);
        Assert.Equal($"KL {exclusion.Decisions.Count}", exclusion.ToFact().Document);
    }

    [Theory]
    [InlineData("placer", ExclusionOutcome.Released)]
    [InlineData("placer", ExclusionOutcome.Confirmed)]
    public void Who_placed_it_decides_nothing_about_it(string by, ExclusionOutcome outcome) =>
        Assert.Equal("placer-decides", Assert.Throws<AccessDeniedException>(() => Decide(Placed(ExclusionStatus.Pending), by, outcome)).Code);

    [Fact]
    public void Who_made_it_definitive_does_not_overturn_it()
    {
        var exclusion = Placed(ExclusionStatus.Pending);
        Decide(exclusion, "head", ExclusionOutcome.Confirmed);

        Assert.Equal("placer-decides", Assert.Throws<AccessDeniedException>(() => Decide(exclusion, "head", ExclusionOutcome.Released)).Code);
    }

    [Fact]
    public void What_is_released_or_definitive_is_not_so_twice()
    {
        var released = Placed(ExclusionStatus.Pending);
        Decide(released, "head", ExclusionOutcome.Released);

        Assert.Equal("wrong-state", Assert.Throws<RuleViolationException>(() => Decide(released, "other", ExclusionOutcome.Confirmed)).Code);
        Assert.Equal("wrong-state", Assert.Throws<RuleViolationException>(() => Decide(Placed(ExclusionStatus.Definitive), "head", ExclusionOutcome.Confirmed)).Code);
    }

    private static RegisteredExclusion Placed(ExclusionStatus status) => new()
    {
        Id = Guid.CreateVersion7(), Season = "2026", Unit = "A", Type = "SUSPECTED_PENDING", Status = status, Document = "CV 1", PlacedBy = "placer", PlacedByName = "Người ghi", PlacedAt = default,
    };

    private static void Decide(RegisteredExclusion exclusion, string by, ExclusionOutcome outcome) =>
        exclusion.Decide(outcome, $"KL {exclusion.Decisions.Count + 1}", "Đã có kết luận", by, by, default);
}
