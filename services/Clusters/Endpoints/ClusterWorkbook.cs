using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

namespace ThiDua.Clusters.Endpoints;

/// <summary>What a workbook of clusters carries of where it came from.</summary>
internal sealed record SealedClusters(string Season, IReadOnlyList<SealedRow> Rows);

/// <summary>Bảng tính cụm, khối of a season: one sheet of clusters, one of their members, read into the same body that the JSON endpoint takes.</summary>
internal static class ClusterWorkbook
{
    public const string Kind = "clusters";

    private const string ClustersSheet = "Cụm, khối";
    private const string MembersSheet = "Thành viên";
    private const string Code = "code";
    private const string Name = "name";
    private const string ClusterKindKey = "kind";
    private const string Leader = "leader";
    private const string Deputy = "deputy";
    private const string ClusterCode = "cluster";
    private const string UnitCode = "unit";

    private static readonly IReadOnlyList<WorkbookColumn> s_clusters =
    [
        new(Code, "Mã cụm, khối", 16), new(Name, "Tên cụm, khối", 46), new(ClusterKindKey, "Cụm hay khối", 14), new(Leader, "Mã đơn vị trưởng", 18), new(Deputy, "Mã đơn vị phó", 18),
    ];

    private static readonly IReadOnlyList<WorkbookColumn> s_members =
    [
        new(ClusterCode, "Mã cụm, khối", 16), new(UnitCode, "Mã đơn vị", 18), new("unit_name", "Tên đơn vị (để đối chiếu)", 46, IsRead: false),
    ];

    private static readonly IReadOnlyList<KeyValuePair<string, string>> s_kinds = [new("Cụm", "CUM"), new("Khối", "KHOI"), new("CUM", "CUM"), new("KHOI", "KHOI")];

    /// <param name="season">Of the clusters.</param>
    /// <param name="clusters">By code.</param>
    /// <param name="seal">Keeps what each cluster was.</param>
    /// <param name="now">When.</param>
    public static byte[] Write(Season season, IReadOnlyList<Cluster> clusters, WorkbookSeal seal, DateTimeOffset now)
    {
        var workbook = new WorkbookBuilder { Title = $"Cụm, khối thi đua kỳ {season.Code}", Creator = "Thi đua", CreatedAt = now };
        var sheet = workbook.AddSheet(ClustersSheet);
        WorkbookTable.WriteHead(sheet, $"Cụm, khối thi đua kỳ {season.Code}", $"Một dòng một cụm, khối; thành viên ghi ở trang “{MembersSheet}”. Cụm, khối bị xóa khỏi bảng vẫn giữ nguyên.", s_clusters);
        var row = WorkbookTable.FirstRow;
        foreach (var cluster in clusters)
        {
            sheet.Text(row, 1, cluster.Code, WorkbookTable.Input).Text(row, 2, cluster.Name, WorkbookTable.Input).Text(row, 3, LabelOf(cluster.Kind), WorkbookTable.Input)
                .Text(row, 4, cluster.Leader, WorkbookTable.Input).Text(row++, 5, cluster.Deputy, WorkbookTable.Input);
        }

        Spare(sheet, row, s_clusters.Count);
        sheet.DropDown(CellRange.Of(WorkbookTable.FirstRow, 3, row + WorkbookTable.SpareRows, 3), ["Cụm", "Khối"], new InputHint("Cụm hay khối", "Cụm: địa phương; khối: cơ quan, trường, doanh nghiệp."));

        var members = workbook.AddSheet(MembersSheet);
        WorkbookTable.WriteHead(members, $"Thành viên cụm, khối thi đua kỳ {season.Code}", "Một dòng một đơn vị; xóa dòng là đưa đơn vị ra khỏi cụm, khối. Tên đơn vị chỉ để đối chiếu.", s_members);
        row = WorkbookTable.FirstRow;
        foreach (var (cluster, member) in clusters.SelectMany(cluster => cluster.Members.OrderBy(member => member.Unit, StringComparer.Ordinal).Select(member => (cluster, member))))
        {
            members.Text(row, 1, cluster.Code, WorkbookTable.Input).Text(row, 2, member.Unit, WorkbookTable.Input).Text(row++, 3, member.Name, WorkbookTable.Shown);
        }

        Spare(members, row, 2);
        seal.Put(workbook, Kind, new SealedClusters(season.Code, [.. clusters.Select(cluster => new SealedRow(cluster.Code, cluster.Version, ValuesOf(cluster).Digest))]));
        return workbook.ToBytes();
    }

