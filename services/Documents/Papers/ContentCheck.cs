using System.Globalization;
using System.Text;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Papers;

/// <summary>Whether a content is whole: every value of the form, none besides, and each one printable.</summary>
internal static class ContentCheck
{
    public static IReadOnlyList<Violation> Of(PaperContent content, PaperForm form)
    {
        var errors = new List<Violation>();
        if (content.Kind != form.Kind)
        {
            errors.Add(new("WRONG_KIND", "/kind", $"Nội dung là của loại văn bản {UpperSnake.Of(content.Kind)}, mẫu là của {UpperSnake.Of(form.Kind)}."));
        }

        Compare("/fields", content.Fields, form.Fields.Keys.Concat(form.OptionalFields.Keys), errors);
        foreach (var list in form.Lists.Keys.Where(list => !content.Lists.ContainsKey(list)))
        {
            errors.Add(new("MISSING_VALUE", $"/lists/{list}", $"Thiếu danh sách “{list}”."));
        }

        foreach (var (name, items) in content.Lists)
        {
            if (!form.Lists.TryGetValue(name, out var fields))
            {
                errors.Add(new("UNKNOWN_VALUE", $"/lists/{name}", $"Loại văn bản này không có danh sách “{name}”."));
                continue;
            }

            for (var index = 0; index < items.Count; index++)
            {
                Compare(string.Create(CultureInfo.InvariantCulture, $"/lists/{name}/{index}"), items[index], fields.Keys, errors);
            }
        }

        CheckMatrix(content.Matrix, form.HasMatrix, errors);
        return errors;
    }

    /// <summary>As it is written into the file: NFC, one kind of line break, and no tab that would jump to a stop of the template.</summary>
    public static string Printable(string value) => value.ReplaceLineEndings("\n").Replace('\t', ' ').Normalize(NormalizationForm.FormC);

    private static void CheckMatrix(PaperMatrix? matrix, bool expected, List<Violation> errors)
    {
        if (matrix is null != !expected)
        {
            errors.Add(expected ? new("MISSING_VALUE", "/matrix", "Thiếu bảng số liệu.") : new("UNKNOWN_VALUE", "/matrix", "Loại văn bản này không có bảng số liệu."));
        }

        if (matrix is null)
        {
            return;
        }

        if (matrix.Corner.Count == 0)
        {
            errors.Add(new("MISSING_VALUE", "/matrix/corner", "Bảng số liệu không có cột đầu."));
        }

        var width = matrix.Corner.Count + matrix.Columns.Count;
        foreach (var text in matrix.Corner.Concat(matrix.Columns))
        {
            CheckText("/matrix", text, errors);
        }

        for (var index = 0; index < matrix.Rows.Count; index++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"/matrix/rows/{index}");
            if (matrix.Rows[index].Cells.Count != width)
            {
                errors.Add(new("WRONG_WIDTH", path, $"Dòng {index + 1} của bảng có {matrix.Rows[index].Cells.Count} ô, bảng có {width} cột."));
            }

            foreach (var text in matrix.Rows[index].Cells)
            {
                CheckText(path, text, errors);
            }
        }
    }

    private static void Compare(string path, IReadOnlyDictionary<string, string> values, IEnumerable<string> names, List<Violation> errors)
    {
        var expected = names.ToHashSet(StringComparer.Ordinal);
        errors.AddRange(expected.Where(name => !values.ContainsKey(name)).Select(name => new Violation("MISSING_VALUE", $"{path}/{name}", $"Thiếu giá trị của trường “{name}”.")));
        foreach (var (name, value) in values)
        {
            if (!expected.Contains(name))
            {
                errors.Add(new("UNKNOWN_VALUE", $"{path}/{name}", $"Loại văn bản này không có trường “{name}”."));
            }

            CheckText($"{path}/{name}", value, errors);
        }
    }

    private static void CheckText(string path, string value, List<Violation> errors)
    {
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            // A surrogate alone, and what XML cannot hold.
            var isWhole = Rune.DecodeFromUtf16(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (!isWhole || rune.Value is 0xFFFE or 0xFFFF || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t')))
            {
                errors.Add(new("UNPRINTABLE", path, "Giá trị có ký tự điều khiển, không in được."));
                return;
            }

            rest = rest[length..];
        }
    }
}
