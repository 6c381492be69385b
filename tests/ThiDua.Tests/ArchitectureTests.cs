using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using Assembly = System.Reflection.Assembly;
using Type = System.Type;

namespace ThiDua.Tests;

/// <summary>The rules of the layout that a compiler does not keep.</summary>
public sealed partial class ArchitectureTests
{
    private const int LongestFile = 400;

    private static readonly string[] s_names = ["Awards", "Clusters", "Documents", "Identity", "Scoring"];
    private static readonly Dictionary<string, Assembly> s_services = s_names.ToDictionary(name => name, name => Assembly.Load($"ThiDua.{name}"));
    private static readonly Assembly s_contracts = typeof(UnitRegistered).Assembly;
    private static readonly Assembly s_defaults = typeof(Violation).Assembly;
    private static readonly Assembly s_gateway = Assembly.Load("ThiDua.Gateway");

    // What the domain may take from outside itself: refusals, exact numbers, days, and the reading of published formats.
    private static readonly string[] s_allowedInDomain =
    [
        typeof(Violation).FullName!, typeof(RuleViolationException).FullName!, typeof(NotKnownYetException).FullName!, typeof(AccessDeniedException).FullName!,
        typeof(StrictJson).FullName!, typeof(ExactDecimal).FullName!, typeof(Fraction).FullName!, typeof(VietnameseText).FullName!,
        typeof(VietnamDate).FullName!, typeof(WorkingDayCalendar).FullName!, typeof(UpperSnake).FullName!,
    ];

    private static readonly Lazy<Architecture> s_architecture = new(() => new ArchLoader().LoadAssemblies([.. s_services.Values]).Build());

    public static TheoryData<string> Services => [.. s_names];

    [Theory, MemberData(nameof(Services))]
    public void No_service_references_another(string service) =>
        Nothing.In(OwnReferences(s_services[service]).Except(["ThiDua.Contracts", "ThiDua.ServiceDefaults", "ThiDua.Spreadsheets"]));

    [Fact]
    public void The_gateway_knows_no_service() =>
        Nothing.In(OwnReferences(s_gateway).Except(["ThiDua.ServiceDefaults"]));

    [Fact]
    public void Contracts_refer_to_nothing()
    {
        Nothing.In(s_contracts.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => !name.StartsWith("System", StringComparison.Ordinal)));

        var project = XDocument.Load(Repository.PathOf("services", "Contracts", "ThiDua.Contracts.csproj"));
        Assert.DoesNotContain(project.Descendants(), element => element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference");
    }

