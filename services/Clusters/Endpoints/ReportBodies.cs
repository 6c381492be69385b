using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Reads and shows reports.</summary>
internal static class ReportBodies
{
    private const int SummaryLength = 20_000;
    private const int MaximumItems = 100;

    /// <summary>Nội dung báo cáo; null when something of it is wrong.</summary>
    public static ReportContent? ContentOf(StrictJson root)
    {
        var summary = root.Text("summary", SummaryLength);
        var figures = Items(root, "figures", figure => (figure.Name("name"), figure.Number("value")) is ({ } name, { } value) ? new ReportFigure(name, value) : null);
        var documents = Items(root, "documents", document => (document.Name("number"), document.Date("date"), document.Name("issuer")) is ({ } number, { } date, { } issuer) ? new ReportDocument(number, date, issuer) : null);
        return summary is null || figures is null || documents is null ? null : new ReportContent(summary, figures, documents);
    }

    private static List<T>? Items<T>(StrictJson root, string name, Func<StrictJson, T?> read)
        where T : class
    {
        var items = root.List(name, required: false);
        if (items.Count > MaximumItems)
        {
            root.Refuse("TOO_MANY", $"Tối đa {MaximumItems} mục.", name);
            return null;
        }

        var found = new List<T>(items.Count);
        foreach (var item in items.Where(item => item.ExpectObject()))
        {
            if (read(item) is { } one)
            {
                found.Add(one);
            }

            item.RefuseUnknown();
        }

        return found;
    }
}
