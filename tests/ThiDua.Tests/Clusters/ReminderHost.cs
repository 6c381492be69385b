using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.Clusters;

/// <summary>The service with its jobs running, a clock that the test moves, a mail server and a receiver of webhooks.</summary>
public class ReminderHost(Servers servers) : ServiceHost<ClustersDbContext>(servers)
{
    /// <summary>A type of season that owes no reports: what is owed in it is what a test puts there.</summary>
    private const string SeasonType = "TRONG";
    private const string Watch = "CANH";

    private WebhookReceiver? _receiver;
    private Guid _watch;
    private int _clusters;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 2, 0, 0, TimeSpan.Zero));

    public MailServer Mail { get; } = new();

    public WebhookReceiver Receiver => _receiver ?? throw new InvalidOperationException("The host has not been started.");

    /// <summary>The day that reminders go by: at the rule's hour, seven in Việt Nam, it is midnight of UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    protected virtual bool AllowPrivate => true;

    public override async ValueTask InitializeAsync()
    {
        await Mail.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        await base.InitializeAsync();
        await WithDatabaseAsync(async db =>
        {
            db.Add(new SeasonType { Code = SeasonType, Label = "Không báo cáo", FirstMonth = 1, FirstDay = 1, ValidFrom = new DateOnly(2000, 1, 1), Basis = "Thử" });
            return await db.SaveChangesAsync();
        });
        (_watch, _) = await FormAsync(Watch, "X");
        await AddContactAsync("UNIT", $"{Watch}X", Watch);
        await AddContactAsync("AGENCY", null, "snv");
        await AddContactAsync("AGENCY_HEAD", null, "lanhdao");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Mail.DisposeAsync();
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A cluster of a season of its own, led by the first of its units; their codes begin with its prefix.</summary>
    public async Task<(Guid Cluster, string Season)> FormAsync(string prefix, params string[] units)
    {
        using var agency = As([Roles.Admin, Roles.AppraisalHead]);
        string[] members = [.. units.Append("ZZ").Select(unit => prefix + unit)];
        var season = $"{prefix}-{++_clusters}";
        (await agency.PostJson("units", new { units = members.Select(code => new { code, name = $"Đơn vị {code}", category = "HC", level = "TINH", valid_from = "2020-01-01" }) })).Expect(200);
        (await agency.PostJson("seasons", new { code = season, type = SeasonType, year = 2026 })).Expect(201);
        var formed = (await agency.PostJson("clusters", new { season, clusters = new[] { new { code = "K1", name = $"Khối {prefix}", kind = "KHOI", leader = members[0], deputy = members[1], members } } })).Expect(201);
        return ((Guid)formed["clusters"][0]!["id"]!, season);
    }

    public async Task<Guid> OweAsync(Guid cluster, string season, string? unit, DateOnly due, ObligationKind kind = ObligationKind.MidyearReport) =>
        await WithDatabaseAsync(async db =>
        {
            var obligation = Obligation.Of(season, cluster, new Owed(unit, kind, ObligationRecipient.StandingAgency, due, null, null, (int)await db.Obligations.LongCountAsync()));
            db.Add(obligation);
            await db.SaveChangesAsync();
            return obligation.Id;
        });

    public Task ChangeAsync(Guid obligation, Action<Obligation> change) => WithDatabaseAsync(async db =>
    {
        change(await db.Obligations.SingleAsync(found => found.Id == obligation));
        return await db.SaveChangesAsync();
    });

    public async Task<string> AddContactAsync(string holder, string? unit, string name)
    {
        using var agency = As(Roles.Admin);
        var email = $"{name.ToLower(CultureInfo.InvariantCulture)}@tinh.gov.vn";
        (await agency.PostJson("contacts", new { holder, unit, name, email })).Expect(201);
        return email;
    }

    /// <summary>Nine in the morning of a day; returns when everything has been planned and sent that was to be on that day.</summary>
    public async Task GoToAsync(DateOnly day)
    {
        var now = new DateTimeOffset(day, new TimeOnly(2, 0), TimeSpan.Zero); // nine in Việt Nam
        if (now > Clock.GetUtcNow())
        {
            Clock.SetUtcNow(now);
        }

        await SettleAsync();
    }

    /// <summary>
    /// Until the jobs have looked at everything that is there now: something new is owed, and reminded of last because it is the
    /// newest; when that reminder is out, the rest is at least planned.
    /// </summary>
    public async Task SettleAsync()
    {
        var today = Today; // a job that began before the clock was moved plans for the day before
        var sentinel = await OweAsync(_watch, "", $"{Watch}X", today.AddDays(3));
        await EventuallyAsync(() => WithDatabaseAsync(db => db.Reminders.AnyAsync(reminder => reminder.ObligationId == sentinel && reminder.PlannedFor == today && reminder.State == ReminderState.Sent)), "the jobs have come round");
        await ChangeAsync(sentinel, obligation => obligation.Release("Đã xem", Clock.GetUtcNow()));
        var now = Clock.GetUtcNow();
        await EventuallyAsync(
            async () => !await WithDatabaseAsync(db => db.Reminders.AnyAsync(reminder => reminder.State == ReminderState.Sending
                || (reminder.State == ReminderState.Planned && reminder.NextAttemptAt <= now && (reminder.WebhookId != null || db.Contacts.Any(contact => contact.Unit == reminder.RecipientUnit))))),
            "all that is due is sent");
    }

    /// <summary>Mails to an address, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> MailsTo(string address) => [.. Mail.Received.Where(mail => mail.To.Contains(address))];

    public Task<List<Reminder>> LogAsync(Guid obligation) => WithDatabaseAsync(db => db.Reminders.AsNoTracking().Where(reminder => reminder.ObligationId == obligation).OrderBy(reminder => reminder.Id).ToListAsync());

    protected override void Configure(IDictionary<string, string> settings)
    {
        settings["Reminders:Enabled"] = "true";
        settings["Reminders:PlanEverySeconds"] = "0.2";
        settings["Reminders:SendEverySeconds"] = "0.2";
        settings["Reminders:AllowPrivateWebhooks"] = AllowPrivate ? "true" : "false";
        settings["Smtp:Host"] = "127.0.0.1";
        settings["Smtp:Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture);
        settings["Smtp:From"] = "thidua@tinh.gov.vn";
        settings["Smtp:StartTls"] = "false";
    }

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<TimeProvider>(Clock);
}

/// <summary>As an installation is unless it says otherwise: no calls into its own network.</summary>
public sealed class GuardedReminderHost(Servers servers) : ReminderHost(servers)
{
    protected override bool AllowPrivate => false;
}
