using System.Globalization;
using System.Text.Json;
using ThiDua.Contracts.Awards;
using ThiDua.Contracts.Clusters;
using ThiDua.Contracts.Scoring;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Scoring;

namespace ThiDua.Tests.Documents.Papers;

/// <summary>
/// The facts that the services would tell of a sample season: its file and its independently computed result, and, where a season file says
/// nothing (activities, covenants, the papers of a vote), something that is different in every cluster.
/// </summary>
internal static class SampleFacts
{
    public const string Hcmc = "04-hcmc-2025-communes";
    public const string Mixed = "05-mixed-province";
    public const string Seed = "01-seed-cluster";

    private static readonly Dictionary<string, SeasonFacts> s_read = [];
    private static readonly Lock s_lock = new();

    public static SeasonFacts Of(string sample)
    {
        lock (s_lock)
        {
            return s_read.TryGetValue(sample, out var facts) ? facts : s_read[sample] = new Reader(sample).Read();
        }
    }

    public static PaperIssue Draft(string agency = "Sở Nội vụ", string letters = "SNV") => new(
        "Ủy ban nhân dân tỉnh", agency, letters, "Đồng Nai", null, null, new DateOnly(2026, 1, 20), ["KT. GIÁM ĐỐC"], "PHÓ GIÁM ĐỐC", "Nguyễn Thị Ánh Nguyệt",
        ["Hội đồng Thi đua - Khen thưởng tỉnh", "Các đơn vị thành viên"], "Trần Văn Hưởng");

    public static PaperIssue Issued(int number = 7) => Draft() with { Number = number, Date = new DateOnly(2026, 1, 26) };

    private sealed class Reader(string sample)
    {
        private readonly JsonElement _file = Samples.Read($"season/{sample}.json");
        private readonly JsonElement _result = Samples.Read($"season/{sample}.expected.json");
        private readonly Dictionary<(string Award, string Cluster), int> _votes = [];
        private int _members;

        private string Season => Text(_file.GetProperty("season"), "code");

        private int Year => _file.GetProperty("season").GetProperty("year").GetInt32();

        private DateTimeOffset At => new(Year + 1, 1, 12, 9, 30, 0, TimeSpan.FromHours(7));

        public SeasonFacts Read()
        {
            if (_file.TryGetProperty("ballots", out var ballots))
            {
                _members = ballots.GetProperty("members").GetInt32();
                foreach (var vote in ballots.GetProperty("votes").EnumerateArray())
                {
                    _votes[(Text(vote, "award"), Text(vote, "cluster"))] = vote.GetProperty("yes").GetInt32();
                }
            }

            var flag = _result.GetProperty("government_flag");
            return new SeasonFacts(
                new SeasonPhaseChanged { Season = Season, Type = Text(_file.GetProperty("season"), "type"), Year = Year, Phase = "COUNCIL", Version = 7, At = At },
                [.. _result.GetProperty("clusters").EnumerateArray().Select(Cluster)],
                new GovernmentFlagProposed
                {
                    Season = Season, Base = flag.GetProperty("base").GetInt32(), Quota = flag.GetProperty("quota").GetInt32(), Percent = 20, Of = "AWARDED",
                    Proposed = Proposed(flag, "proposed"), Unresolved = Proposed(flag, "unresolved"), Version = 1, At = At,
                },
                new AwardPolicySet { ValidFrom = new DateOnly(2000, 1, 1), Basis = ThiDua.Awards.Domain.AwardPolicy.Default.Basis, Version = 1, At = At },
                Items(_file, "units").ToDictionary(unit => Text(unit, "code"), unit => new UnitRegistered
                {
                    Code = Text(unit, "code"), Name = Text(unit, "name"), Category = Text(unit, "category"), Level = Text(unit, "level"), ValidFrom = new DateOnly(2000, 1, 1), Version = 1,
                }),
                InitialRegister.Read<LegalInstrumentRegistered>().ToCitable());
        }

