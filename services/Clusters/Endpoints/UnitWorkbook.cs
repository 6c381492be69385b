using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Bảng tính đơn vị: written, and read into the same body that the JSON endpoint takes.</summary>
internal sealed class UnitWorkbook(IReadOnlyList<OrgLevel> levels, IReadOnlyList<UnitCategory> categories, DateOnly today)
{
    public const string SheetName = "Đơn vị";
    public const string Kind = "units";

    private const string Code = "code";
    private const string Name = "name";
    private const string Category = "category";
    private const string Level = "level";
    private const string ValidFrom = "valid_from";
    private const string TermsSheet = "Danh mục";

    private readonly IReadOnlyList<string> _attributes = [UnitEndpoints.FemaleShare, .. categories.SelectMany(category => category.Attributes).Distinct().Order(StringComparer.Ordinal).Where(name => name != UnitEndpoints.FemaleShare)];

    private IReadOnlyList<WorkbookColumn> Columns =>
    [
        new WorkbookColumn(Code, "Mã đơn vị", 16),
        new WorkbookColumn(Name, "Tên đơn vị", 46),
        new WorkbookColumn(Category, "Loại", 9),
        new WorkbookColumn(Level, "Cấp", 9),
        new WorkbookColumn(ValidFrom, "Áp dụng từ ngày", 16),
        .. _attributes.Select(name => new WorkbookColumn(name, HeadingOf(name), 16)),
    ];

    /// <param name="units">As they are on the day.</param>
    /// <param name="seal">Keeps what each row said.</param>
    /// <param name="now">When.</param>
    public byte[] Write(IReadOnlyList<(UnitVersion Version, int Number)> units, WorkbookSeal seal, DateTimeOffset now)
    {
        var workbook = new WorkbookBuilder { Title = "Danh sách đơn vị", Creator = "Thi đua", CreatedAt = now };
        var sheet = workbook.AddSheet(SheetName);
        WorkbookTable.WriteHead(sheet, "Danh sách đơn vị", "Thêm dòng cho đơn vị mới; sửa ô để thay đổi; dòng bị xóa thì đơn vị vẫn giữ nguyên. “Áp dụng từ ngày” để trống là từ hôm nay.", Columns);
        var row = WorkbookTable.FirstRow;
        foreach (var (version, _) in units)
        {
            sheet.Text(row, 1, version.UnitCode, WorkbookTable.Input).Text(row, 2, version.Name, WorkbookTable.Input).Text(row, 3, version.Category, WorkbookTable.Input)
                .Text(row, 4, version.Level, WorkbookTable.Input).Day(row, 5, null, WorkbookTable.Number).Number(row, 6, version.FemaleShare, WorkbookTable.Number);
            for (var index = 1; index < _attributes.Count; index++)
            {
                sheet.Text(row, 6 + index, version.Attributes.GetValueOrDefault(_attributes[index]), WorkbookTable.Input);
            }

            row++;
        }

        var last = row + WorkbookTable.SpareRows;
        for (; row <= last; row++)
        {
            for (var column = 1; column <= Columns.Count; column++)
            {
                sheet.Blank(row, column, column is 5 ? WorkbookTable.Number with { Shape = NumberShape.Day } : column is 6 ? WorkbookTable.Number : WorkbookTable.Input);
            }
        }

        sheet.DropDown(CellRange.Of(WorkbookTable.FirstRow, 3, last, 3), [.. categories.Where(term => term.HoldsOn(today)).Select(term => term.Code)], new InputHint("Loại đơn vị", $"Mã ở trang “{TermsSheet}”."))
            .DropDown(CellRange.Of(WorkbookTable.FirstRow, 4, last, 4), [.. levels.Where(term => term.HoldsOn(today)).Select(term => term.Code)], new InputHint("Cấp", $"Mã ở trang “{TermsSheet}”."))
            .Prompt(CellRange.Of(WorkbookTable.FirstRow, 5, last, 5), new InputHint("Áp dụng từ ngày", "Ngày/tháng/năm; để trống là từ hôm nay."));
        AddTerms(workbook.AddSheet(TermsSheet));
        seal.Put(workbook, Kind, units.Select(unit => new SealedRow(unit.Version.UnitCode, unit.Number, ValuesOf(unit.Version.Details).Digest)).ToList());
        return workbook.ToBytes();
    }

