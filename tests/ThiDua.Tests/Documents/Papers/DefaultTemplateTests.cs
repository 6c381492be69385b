using ThiDua.Documents.Domain;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>The templates and forms that the product comes with.</summary>
public sealed class DefaultTemplateTests
{
    public static TheoryData<PaperKind> Kinds => [.. Enum.GetValues<PaperKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Each_is_taken_as_a_template_of_its_kind(PaperKind kind)
    {
        try
        {
            Assert.Equal(kind, PaperTemplate.Read(DefaultTemplates.Open(kind), PaperForms.Of(kind)).Kind);
        }
        catch (RuleViolationException refusal)
        {
            Nothing.In(refusal.Errors.Select(error => $"{error.Code} {error.Path}: {error.Message}"));
            throw;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Each_is_built_to_the_same_bytes_again(PaperKind kind) =>
        Assert.Equal(PaperTemplate.Read(DefaultTemplates.Open(kind), PaperForms.Of(kind)).Sha256, PaperTemplate.Read(DefaultTemplates.Open(kind), PaperForms.Of(kind)).Sha256);

    /// <summary>A clerk types the names in Word: small letters without marks, and each says in Vietnamese what it stands for.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Each_name_can_be_typed_and_is_described(PaperKind kind)
    {
        var form = PaperForms.Of(kind);
        Assert.Equal(kind, form.Kind);
        var names = form.Fields.Concat(form.OptionalFields).Concat(form.Lists.Values.SelectMany(list => list)).ToList();
        Assert.All(names, name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name.Key));
        Assert.All(form.Lists.Keys, name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name));
        Assert.All(names, name => Assert.True(name.Value.Length > 3 && name.Value == VietnameseText.Normalize(name.Value), name.Key));
    }
}
