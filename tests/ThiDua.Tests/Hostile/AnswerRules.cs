using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests.Hostile;

/// <summary>How wrong a request may be: what may be said to it beside what its operation describes.</summary>
internal enum Wrongness
{
    /// <summary>It reaches its operation, whose description names every answer.</summary>
    None,

    /// <summary>Its address may be that of nothing, or of something else.</summary>
    Address,

    /// <summary>Its method may be one that nothing takes.</summary>
    Method,

    /// <summary>Its head may be none that a server reads to its end.</summary>
    Head,
}

/// <summary>What the document and docs/status-codes.md promise about every answer.</summary>
internal sealed partial class AnswerRules(JsonObject document)
{
    private static readonly HashSet<string> s_codes = CodeInText().Matches(File.ReadAllText(Repository.PathOf("docs", "status-codes.md"))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    private readonly SchemaForm _form = new(document);

    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    public string? Flaw(DescribedOperation operation, Wrongness wrongness, RawAnswer answer)
    {
        if (IsNoRequest(wrongness, answer))
        {
            return null; // the server closed the connection before there was a request
        }

        if (answer.Status is 0 or >= 500)
        {
            return answer.Status == 0 ? answer.Text : $"{answer.Status}";
        }

        if (operation.Answers[$"{answer.Status}"] is not JsonObject described)
        {
            return IsBesideTheDescription(wrongness, answer.Status) ? RefusalFlaw(answer) : wrongness is Wrongness.Address or Wrongness.Method && answer.Status < 400 ? null : $"{answer.Status} is not described";
        }

        return answer.Status >= 400 ? RefusalFlaw(answer)
            : wrongness is Wrongness.Address or Wrongness.Method ? null // answered by another operation
            : ContentFlaw(answer, described) ?? HeaderFlaw(answer, described);
    }

    /// <summary>What was sent was refused by the server as no HTTP request, before the system saw it.</summary>
    public static bool IsNoRequest(Wrongness wrongness, RawAnswer answer) => wrongness != Wrongness.None && answer.IsProtocolError;

    private static bool IsBesideTheDescription(Wrongness wrongness, int status) => wrongness switch
    {
        Wrongness.Address => status is 400 or 401 or 404 or 405 or 414,
        Wrongness.Method => status is 400 or 401 or 404 or 405 or 411 or 415,
        Wrongness.Head => status is 400 or 401 or 404 or 408 or 411 or 413 or 415 or 417 or 431,
        _ => false,
    };

    private string? RefusalFlaw(RawAnswer answer)
    {
        if (answer.Flaw() is { } flaw)
        {
            return $"{answer.Status} {flaw}";
        }

        var problem = JsonNode.Parse(answer.Text)!;
        var codes = ((problem["errors"] as JsonArray) ?? []).Select(error => (string?)error!["code"]).Prepend((string?)problem["code"]);
        return codes.FirstOrDefault(code => code is null || !(s_codes.Contains(code) || code.StartsWith("L-", StringComparison.Ordinal))) is { } unknown ? $"{answer.Status} with code {unknown}, which docs/status-codes.md does not have"
            : (string?)problem["code"] == "unstorable-value" ? "only the last net held it"
            : _form.Problems(problem, Schema("Problem"), "problem").FirstOrDefault();
    }

    private JsonObject Schema(string name) => document["components"]!["schemas"]![name]!.AsObject();

    private string? ContentFlaw(RawAnswer answer, JsonObject described)
    {
        if (described["content"] is not JsonObject contents)
        {
            return answer.Text.Length > 0 && answer.Status != 304 ? $"{answer.Status} with a body that is not described" : null;
        }

        var type = answer.Headers.GetValueOrDefault("Content-Type", "").Split(';')[0].Trim();
        if (contents[type] is not JsonObject media)
        {
            return $"{answer.Status} with content of type “{type}”, which is not described";
        }

        if (type != "application/json")
        {
            return null;
        }

        try
        {
            return _form.Problems(JsonNode.Parse(answer.Text), media["schema"]!.AsObject(), "body").FirstOrDefault();
        }
        catch (JsonException)
        {
            return "a body that is no JSON";
        }
    }

    private static string? HeaderFlaw(RawAnswer answer, JsonObject described) =>
        (described["headers"] as JsonObject ?? []).Select(header => header.Key).FirstOrDefault(name => name is "ETag" or "Location" && !answer.Headers.ContainsKey(name)) is { } missing
            ? $"{answer.Status} without {missing}"
            : null;

    [GeneratedRegex("`([A-Za-z][A-Za-z0-9_-]+)`")]
    private static partial Regex CodeInText();
}