    /// <summary>
    /// The rows that somebody touched, as the JSON endpoint would get them. The others ask for nothing: whether they could be written again
    /// does not matter.
    /// </summary>
    /// <param name="body">The workbook.</param>
    /// <param name="taken">By code, what each row said.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    /// <param name="isKnown">Whether a unit of that code is known.</param>
    public ReadRows Read(WorkbookBody body, IReadOnlyDictionary<string, SealedRow> taken, ICollection<Violation> problems, Func<string, bool> isKnown)
    {
        var sheet = WorkbookTable.SheetOf(body, SheetName);
        var reading = new SheetReading(sheet, problems);
        var read = new ReadRows(sheet);
        var units = new JsonArray();
        foreach (var row in WorkbookTable.Read(sheet, Columns))
        {
            var code = WorkbookTable.CodeAt(reading, row.Cells[Code], isKnown);
            if (code is not null && !read.Present.Add(code))
            {
                reading.Refuse(row.Cells[Code], "DUPLICATE_CODE", $"mã đơn vị {code} được ghi hai lần.");
                continue;
            }

            var (name, category, level, from) = (reading.Text(row.Cells[Name]), reading.Text(row.Cells[Category]), reading.Text(row.Cells[Level]), reading.Day(row.Cells[ValidFrom]));
            var share = reading.Number(row.Cells[UnitEndpoints.FemaleShare], new NumberRule(IsPercentage: true));
            var attributes = _attributes.Skip(1).Select(attribute => KeyValuePair.Create(attribute, reading.Text(row.Cells[attribute]))).Where(attribute => attribute.Value is not null).ToList();
            var values = ValuesOf(name, category, level, share, attributes);
            if (code is not null && taken.GetValueOrDefault(code)?.Digest == values.Digest)
            {
                read.Untouched++;
                continue;
            }

            var json = new JsonObject { ["attributes"] = new JsonObject(attributes.Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)attribute.Value))) };
            if (share is not null)
            {
                json["attributes"]![UnitEndpoints.FemaleShare] = share;
            }

            foreach (var (key, value) in new[] { (Code, code), (Name, name), (Category, category), (Level, level), (ValidFrom, from?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) })
            {
                if (value is not null)
                {
                    json[key] = value;
                }
            }

            var path = read.Add($"/units/{units.Count}", new TouchedRow(row.Row, values));
            foreach (var (key, cell) in row.Cells)
            {
                read.Cells[_attributes.Contains(key) ? $"{path}/attributes/{key}" : $"{path}/{key}"] = (sheet, cell);
            }

            units.Add(json);
        }

        read.Body = StrictBody.Of(JsonSerializer.SerializeToElement(new JsonObject { ["units"] = units }));
        return read;
    }

    public static RowValues ValuesOf(UnitDetails details) =>
        ValuesOf(details.Name, details.Category, details.Level, details.FemaleShare, details.Attributes.Select(attribute => KeyValuePair.Create(attribute.Key, (string?)attribute.Value)));

    private static RowValues ValuesOf(string? name, string? category, string? level, decimal? share, IEnumerable<KeyValuePair<string, string?>> attributes) => new(
    [
        new(HeadingOf(Name), name),
        new(HeadingOf(Category), category),
        new(HeadingOf(Level), level),
        new(HeadingOf(UnitEndpoints.FemaleShare), share is { } known ? Fraction.FromDecimal(known).ToVietnamese() : null),
        .. attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal),
    ]);

    private static string HeadingOf(string key) => key switch
    {
        Name => "Tên đơn vị",
        Category => "Loại",
        Level => "Cấp",
        UnitEndpoints.FemaleShare => "Tỷ lệ nữ (%)",
        _ => key,
    };

    private void AddTerms(SheetBuilder sheet)
    {
        sheet.Width(1, 12).Width(2, 60).Width(3, 60).Text(1, 1, "Loại đơn vị", new CellStyle { Bold = true });
        var row = 1;
        foreach (var category in categories.Where(term => term.HoldsOn(today)).OrderBy(term => term.Code, StringComparer.Ordinal))
        {
            sheet.Text(++row, 1, category.Code).Text(row, 2, category.Label).Text(row, 3, category.Attributes.Count == 0 ? null : $"Thuộc tính: {string.Join(", ", category.Attributes)}");
        }

        sheet.Text(++row, 1, "Cấp", new CellStyle { Bold = true });
        foreach (var level in levels.Where(term => term.HoldsOn(today)).OrderBy(term => term.Order))
        {
            sheet.Text(++row, 1, level.Code).Text(row, 2, level.Label);
        }
    }
}
