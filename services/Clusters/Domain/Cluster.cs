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
    private readonly List<FormerMember> _formerMembers = [];

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

    /// <summary>Those that left while the season ran. Loaded only where it is asked who belonged to the cluster on a day.</summary>
    public IReadOnlyList<FormerMember> FormerMembers => _formerMembers;

    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: the season is no longer being set up.</exception>
    public static Cluster Form(Season season, ClusterPlan plan, IReadOnlyList<MemberUnit> members)
    {
        season.RequireForming();
        var cluster = new Cluster { Id = Guid.CreateVersion7(), Season = season.Code, Code = plan.Code };
        cluster.Compose(plan, members, season.FirstDay, null);
        return cluster;
    }

    /// <param name="season">In which it competes.</param>
    /// <param name="plan">What it is to be.</param>
    /// <param name="members">The members of the plan.</param>
    /// <param name="effectiveOn">First day of those that join; those that leave do so on the day before.</param>
    /// <param name="reason">Why members join or leave.</param>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: units already score themselves in this composition.</exception>
    public void Change(Season season, ClusterPlan plan, IReadOnlyList<MemberUnit> members, DateOnly effectiveOn, string? reason)
    {
        season.RequireComposing();
        Compose(plan, members, effectiveOn, reason);
    }

    /// <summary>Other units lead from now on (F-33).</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>: units already score themselves, and their reviewers are these two.</exception>
    public void Lead(Season season, string leader, string deputy)
    {
        season.RequireComposing();
        (Leader, Deputy) = (leader, deputy);
        Version++;
    }

    /// <summary>Who belonged to the cluster on a day; needs <see cref="FormerMembers"/>.</summary>
    public IEnumerable<MembershipPeriod> MembershipsOn(DateOnly? day) =>
        _members.Select(member => new MembershipPeriod(member.Unit, member.Name, member.JoinedOn, null, null))
            .Concat(_formerMembers.Select(former => new MembershipPeriod(former.Unit, former.Name, former.JoinedOn, former.LeftOn, former.Reason)))
            .Where(period => day is null || (period.JoinedOn <= day && (period.LeftOn is null || day <= period.LeftOn)))
            .OrderBy(period => period.JoinedOn).ThenBy(period => period.Unit, StringComparer.Ordinal);

    private void Compose(ClusterPlan plan, IReadOnlyList<MemberUnit> members, DateOnly effectiveOn, string? reason)
    {
        Name = plan.Name;
        Kind = plan.Kind;
        Leader = plan.Leader;
        Deputy = plan.Deputy;
        Version++;

        // Who leaves before the day of joining was never a member: a plan was corrected.
        var leaving = _members.Where(member => members.All(kept => kept.Unit != member.Unit)).ToList();
        _formerMembers.AddRange(leaving.Where(member => member.JoinedOn < effectiveOn).Select(member => new FormerMember(member, effectiveOn.AddDays(-1), reason)));
        leaving.ForEach(member => _members.Remove(member));
        foreach (var member in members)
        {
            if (_members.Find(known => known.Unit == member.Unit) is { } known)
            {
                known.Refresh(member);
            }
            else
            {
                member.Join(effectiveOn);
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
    private readonly DateOnly _unitBegins;

    private MemberUnit() { }

    /// <param name="season">Code of the season.</param>
    /// <param name="version">The unit as it is.</param>
    /// <param name="unitBegins">First day of the unit: nobody is a member before.</param>
    public MemberUnit(string season, UnitVersion version, DateOnly unitBegins = default)
    {
        _unitBegins = unitBegins;
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

    /// <summary>Ngày tham gia: first day of the membership.</summary>
    public DateOnly JoinedOn { get; private set; }

    internal void Join(DateOnly day) => JoinedOn = day < _unitBegins ? _unitBegins : day;

    internal void Refresh(MemberUnit now)
    {
        Name = now.Name;
        Category = now.Category;
        Level = now.Level;
        FemaleShare = now.FemaleShare;
    }
}

/// <summary>Đơn vị đã rời cụm, khối: a membership that ended while the season ran.</summary>
public sealed class FormerMember
{
    private FormerMember() { }

    internal FormerMember(MemberUnit member, DateOnly leftOn, string? reason)
    {
        Id = Guid.CreateVersion7();
        Unit = member.Unit;
        Name = member.Name;
        JoinedOn = member.JoinedOn;
        LeftOn = leftOn;
        Reason = reason;
    }

    public Guid Id { get; private init; }
    public string Unit { get; private init; } = "";
    public string Name { get; private init; } = "";
    public DateOnly JoinedOn { get; private init; }

    /// <summary>Ngày rời: last day of the membership.</summary>
    public DateOnly LeftOn { get; private init; }

    public string? Reason { get; private init; }
}

/// <summary>Thời gian tham gia of a unit in a cluster.</summary>
/// <param name="Unit">Its code.</param>
/// <param name="Name">Tên.</param>
/// <param name="JoinedOn">First day.</param>
/// <param name="LeftOn">Last day; null while it is a member.</param>
/// <param name="Reason">Why it left.</param>
public sealed record MembershipPeriod(string Unit, string Name, DateOnly JoinedOn, DateOnly? LeftOn, string? Reason);
