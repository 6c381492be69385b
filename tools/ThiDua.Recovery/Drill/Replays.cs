using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ThiDua.Recovery.Drill;

/// <summary>Seasons played and read by ThiDua.Replay, through the gateway like everything else.</summary>
internal sealed class Replays(TrialSystem system, string work)
{
    private const string Small = "01-seed-cluster";
    public const string Large = "04-hcmc-2025-communes";

    private readonly ConcurrentQueue<(string Code, DateTimeOffset At, string Hash)> _played = new();
    private int _round;

    /// <summary>Small seasons that were played to their end as part of the load.</summary>
    public IReadOnlyCollection<(string Code, DateTimeOffset At, string Hash)> Played => _played;

    public Task<string> PlayLargeAsync(CancellationToken ct) => RunAsync(system, [SampleOf(Large)], ct);

    /// <summary>One small season after the other, until it is told to begin no more.</summary>
    public async Task PlayOnAsync(Func<bool> goOn, TimeProvider clock, CancellationToken ct)
    {
        while (goOn())
        {
            var code = string.Create(CultureInfo.InvariantCulture, $"W{Interlocked.Increment(ref _round):00}");
            string hash;
            try
            {
                hash = await RunAsync(system, [SampleOf(Small), "--season-code", code], ct);
            }
            catch (Exception end) when (end is RecoveryException or OperationCanceledException && !goOn())
            {
                return; // destroyed in the middle of it, as it should be
            }

            _played.Enqueue((code, clock.GetUtcNow(), hash));
        }
    }

    /// <returns>The result's hash, as a system has it now.</returns>
    public Task<string> ResultOfLargeAsync(TrialSystem of, CancellationToken ct) => RunAsync(of, ["result", SampleOf(Large)], ct);

    public Task<string> ResultOfSmallAsync(TrialSystem of, string code, CancellationToken ct) => RunAsync(of, ["result", SampleOf(Small), "--season-code", code], ct);

    private async Task<string> RunAsync(TrialSystem on, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var result = Path.Combine(work, $"result-{Guid.CreateVersion7():N}.json");
        await Tools.RunAsync(new Tool(["dotnet", TrialSystem.Program("ThiDua.Replay"), .. arguments, "--gateway", $"{on.Gateway}", "--out", result], Environment: new Dictionary<string, string> { ["THIDUA_ADMIN_SECRET"] = on.AdminSecret }), ct);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await File.ReadAllTextAsync(result, ct))));
    }

    private static string SampleOf(string name)
    {
        var root = new DirectoryInfo(TrialSystem.Program("ThiDua.Replay")).Parent!.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(root.FullName, "samples", "season", $"{name}.json");
    }
}
