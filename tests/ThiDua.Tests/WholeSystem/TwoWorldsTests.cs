using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Documents;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>
/// Non-interference: the world before and after something happened beyond what a caller may see gives that caller the same answers, to
/// the byte, to everything that can be asked. Whoever may see it is asked too, so that nothing passes for want of a difference. What is
/// for everybody stays as it is: units, clusters, phases, and that a cluster's result is decided.
/// </summary>
[Collection(WholeSystemTests.Name)]
public sealed class TwoWorldsTests(MatrixScene scene, ITestOutputHelper output) : IClassFixture<MatrixScene>
{
    // Reminders come by the clock: two worlds are never quite at the same one.
    private const string ByTheClock = "/api/v1/reminders";

    private static readonly bool s_everybody = Environment.GetEnvironmentVariable("THIDUA_WORLDS") == "all";

    private readonly ConcurrentBag<string> _differences = [];
    private int _compared;

    private SmallSeason Season => scene.Season;

    [Fact, Trait("run", "long")]
    public async Task What_happens_beyond_what_a_caller_may_see_changes_no_answer_to_that_caller()
    {
        using var anybody = scene.System.Anonymous();
        using var young = await SmallSeason.CreateAsync(scene.System); // registrations and covenants are made before units score themselves
        var questions = new WorldQuestions((await anybody.GetJson("/openapi/v1.json")).Expect(200).Json!.AsObject(), scene, [Season, scene.Decided, young], s_everybody);
        var (strangers, neighbours, council) = (await StrangersAsync(), await NeighboursAsync(), await CouncilAsync());
        WorldCaller[] witnesses = [new("auditor", Roles.Auditor, Season.Auditor), new("own head", Roles.UnitHead, Season.Unit[Season.Member]), new("own head, young", Roles.UnitHead, young.Unit[young.Member])];
        WorldCaller[] blind = [.. strangers, .. neighbours, .. council];

        var before = await SettledAsync(questions, blind);
        before = await CompareAsync(questions, before, blind, witnesses, () => OfTheUnitsAsync(young), "score-sheets", "documents", "registrations", "reports", "contacts", "webhooks", "obligations");
        before = await CompareAsync(questions, before, [.. strangers, .. neighbours], witnesses, OfTheAgencyAsync, "exclusions", "confirmations", "nominations", "papers", "dossiers");
        _ = await CompareAsync(questions, before, strangers, witnesses, () => OfTheClusterAsync(young), "covenants", "activities", "criteria-tables");

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{questions.Operations} operations, {blind.Length} callers, 3 changes: {_compared} pairs of answers, {_differences.Count} differences"));
        Nothing.In(_differences);
    }

    /// <summary>Units of another cluster, its leader and its deputy among them, and one of no cluster.</summary>
    private async Task<IReadOnlyList<WorldCaller>> StrangersAsync()
    {
        var (leader, deputy, member, none) = ($"{Season.Code}X", $"{Season.Code}Y", $"{Season.Code}Z", $"{Season.Code}N");
        var callers = await CallersAsync(
            (Roles.UnitHead, leader), (Roles.UnitClerk, member), (Roles.UnitHead, none),
            (Roles.UnitClerk, leader), (Roles.UnitHead, deputy), (Roles.UnitClerk, deputy), (Roles.UnitHead, member), (Roles.UnitClerk, none));
        foreach (var unit in new[] { leader, member })
        {
            using var client = await scene.System.WithAccountAsync($"worlds-{unit}", [Roles.UnitClerk, Roles.UnitHead], unit);
            (await client.PostJson("reports", new { season = Season.Code, kind = "MIDYEAR", summary = "Của khối khác" })).Expect(201);
        }

        return s_everybody ? callers : [.. callers.Take(3)];
    }

    private async Task<IReadOnlyList<WorldCaller>> NeighboursAsync()
    {
        var callers = await CallersAsync((Roles.UnitHead, Season.Units[3]), (Roles.UnitClerk, Season.Units[3]));
        return s_everybody ? callers : [.. callers.Take(1)];
    }

    private async Task<IReadOnlyList<WorldCaller>> CouncilAsync()
    {
        var callers = await CallersAsync((Roles.CouncilMember, null), (Roles.DataProvider, $"{Season.Code}X"), (Roles.CouncilChair, null), (Roles.CouncilSecretary, null));
        return s_everybody ? callers : [.. callers.Take(1)];
    }

