using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>What a cluster groups.</summary>
public enum ClusterKind
{
    /// <summary>Cụm: localities.</summary>
    Cum,

    /// <summary>Khối: agencies, schools, enterprises.</summary>
    Khoi,
}

/// <summary>
/// Cụm, khối thi đua: similar units that compete with each other for one season, led by one of them with
/// another as deputy. It is formed while its season is set up and may change until units begin to score themselves.
/// </summary>
public sealed class Cluster
{
    private readonly List<MemberUnit> _members = [];

    private Cluster() { }

    public Guid Id { get; private init; }

    /// <summary>Code of the season; a new season forms its clusters anew.</summary>
    public string Season { get; private init; } = "";

    public string Code { get; private init; } = "";

    public string Name { get; private set; } = "";

    public ClusterKind Kind { get; private set; }

    /// <summary>Cụm trưởng, khối trưởng: code of a member.</summary>
    public string Leader { get; private set; } = "";

    /// <summary>Cụm phó, khối phó: code of another member.</summary>
    public string Deputy { get; private set; } = "";

    public int Version { get; private set; }

    public uint RowVersion { get; private set; }

    /// <summary>All of them count for the official size, scored or not, excluded or not.</summary>
    public IReadOnlyList<MemberUnit> Members => _members;

    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: the season is no longer being set up.</exception>
    public static Cluster Form(Season season, ClusterPlan plan, IReadOnlyList<MemberUnit> members)
    {
        season.RequireForming();
        var cluster = new Cluster { Id = Guid.CreateVersion7(), Season = season.Code, Code = plan.Code };
        cluster.Compose(plan, members);
        return cluster;
    }

    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: units already score themselves in this composition.</exception>
    public void Change(Season season, ClusterPlan plan, IReadOnlyList<MemberUnit> members)
    {
        season.RequireComposing();
        Compose(plan, members);
    }

    /// <summary>Other units lead from now on (F-33).</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: units already score themselves, and their reviewers are these two.</exception>
    public void Lead(Season season, string leader, string deputy)
    {
        season.RequireComposing();
        (Leader, Deputy) = (leader, deputy);
        Version++;
    }

    private void Compose(ClusterPlan plan, IReadOnlyList<MemberUnit> members)
    {
        Name = plan.Name;
        Kind = plan.Kind;
        Leader = plan.Leader;
        Deputy = plan.Deputy;
        Version++;

        _members.RemoveAll(member => members.All(kept => kept.Unit != member.Unit));
        foreach (var member in members)
        {
            if (_members.Find(known => known.Unit == member.Unit) is { } known)
            {
                known.Refresh(member);
            }
            else
            {
                _members.Add(member);
            }
        }
    }
}

/// <summary>What somebody asks a cluster to be.</summary>
public sealed record ClusterPlan(string Code, string Name, ClusterKind Kind, string Leader, string Deputy, IReadOnlyList<string> Members);

/// <summary>Đơn vị thành viên: a unit in a cluster, as it was when the cluster was formed or last changed.</summary>
public sealed class MemberUnit
{
    private MemberUnit() { }

    public MemberUnit(string season, UnitVersion version)
    {
        Season = season;
        Unit = version.UnitCode;
        Name = version.Name;
        Category = version.Category;
        Level = version.Level;
        FemaleShare = version.FemaleShare;
    }

    /// <summary>Together with <see cref="Unit"/> the key: a unit belongs to one cluster a season, whoever asks at the same time.</summary>
    public string Season { get; private init; } = "";

    public string Unit { get; private init; } = "";
    public string Name { get; private set; } = "";
    public string Category { get; private set; } = "";
    public string Level { get; private set; } = "";
    public decimal? FemaleShare { get; private set; }

    internal void Refresh(MemberUnit now)
    {
        Name = now.Name;
        Category = now.Category;
        Level = now.Level;
        FemaleShare = now.FemaleShare;
    }
}