        private ClusterFacts Cluster(JsonElement expected, int index)
        {
            var code = Text(expected, "code");
            var cluster = Items(_file, "clusters").Single(entry => Text(entry, "code") == code);
            var table = Items(_file, "tables").Single(entry => Text(entry, "id") == Text(cluster, "table"));
            var units = Items(_file, "units").ToDictionary(unit => Text(unit, "code"));
            var id = Guid.CreateVersion7();
            var formed = new ClusterFormed
            {
                ClusterId = id, Season = Season, Code = code, Name = Text(cluster, "name"), Kind = Text(cluster, "kind"), Leader = Text(cluster, "leader"), Deputy = Text(cluster, "deputy"), Version = 1,
                Members =
                [
                    .. cluster.GetProperty("members").EnumerateArray().Select(member => units[member.GetString()!])
                        .Select(unit => new ClusterMember { Unit = Text(unit, "code"), Name = Text(unit, "name"), Category = Text(unit, "category"), Level = Text(unit, "level") }),
                ],
            };
            var rows = expected.GetProperty("ranking").EnumerateArray().ToList();
            var names = formed.Members.ToDictionary(member => member.Unit, member => member.Name);
            var scored = rows.ConvertAll(row => Scored(row, formed, names[Text(row, "unit")]));
            var positions = Items(_result, "nominations").Where(entry => Text(entry, "cluster") == code).Select(entry => Position(entry, names)).ToList();
            var result = new ClusterResultDecided
            {
                ClusterId = id, Season = Season, Year = Year, Code = code, Name = formed.Name, Size = expected.GetProperty("size").GetInt32(), Leader = formed.Leader, Deputy = formed.Deputy,
                CriteriaTable = Text(table, "id"), CriteriaTableVersion = 1, Max = table.GetProperty("total_max").GetDecimal(), Version = 1, DecidedAt = At,
                Ranking =
                [
                    .. rows.Zip(scored).Select(pair => new UnitResult
                    {
                        Unit = pair.Second.Unit, Name = pair.Second.Name, Rank = pair.Second.Rank, Total = pair.Second.FinalTotal, SelfTotal = pair.Second.SelfTotal, ReviewTotal = pair.Second.ReviewTotal,
                        Bonus = pair.Second.Bonus!.Final!.Value, Deductions = pair.Second.Deductions!.Final!.Value,
                        Groups = [.. pair.First.GetProperty("groups").EnumerateObject().Select(group => new GroupPoints { Code = group.Name, Tag = "POLITICAL_TASK", Points = Number(group.Value)!.Value })],
                    }),
                ],
            };
            var scores = new ClusterScoresDecided
            {
                ClusterId = id, Season = Season, Code = code, TableTitle = Text(table, "title"), TableBasis = table.TryGetProperty("basis", out var basis) ? basis.GetString()! : "",
                Document = $"Quyết định số {30 + index}/QĐ-SNV ngày 12/01/{Year + 1}", Version = 1, DecidedAt = At, Units = scored,
                Groups =
                [
                    .. table.GetProperty("groups").EnumerateArray().Select(group => new ScoredGroup
                    {
                        Code = Text(group, "code"), Title = Text(group, "title"), Max = group.GetProperty("max").GetDecimal(),
                        Criteria = [.. group.GetProperty("criteria").EnumerateArray().Select(criterion => new ScoredCriterion { Code = Text(criterion, "code"), Title = Text(criterion, "title"), Max = criterion.GetProperty("max").GetDecimal() })],
                    }),
                ],
            };
            var nominations = new NominationsDrawnUp { ClusterId = id, Season = Season, Code = code, ResultVersion = 1, Positions = positions, Version = 1, At = At };
            var votes = positions.Take(1).SelectMany(position => new[] { "PROVINCIAL_FLAG", "GOVERNMENT_FLAG" }.Where(award => _votes.ContainsKey((award, code))).Select(award => Ballot(position, award, id, code))).ToList();
            return new ClusterFacts(
                formed, result, scores, nominations, votes, [.. votes.Where(_ => index % 2 == 1).Select(ballot => Count(ballot, index))], [],
                SampleActivities.Of(formed, Year, index, At), SampleActivities.Official(formed, index, At), index % 3 == 2 ? null : SampleActivities.Covenant(formed, At));
        }

        private ScoredUnit Scored(JsonElement row, ClusterFormed cluster, string name)
        {
            var unit = Text(row, "unit");
            var reviewer = unit == cluster.Leader ? "DEPUTY" : "LEADER";
            var (reviews, appraisals) = (Changes("reviews", unit, reviewer), Changes("appraisals", unit, "STANDING_AGENCY"));
            var lines = row.GetProperty("lines").EnumerateObject().Select(line => new LinePoints
            {
                Criterion = line.Name, Self = Number(line.Value.GetProperty("self")), Review = Number(line.Value.GetProperty("review")), Final = Number(line.Value.GetProperty("final")),
                Changes = [.. reviews[line.Name], .. appraisals[line.Name]],
            }).ToList();
            var (bonus, deductions) = (Number(row.GetProperty("bonus")), Number(row.GetProperty("deductions")));
            LinePoints Extra(string code, decimal? points) => new() { Criterion = code, Self = points, Review = points, Final = points, Changes = [] };
            return new ScoredUnit
            {
                Unit = unit, Name = name, Rank = row.GetProperty("rank").ValueKind == JsonValueKind.Null ? null : row.GetProperty("rank").GetInt32(), Lines = lines,
                SelfTotal = lines.Sum(line => line.Self) + bonus - deductions, ReviewTotal = lines.Sum(line => line.Review) + bonus - deductions, FinalTotal = Number(row.GetProperty("total")),
                Bonus = Extra("BONUS", bonus), Deductions = Extra("DEDUCTIONS", deductions),
            };
        }

