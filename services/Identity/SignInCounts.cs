using ThiDua.ServiceDefaults;

namespace ThiDua.Identity;

/// <summary>What became of attempts to sign in since this process started. One of a process.</summary>
public sealed class SignInCounts
{
    public Tally Failed { get; } = new("thidua.sign.ins.failed", "Wrong passwords and secrets, and attempts at locked accounts");
}
