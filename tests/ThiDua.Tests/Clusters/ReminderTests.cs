using System.Net;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Tests.Clusters;

public sealed class ReminderTests
{
    private static readonly ReminderSchedule Schedule = new([-15, -7, -3, -1, 1], 7, -1, 1, 22, 7, [5, 15]);
    private static readonly DateOnly Due = new(2026, 6, 20);

    [Fact]
    public void A_reminder_is_refused_three_times_and_then_failed()
    {
        var reminder = Planned();
        foreach (var minutes in (int[])[5, 15])
        {
            Attempt(reminder, AttemptOutcome.Refused);
            Assert.Equal((ReminderState.Planned, Sample.Now.AddMinutes(minutes)), (reminder.State, reminder.NextAttemptAt));
        }

        Attempt(reminder, AttemptOutcome.Refused);
        Assert.Equal(ReminderState.Failed, reminder.State);
        Assert.Throws<RuleViolationException>(() => reminder.Begin("a@b.vn", Sample.Now));

        reminder.Retry(Sample.Now);
        Attempt(reminder, AttemptOutcome.Delivered);
        Assert.Equal((ReminderState.Sent, 4), (reminder.State, reminder.Attempts.Count));
    }

    [Fact]
    public void A_mail_waits_for_a_server_that_is_down_as_long_as_it_is_wanted_and_a_call_does_not()
    {
        var (mail, call) = (Planned(), Planned(Guid.CreateVersion7()));
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Attempt(mail, AttemptOutcome.NotSent);
        }

