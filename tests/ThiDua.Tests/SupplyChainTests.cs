using System.Text.Json;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>The bill of materials that <c>./thidua test</c> writes before (<c>./thidua sbom</c>) is whole, and nothing in it comes under terms that nobody agreed to.</summary>
public sealed class SupplyChainTests
{
    private const int HexOfSha512 = 128;

    // Permissive licences, in SPDX's words; of several a package offers one is enough.
    private static readonly string[] s_allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL"];

    // Files of their own are changed under the same terms only; they are used as they are, and by tests alone.
    private static readonly string[] s_allowedInTests = ["MPL-2.0"];

    // Packages that carry their licence as a text without naming it.
    private static readonly string[] s_read = ["SmtpServer", "StandardWebhooks"];

    private static readonly Lazy<Dictionary<string, Component>> s_bill = new(ReadBill);

    private sealed record Component(string Name, string Version, string? Sha512, IReadOnlyList<string> Licences);

    [Fact]
    public void Every_package_of_every_lock_file_is_in_the_bill_with_its_hash() => Nothing.In(
        from package in Locked()
        let component = s_bill.Value.GetValueOrDefault(Key(package.Name, package.Version))
        where component is not { Sha512.Length: HexOfSha512 }
        select component is null ? $"{package.Name} {package.Version} of {package.Project} is missing" : $"{package.Name} has no SHA-512");

    [Fact]
    public void Every_licence_is_one_that_may_be_used()
    {
        var shipped = Locked().Where(package => !package.Project.StartsWith("tests/", StringComparison.Ordinal)).Select(package => package.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Nothing.In(
            from component in s_bill.Value.Values
            let licences = component.Licences is [] && s_read.Contains(component.Name) ? [LicenceInFile(component)] : component.Licences
            where !licences.Intersect(s_allowed).Any() && (shipped.Contains(component.Name) || !licences.Intersect(s_allowedInTests).Any())
            select $"{component.Name} {component.Version}: {(licences.Count == 0 ? "no licence is named" : string.Join(", ", licences))}");
    }

    /// <summary>What an audit finds ends the build; what it cannot ask does not.</summary>
    [Fact]
    public void A_known_vulnerability_fails_the_build()
    {
        var properties = System.Xml.Linq.XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants().Where(element => !element.HasElements).ToLookup(element => element.Name.LocalName, element => element.Value);

        Assert.Equal(["true", "all", "low", "true"], new[] { "NuGetAudit", "NuGetAuditMode", "NuGetAuditLevel", "TreatWarningsAsErrors" }.Select(name => Assert.Single(properties[name])));
        Assert.DoesNotContain(properties["WarningsNotAsErrors"].Concat(properties["NoWarn"]).SelectMany(codes => codes.Split(';')), code => code is "NU1901" or "NU1902" or "NU1903" or "NU1904");
    }

    private static IEnumerable<(string Name, string Version, string Project)> Locked() =>
        from file in Directory.EnumerateFiles(Repository.Root, "packages.lock.json", SearchOption.AllDirectories)
        let project = Path.GetRelativePath(Repository.Root, file)
        where !project.StartsWith("artifacts", StringComparison.Ordinal)
        from framework in Json(file).GetProperty("dependencies").EnumerateObject()
        from package in framework.Value.EnumerateObject()
        where package.Value.GetProperty("type").GetString() != "Project"
        select (package.Name, package.Value.GetProperty("resolved").GetString()!, project);

    private static Dictionary<string, Component> ReadBill()
    {
        var file = Repository.PathOf("artifacts", "sbom.json");
        Assert.True(File.Exists(file), "There is no artifacts/sbom.json: run ./thidua sbom.");
        return (from component in Json(file).GetProperty("components").EnumerateArray()
                select new Component(
                    component.GetProperty("name").GetString()!,
                    component.GetProperty("version").GetString()!,
                    Items(component, "hashes").Where(hash => hash.GetProperty("alg").GetString() == "SHA-512").Select(hash => hash.GetProperty("content").GetString()).FirstOrDefault(),
                    [.. Items(component, "licenses").Select(Licence).OfType<string>()])).ToDictionary(component => Key(component.Name, component.Version));
    }

    private static List<JsonElement> Items(JsonElement component, string name) => component.TryGetProperty(name, out var items) ? [.. items.EnumerateArray()] : [];

    private static string? Licence(JsonElement entry) =>
        entry.TryGetProperty("license", out var licence) ? (licence.TryGetProperty("id", out var id) || licence.TryGetProperty("name", out id) ? id.GetString() : null)
        : entry.TryGetProperty("expression", out var expression) ? expression.GetString() : null;

    private static string LicenceInFile(Component component)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var text = Directory.EnumerateFiles(Path.Combine(packages, component.Name.ToLowerInvariant(), component.Version), "LICENSE*").Select(File.ReadAllText).Single();
        return text.StartsWith("MIT License", StringComparison.Ordinal) || text.StartsWith("The MIT License", StringComparison.Ordinal) ? "MIT" : "unknown";
    }

    private static string Key(string name, string version) => $"{name}@{version}".ToLowerInvariant();

    private static JsonElement Json(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
