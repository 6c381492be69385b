using System.Reflection;
using System.Text;
using ThiDua.Contracts.Clusters;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>What others rely on does not change unawares: a change of shape shows as a change of an approved file.</summary>
public sealed class ContractTests
{
    [Fact]
    public Task Message_shapes_are_the_approved_ones()
    {
        var nullability = new NullabilityInfoContext();
        var shapes = new StringBuilder();
        foreach (var message in typeof(UnitRegistered).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            shapes.Append(message.FullName).Append('\n');
            foreach (var field in message.GetProperties())
            {
                shapes.Append("    ").Append(field.Name).Append(": ").Append(Name(nullability.Create(field))).Append('\n');
            }

            shapes.Append('\n');
        }

        return Approved.MatchAsync("contracts.approved.txt", shapes.ToString().TrimEnd() + "\n");
    }

    private static string Name(NullabilityInfo field)
    {
        var mark = field.ReadState == NullabilityState.Nullable ? "?" : "";
        var type = Nullable.GetUnderlyingType(field.Type) ?? field.Type;
        return type.IsGenericType ? $"list of {Name(field.GenericTypeArguments[0])}{mark}" : type.Name + mark;
    }
}
