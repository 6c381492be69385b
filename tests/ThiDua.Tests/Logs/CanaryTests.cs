using ThiDua.Tests.Support;

namespace ThiDua.Tests.Logs;

/// <summary>The search of the logs finds what it is for, and a run in which it finds something fails.</summary>
public sealed class CanaryTests
{
    [Theory]
    [InlineData("""{"name":"Nguyễn Thị Lan","email":"lan@tinh.gov.vn"}""", "mail to lan@tinh.gov.vn failed", true)]
    [InlineData("""{"name":"Nguyễn Thị Lan","email":"lan@tinh.gov.vn"}""", "Nguyễn Thị Lan was told", true)]
    [InlineData("""{"units":[{"name":"Sở Nội vụ tỉnh","code":"SNV"}]}""", "Sở Nội vụ tỉnh", false)] // of an organisation
    [InlineData("""{"lines":[{"reason":"Đơn \"nặc danh\" gửi đến"}]}""", """{"message":"refused: Đơn \"nặc danh\" gửi đến"}""", true)]
    [InlineData("""{"secret":"a-random-secret"}""", "client_secret=a-random-secret", true)]
    [InlineData("client_id=x&client_secret=a%2Brandom%2Bsecret", "secret a+random+secret is wrong", true)]
    [InlineData("{}", "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2ln", true)]
    [InlineData("{}", "GET /api/v1/units/{**rest} 200 4 ms", false)]
    public void What_was_sent_is_found(string sent, string logged, bool found)
    {
        var canaries = new Canaries();
        canaries.PlantFrom(sent);
        Assert.Equal(found, canaries.FoundIn([logged]).Count > 0);
    }

    [Fact]
    public async Task A_run_whose_log_holds_a_canary_fails()
    {
        const string Quick = "ThiDua.Tests.ServiceDefaults.VietnameseTextTests";
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ThiDua.Tests.dll"), "-class", Quick, "-noColor"];

        await using var good = await ChildProcess.StartAsync(command, directory: Repository.Root);
        Assert.Equal(0, await good.WaitForExitAsync(TestContext.Current.CancellationToken));

        // Put together only here: this run's own log must not hold it.
        var canary = string.Concat("chim", "-hoàng-", "yến");
        await using var bad = await ChildProcess.StartAsync(command, environment: new Dictionary<string, string> { [SuiteLog.ForcedVariable] = canary }, directory: Repository.Root);
        Assert.NotEqual(0, await bad.WaitForExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains(bad.Lines, line => line.Contains("Logs hold what they must not", StringComparison.Ordinal));
    }
}
