using System.ComponentModel;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ThiDua.Scoring.Endpoints;

/// <summary>Số liệu of one criterion: which members, its kind says. Read by <see cref="Domain.ScoreCardReader"/>.</summary>
public sealed record InputBody(
    [property: Description("LEVEL: mức.")] string? Level = null,
    [property: Description("PERCENT_BAND, RELATIVE_TO_LEADER: kết quả thực hiện.")] decimal? Actual = null,
    [property: Description("PERCENT_BAND: kế hoạch hoặc cùng kỳ; với ABSOLUTE có thể bỏ.")] decimal? Base = null,
    [property: Description("RELATIVE_TO_LEADER: chỉ tiêu.")] decimal? Target = null,
    [property: Description("RATIO: số đạt.")] decimal? N = null,
    [property: Description("RATIO khi N = 0: FULL hoặc ZERO.")] string? Decision = null,
    [property: Description("COUNT: số lượng.")] decimal? Count = null,
    [property: Description("CHECKLIST: các việc đã làm.")] IReadOnlyList<string>? Done = null,
    [property: Description("TIMELINESS: số ngày làm việc chậm của từng nghĩa vụ; null là không có.")] IReadOnlyDictionary<string, int?>? Late = null,
    [property: Description("DEDUCT_FROM_MAX: số lần của từng lỗi.")] IReadOnlyDictionary<string, decimal>? Counts = null,
    [property: Description("MANUAL: điểm.")] decimal? Points = null)
{
    /// <summary>Beside <c>n</c> the format has an <c>N</c>, which a type of ours cannot have: it would be the same member.</summary>
    public static void DescribeRatio(OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        if (context.JsonTypeInfo.Type == typeof(InputBody))
        {
            schema.Properties!["N"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "decimal", Description = "RATIO: tổng số." };
        }

        return Task.CompletedTask;
    });
}
