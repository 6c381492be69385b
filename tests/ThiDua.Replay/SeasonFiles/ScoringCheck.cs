using System.Globalization;
using System.Text.Json;
using ThiDua.Scoring.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Replay.SeasonFiles;

/// <summary>What the scoring domain refuses: tables that break a rule, cards that cannot be scored, results not published, points out of range.</summary>
internal sealed class ScoringCheck(SeasonFile file, StrictJson root, List<Violation> errors)
{
    private readonly Names _units = Names.Of(root, "units", file.Units.Select(unit => unit.Code));
    private readonly Dictionary<string, JudgedTable> _tables = new(StringComparer.Ordinal);

    public void Run()
    {
        foreach (var entry in file.Tables)
        {
            ClusterSize[] users =
            [
                .. file.Clusters.Where(cluster => cluster.Table == entry.Id)
                    .Select(cluster => new ClusterSize(cluster.Code, cluster.Members.Select(member => member.Unit).Distinct(StringComparer.Ordinal).Count())),
            ];
            _tables.TryAdd(entry.Id, JudgedTable.Judge(entry, users, errors));
        }

        var tableOf = new Dictionary<string, JudgedTable>(StringComparer.Ordinal);
        foreach (var cluster in file.Clusters.Where(cluster => _tables.ContainsKey(cluster.Table)))
        {
            foreach (var member in cluster.Members)
            {
                tableOf.TryAdd(member.Unit, _tables[cluster.Table]);
            }
        }

        CheckPublished();
        foreach (var card in file.Cards)
        {
            CheckCard(card, tableOf.GetValueOrDefault(card.Unit));
        }

        CheckLines(file.Reviews, tableOf);
        CheckLines(file.Appraisals, tableOf);
    }

    private void CheckPublished()
    {
        var given = new Dictionary<(string Index, string Unit), PublishedEntry>();
        foreach (var entry in file.Published)
        {
            _units.Require(entry.Unit, entry.At, "unit", "UNKNOWN_UNIT", "đơn vị");
            if (entry.Value is not null && !given.TryAdd((entry.Index, entry.Unit), entry) && Value(given[(entry.Index, entry.Unit)]) != Value(entry))
            {
                entry.At.Refuse("DUPLICATE_CODE", $"Đơn vị “{entry.Unit}” đã có kết quả {entry.Index} khác ở trên.", "value");
            }
        }

        var unreadable = file.Published.Where(entry => entry.Value is null || entry.Index.Length == 0 || entry.Unit.Length == 0).ToList();
        if (root.Element.TryGetProperty("published", out var list) && list.ValueKind != JsonValueKind.Array)
        {
            return; // what it would have held is not known
        }

        var values = new PublishedValues(given.Values.Select(entry => new PublishedValue(entry.Index, entry.Unit, Value(entry), entry.Document, Version: 1)));
        foreach (var cluster in file.Clusters)
        {
            if (_tables.GetValueOrDefault(cluster.Table) is not { Table: { } table } judged)
            {
                continue;
            }

            foreach (var member in cluster.Members.Where(member => _units.Knows(member.Unit)))
            {
                foreach (var problem in values.Check(table, [member.Unit]).Where(problem => !judged.IsUnreadable(problem.Criterion)))
                {
                    if (given.TryGetValue((problem.Index, problem.Unit), out var entry))
                    {
                        entry.At.Refuse(problem.Code, problem.Message, "value");
                    }
                    else if (!unreadable.Exists(entry => Matches(entry.Index, problem.Index) && Matches(entry.Unit, problem.Unit)))
                    {
                        member.At.Refuse(problem.Code, problem.Message);
                    }
                }
            }
        }
    }

    private void CheckCard(CardEntry card, JudgedTable? judged)
    {
        _units.Require(card.Unit, card.At, "unit", "UNKNOWN_UNIT", "đơn vị");
        var inputs = card.At.Member("inputs");
        if (judged?.Table is not { } table)
        {
            card.At.Ignore("bonus", "deductions", "notes");
            card.At.RefuseUnknown();
            return;
        }

        var before = errors.Count;
        var read = ScoreCardReader.Read(card.At, table);
        card.At.RefuseUnknown();
        for (var index = errors.Count - 1; index >= before; index--)
        {
            if (judged.Explains(errors[index], inputs))
            {
                errors.RemoveAt(index);
            }
        }

        if (inputs is not { IsObject: true })
        {
            return;
        }

        foreach (var criterion in read.MissingInputs(table).Where(criterion => !inputs.Element.TryGetProperty(criterion.Code, out _) && !judged.IsUnreadable(criterion.Code)))
        {
            inputs.Refuse("MISSING_INPUT", $"Đơn vị “{card.Unit}” chưa nhập tiêu chí {criterion.Code}.", criterion.Code);
        }
    }

    private void CheckLines(IReadOnlyList<LineEntry> lines, Dictionary<string, JudgedTable> tableOf)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var line in lines)
        {
            var before = errors.Count;
            _units.Require(line.Unit, line.At, "unit", "UNKNOWN_UNIT", "đơn vị");
            if (line.Reason.Length == 0 && !(line.At.Has("reason") && line.At.Element.GetProperty("reason").ValueKind != JsonValueKind.String))
            {
                line.At.Refuse("MISSING_REASON", "Điều chỉnh điểm phải nêu lý do.", "reason");
            }

            if (line.Unit.Length > 0 && line.Criterion.Length > 0 && !seen.Add((line.Unit, line.Criterion)))
            {
                line.At.Refuse("DUPLICATE_CODE", $"Tiêu chí {line.Criterion} của đơn vị “{line.Unit}” đã được điều chỉnh ở trên.", "criterion");
            }

            if (tableOf.GetValueOrDefault(line.Unit) is { Table: { } table } judged && line.Criterion.Length > 0 && !judged.IsUnreadable(line.Criterion))
            {
                CheckPoints(line, table, faultless: errors.Count == before);
            }
        }
    }

    private static void CheckPoints(LineEntry line, CriteriaTable table, bool faultless)
    {
        if (table.Find(line.Criterion) is not { } criterion)
        {
            line.At.Refuse("UNKNOWN_CRITERION", $"Bảng {table.Id} không có tiêu chí “{line.Criterion}”.", "criterion");
        }
        else if (line.Points < 0 || line.Points > criterion.Max)
        {
            line.At.Refuse(
                "POINTS_OUT_OF_RANGE", string.Create(CultureInfo.InvariantCulture, $"Tiêu chí {criterion.Code} chỉ nhận từ 0 đến {criterion.Max} điểm."), "points");
        }
        else if (!criterion.IsTyped && faultless)
        {
            line.At.Refuse("PUBLISHED_VALUE_TYPED", $"Tiêu chí {criterion.Code} chỉ lấy kết quả được công bố hoặc số liệu chính thức; đính chính là công bố lại.", "criterion");
        }
    }

    private static bool Matches(string written, string wanted) => written.Length == 0 || written == wanted;

    private static string Value(PublishedEntry entry) =>
        entry.Value!.Element.ValueKind == JsonValueKind.String ? VietnameseText.Normalize(entry.Value.Element.GetString()!) : entry.Value.Element.GetRawText();
}