        private ILookup<string, LineChange> Changes(string list, string unit, string by) => Items(_file, list).Where(change => Text(change, "unit") == unit).ToLookup(
            change => Text(change, "criterion"),
            change => new LineChange { By = by, Value = change.GetProperty("points").GetDecimal(), Reason = $"{Text(change, "reason")}, phiếu {unit}" });

        /// <summary>As it was drawn up; how a vote ended is told by the vote.</summary>
        private static NominatedPosition Position(JsonElement entry, Dictionary<string, string> names)
        {
            var (status, unit) = (Text(entry, "status"), entry.GetProperty("unit").GetString());
            status = status is "PASSED" or "FAILED" ? "CANDIDATE" : status;
            var reason = status switch
            {
                "CANDIDATE" => $"{names[unit!]} ({unit}) được xem xét đề nghị.",
                "HOLD" => $"Chưa đề nghị {names[unit!]} ({unit}): đang chờ kết luận theo Công văn số 12/TTr.",
                "VACANT" => "Vị trí để trống theo Kết luận số 9/KL-TTr.",
                _ => $"Bằng nhau sau mọi tiêu chí phụ: {string.Join(", ", entry.GetProperty("tied").EnumerateArray().Select(tied => names[tied.GetString()!]))}.",
            };
            return new NominatedPosition { NominationId = Guid.CreateVersion7(), Award = Text(entry, "award"), Position = entry.GetProperty("position").GetInt32(), Unit = unit, Status = status, Reason = reason };
        }

        private AwardDecided Ballot(NominatedPosition position, string award, Guid cluster, string code)
        {
            var needed = Fraction.Percent(80).CeilingOf(_members);
            var yes = _votes[(award, code)];
            return new AwardDecided
            {
                NominationId = position.NominationId, Season = Season, ClusterId = cluster, Award = award, Unit = position.Unit!, Passed = yes >= needed, Yes = yes, Members = _members, Needed = needed, Version = 1, At = At,
            };
        }

        private BallotCounted Count(AwardDecided ballot, int index) => new()
        {
            NominationId = ballot.NominationId, Season = Season, ClusterId = ballot.ClusterId, Award = ballot.Award, Unit = ballot.Unit,
            SessionId = new Guid(index % 4, 0, 0, new byte[8]), SessionDate = new DateOnly(Year + 1, 1, 14 + (index % 4)), SessionDocument = $"Giấy mời số {50 + (index % 4)}/GM-HĐ",
            Council = "HD-TINH", CouncilName = "Hội đồng Thi đua - Khen thưởng tỉnh", Position = index, Round = 1, Members = ballot.Members, Recused = 0, HandedOut = ballot.Members,
            Yes = ballot.Yes, No = ballot.Members - ballot.Yes, Blank = 0, Needed = ballot.Needed, Passed = ballot.Passed, Minutes = $"{60 + index}/BB-HĐ", Version = 1, At = At,
            Attendance =
            [
                .. Enumerable.Range(1, ballot.Members).Select(member => new CouncilAttendance
                {
                    Name = $"Lê Thị Ủy Viên {member}", Office = "Phó Giám đốc Sở", Role = member == 1 ? "CHAIR" : member == 2 ? "SECRETARY" : "MEMBER", Kind = member % 6 == 0 ? "WRITTEN_OPINION" : "PRESENT",
                }),
            ],
        };

        private static IReadOnlyList<ProposedForGovernmentFlag> Proposed(JsonElement flag, string list) =>
            [.. Items(flag, list).Select(unit => new ProposedForGovernmentFlag { Cluster = Text(unit, "cluster"), Unit = Text(unit, "unit"), Yes = unit.GetProperty("yes").GetInt32() })];

        private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) => json.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

        private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

        private static decimal? Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : decimal.Parse(json.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);
    }
}
