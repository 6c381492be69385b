using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Giao ước thi đua as it is shown.</summary>
/// <param name="Id">Key.</param>
/// <param name="Season">Kỳ thi đua.</param>
/// <param name="ClusterId">Key of the cluster.</param>
/// <param name="Cluster">Its code.</param>
/// <param name="InForce">Whether the covenant itself is in force.</param>
/// <param name="Version">0 before it is in force, then one more with every addendum in force.</param>
/// <param name="Clauses">Điều khoản đang có hiệu lực, addenda included; empty before.</param>
/// <param name="Parts">The covenant (number 0) and its addenda.</param>
public sealed record CovenantView(
    Guid Id, string Season, Guid ClusterId, string Cluster, bool InForce, int Version, IReadOnlyList<CovenantClause> Clauses, IReadOnlyList<CovenantPartView> Parts)
{
    internal static CovenantView Of(Covenant covenant, Cluster cluster) => new(
        covenant.Id, covenant.Season, covenant.ClusterId, covenant.Cluster, covenant.IsInForce, covenant.Version, covenant.Clauses,
        [.. covenant.Parts.OrderBy(part => part.Number).Select(part => CovenantPartView.Of(covenant, part, cluster))]);
}

/// <summary>Giao ước hoặc phụ lục.</summary>
/// <param name="Number">0 is the covenant itself.</param>
/// <param name="Clauses">Điều khoản.</param>
/// <param name="Canonical">Văn bản chuẩn: what is signed.</param>
/// <param name="Hash">SHA-256 of the UTF-8 text of <paramref name="Canonical"/>.</param>
/// <param name="DraftedAt">When it was first drafted.</param>
/// <param name="InForceAt">Absent while it waits for signatures.</param>
/// <param name="Missing">Members that have neither signed nor are excepted; empty once it is in force.</param>
/// <param name="Signatures">All of them; one with another hash was given to an earlier draft and does not count.</param>
/// <param name="Exceptions">Ngoại lệ.</param>
public sealed record CovenantPartView(
    int Number, IReadOnlyList<CovenantClause> Clauses, string Canonical, string Hash, DateTimeOffset DraftedAt, DateTimeOffset? InForceAt, IReadOnlyList<string> Missing,
    IReadOnlyList<SignatureView> Signatures, IReadOnlyList<CovenantExceptionView> Exceptions)
{
    internal static CovenantPartView Of(Covenant covenant, CovenantPart part, Cluster cluster) => new(
        part.Number, part.Clauses, CovenantText.Canonical(covenant.Season, covenant.Cluster, part.Number, part.Clauses), part.Hash, part.DraftedAt, part.InForceAt,
        covenant.MissingOf(part, cluster.Members.Select(member => member.Unit)),
        [.. covenant.Signatures.Where(signature => signature.Part == part.Number).OrderBy(signature => signature.SignedAt).Select(signature => new SignatureView(signature.Unit, signature.Hash, signature.SignedByName, signature.SignedAt))],
        [.. covenant.Waivers.Where(waiver => waiver.Part == part.Number).OrderBy(waiver => waiver.NotedAt).Select(waiver => new CovenantExceptionView(waiver.Unit, waiver.Reason, waiver.Document, waiver.NotedAt))]);
}

/// <summary>Chữ ký.</summary>
/// <param name="Unit">Đơn vị.</param>
/// <param name="Hash">The text that was signed.</param>
/// <param name="SignedBy">Name of who signed.</param>
/// <param name="SignedAt">When.</param>
public sealed record SignatureView(string Unit, string Hash, string SignedBy, DateTimeOffset SignedAt);

/// <summary>Ngoại lệ: a unit that does not sign.</summary>
/// <param name="Unit">Đơn vị.</param>
/// <param name="Reason">Lý do.</param>
/// <param name="Document">Văn bản.</param>
/// <param name="NotedAt">When it was noted.</param>
public sealed record CovenantExceptionView(string Unit, string Reason, string Document, DateTimeOffset NotedAt);

/// <summary>Reads what covenants are made of.</summary>
internal static class CovenantBodies
{
    private const int MaximumClauses = 200;
    private const int TextLength = 4000;

    /// <summary>At least one clause, each number once; violations <c>BAD_CODE</c>, <c>DUPLICATE_CODE</c>, <c>TOO_LONG</c>, <c>TOO_MANY</c>.</summary>
    public static List<CovenantClause> ClausesOf(StrictJson root)
    {
        var items = root.List("clauses");
        if (items.Count == 0 && root.Has("clauses"))
        {
            root.Refuse("MISSING_PROPERTY", "Phải có ít nhất một điều khoản.", "clauses");
        }

        if (items.Count > MaximumClauses)
        {
            root.Refuse("TOO_MANY", $"Tối đa {MaximumClauses} điều khoản.", "clauses");
            return [];
        }

        var clauses = new List<CovenantClause>(items.Count);
        foreach (var item in items.Where(item => item.ExpectObject()))
        {
            var (number, text) = (item.Code("number"), item.Text("text"));
            item.RefuseUnknown();
            if (text is { Length: 0 or > TextLength })
            {
                item.Refuse(text.Length == 0 ? "MISSING_PROPERTY" : "TOO_LONG", $"Nội dung từ 1 đến {TextLength} ký tự.", "text");
            }
            else if (number is not null && clauses.Exists(known => known.Number == number))
            {
                item.Refuse("DUPLICATE_CODE", $"Điều {number} được ghi hai lần.", "number");
            }
            else if (number is not null && text is not null)
            {
                clauses.Add(new CovenantClause(number, text));
            }
        }

        return clauses;
    }
}
