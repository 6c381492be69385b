using System.Collections.Concurrent;
using ThiDua.Replay.Gateway;

namespace ThiDua.Replay.Play;

/// <summary>Everyone who acts in a season, each under an account of their own.</summary>
public sealed class Cast(SampleAccounts accounts) : IDisposable
{
    private readonly ConcurrentDictionary<string, Actor> _units = new(StringComparer.Ordinal);

    public SampleAccounts Accounts => accounts;

    public Actor Admin { get; } = Named(accounts, SampleAccounts.AdminId);

    public Actor Appraiser { get; } = Named(accounts, SampleAccounts.AppraiserId);

    public Actor Head { get; } = Named(accounts, SampleAccounts.HeadId);

    public Actor Secretary { get; } = Named(accounts, SampleAccounts.SecretaryId);

    public Actor Unit(string code) => _units.GetOrAdd(code, unit => Named(accounts, SampleAccounts.UnitId(unit)));

    public void Dispose()
    {
        foreach (var actor in _units.Values.Append(Admin).Append(Appraiser).Append(Head).Append(Secretary))
        {
            actor.Dispose();
        }
    }

    private static Actor Named(SampleAccounts accounts, string id) => new(id, accounts.SecretOf(id));
}
