using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>What stands in the foot of every page, so that a reader can ask whether this is the published paper.</summary>
/// <param name="Hash">See <see cref="PaperHash"/>.</param>
/// <param name="VerificationAddress">Where this very paper is checked, the hash included: exactly what the QR code says.</param>
public sealed record PaperMark(string Hash, string VerificationAddress);

/// <summary>The SHA-256 of what a paper says and of the template that it is said with, in lower-case hexadecimal.</summary>
public static class PaperHash
{
    // A change of the canonical form below would change every hash: it gets a new number, and old papers keep theirs.
    private const string Form = "thidua-paper/1";

    private const int GroupLength = 8;

    public static string Of(PaperContent content, string templateSha256) =>
        Convert.ToHexStringLower(SHA256.HashData(Canonical(content, templateSha256)));

    /// <summary>In groups that a person can compare: <c>0f3a91c2 77…</c>.</summary>
    public static string InGroups(string hash) => string.Join(' ', hash.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>What is enough to tell papers apart by eye: <c>0F3A-91C2-77B0</c>.</summary>
    public static string InBrief(string hash) => string.Join('-', hash.Chunk(GroupLength / 2).Take(3).Select(group => new string(group))).ToUpperInvariant();

    /// <summary>JSON without white space, names in ordinal order, texts in NFC: the same content always gives the same bytes.</summary>
    public static byte[] Canonical(PaperContent content, string templateSha256)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("form", Form);
            json.WriteString("template", templateSha256);
            json.WriteString("kind", UpperSnake.Of(content.Kind));
            json.WritePropertyName("fields");
            Write(json, content.Fields);
            json.WriteStartObject("lists");
            foreach (var (name, items) in content.Lists.OrderBy(list => list.Key, StringComparer.Ordinal))
            {
                json.WriteStartArray(name);
                foreach (var item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            if (content.Matrix is { } matrix)
            {
                json.WriteStartObject("matrix");
                Write(json, "corner", matrix.Corner);
                Write(json, "columns", matrix.Columns);
                json.WriteStartArray("rows");
                foreach (var row in matrix.Rows)
                {
                    json.WriteStartObject();
                    json.WriteBoolean("emphasis", row.Emphasis);
                    Write(json, "cells", row.Cells);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject();
        foreach (var (name, value) in values.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value.Normalize(NormalizationForm.FormC));
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text.Normalize(NormalizationForm.FormC));
        }

        json.WriteEndArray();
    }
}
