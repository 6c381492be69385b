using ThiDua.Documents.Domain;
using ThiDua.Documents.Data;

namespace ThiDua.Documents.Papers;

/// <summary>A composed paper, and what its reader should look at before it is issued.</summary>
/// <param name="Content">What it says.</param>
/// <param name="Warnings">Vietnamese, a sentence each.</param>
public sealed record ComposedPaper(PaperContent Content, IReadOnlyList<string> Warnings);

/// <summary>A content while it is put together: what the form of its kind names, all of it and nothing else.</summary>
internal sealed class PaperDraft
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>> _lists = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly PaperForm _form;
    private readonly SeasonFacts _season;
    private readonly PaperIssue _issue;
    private PaperMatrix? _matrix;

    /// <param name="kind">Loại văn bản.</param>
    /// <param name="season">Its facts.</param>
    /// <param name="issue">Who issues it.</param>
    /// <param name="subject">Trích yếu nội dung.</param>
    public PaperDraft(PaperKind kind, SeasonFacts season, PaperIssue issue, string subject)
    {
        (_form, _season, _issue) = (PaperForms.Of(kind), season, issue);
        Field("co_quan_ban_hanh", issue.Agency);
        Field("so_ky_hieu", Letters(kind) is { } letters ? DocumentNumber.Of(issue.Number, letters, issue.AgencyAbbreviation) : "");
        Field("dia_danh_ngay", DateLine.Of(issue.Place, issue.Date, issue.DraftedOn.Year));
        Field("trich_yeu", subject);
        Field("ky_thi_dua", PrintedText.Year(season.Season));
        Field("chuc_vu_nguoi_ky", string.Join('\n', issue.AuthorityLines.Append(issue.SignerTitle)));
        Field("ten_nguoi_ky", issue.SignerName);
        if (kind == PaperKind.NominationList)
        {
            return; // its letter has them
        }

        List("co_quan_cap_tren", new[] { issue.SuperiorAgency }.Where(agency => !string.IsNullOrEmpty(agency)).Select(agency => Item(("ten", agency!))));
        List("du_thao", issue.IsDraft ? [Item(("chu", "DỰ THẢO"))] : []);
        List("noi_nhan", issue.Recipients.Select(recipient => Item(("ten", recipient.TrimEnd(';', '.', ' ')))));
    }

    public PaperDraft Field(string name, string value)
    {
        _fields.Add(name, value);
        return this;
    }

    public PaperDraft List(string name, IEnumerable<IReadOnlyDictionary<string, string>> items)
    {
        _lists.Add(name, [.. items]);
        return this;
    }

    /// <summary>A list that says so when it has nothing: an empty table would look forgotten.</summary>
    /// <param name="name">The list.</param>
    /// <param name="items">Its items.</param>
    /// <param name="where">The field that says it.</param>
    /// <param name="words">What it says.</param>
    public PaperDraft List(string name, IEnumerable<IReadOnlyDictionary<string, string>> items, string where, string words = PrintedText.None)
    {
        IReadOnlyList<IReadOnlyDictionary<string, string>> all = [.. items];
        return List(name, all.Count > 0 ? all : [_form.Lists[name].Keys.ToDictionary(field => field, field => field == where ? words : "")]);
    }

    public PaperDraft Matrix(PaperMatrix matrix)
    {
        _matrix = matrix;
        return this;
    }

    /// <summary>Căn cứ: only what the data cite, with what the register says of it.</summary>
    /// <param name="bases">Texts of the data; empty ones cite nothing.</param>
    public PaperDraft Basis(params IEnumerable<string> bases)
    {
        var cited = LegalBasis.Of(bases, _season.Register, _issue.LawOn);
        _warnings.AddRange(cited.SelectMany(line => line.Doubts));
        return List("can_cu", cited.Select(line => Item(("noi_dung", line.Printed(_issue.IsDraft)))));
    }

    public PaperDraft Warn(bool concerned, string warning)
    {
        if (concerned)
        {
            _warnings.Add(warning);
        }

        return this;
    }

    /// <exception cref="InvalidOperationException">It does not say what its form names.</exception>
    public ComposedPaper Finish()
    {
        var wrong = Different(_fields.Keys, _form.Fields.Keys.Concat(_form.OptionalFields.Keys))
            .Concat(Different(_lists.Keys, _form.Lists.Keys))
            .Concat(_lists.SelectMany(list => list.Value.SelectMany(item => Different(item.Keys, _form.Lists[list.Key].Keys)).Select(field => $"{list.Key}.{field}")))
            .Distinct()
            .ToList();
        if (wrong.Count > 0 || _form.HasMatrix != (_matrix is not null))
        {
            throw new InvalidOperationException($"{_form.Kind} does not follow its form: {string.Join(", ", wrong)}.");
        }

        return new ComposedPaper(new PaperContent(_form.Kind, _fields, _lists, _matrix), [.. _warnings.Distinct()]);
    }

    public static IReadOnlyDictionary<string, string> Item(params (string Name, string Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);

    private static string? Letters(PaperKind kind) => PrescribedLayout.Current.LettersOf(kind);

    private static HashSet<string> Different(IEnumerable<string> some, IEnumerable<string> others)
    {
        var (left, right) = (some.ToHashSet(StringComparer.Ordinal), others.ToHashSet(StringComparer.Ordinal));
        left.SymmetricExceptWith(right);
        return left;
    }
}
