using System.Text.Json;
using System.Text.Json.Nodes;
using ThiDua.Scoring.Domain;

namespace ThiDua.Tests.Scoring;

/// <summary>Criteria tables of every kind and size, whose inputs are valid one by one: what is entered in one cell asks nothing of another.</summary>
internal static class RandomTable
{
    private static readonly string[] s_words = ["Thực hiện", "chỉ tiêu", "kế hoạch", "phát triển", "kinh tế", "Đảng & đoàn thể", "“số hóa”", "< 50 %", "nông thôn mới", "đ", "ừ"];
    private static readonly string[] s_units = ["triệu đồng", "%", "nhiệm vụ", "m²", "hồ sơ"];
    private static readonly string[] s_kinds = ["LEVEL", "PERCENT_BAND", "ABSOLUTE", "RATIO", "COUNT", "CHECKLIST", "TIMELINESS", "DEDUCT_FROM_MAX", "RELATIVE_TO_LEADER", "MANUAL", "RANK_IN_CLUSTER"];

    public static CriteriaTable Of(Random random)
    {
        var groups = new JsonArray();
        var total = 0;
        for (var group = random.Next(1, 4); group > 0; group--)
        {
            var criteria = new JsonArray([.. Enumerable.Range(1, random.Next(2, 7)).Select(n => Criterion(random, $"{new string('I', groups.Count + 1)}.{n}"))]);
            total += 10 * criteria.Count;
            groups.Add(new JsonObject { ["code"] = new string('I', groups.Count + 1), ["title"] = Words(random), ["tag"] = "POLITICAL_TASK", ["max"] = 10 * criteria.Count, ["criteria"] = criteria });
        }

        var table = new JsonObject
        {
            ["id"] = "R", ["title"] = Words(random), ["total_max"] = total, ["groups"] = groups,
            ["bonus"] = new JsonObject { ["cap"] = 5, ["items"] = Items(random, key => new JsonObject { ["key"] = key, ["label"] = Words(random), ["points"] = 1, ["max_count"] = 5 }) },
            ["deductions"] = new JsonObject { ["items"] = Items(random, key => new JsonObject { ["key"] = key, ["label"] = Words(random), ["minus"] = 1, ["max_count"] = 5 }) },
        };
        using var json = JsonDocument.Parse(table.ToJsonString());
        return Samples.Table(json.RootElement);
    }

    private static JsonObject Criterion(Random random, string code)
    {
        var kind = s_kinds[random.Next(s_kinds.Length)];
        var criterion = new JsonObject { ["code"] = code, ["title"] = Words(random), ["max"] = 10, ["kind"] = kind == "ABSOLUTE" ? "PERCENT_BAND" : kind };
        if (random.Next(3) == 0)
        {
            criterion["evidence"] = Words(random);
        }

        if (random.Next(2) == 0)
        {
            criterion["unit_of_measure"] = s_units[random.Next(s_units.Length)];
        }

        switch (kind)
        {
            case "LEVEL":
                criterion["levels"] = Items(random, key => new JsonObject { ["key"] = key, ["label"] = Words(random), ["points"] = 5 });
                break;
            case "PERCENT_BAND" or "ABSOLUTE":
                criterion["baseline"] = kind == "ABSOLUTE" ? kind : random.Next(2) == 0 ? "PLAN" : "SAME_PERIOD";
                criterion["bands"] = new JsonArray(new JsonObject { ["gte"] = 50, ["points"] = 10 }, new JsonObject { ["lt"] = 50, ["points"] = 2 });
                break;
            case "RATIO":
                criterion["i"] = 10;
                break;
            case "COUNT":
                (criterion["per_item"], criterion["cap"]) = (0.5m, 10);
                break;
            case "CHECKLIST":
                criterion["items"] = Items(random, key => new JsonObject { ["key"] = key, ["label"] = Words(random), ["points"] = 1 });
                break;
            case "TIMELINESS":
                criterion["obligations"] = new JsonArray([.. Keys(random).Select(key => JsonValue.Create(key))]);
                criterion["scale"] = new JsonArray(new JsonObject { ["late_wd_lte"] = 0, ["points"] = 1 }, new JsonObject { ["points"] = 0 });
                break;
            case "DEDUCT_FROM_MAX":
                criterion["floor"] = 0;
                criterion["per_unit"] = Items(random, key => new JsonObject { ["key"] = key, ["label"] = Words(random), ["minus"] = 1 });
                break;
            case "RELATIVE_TO_LEADER":
                criterion["order"] = "DESC";
                break;
            case "RANK_IN_CLUSTER":
                (criterion["index"], criterion["order"], criterion["points_by_rank"]) = ("PAR", "DESC", new JsonArray(10, 5));
                break;
        }

        return criterion;
    }

    private static JsonArray Items(Random random, Func<string, JsonObject> item) => new([.. Keys(random).Select(item)]);

    private static IEnumerable<string> Keys(Random random) => Enumerable.Range(1, random.Next(1, 5)).Select(n => n == 3 ? $"A/B~{n}" : $"K{n}");

    private static string Words(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_words[random.Next(s_words.Length)]));
}
