using ThiDua.Clusters.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;
using ThiDua.Tests.WholeSystem;

namespace ThiDua.Tests;

/// <summary>A service checks every token itself: the gateway before it is no trust boundary.</summary>
public sealed class TokenTests(ServiceHost<ClustersDbContext> clusters) : IClassFixture<ServiceHost<ClustersDbContext>>
{
    [Fact]
    public async Task A_token_without_a_role_opens_nothing()
    {
        using var anybody = clusters.Anonymous();
        using var nobody = clusters.As([]);
        var open = new List<string>();
        foreach (var operation in await Operation.AllAsync(anybody))
        {
            var address = operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            var answer = await nobody.CallAsync(new HttpMethod(operation.Method), address, operation.Method is "GET" or "DELETE" ? null : "{}");
            if (answer.Status is not (403 or 404) || !answer.IsProblem)
            {
                open.Add(answer.ToString());
            }
        }

        Nothing.In(open);
    }

    [Fact]
    public async Task An_invented_role_opens_nothing()
    {
        using var client = clusters.As("root");

        (await client.GetJson("units")).Expect(403, "forbidden");
    }

    [Fact]
    public async Task A_token_for_somebody_else_is_refused()
    {
        using var client = clusters.WithToken(clusters.Tokens.Token([Roles.Auditor], audience: "another-system"));

        (await client.GetJson("units")).Expect(401, "unauthenticated");
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        using var client = clusters.WithToken(clusters.Tokens.Token([Roles.Auditor], expiresIn: TimeSpan.FromMinutes(-5)));

        (await client.GetJson("units")).Expect(401, "unauthenticated");
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_refused()
    {
        await using var stranger = await TokenIssuer.StartAsync();
        using var client = clusters.WithToken(stranger.Token([Roles.Auditor]));

        (await client.GetJson("units")).Expect(401, "unauthenticated");
    }

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var token = clusters.Tokens.Token([Roles.Auditor]).Split('.');
        var claims = System.Text.Encoding.UTF8.GetString(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(token[1])).Replace(Roles.Auditor, Roles.Admin, StringComparison.Ordinal);
        using var client = clusters.WithToken($"{token[0]}.{Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(claims)}.{token[2]}");

        (await client.GetJson("units")).Expect(401, "unauthenticated");
    }
}
