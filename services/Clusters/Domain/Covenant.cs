using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>
/// Giao ước thi đua (R-22, C.1): the pledge of a cluster for one season. It is in force when every member has signed it or is excepted
/// with a reason; from then on only addenda change it, signed in the same way, and what was signed stays readable.
/// </summary>
public sealed class Covenant
{
    private readonly List<CovenantPart> _parts = [];
    private readonly List<CovenantSignature> _signatures = [];
    private readonly List<CovenantWaiver> _waivers = [];

    private Covenant() { }

    public Guid Id { get; private init; }

    public Guid ClusterId { get; private init; }

    /// <summary>Code of the season.</summary>
    public string Season { get; private init; } = "";

    /// <summary>Code of the cluster, which stands in the text that is signed.</summary>
    public string Cluster { get; private init; } = "";

    /// <summary>Grows with every change, signatures included.</summary>
    public int Revision { get; private set; }

    public uint RowVersion { get; private set; }

    /// <summary>The covenant itself (0) and its addenda.</summary>
    public IReadOnlyList<CovenantPart> Parts => _parts;

    /// <summary>All that were given, also of drafts that were changed since.</summary>
    public IReadOnlyList<CovenantSignature> Signatures => _signatures;

    public IReadOnlyList<CovenantWaiver> Waivers => _waivers;

    /// <summary>Số phiên bản có hiệu lực: 0 before it is in force, then one more with every addendum in force.</summary>
    public int Version => _parts.Count(part => part.InForceAt is not null);

    public bool IsInForce => Version > 0;

    /// <summary>What waits for signatures; at most one part does.</summary>
    public CovenantPart? Pending => _parts.Find(part => part.InForceAt is null);

    /// <summary>The clauses that hold, addenda included; none before the covenant is in force.</summary>
    public IReadOnlyList<CovenantClause> Clauses => CovenantText.InForce(_parts.Where(part => part.InForceAt is not null).OrderBy(part => part.Number).Select(part => part.Clauses));

    /// <exception cref="RuleViolationException"><c>wrong-phase</c>.</exception>
    public static Covenant Draft(Season season, Cluster cluster, IReadOnlyList<CovenantClause> clauses, string by, DateTimeOffset now)
    {
        season.RequirePledging();
        var covenant = new Covenant { Id = Guid.CreateVersion7(), ClusterId = cluster.Id, Season = season.Code, Cluster = cluster.Code, Revision = 1 };
        covenant._parts.Add(new CovenantPart(0, by, now));
        covenant.Write(covenant._parts[0], clauses);
        return covenant;
    }

    /// <summary>Changes the draft; whoever signed the former text signs again.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>covenant-in-force</c>.</exception>
    public void Redraft(Season season, int number, IReadOnlyList<CovenantClause> clauses)
    {
        season.RequirePledging();
        Write(RequirePending(Part(number)), clauses);
        Revision++;
    }

    /// <summary>Drafts an addendum: new clauses, or other text for clauses of their number.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>covenant-not-in-force</c>, <c>addendum-pending</c>.</exception>
    public void Amend(Season season, IReadOnlyList<CovenantClause> clauses, string by, DateTimeOffset now)
    {
        season.RequirePledging();
        if (!IsInForce)
        {
            throw new RuleViolationException("covenant-not-in-force", "Giao ước chưa có hiệu lực; hãy sửa chính dự thảo.");
        }

        if (Pending is not null)
        {
            throw new RuleViolationException("addendum-pending", "Đang có một phụ lục chờ ký.");
        }

        var part = new CovenantPart(_parts.Max(known => known.Number) + 1, by, now);
        _parts.Add(part);
        Write(part, clauses);
        Revision++;
    }

    /// <summary>Signs the text that has this hash, and no other. A unit that joined later may still sign what is in force.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>text-changed</c>, <c>already-signed</c>.</exception>
    public void Sign(Season season, string hash, string unit, string by, string byName, DateTimeOffset now)
    {
        season.RequirePledging();
        var part = _parts.Find(known => known.Hash == hash)
            ?? throw new RuleViolationException("text-changed", "Văn bản mang mã băm này không phải là dự thảo hiện tại; hãy đọc lại rồi ký.");
        if (SignersOf(part).Contains(unit))
        {
            throw new RuleViolationException("already-signed", $"Đơn vị {unit} đã ký văn bản này.");
        }

        _signatures.Add(new CovenantSignature(part.Number, unit, hash, by, byName, now));
        Revision++;
    }

