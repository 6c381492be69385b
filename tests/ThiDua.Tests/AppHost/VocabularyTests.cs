using System.Reflection;
using ThiDua.AppHost.Local;

namespace ThiDua.Tests.AppHost;

public sealed class VocabularyTests
{
    /// <summary>Local may not grow a dialect: each line of the approved file is a name that Aspire 13.5.2 has, with the
    /// same parameters in the same order (Aspire's may have more, optional ones).</summary>
    [Fact]
    public async Task Local_speaks_only_words_of_Aspire()
    {
        var lines = typeof(DistributedApplication).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.Namespace == typeof(DistributedApplication).Namespace)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(type => (string[])[Name(type), .. Members(type).Select(member => $"  {member}").Order(StringComparer.Ordinal)]);
        await Approved.MatchAsync("Vocabulary.approved.txt", string.Join('\n', lines) + "\n", TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var property in type.GetProperties(declared)) yield return $"{Name(property.PropertyType)} {property.Name}";
        foreach (var method in type.GetMethods(declared).Where(method => !method.IsSpecialName && method.Name is not ("Dispose" or "Equals" or "GetHashCode" or "ToString")))
            yield return $"{Name(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = …" : "")}"))})";
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
