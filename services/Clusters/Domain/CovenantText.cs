using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ThiDua.Clusters.Domain;

/// <summary>Điều khoản của giao ước: what a qualitative criterion may cite .</summary>
/// <param name="Number">Số điều, such as 1 or 2.3; unique in the covenant.</param>
/// <param name="Text">Nội dung.</param>
public sealed record CovenantClause(string Number, string Text);

/// <summary>Văn bản giao ước: what of it is signed, and what holds when addenda are in force.</summary>
public static class CovenantText
{
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The text as it is signed: JSON without spaces, members in this order, in UTF-8. Whoever has it can repeat the hash.
    /// </summary>
    /// <param name="season">Code of the season.</param>
    /// <param name="cluster">Code of the cluster.</param>
    /// <param name="number">0 is the covenant itself, what follows are its addenda.</param>
    /// <param name="clauses">In the order written.</param>
    public static string Canonical(string season, string cluster, int number, IReadOnlyList<CovenantClause> clauses)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_plain))
        {
            writer.WriteStartObject();
            writer.WriteString("season", season);
            writer.WriteString("cluster", cluster);
            writer.WriteNumber("part", number);
            writer.WriteStartArray("clauses");
            foreach (var clause in clauses)
            {
                writer.WriteStartObject();
                writer.WriteString("number", clause.Number);
                writer.WriteString("text", clause.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>SHA-256 of the canonical text, in lower-case hexadecimal digits.</summary>
    public static string Hash(string canonical) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>The clauses that hold: an addendum's clause takes the place of the one of its number, or is added at the end.</summary>
    /// <param name="parts">The clauses of the covenant and of its addenda in force, in their order.</param>
    public static IReadOnlyList<CovenantClause> InForce(IEnumerable<IReadOnlyList<CovenantClause>> parts)
    {
        var clauses = new List<CovenantClause>();
        foreach (var clause in parts.SelectMany(part => part))
        {
            var place = clauses.FindIndex(known => known.Number == clause.Number);
            if (place >= 0)
            {
                clauses[place] = clause;
            }
            else
            {
                clauses.Add(clause);
            }
        }

        return clauses;
    }

    /// <summary>Members who have neither signed this very text nor are excepted: the text comes into force when there are none.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<string> members, IEnumerable<string> signers, IEnumerable<string> waived) =>
        [.. members.Except(signers.Concat(waived), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
