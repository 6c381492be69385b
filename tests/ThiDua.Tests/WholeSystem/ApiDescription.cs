using System.Text.Json.Nodes;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>One operation of the gateway's document.</summary>
/// <param name="Method">GET, POST …</param>
/// <param name="Path">With its parameters in braces: <c>/api/v1/score-sheets/{id}</c>.</param>
/// <param name="Roles">The roles that it says it is open to; none: everybody; null when it says nothing.</param>
public sealed record Operation(string Method, string Path, IReadOnlySet<string>? Roles)
{
    /// <summary>What needs no token, by design and by name: nothing joins these unawares.</summary>
    public static readonly IReadOnlyList<string> Open = ["GET /api/v1/paper-verifications/{hash}"];

    private static readonly string[] s_methods = ["get", "put", "post", "delete", "patch"];

    /// <summary>Everything under <c>/api/v1</c> that the running gateway describes.</summary>
    public static async Task<IReadOnlyList<Operation>> AllAsync(RunningSystem system)
    {
        using var anybody = system.Anonymous();
        return await AllAsync(anybody);
    }

    /// <summary>Everything under <c>/api/v1</c> that a host describes.</summary>
    public static async Task<IReadOnlyList<Operation>> AllAsync(HttpClient anybody)
    {
        var document = (await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!;
        return
        [
            .. from path in document["paths"]!.AsObject()
               where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
               from operation in path.Value!.AsObject()
               where s_methods.Contains(operation.Key)
               select new Operation(operation.Key.ToUpperInvariant(), path.Key, (operation.Value!["x-roles"] as JsonArray)?.Select(role => (string)role!).ToHashSet(StringComparer.Ordinal)),
        ];
    }

    /// <summary>It says that it asks for no token.</summary>
    public bool IsOpen => Roles is { Count: 0 };

    /// <summary>
    /// The address of a real thing: a parameter stands behind the noun that says what it identifies, and a second one behind
    /// the first: <c>levels</c>, <c>levels/{from}</c>.
    /// </summary>
    public string With(IReadOnlyDictionary<string, string> things)
    {
        var segments = Path.Split('/');
        var noun = "";
        for (var index = 0; index < segments.Length; index++)
        {
            if (!segments[index].StartsWith('{'))
            {
                noun = segments[index];
                continue;
            }

            segments[index] = Uri.EscapeDataString(things.TryGetValue(noun, out var thing)
                ? thing
                : throw new KeyNotFoundException($"{Method} {Path}: no example of {noun} to try it on; add one to the test."));
            noun += $"/{segments.ElementAtOrDefault(index + 1)}";
        }

        return string.Join('/', segments);
    }

    public override string ToString() => $"{Method} {Path}";
}