    /// <summary>The inbox notes a message as handled, not a consumer: a second one of the same message would find it handled and do nothing.</summary>
    [Theory, MemberData(nameof(Services))]
    public void A_message_has_one_consumer_in_a_service(string service) => Nothing.In(
        from consumer in s_services[service].GetTypes()
        from message in consumer.GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(MassTransit.IConsumer<>)).Select(type => type.GetGenericArguments()[0])
        group consumer.Name by message.Name into consumers
        where consumers.Count() > 1
        select $"{consumers.Key}: {string.Join(", ", consumers)}");

    [Theory, MemberData(nameof(Services))]
    public void The_domain_knows_no_framework_and_no_other_folder(string service)
    {
        var domain = $"ThiDua.{service}.Domain";
        var strangers =
            from type in s_architecture.Value.Types
            where IsWithin(type.FullName, domain)
            from dependency in type.Dependencies
            where dependency.Target is not GenericParameter
            let target = dependency.Target.FullName
            where !IsWithin(target, domain) && !IsWithin(target, "System") && !target.StartsWith('<')
                && target != "Microsoft.CodeAnalysis.EmbeddedAttribute"
                && !s_allowedInDomain.Any(allowed => target == allowed || target.StartsWith(allowed + "/", StringComparison.Ordinal) || target.StartsWith(allowed + "+", StringComparison.Ordinal))
            select $"{type.FullName} uses {target}";

        Nothing.In(strangers);
    }

    [Theory]
    [InlineData("Clusters")]
    [InlineData("Scoring")]
    [InlineData("Awards")]
    [InlineData("Documents")]
    public void Services_speak_to_each_other_through_the_broker_only(string service)
    {
        // What calls out of the system, to those who subscribed, calls none of its services.
        const string CallsOutside = "ThiDua.Clusters.Messaging.WebhookCaller";
        var callers =
            from type in s_architecture.Value.Types
            where IsWithin(type.FullName, $"ThiDua.{service}") && !type.FullName.StartsWith(CallsOutside, StringComparison.Ordinal)
            where type.Dependencies.Any(dependency => dependency.Target.FullName is "System.Net.Http.HttpClient" or "System.Net.Http.IHttpClientFactory" or "System.Net.Http.HttpMessageInvoker")
            select type.FullName;

        Nothing.In(callers);
    }

    [Fact]
    public void No_binary_fraction_comes_near_a_score()
    {
        Assembly[] counting = [s_services["Scoring"], s_services["Awards"], s_services["Clusters"], s_contracts];
        var found =
            from assembly in counting
            from type in assembly.GetTypes()
            where type.Namespace is { } name && !name.EndsWith(".Migrations", StringComparison.Ordinal)
            from use in UsesOfBinaryFractions(type)
            select use;

        Nothing.In(found);
    }

    [Fact]
    public void Messages_are_sealed_records_of_primitives()
    {
        Type[] primitives = [typeof(string), typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(Guid), typeof(DateOnly), typeof(DateTimeOffset)];
        bool IsPlain(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? IsPlain(inner)
            : type.IsGenericType ? type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && IsPlain(type.GetGenericArguments()[0])
            : primitives.Contains(type) || (type.Assembly == s_contracts && type.IsSealed);

        var messages = s_contracts.GetExportedTypes();
        Nothing.In(messages.Where(message => !message.IsSealed || message.GetMethod("<Clone>$") is null).Select(message => message.FullName));
        Nothing.In(messages.SelectMany(message => message.GetProperties()).Where(property => !IsPlain(property.PropertyType)).Select(property => $"{property.DeclaringType!.Name}.{property.Name}"));
    }

    [Fact]
    public void No_interface_stands_before_a_single_class()
    {
        var types = s_services.Values.Append(s_contracts).Append(s_defaults).Append(s_gateway).SelectMany(assembly => assembly.GetTypes()).ToList();
        var lonely = types.Where(type => type.IsInterface && types.Count(other => other != type && other.IsAssignableTo(type)) < 2).Select(type => type.FullName);

        Nothing.In(lonely);
    }

    [Theory, MemberData(nameof(Services))]
    public void Every_public_type_of_the_domain_says_what_it_is(string service)
    {
        var assembly = s_services[service];
        var described = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("summary")?.Value.Trim().Length > 0)
            .Select(member => (string)member.Attribute("name")!)
            .ToHashSet(StringComparer.Ordinal);
        var silent = assembly.GetExportedTypes()
            .Where(type => IsWithin(type.FullName!, $"ThiDua.{service}.Domain") && !described.Contains($"T:{type.FullName!.Replace('+', '.')}"))
            .Select(type => type.FullName);

        Nothing.In(silent);
    }

    [Fact]
    public void The_clock_is_asked_through_a_TimeProvider_and_nothing_blocks()
    {
        // The compiler refuses these by BannedSymbols.txt; what is left to check is that nobody silenced it.
        var silenced = Sources().Where(file => File.ReadAllText(file).Contains("disable " + "RS0030", StringComparison.Ordinal)).Select(Relative);

        Nothing.In(silenced);
        Assert.DoesNotContain("RS0030", string.Concat(Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories).Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_file_can_be_read_in_one_sitting()
    {
        var tooLong = Sources().Select(file => (File: Relative(file), Lines: File.ReadLines(file).Count())).Where(file => file.Lines > LongestFile)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.File}: {file.Lines} lines"));

        Nothing.In(tooLong);
    }

    [Fact]
    public void Folders_are_named_for_what_is_in_them()
    {
        string[] nondescript = ["Helpers", "Utils", "Utilities", "Common", "Extensions", "Misc", "Dtos", "Repositories", "Interfaces"];
        var folders = Sources().Select(file => Path.GetDirectoryName(Relative(file))!).Distinct().Where(folder => folder.Split('/').Any(nondescript.Contains));

        Nothing.In(folders);
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var later = Sources().Where(file => Postponed().IsMatch(File.ReadAllText(file))).Select(Relative);

        Nothing.In(later);
    }

    [GeneratedRegex(@"//.*\b(TO" + "DO|FIX" + "ME|HA" + @"CK)\b|NotImplemented" + "Exception")]
    private static partial Regex Postponed();

    private static IEnumerable<string> OwnReferences(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => name.StartsWith("ThiDua.", StringComparison.Ordinal));

    private static bool IsWithin(string name, string @namespace) => name == @namespace || name.StartsWith(@namespace + ".", StringComparison.Ordinal);

    private static IEnumerable<string> UsesOfBinaryFractions(Type type)
    {
        const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Everything).Where(field => IsBinaryFraction(field.FieldType)))
        {
            yield return $"{type.FullName}.{field.Name}";
        }

        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            var used = method.GetParameters().Select(parameter => parameter.ParameterType)
                .Append((method as MethodInfo)?.ReturnType ?? typeof(void))
                .Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
            if (used.Any(IsBinaryFraction))
            {
                yield return $"{type.FullName}.{method.Name}";
            }
        }
    }

    private static bool IsBinaryFraction(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(Half)
        || (type.HasElementType && IsBinaryFraction(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(IsBinaryFraction));

    private static IEnumerable<string> Sources()
    {
        string[] folders = ["services", "gateway", "operations", "tests", "ThiDua.AppHost"];
        return folders.Select(folder => Repository.PathOf(folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !Relative(file).Split('/').Any(part => part is "bin" or "obj" or "Migrations"));
    }

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file);
}