    private async Task<IReadOnlyList<WorldCaller>> CallersAsync(params (string Role, string? Unit)[] accounts)
    {
        var callers = new List<WorldCaller>();
        foreach (var (role, unit) in accounts)
        {
            callers.Add(new WorldCaller($"{role} of {unit ?? "no unit"}", role, await scene.System.WithAccountAsync($"worlds-{role}-{unit}", [role], unit)));
        }

        return callers;
    }

    /// <summary>The answers, once nothing is on its way any more: the same world asked twice says the same.</summary>
    private static async Task<Dictionary<WorldCaller, IReadOnlyDictionary<string, string>>> SettledAsync(WorldQuestions questions, IReadOnlyList<WorldCaller> callers)
    {
        var before = await AskAsync(questions, callers);
        for (var round = 0; round < 3; round++)
        {
            var again = await AskAsync(questions, callers);
            var moved = callers.SelectMany(caller => Differing(before[caller], again[caller]).Select(question => $"{caller.Name}: {question}\n{before[caller].GetValueOrDefault(question)}\n{again[caller].GetValueOrDefault(question)}")).ToList();
            if (moved.Count == 0)
            {
                return again;
            }

            Assert.True(round < 2, $"The world does not come to rest:\n{string.Join('\n', moved)}");
            before = again;
        }

        return before;
    }

    private async Task<Dictionary<WorldCaller, IReadOnlyDictionary<string, string>>> CompareAsync(
        WorldQuestions questions, Dictionary<WorldCaller, IReadOnlyDictionary<string, string>> before, IReadOnlyList<WorldCaller> blind, IReadOnlyList<WorldCaller> witnesses, Func<Task<Dictionary<string, string>>> happens, params string[] nouns)
    {
        var witnessed = await AskAsync(questions, witnesses, nouns);
        var made = await happens();
        var after = await AskAsync(questions, blind);
        foreach (var caller in blind)
        {
            _compared += after[caller].Count;
            foreach (var question in Differing(before[caller], after[caller]))
            {
                _differences.Add($"{caller.Name}: {question}\n{before[caller].GetValueOrDefault(question)}\n{after[caller].GetValueOrDefault(question)}");
            }

            foreach (var apart in await questions.ToldApartAsync(caller, made))
            {
                _differences.Add(apart);
            }
        }

        var testified = await AskAsync(questions, witnesses, nouns);
        Assert.Empty(nouns.Except(witnesses.SelectMany(witness => Differing(witnessed[witness], testified[witness])).Select(WorldQuestions.NounOf)));
        return after;
    }

    private static IEnumerable<string> Differing(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Where(question => !question.StartsWith(ByTheClock, StringComparison.Ordinal) && before.GetValueOrDefault(question) != after.GetValueOrDefault(question));

    private static async Task<Dictionary<WorldCaller, IReadOnlyDictionary<string, string>>> AskAsync(WorldQuestions questions, IReadOnlyList<WorldCaller> callers, IReadOnlyCollection<string>? nouns = null)
    {
        var answers = new ConcurrentDictionary<WorldCaller, IReadOnlyDictionary<string, string>>();
        await Parallel.ForEachAsync(callers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (caller, _) => answers[caller] = await questions.AskAsync(caller, nouns));
        return answers.ToDictionary();
    }

    /// <summary>What a unit hands in, and what of it only the cluster's leader, its deputy and the agency see.</summary>
    private async Task<Dictionary<string, string>> OfTheUnitsAsync(SmallSeason young)
    {
        var (member, leader, sheet) = (Season.Unit[Season.Member], Season.Unit[Season.Leader], $"score-sheets/{scene.Things["score-sheets"]}");
        await StepAsync(leader, sheet, "return", new { reason = "Đề nghị giải trình", criteria = new[] { "I.1" } });
        var upload = (await Eventually.AnswerAsync(() => TusClient.BeginAsync(member, Season.Member, 1000, season: Season.Code), answer => answer.Status == 201, "the documents know that the sheet is returned")).Location!.Split('/')[^1];
        var document = (await member.CallAsync(HttpMethod.Post, $"documents?season={Season.Code}&unit={Season.Member}&criterion=I.2&filename=b.pdf", new StringContent("%PDF-1.4 thêm\n%%EOF", Encoding.UTF8, "application/pdf"))).Expect(201);
        await StepAsync(member, sheet, "explain", new { text = "Giải trình của đơn vị", inputs = new Dictionary<string, object> { ["I.1"] = new { count = 3 } } });
        await StepAsync(leader, sheet, "review", new { lines = new[] { new { criterion = "I.2", points = "1", reason = "Thiếu minh chứng" } } });

        var registration = (await young.Unit[young.Member].PostJson("registrations", new { season = young.Code, targets = new[] { new { code = "CT1", text = "Của đơn vị", planned_value = "7", unit_of_measure = "việc" } } })).Expect(201);
        await StepAsync(young.Unit[young.Member], $"registrations/{registration["id"]}", "submit");
        var report = (await leader.PostJson("reports", new { season = Season.Code, kind = "MIDYEAR", summary = "Của khối trưởng" })).Expect(201);
        await StepAsync(leader, $"reports/{report["id"]}", "submit");
        var obligation = (await young.Head.GetJson($"obligations?season={young.Code}&unit={young.Member}&kind=YEAREND_REPORT")).Expect(200)["items"][0]!["id"];
        await StepAsync(young.Head, $"obligations/{obligation}", "extend", new { due_on = "2027-03-01", reason = "Khắc phục hậu quả bão lũ" });
        var contact = (await Season.Admin.PostJson("contacts", new { holder = "UNIT", unit = Season.Leader, name = "Văn phòng", email = $"{Season.Leader.ToLowerInvariant()}@tinh.gov.vn" })).Expect(201);
        var webhook = (await Season.Admin.PostJson("webhooks", new { url = $"https://example.gov.vn/{Season.Leader}", unit = Season.Leader })).Expect(201);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["uploads"] = upload, ["documents"] = Id(document), ["registrations"] = Id(registration), ["reports"] = Id(report), ["contacts"] = Id(contact), ["webhooks"] = Id(webhook),
        };
    }

