using ThiDua.Tests.Support;

namespace ThiDua.Tests.WholeSystem;

/// <summary>What an answer says of itself.</summary>
[Collection(WholeSystemTests.Name)]
public sealed class AnswerTypeTests(SharedSystem shared)
{
    private static readonly string[] s_addresses =
        ["/", "/docs", "/openapi/v1.json", "/health/ready", "/api/v1/units", "/api/v1/no-such-thing", "/account/login", "/connect/token", "/.well-known/openid-configuration", "/ops", "/nothing"];

    [Fact]
    public async Task Every_body_says_what_it_is_and_how_it_is_encoded()
    {
        using var anybody = await CallerAsync();
        var wrong = new List<string>();
        foreach (var address in s_addresses)
        {
            using var answer = await anybody.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var type = answer.Content.Headers.ContentType;
            var isWhatItSays = type?.MediaType switch
            {
                null => body.Length == 0,
                "application/json" or "application/problem+json" => body[0] is '{' or '[',
                "text/html" => body.Contains("<html", StringComparison.OrdinalIgnoreCase) && type.CharSet == "utf-8",
                { } text when text.StartsWith("text/", StringComparison.Ordinal) => type.CharSet == "utf-8",
                _ => true,
            };
            if (!isWhatItSays)
            {
                wrong.Add($"{address}: {(int)answer.StatusCode} {type} {body[..Math.Min(60, body.Length)]}");
            }
        }

        Nothing.In(wrong);
    }

    [Fact]
    public async Task No_process_leads_to_another_scheme()
    {
        using var anybody = await CallerAsync();
        foreach (var address in s_addresses)
        {
            var answer = await anybody.GetJson(address);
            Assert.False(answer.Location?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true, $"{answer} leads to {answer.Location}");
        }
    }

    private async Task<HttpClient> CallerAsync() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = (await shared.Running).Gateway };
}
