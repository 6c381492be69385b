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

    [Theory, MemberData(nameof(Kinds))]
    public void Each_name_and_kind_is_told_in_the_documentation(PaperKind kind)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "papers.md"));
        var form = PaperForms.Of(kind);
        var names = form.Fields.Keys.Concat(form.OptionalFields.Keys).Concat(form.Lists.Keys).Concat(form.Lists.Values.SelectMany(list => list.Keys)).Append(UpperSnake.Of(kind));
        Nothing.In(names.Where(name => !text.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    /// <summary>The law is the data's: a template that named a decree would go on naming it when it is replaced.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void None_names_an_instrument_of_law_or_a_number_of_a_regulation(PaperKind kind)
    {
        using var docx = new MemoryStream();
        DefaultTemplates.Open(kind).CopyTo(docx);
        var words = PrintedPaperText.Read(docx.ToArray());
        Assert.Empty(Citations.Find(words.All, []));

        // Numbers of headings and articles, “6 tháng”, and the zero of the legend.
        Assert.All(words.Numbers, number => Assert.InRange(number, 0, 6));
    }
}
