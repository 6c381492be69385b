using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Data;

/// <summary>The retention periods that the product comes with. They were read in a list of the circular's periods, not in the circular itself, and say so.</summary>
internal static class RetentionRegister
{
    private const string Basis = "Thông tư số 10/2022/TT-BNV";
    private const string Doubt = "Thời hạn đọc từ bảng tóm tắt của Thông tư, chưa đối chiếu nguyên văn; ngày hiệu lực chưa kiểm chứng.";
    private static readonly DateOnly s_from = new(2023, 2, 1);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static async Task SeedAsync(IServiceProvider services, DocumentsDbContext db, CancellationToken ct)
    {
        await using var file = typeof(RetentionRegister).Assembly.GetManifestResourceStream(typeof(RetentionRegister), "retention-periods.json")
            ?? throw new InvalidOperationException("retention-periods.json is not in the assembly.");
        var known = await db.RetentionPeriods.Select(period => period.Code).ToListAsync(ct);
        foreach (var row in JsonSerializer.Deserialize<List<Row>>(file, s_json)!.Where(row => !known.Contains(row.Code)))
        {
            db.Add(new RetentionPeriod { Code = row.Code, Title = row.Title, Years = row.Years, Basis = Basis, Doubt = Doubt, ValidFrom = s_from });
        }
    }

    private sealed record Row(string Code, string Title, int? Years);
}
