using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Data;

/// <summary>The retention periods that the product comes with. They were read in a list of the circular's periods, not in the circular itself, and say so.</summary>
internal static class RetentionRegister
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static async Task SeedAsync(IServiceProvider services, DocumentsDbContext db, CancellationToken ct)
    {
        await using var file = typeof(RetentionRegister).Assembly.GetManifestResourceStream(typeof(RetentionRegister), "retention-periods.json")
            ?? throw new InvalidOperationException("retention-periods.json is not in the assembly.");
        var known = await db.RetentionPeriods.Select(period => period.Code).ToListAsync(ct);
        foreach (var row in JsonSerializer.Deserialize<List<Row>>(file, s_json)!.Where(row => !known.Contains(row.Code)))
        {
            db.Add(new RetentionPeriod { Code = row.Code, Title = row.Title, Years = row.Years, Basis = row.Basis, Doubt = row.Doubt, ValidFrom = row.ValidFrom });
        }
    }

    private sealed record Row(string Code, string Title, int? Years, string Basis, string? Doubt, DateOnly ValidFrom);
}
