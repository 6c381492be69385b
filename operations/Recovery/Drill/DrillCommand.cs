namespace ThiDua.Recovery.Drill;

internal sealed class DrillCommand(TimeProvider clock, Action<string> say)
{
    public Task<int> RunAsync(string data, string? report, string? keep, CancellationToken ct)
    {
        say($"{data} {report} {keep} {clock.GetUtcNow()} {ct.CanBeCanceled}");
        return Task.FromResult(1);
    }
}