        Attempt(call, AttemptOutcome.NotSent);
        Attempt(call, AttemptOutcome.Unknown);
        Attempt(call, AttemptOutcome.NotSent);
        Assert.Equal((ReminderState.Planned, ReminderState.Failed), (mail.State, call.State));
    }

    [Fact]
    public void An_attempt_without_an_end_stays_on_the_log_as_unknown_and_is_repeated_at_once()
    {
        var reminder = Planned();
        reminder.Begin("a@b.vn", Sample.Now);
        Assert.Throws<RuleViolationException>(() => reminder.Supersede(SupersededReason.LaterReminder));

        reminder.Recover(Sample.Now.AddMinutes(1));
        Assert.Equal((ReminderState.Planned, Sample.Now.AddMinutes(1), AttemptOutcome.Unknown), (reminder.State, reminder.NextAttemptAt, reminder.Attempts[0].Outcome));
        Attempt(reminder, AttemptOutcome.Delivered);
        Assert.Equal([AttemptOutcome.Unknown, AttemptOutcome.Delivered], reminder.Attempts.Select(attempt => attempt.Outcome));
    }

    [Theory]
    [InlineData(-3, RecipientKind.Unit, "Còn 3 ngày: báo cáo sơ kết 6 tháng đầu năm, Sở Y tế, hạn 20/06/2026", "Tính đến ngày 17/06/2026, nội dung trên chưa hoàn thành, còn 3 ngày.")]
    [InlineData(0, RecipientKind.Unit, "Đến hạn hôm nay: báo cáo sơ kết 6 tháng đầu năm, Sở Y tế, hạn 20/06/2026", "đến hạn trong ngày.")]
    [InlineData(8, RecipientKind.Leader, "Quá hạn 8 ngày: báo cáo sơ kết 6 tháng đầu năm, Sở Y tế, hạn 20/06/2026", "Đề nghị cụm trưởng, khối trưởng đôn đốc đơn vị thực hiện.")]
    [InlineData(22, RecipientKind.AgencyHead, "Quá hạn 22 ngày: báo cáo sơ kết 6 tháng đầu năm, Sở Y tế, hạn 20/06/2026", "Kính báo cáo lãnh đạo cơ quan thường trực")]
    public void A_reminder_says_what_is_owed_by_when(int days, RecipientKind recipient, string subject, string sentence)
    {
        var reminder = Reminder.Plan(Owed(), new PlannedReminder(days, new ReminderRecipient(recipient, "A"), null, false), Due.AddDays(days), Sample.Now);
        var text = ReminderText.Of(reminder, "Khối các sở", "Sở Y tế");
        Assert.Equal(subject, text.Subject);
        Assert.Contains(sentence, text.Body, StringComparison.Ordinal);
        Assert.Contains("Nơi nhận: cơ quan thường trực", text.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_can_be_owed_has_a_name() =>
        Assert.Equal(Enum.GetValues<ObligationKind>().Length, Enum.GetValues<ObligationKind>().Select(ReminderText.LabelOf).Where(label => label != "nghĩa vụ có thời hạn").Distinct().Count());

    [Theory]
    [InlineData("van.phong@snv.tinh.gov.vn", true)]
    [InlineData("a+b_c-d@x.vn", true)]
    [InlineData("a@b", false)]
    [InlineData("@b.vn", false)]
    [InlineData("a@", false)]
    [InlineData("a@b..vn", false)]
    [InlineData("a@-b.vn", false)]
    [InlineData(".a@b.vn", false)]
    [InlineData("a b@c.vn", false)]
    [InlineData("a@b.vn\r\nBcc: c@d.vn", false)]
    [InlineData("Sở <a@b.vn>", false)]
    [InlineData("sở@b.vn", false)]
    [InlineData("a@[127.0.0.1]", false)]
    [InlineData("a,b@c.vn", false)]
    [InlineData("", false)]
    public void An_address_is_one_plain_address(string address, bool valid) => Assert.Equal(valid, EmailAddress.IsValid(address));

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("203.162.4.191", true)]
    [InlineData("172.15.0.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2405:4800::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::1", false)]
    public void Calls_go_to_the_open_internet_only(string address, bool isPublic) => Assert.Equal(isPublic, WebhookAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://a.gov.vn/x", false, null)]
    [InlineData("http://a.gov.vn/x", false, "BAD_URL")]
    [InlineData("http://127.0.0.1:5000/x", true, null)]
    [InlineData("https://127.0.0.1/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://[::1]/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://0x7f.1/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://2130706433/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://0251.254.169.254/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://[::ffff:169.254.169.254]/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://[fe80::1]/x", false, "PRIVATE_ADDRESS")]
    [InlineData("https://user:pass@a.gov.vn/", false, "BAD_URL")]
    [InlineData("https://a.gov.vn/#x", false, "BAD_URL")]
    [InlineData("ftp://a.gov.vn/", true, "BAD_URL")]
    [InlineData("file:///etc/passwd", true, "BAD_URL")]
    [InlineData("/relative", true, "BAD_URL")]
    public void An_address_of_a_webhook_is_checked_when_it_is_given(string url, bool allowPrivate, string? problem) => Assert.Equal(problem, WebhookAddress.Problem(url, allowPrivate)?.Code);

    [Fact]
    public void Two_secrets_sign_for_a_day_after_a_rotation()
    {
        var webhook = Webhook.Subscribe(null, "https://a.vn/", Webhook.AllEvents, "first");
        Assert.Equal(["first"], webhook.SigningSecrets(Sample.Now));
        webhook.Rotate("second", Sample.Now);
        Assert.Equal(["second", "first"], webhook.SigningSecrets(Sample.Now.AddHours(23)));
        Assert.Equal(["second"], webhook.SigningSecrets(Sample.Now.AddHours(24)));
    }

    private static void Attempt(Reminder reminder, AttemptOutcome outcome)
    {
        reminder.Begin("a@b.vn", Sample.Now);
        reminder.Settle(outcome, null, Schedule, Sample.Now);
    }

    private static Reminder Planned(Guid? webhook = null) =>
        Reminder.Plan(Owed(), new PlannedReminder(-3, new ReminderRecipient(RecipientKind.Unit, "A"), webhook, false), Due.AddDays(-3), Sample.Now);

    private static Obligation Owed() => Obligation.Of("2026", Guid.CreateVersion7(), new Owed("A", ObligationKind.MidyearReport, ObligationRecipient.StandingAgency, Due, null, null));
}