    /// <summary>The clusters that somebody touched, as the JSON endpoint would get them.</summary>
    /// <param name="body">The workbook.</param>
    /// <param name="taken">By code, what each cluster was.</param>
    /// <param name="problems">Takes what cannot be read.</param>
    /// <param name="isUnit">Whether a unit of that code is known.</param>
    public static ReadRows Read(WorkbookBody body, IReadOnlyDictionary<string, SealedRow> taken, ICollection<Violation> problems, Func<string, bool> isUnit)
    {
        var sheet = WorkbookTable.SheetOf(body, ClustersSheet);
        var reading = new SheetReading(sheet, problems);
        var read = new ReadRows(sheet);
        var members = MembersOf(WorkbookTable.SheetOf(body, MembersSheet), problems, isUnit, taken.ContainsKey);
        var clusters = new JsonArray();
        foreach (var row in WorkbookTable.Read(sheet, s_clusters))
        {
            var code = WorkbookTable.CodeAt(reading, row.Cells[Code], taken.ContainsKey);
            if (code is not null && !read.Present.Add(code))
            {
                reading.Refuse(row.Cells[Code], "DUPLICATE_CODE", $"mã cụm, khối {code} được ghi hai lần.");
                continue;
            }

            var (name, kind) = (reading.Text(row.Cells[Name]), reading.Choice(row.Cells[ClusterKindKey], s_kinds));
            var (leader, deputy) = (WorkbookTable.CodeAt(reading, row.Cells[Leader], isUnit), WorkbookTable.CodeAt(reading, row.Cells[Deputy], isUnit));
            var own = code is null ? [] : members[code].ToList();
            var values = ValuesOf(name, kind, leader, deputy, own.Select(member => member.Unit));
            if (code is not null && taken.GetValueOrDefault(code)?.Digest == values.Digest)
            {
                read.Untouched++;
                continue;
            }

            var json = new JsonObject { ["members"] = new JsonArray([.. own.Select(member => (JsonNode)member.Unit)]) };
            foreach (var (key, value) in new[] { (Code, code), (Name, name), (ClusterKindKey, kind), (Leader, leader), (Deputy, deputy) })
            {
                if (value is not null)
                {
                    json[key] = value;
                }
            }

            var path = read.Add(FormattableString.Invariant($"/clusters/{clusters.Count}"), new TouchedRow(row.Row, values));
            foreach (var (key, cell) in row.Cells)
            {
                read.Cells[$"{path}/{key}"] = (sheet, cell);
            }

            for (var index = 0; index < own.Count; index++)
            {
                read.Cells[FormattableString.Invariant($"{path}/members/{index}")] = (own[index].Sheet, own[index].Cell);
            }

            clusters.Add(json);
        }

        foreach (var stray in members.Where(group => !read.Present.Contains(group.Key)).SelectMany(group => group))
        {
            problems.Add(new Violation("UNKNOWN_CLUSTER", stray.Sheet.NameOf(stray.ClusterCell), $"Ô {stray.ClusterCell}: trang “{ClustersSheet}” không có cụm, khối {stray.Cluster}."));
        }

        read.Body = StrictBody.Of(JsonSerializer.SerializeToElement(new JsonObject { ["clusters"] = clusters }));
        return read;
    }

    public static RowValues ValuesOf(Cluster cluster) =>
        ValuesOf(cluster.Name, UpperSnake.Of(cluster.Kind), cluster.Leader, cluster.Deputy, cluster.Members.Select(member => member.Unit));

    private static RowValues ValuesOf(string? name, string? kind, string? leader, string? deputy, IEnumerable<string> members) => new(
    [
        new("Tên cụm, khối", name), new("Cụm hay khối", kind), new("Đơn vị trưởng", leader), new("Đơn vị phó", deputy),
        new("Thành viên", string.Join(", ", members.Order(StringComparer.Ordinal))),
    ]);

    /// <summary>Members by cluster, each with its cells.</summary>
    private static ILookup<string, MemberCell> MembersOf(Sheet sheet, ICollection<Violation> problems, Func<string, bool> isUnit, Func<string, bool> isCluster)
    {
        var reading = new SheetReading(sheet, problems);
        var found = new List<MemberCell>();
        foreach (var row in WorkbookTable.Read(sheet, s_members))
        {
            var (cluster, unit) = (WorkbookTable.CodeAt(reading, row.Cells[ClusterCode], isCluster), WorkbookTable.CodeAt(reading, row.Cells[UnitCode], isUnit));
            if (cluster is not null && unit is not null)
            {
                found.Add(new MemberCell(cluster, unit, sheet, row.Cells[ClusterCode], row.Cells[UnitCode]));
                continue;
            }

            foreach (var cell in new[] { row.Cells[ClusterCode], row.Cells[UnitCode] }.Where(cell => sheet.At(cell).IsBlank))
            {
                reading.Refuse(cell, "MISSING_PROPERTY", "không được để trống.");
            }
        }

        return found.ToLookup(member => member.Cluster, StringComparer.Ordinal);
    }

    private static string LabelOf(ClusterKind kind) => kind == ClusterKind.Cum ? "Cụm" : "Khối";

    private static void Spare(SheetBuilder sheet, int first, int columns)
    {
        for (var row = first; row < first + WorkbookTable.SpareRows; row++)
        {
            for (var column = 1; column <= columns; column++)
            {
                sheet.Blank(row, column, WorkbookTable.Input);
            }
        }
    }

    private sealed record MemberCell(string Cluster, string Unit, Sheet Sheet, CellAddress ClusterCell, CellAddress Cell);
}
