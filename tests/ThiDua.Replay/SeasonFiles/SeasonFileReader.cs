using System.Text;
using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>Reads the shell of a season file: everything but the tables and the inputs of the cards, which belong to the scoring domain.</summary>
public static class SeasonFileReader
{
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    /// <summary>The file as one JSON value in NFC; null, with the reason among <paramref name="errors"/>, when it is no JSON object.</summary>
    public static StrictJson? Parse(byte[] content, ICollection<Violation> errors)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content).TrimStart('\ufeff');
            using var document = JsonDocument.Parse(text.Normalize(NormalizationForm.FormC), _strict);
            var root = new StrictJson(document.RootElement.Clone(), "", errors);
            return root.ExpectObject() ? root : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            errors.Add(new Violation("WRONG_TYPE", "", $"Tệp không phải là JSON (UTF-8) hợp lệ: {unreadable.Message}"));
            return null;
        }
    }

    public static SeasonFile Read(StrictJson root)
    {
        var season = Object(root.Member("season"));
        var ballots = Object(root.Member("ballots", required: false));
        var file = new SeasonFile(
            season is null ? "" : Name(season, "code"),
            season?.Choice<SeasonType>("type"),
            season?.WholeNumber("year"),
            Each(root, "units", ReadUnit),
            Each(root, "tables", table => new TableEntry(table, Name(table, "id"))),
            Each(root, "clusters", ReadCluster),
            Each(root, "published", ReadPublished, required: false),
            Each(root, "cards", ReadCard, required: false),
            Each(root, "reviews", ReadLine, required: false),
            Each(root, "appraisals", ReadLine, required: false),
            Each(root, "exclusions", ReadExclusion, required: false),
            ballots is null ? null : Count(ballots, "members", atLeast: 1),
            ballots is null ? [] : Each(ballots, "votes", ReadVote),
            Each(root, "history", ReadHistory, required: false),
            Object(root.Member("policy", required: false)));
        season?.RefuseUnknown();
        ballots?.RefuseUnknown();
        root.RefuseUnknown();
        return file;
    }

    private static UnitEntry ReadUnit(StrictJson unit)
    {
        decimal? femaleShare = null;
        if (Object(unit.Member("attributes", required: false)) is { } attributes)
        {
            femaleShare = attributes.Number("female_share", required: false);
            if (femaleShare is < 0 or > 100)
            {
                attributes.Refuse(femaleShare < 0 ? "NEGATIVE" : "WRONG_TYPE", "Tỷ lệ nữ là một tỷ lệ phần trăm, từ 0 đến 100.", "female_share");
            }

            attributes.RefuseUnknown();
        }

        var entry = new UnitEntry(unit, Name(unit, "code"), Text(unit, "name"), Name(unit, "category"), Name(unit, "level"), femaleShare);
        unit.RefuseUnknown();
        return entry;
    }

    private static ClusterEntry ReadCluster(StrictJson cluster)
    {
        var entry = new ClusterEntry(
            cluster,
            Name(cluster, "code"),
            Text(cluster, "name"),
            cluster.Choice<ClusterKind>("kind"),
            Name(cluster, "table"),
            Name(cluster, "leader"),
            Name(cluster, "deputy"),
            [.. cluster.List("members").Select(member => new MemberEntry(member, member.AsText() ?? ""))]);
        cluster.RefuseUnknown();
        return entry;
    }

    private static PublishedEntry ReadPublished(StrictJson published)
    {
        var value = published.Member("value");
        if (value is { Element.ValueKind: not (JsonValueKind.String or JsonValueKind.Number) })
        {
            value.Refuse("WRONG_TYPE", "Giá trị công bố phải là số hoặc chuỗi ký tự.");
            value = null;
        }

        var entry = new PublishedEntry(published, Name(published, "index"), Name(published, "unit"), value, Text(published, "document"));
        published.RefuseUnknown();
        return entry;
    }

    private static CardEntry ReadCard(StrictJson card) => new(card, Name(card, "unit"));

    private static LineEntry ReadLine(StrictJson line)
    {
        var entry = new LineEntry(line, Name(line, "unit"), Name(line, "criterion"), line.Number("points"), Text(line, "reason", required: false));
        line.RefuseUnknown();
        return entry;
    }

    private static ExclusionEntry ReadExclusion(StrictJson exclusion)
    {
        var entry = new ExclusionEntry(
            exclusion, Name(exclusion, "unit"), Name(exclusion, "type"), exclusion.Choice<ExclusionStatus>("status"), Text(exclusion, "document"));
        exclusion.RefuseUnknown();
        return entry;
    }

    private static VoteEntry ReadVote(StrictJson vote)
    {
        var entry = new VoteEntry(vote, vote.Choice<BallotAward>("award"), Name(vote, "cluster"), Count(vote, "yes"));
        vote.RefuseUnknown();
        return entry;
    }

    private static HistoryEntry ReadHistory(StrictJson entry)
    {
        entry.WholeNumber("year");
        Name(entry, "winner");
        if (entry.Has("leader"))
        {
            Name(entry, "leader");
        }

        entry.Ignore("leader", "members", "ranks");
        var history = new HistoryEntry(entry, Name(entry, "cluster"));
        entry.RefuseUnknown();
        return history;
    }

    private static IReadOnlyList<T> Each<T>(StrictJson parent, string name, Func<StrictJson, T> read, bool required = true) =>
        [.. parent.List(name, required).Where(item => item.ExpectObject()).Select(read)];

    private static StrictJson? Object(StrictJson? value) => value is not null && value.ExpectObject() ? value : null;

    private static string Text(StrictJson parent, string name, bool required = true) => parent.Text(name, required) ?? "";

    /// <summary>A text that names something, so it may not be empty.</summary>
    private static string Name(StrictJson parent, string name)
    {
        var text = parent.Text(name);
        if (text is { Length: 0 })
        {
            parent.Refuse("WRONG_TYPE", $"“{name}” không được để trống.", name);
        }

        return text ?? "";
    }

    private static int? Count(StrictJson parent, string name, int atLeast = 0)
    {
        var number = parent.WholeNumber(name);
        if (number < atLeast)
        {
            parent.Refuse("NEGATIVE", $"“{name}” phải từ {atLeast} trở lên.", name);
            return null;
        }

        return number;
    }
}
