namespace ThiDua.Documents.Domain;

/// <summary>
/// Nội dung văn bản: everything that a paper says which its template does not, each value as it is printed. The same facts give the
/// same content, and its hash stands on the paper.
/// </summary>
/// <param name="Kind">Loại văn bản.</param>
/// <param name="Fields">By name; a template prints one as <c>{{name}}</c>.</param>
/// <param name="Lists">By name, the items in order, each with its own fields; a template's table row or paragraph with <c>{{list.name}}</c> is repeated for each.</param>
/// <param name="Matrix">The table that a template's paragraph <c>{{matrix}}</c> is replaced by; null for a kind without one.</param>
public sealed record PaperContent(
    PaperKind Kind,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyDictionary<string, string>>> Lists,
    PaperMatrix? Matrix = null);

/// <summary>Bảng có số cột thay đổi: units across, criteria down.</summary>
/// <param name="Corner">Headings of the leading columns, such as STT, Nội dung, Điểm chuẩn.</param>
/// <param name="Columns">Headings of the columns that follow, one for a unit.</param>
/// <param name="Rows">From top to bottom.</param>
public sealed record PaperMatrix(IReadOnlyList<string> Corner, IReadOnlyList<string> Columns, IReadOnlyList<PaperMatrixRow> Rows);

/// <summary>A row of a <see cref="PaperMatrix"/>.</summary>
/// <param name="Emphasis">Whether it is a group or a total, and stands out.</param>
/// <param name="Cells">As many as <see cref="PaperMatrix.Corner"/> and <see cref="PaperMatrix.Columns"/> together.</param>
public sealed record PaperMatrixRow(bool Emphasis, IReadOnlyList<string> Cells);

/// <summary>Mẫu trường dữ liệu of a kind of paper: the names that its template may use, and those that it must.</summary>
/// <param name="Kind">Loại văn bản.</param>
/// <param name="Fields">Fields that every template of the kind prints.</param>
/// <param name="OptionalFields">Fields that a template may leave out.</param>
/// <param name="Lists">Lists that every template of the kind prints, with the fields of an item; a template may leave fields of an item out.</param>
/// <param name="HasMatrix">Whether a template must have <c>{{matrix}}</c>.</param>
public sealed record PaperForm(
    PaperKind Kind,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyDictionary<string, string> OptionalFields,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Lists,
    bool HasMatrix);
