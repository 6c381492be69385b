using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Domain;

/// <summary>Hội đồng Thi đua - Khen thưởng: whoever belongs to it, each with days from and to (F-19).</summary>
public sealed class Council
{
    private readonly List<CouncilMembership> _memberships = [];

    private Council()
    {
    }

    public Guid Id { get; private init; }
    public required string Code { get; init; }
    public required string Name { get; set; }

    /// <summary>Grows with each change of the composition.</summary>
    public int Version { get; private set; }

    public uint RowVersion { get; private init; }
    public IReadOnlyList<CouncilMembership> Memberships => _memberships;

    public static Council Form(string code, string name, IReadOnlyList<MembershipTerms> terms)
    {
        var council = new Council { Id = Guid.CreateVersion7(), Code = code, Name = name };
        council.Compose(terms);
        return council;
    }

    /// <summary>Thành viên có trong ngày: those in force on that day, whose number is the size of the council.</summary>
    public IReadOnlyList<CouncilMembership> On(DateOnly day) =>
        [.. _memberships.Where(membership => membership.Terms.InForceOn(day)).OrderBy(membership => membership.Terms.Role).ThenBy(membership => membership.Terms.Name, StringComparer.Ordinal)];

    /// <summary>Puts the composition in place of the former one; memberships that stay keep their row.</summary>
    public void Compose(IReadOnlyList<MembershipTerms> terms)
    {
        RuleViolationException.ThrowIfAny(CouncilComposition.Check(terms));
        var given = terms.ToDictionary(term => (term.Subject, term.From));
        _memberships.RemoveAll(membership => !given.ContainsKey(membership.Key));
        foreach (var term in terms)
        {
            if (_memberships.Find(membership => membership.Key == (term.Subject, term.From)) is { } kept)
            {
                kept.Become(term);
            }
            else
            {
                _memberships.Add(CouncilMembership.Of(term));
            }
        }

        Version++;
    }
}

/// <summary>Tư cách thành viên Hội đồng: one person's place in the council for a time.</summary>
public sealed class CouncilMembership
{
    private CouncilMembership()
    {
    }

    public Guid Id { get; private init; }
    public Guid CouncilId { get; private init; }

    /// <summary>Account: the person whom the token names.</summary>
    public string Subject { get; private init; } = "";

    public DateOnly From { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Chức vụ.</summary>
    public string Office { get; private set; } = "";

    /// <summary>Code of the member's own unit, on which the member does not vote; null for none.</summary>
    public string? Unit { get; private set; }

    public CouncilRole Role { get; private set; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? To { get; private set; }

    /// <summary>Quyết định: the document that appointed the member.</summary>
    public string Document { get; private set; } = "";

    public MembershipTerms Terms => new(Subject, Name, Office, Unit, Role, From, To, Document);

    internal (string Subject, DateOnly From) Key => (Subject, From);

    internal static CouncilMembership Of(MembershipTerms terms)
    {
        var membership = new CouncilMembership { Id = Guid.CreateVersion7(), Subject = terms.Subject, From = terms.From };
        membership.Become(terms);
        return membership;
    }

    internal void Become(MembershipTerms terms) =>
        (Name, Office, Unit, Role, To, Document) = (terms.Name, terms.Office, terms.Unit, terms.Role, terms.To, terms.Document);
}

/// <summary>Nội dung tư cách thành viên: what a decision on the composition says of one person.</summary>
public sealed record MembershipTerms(string Subject, string Name, string Office, string? Unit, CouncilRole Role, DateOnly From, DateOnly? To, string Document)
{
    public bool InForceOn(DateOnly day) => From <= day && day <= (To ?? day);

    internal bool Meets(MembershipTerms other) => From <= (other.To ?? DateOnly.MaxValue) && other.From <= (To ?? DateOnly.MaxValue);
}

/// <summary>Vai trò trong Hội đồng.</summary>
public enum CouncilRole
{
    /// <summary>Chủ tịch Hội đồng.</summary>
    Chair,

    /// <summary>Phó Chủ tịch Hội đồng.</summary>
    Vice,

    /// <summary>Ủy viên thư ký: a member who also keeps the minutes.</summary>
    Secretary,

    /// <summary>Ủy viên.</summary>
    Member,
}

/// <summary>Thành phần Hội đồng: what is wrong with a list of memberships.</summary>
public static class CouncilComposition
{
    public static IReadOnlyList<Violation> Check(IReadOnlyList<MembershipTerms> terms)
    {
        List<Violation> errors = [];
        for (var index = 0; index < terms.Count; index++)
        {
            var (term, path) = (terms[index], $"/members/{index}");
            if (term.To < term.From)
            {
                errors.Add(new Violation("CLOSES_BEFORE_OPENS", $"{path}/to", "Ngày thôi thành viên trước ngày bắt đầu."));
            }

            foreach (var earlier in terms.Take(index).Where(term.Meets))
            {
                if (earlier.Subject == term.Subject)
                {
                    errors.Add(new Violation("PERIODS_OVERLAP", $"{path}/from", $"{term.Name} có hai thời hạn thành viên chồng lên nhau."));
                }
                else if (earlier.Role is CouncilRole.Chair && term.Role is CouncilRole.Chair)
                {
                    errors.Add(new Violation("TWO_CHAIRS", $"{path}/role", $"{earlier.Name} và {term.Name} cùng là Chủ tịch Hội đồng trong một thời gian."));
                }
            }
        }

        return errors;
    }

    /// <summary>Whether a session on that day would still be held by the same people for the same units in the same roles.</summary>
    public static bool IsSameOn(DateOnly day, IEnumerable<MembershipTerms> before, IEnumerable<MembershipTerms> after)
    {
        return Who(before).SetEquals(Who(after));

        HashSet<(string Subject, string? Unit, CouncilRole Role)> Who(IEnumerable<MembershipTerms> terms) =>
            [.. terms.Where(term => term.InForceOn(day)).Select(term => (term.Subject, term.Unit, term.Role))];
    }
}