    /// <summary>Notes that a unit does not sign what is pending, and why.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>covenant-in-force</c>, <c>already-signed</c>.</exception>
    public void Waive(Season season, string unit, string reason, string document, string by, DateTimeOffset now)
    {
        season.RequirePledging();
        var part = RequirePending(Pending);
        if (SignersOf(part).Contains(unit) || WaivedOf(part).Contains(unit))
        {
            throw new RuleViolationException("already-signed", $"Đơn vị {unit} đã ký văn bản này hoặc đã được ghi ngoại lệ.");
        }

        _waivers.Add(new CovenantWaiver(part.Number, unit, reason, document, by, now));
        Revision++;
    }

    /// <summary>Members of today whose signature a part still waits for; the required ones follow the members until it is in force.</summary>
    public IReadOnlyList<string> MissingOf(CovenantPart part, IEnumerable<string> members) =>
        part.InForceAt is not null ? [] : CovenantText.Missing(members, SignersOf(part), WaivedOf(part));

    /// <summary>Brings what is pending into force when nobody's signature is missing.</summary>
    /// <returns>Whether it did.</returns>
    public bool Settle(IReadOnlyCollection<string> members, DateTimeOffset now)
    {
        if (Pending is not { } part || members.Count == 0 || MissingOf(part, members).Count > 0)
        {
            return false;
        }

        part.ComeIntoForce(now);
        Revision++;
        return true;
    }

    public CovenantPart? Part(int number) => _parts.Find(part => part.Number == number);

    private void Write(CovenantPart part, IReadOnlyList<CovenantClause> clauses) =>
        part.Write(clauses, CovenantText.Hash(CovenantText.Canonical(Season, Cluster, part.Number, clauses)));

    private IEnumerable<string> SignersOf(CovenantPart part) => _signatures.Where(signature => signature.Part == part.Number && signature.Hash == part.Hash).Select(signature => signature.Unit);

    private IEnumerable<string> WaivedOf(CovenantPart part) => _waivers.Where(waiver => waiver.Part == part.Number).Select(waiver => waiver.Unit);

    private static CovenantPart RequirePending(CovenantPart? part) =>
        part is { InForceAt: null } ? part : throw new RuleViolationException("covenant-in-force", "Giao ước đã có hiệu lực nên không thay đổi được; chỉ lập phụ lục.");
}

/// <summary>Giao ước hoặc phụ lục: one text that is signed as a whole.</summary>
public sealed class CovenantPart
{
    private CovenantPart() { }

    internal CovenantPart(int number, string by, DateTimeOffset at) => (Number, DraftedBy, DraftedAt) = (number, by, at);

    /// <summary>0 is the covenant itself.</summary>
    public int Number { get; private init; }

    public IReadOnlyList<CovenantClause> Clauses { get; private set; } = [];

    /// <summary>SHA-256 of the canonical text (<see cref="CovenantText.Canonical"/>).</summary>
    public string Hash { get; private set; } = "";

    public string DraftedBy { get; private init; } = "";

    public DateTimeOffset DraftedAt { get; private init; }

    /// <summary>Null while it waits for signatures.</summary>
    public DateTimeOffset? InForceAt { get; private set; }

    internal void Write(IReadOnlyList<CovenantClause> clauses, string hash) => (Clauses, Hash) = (clauses, hash);

    internal void ComeIntoForce(DateTimeOffset now) => InForceAt = now;
}

/// <summary>Chữ ký: which text a unit's head signed, and when.</summary>
public sealed class CovenantSignature
{
    private CovenantSignature() { }

    internal CovenantSignature(int part, string unit, string hash, string by, string byName, DateTimeOffset at) =>
        (Part, Unit, Hash, SignedBy, SignedByName, SignedAt) = (part, unit, hash, by, byName, at);

    public int Part { get; private init; }

    public string Unit { get; private init; } = "";

    /// <summary>Hash of the text that was signed.</summary>
    public string Hash { get; private init; } = "";

    public string SignedBy { get; private init; } = "";

    public string SignedByName { get; private init; } = "";

    public DateTimeOffset SignedAt { get; private init; }
}

/// <summary>Ngoại lệ: a unit that does not sign, with the reason and the document that says so.</summary>
public sealed class CovenantWaiver
{
    private CovenantWaiver() { }

    internal CovenantWaiver(int part, string unit, string reason, string document, string by, DateTimeOffset at) =>
        (Part, Unit, Reason, Document, NotedBy, NotedAt) = (part, unit, reason, document, by, at);

    public int Part { get; private init; }

    public string Unit { get; private init; } = "";

    public string Reason { get; private init; } = "";

    public string Document { get; private init; } = "";

    public string NotedBy { get; private init; } = "";

    public DateTimeOffset NotedAt { get; private init; }
}