    /// <summary>What the agency and the council do about other units.</summary>
    private async Task<Dictionary<string, string>> OfTheAgencyAsync()
    {
        var (season, decided) = (Season, scene.Decided);
        var exclusion = (await season.Appraiser.PostJson("exclusions", new { exclusions = new[] { new { season = season.Code, unit = season.Leader, type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 9" } } })).Expect(200);
        (await season.Appraiser.PostJson("confirmations", new { season = season.Code, confirmations = new[] { new { unit = season.Leader, topic = "TAX", status = "CONFIRMED", document = "CV 8" } } })).Expect(200);
        (await decided.Appraiser.PostJson("exclusions", new { exclusions = new[] { new { season = decided.Code, unit = decided.Deputy, type = "SUSPECTED_PENDING", status = "PENDING", document = "CV 10" } } })).Expect(200);
        (await decided.Appraiser.PostJson("nominations", new { season = decided.Code, cluster = decided.ClusterCode })).Expect(201);
        await StepAsync(decided.Appraiser, $"papers/{scene.Things["papers"]}", "withdraw", new { reason = "Lập lại" });
        var paper = await Eventually.AnswerAsync(
            () => decided.Appraiser.PostJson("papers", new { kind = "SCORE_SUMMARY", season = decided.Code, cluster = decided.ClusterCode, letterhead = decided.Code }), answer => answer.Status == 201, "what the paper is made of has come");
        var dossier = (await decided.Secretary.PostJson("dossiers", new { season = decided.Code, award = "PROVINCIAL_FLAG", clusters = new[] { decided.ClusterCode }, received_on = "2026-01-06", document = "13/TTr" })).Expect(201);
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["exclusions"] = (string)exclusion["exclusions"][0]!["id"]!, ["papers"] = Id(paper), ["dossiers"] = Id(dossier) };
    }

    /// <summary>What all members of the cluster see, and nobody beyond it but the agency.</summary>
    private async Task<Dictionary<string, string>> OfTheClusterAsync(SmallSeason young)
    {
        var leader = Season.Unit[Season.Leader];
        var covenant = (await young.Unit[young.Leader].PostJson("covenants", new { season = young.Code, cluster = young.ClusterCode, clauses = new[] { new { number = "1", text = "Không để nợ văn bản" } } })).Expect(201);
        var activity = (await leader.PostJson("activities", new { season = Season.Code, cluster = Season.ClusterCode, kind = "ACTIVITY", type = "KHAC", title = "Hội thao", planned_on = "2026-09-15", host = Season.Leader })).Expect(201);
        (await leader.PostJson($"criteria-tables/{scene.Things["criteria-tables"]}/comments", new { text = "Cần nêu rõ minh chứng" })).Expect(201);
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["activities"] = Id(activity), ["covenants"] = Id(covenant) };
    }

    private static async Task StepAsync(HttpClient client, string thing, string step, object? body = null) =>
        (await SmallSeason.Known(async () => await client.PostJson($"{thing}/{step}", body ?? new { }, (await client.GetJson(thing)).ETag))).Expect(200);

    private static string Id(ApiAnswer made) => (string)made["id"]!;
}
