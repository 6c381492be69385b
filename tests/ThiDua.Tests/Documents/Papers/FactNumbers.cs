using System.Text.Json;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>All numbers that a paper may print: those of the facts and of the texts in them, those of who issues it, and what is counted of it.</summary>
internal static class FactNumbers
{
    public static HashSet<decimal> Of(SeasonFacts season, PaperIssue issue)
    {
        var numbers = new HashSet<decimal>();
        Add(JsonSerializer.SerializeToElement(season.Season));
        Add(JsonSerializer.SerializeToElement(season.Policy));
        Add(JsonSerializer.SerializeToElement(season.GovernmentFlag));
        Add(JsonSerializer.SerializeToElement(season.Clusters));
        Add(JsonSerializer.SerializeToElement(issue));
        return numbers;

        void Add(JsonElement json)
        {
            switch (json.ValueKind)
            {
                case JsonValueKind.Number:
                    numbers.Add(json.GetDecimal());
                    break;
                case JsonValueKind.String when !Guid.TryParse(json.GetString(), out _):
                    numbers.UnionWith(PrintedPaperText.NumbersIn(json.GetString()!));
                    break;
                case JsonValueKind.Array:
                    foreach (var item in json.EnumerateArray())
                    {
                        Add(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (var property in json.EnumerateObject())
                    {
                        Add(property.Value);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Rows that are numbered or counted, and shares of the two counts beside them.</summary>
    public static IEnumerable<decimal> Derived(PaperContent content)
    {
        var most = content.Lists.Values.Select(list => list.Count).DefaultIfEmpty().Max();
        var shares = content.Lists.GetValueOrDefault("ket_qua")?.Where(row => row.ContainsKey("ty_le")).Select(row => Share(row["dong_y"], row["thanh_vien"])) ?? [];
        return Enumerable.Range(0, most + 1).Select(count => (decimal)count).Concat(shares)
            .Concat(content.Fields.TryGetValue("ty_le", out _) ? [Share(content.Fields["so_de_nghi"], content.Fields["co_so"])] : [])
            .Concat(content.Fields.TryGetValue("so_thanh_vien", out var members) && content.Kind is PaperKind.ProvincialFlagSubmission or PaperKind.CertificateSubmission ? [PrintedPaperText.Parse(members!)] : []);
    }

    private static decimal Share(string part, string whole) =>
        PrintedPaperText.Parse(whole) is var divisor && divisor == 0 ? 0 : Math.Round(100 * PrintedPaperText.Parse(part) / divisor, 2, MidpointRounding.AwayFromZero);
}
