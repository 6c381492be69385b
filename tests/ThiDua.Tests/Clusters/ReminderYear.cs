using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>
/// A year of reminders sent by services that run as programs of their own, over one database and one mail server, by a clock that
/// stands where the test puts it. The service in this process only answers; its jobs are off.
/// </summary>
public sealed class ReminderYear(Servers servers) : ServiceHost<ClustersDbContext>(servers)
{
    public const int Days = 365;
    public static readonly DateOnly FirstDay = new(2026, 1, 1);

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create("thidua-reminders-");
    private string _virtualHost = "";

    public MailServer Mail { get; } = new();

    public ReminderSchedule Schedule { get; private set; } = new([1], 1, 1, 1, 1, 0, [1]);

    private const string Leader = "KL";

    private string ClockFile => Path.Combine(_directory.Path, "clock");

    public override async ValueTask InitializeAsync()
    {
        await Mail.StartAsync();
        await base.InitializeAsync();
        _virtualHost = await Servers.CreateVirtualHostAsync("reminders");
        Schedule = await WithDatabaseAsync(db => db.RuleAsync<ReminderSchedule>(FirstDay, TestContext.Current.CancellationToken));
        SetDay(FirstDay);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Mail.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>What is owed over the year: some of it reported, some late, some extended, some never done.</summary>
    public async Task<IReadOnlyList<Obligation>> OweAsync(string season)
    {
        using var agency = As([Roles.Admin, Roles.AppraisalHead]);
        string[] members = [Leader, "KA", "KB", "KC"];
        if ((await agency.GetJson($"units/{Leader}")).Status == 404)
        {
            (await agency.PostJson("units", new { units = members.Select(code => new { code, name = $"Đơn vị {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
            foreach (var unit in members)
            {
                (await agency.PostJson("contacts", new { holder = "UNIT", unit, name = "VP", email = $"{unit.ToLower(CultureInfo.InvariantCulture)}@tinh.gov.vn" })).Expect(201);
            }

            (await agency.PostJson("contacts", new { holder = "AGENCY", name = "Sở", email = "snv@tinh.gov.vn" })).Expect(201);
            (await agency.PostJson("contacts", new { holder = "AGENCY_HEAD", name = "Sở", email = "lanhdao@tinh.gov.vn" })).Expect(201);
            await WithDatabaseAsync(async db =>
            {
                db.Add(new SeasonType { Code = "TRONG", Label = "Không báo cáo", FirstMonth = 1, FirstDay = 1, ValidFrom = new DateOnly(2000, 1, 1), Basis = "Thử" });
                return await db.SaveChangesAsync();
            });
        }

        (await agency.PostJson("seasons", new { code = season, type = "TRONG", year = 2026 })).Expect(201);
        var cluster = (Guid)(await agency.PostJson("clusters", new { season, clusters = new[] { new { code = "K1", name = "Khối", kind = "KHOI", leader = members[0], deputy = members[1], members } } })).Expect(201)["clusters"][0]!["id"]!;

        // on the same day of the week, so that the weekly ones come together
        var first = new DateOnly(2026, 1, 30);
        List<Obligation> obligations =
        [
            Owed(members[0], ObligationKind.MidyearReport, first),
            Owed(members[1], ObligationKind.MidyearReport, first.AddDays(7)),
            Owed(members[2], ObligationKind.MidyearReport, first.AddDays(28)),
            Owed(members[3], ObligationKind.MidyearReport, first.AddDays(140)),
            Owed(members[1], ObligationKind.YearendReport, first.AddDays(224)),
            Owed(null, ObligationKind.Appraisal, first.AddDays(280)),
        ];
        await WithDatabaseAsync(async db =>
        {
            db.AddRange(obligations);
            return await db.SaveChangesAsync();
        });
        return obligations;

        Obligation Owed(string? unit, ObligationKind kind, DateOnly due) => Obligation.Of(season, cluster, new Owed(unit, kind, ObligationRecipient.StandingAgency, due, null, null));
    }

    /// <summary>The day on which the clock stands, counted from the first.</summary>
    public int DayNumber { get; private set; }

    public void SetDay(DateOnly day)
    {
        FileClock.Set(ClockFile, new DateTimeOffset(day, new TimeOnly(3, 0), TimeSpan.Zero));
        DayNumber = day.DayNumber - FirstDay.DayNumber;
    }

    /// <summary>An instance of the service with its jobs, as a program of its own.</summary>
    public Task<ChildProcess> StartInstanceAsync(string name)
    {
        var tests = AppContext.BaseDirectory;
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:clustersdb"] = ConnectionString,
            ["ConnectionStrings:rabbitmq"] = _virtualHost,
            ["Authentication:Authority"] = Tokens.Authority,
            ["Reminders:SecretKey"] = ReminderKey,
            ["Workbooks:SecretKey"] = WorkbookKey,
            ["Reminders:Instance"] = name,
            ["Reminders:PlanEverySeconds"] = "0.1",
            ["Reminders:SendEverySeconds"] = "0.1",
            ["Reminders:CheckInSeconds"] = "1",
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture),
            ["Smtp:From"] = "thidua@tinh.gov.vn",
            ["Smtp:StartTls"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(FileClock).Assembly.GetName().Name!,
            [FileClock.Variable] = ClockFile,
        };

        // The program of the service, with what lies beside the tests in reach: the clock is there.
        return ChildProcess.StartAsync(
            ["dotnet", "exec", "--runtimeconfig", Path.Combine(tests, "ThiDua.Tests.runtimeconfig.json"), "--depsfile", Path.Combine(tests, "ThiDua.Tests.deps.json"), Path.Combine(tests, "ThiDua.Clusters.dll")],
            environment: settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)),
            directory: tests);
    }

    public Task<List<Reminder>> LogAsync(string season) => WithDatabaseAsync(db => db.Reminders.AsNoTracking().Where(reminder => reminder.Season == season).OrderBy(reminder => reminder.Id).ToListAsync());

    public Task<int> CountSentAsync(string season) => WithDatabaseAsync(db => db.Reminders.CountAsync(reminder => reminder.Season == season && reminder.State == ReminderState.Sent));

    public Task ChangeAsync(Obligation obligation, Action<Obligation> change)
    {
        change(obligation);
        return WithDatabaseAsync(async db =>
        {
            change(await db.Obligations.SingleAsync(found => found.Id == obligation.Id));
            return await db.SaveChangesAsync();
        });
    }

    /// <summary>What the pure rule says that is to be sent on a day, as it would be written on the log.</summary>
    public IEnumerable<string> DueOn(DateOnly day, IEnumerable<Obligation> obligations) =>
        from obligation in obligations
        where obligation.IsOpen && Schedule.Latest(obligation.DueOn, day) is { } latest && obligation.DueOn.AddDays(latest) == day
        let occurrence = Schedule.Latest(obligation.DueOn, day)!.Value
        from recipient in Schedule.Recipients(occurrence, obligation.Unit, Leader)
        select Key(obligation.Id, obligation.DueOn, occurrence, recipient.Kind);

    public static string Key(Reminder reminder) => Key(reminder.ObligationId, reminder.DueOn, reminder.Occurrence, reminder.Recipient);

    private static string Key(Guid obligation, DateOnly dueOn, int occurrence, RecipientKind recipient) => $"{obligation} {dueOn:yyyy-MM-dd} {ReminderSchedule.Label(occurrence)} {recipient}";
}
