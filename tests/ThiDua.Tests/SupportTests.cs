using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using ThiDua.Contracts.Scoring;
using ThiDua.Tests.Support;

namespace ThiDua.Tests;

/// <summary>What the other tests lean on stands.</summary>
public sealed class SupportTests(Servers servers)
{
    [Fact]
    public async Task A_database_is_a_copy_of_its_template_and_the_template_is_made_once()
    {
        var postgres = await servers.Postgres;
        var made = 0;
        async Task Prepare(string connectionString)
        {
            made++;
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("CREATE TABLE unit (code text)", connection);
            await command.ExecuteNonQueryAsync();
        }

        var names = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => postgres.CreateDatabaseAsync("support", Prepare)));

        Assert.Equal(1, made);
        Assert.Equal(4, names.Distinct().Count());
        await using var copy = new NpgsqlConnection(postgres.ConnectionString(names[3]));
        await copy.OpenAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand("INSERT INTO unit VALUES ('A')", copy);
        Assert.Equal(1, await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        await Task.WhenAll(names.Select(postgres.DropDatabaseAsync));
    }

    [Fact]
    public async Task A_message_reaches_only_the_listeners_of_its_virtual_host()
    {
        await using var here = new MessageBus(await servers.CreateVirtualHostAsync("support"));
        await using var elsewhere = new MessageBus(await servers.CreateVirtualHostAsync("support"));
        await using var heard = await here.CollectAsync<SheetSubmitted>();
        await using var notHeard = await elsewhere.CollectAsync<SheetSubmitted>();
        var message = new SheetSubmitted
        {
            SheetId = Guid.CreateVersion7(), Season = "2026", ClusterId = Guid.CreateVersion7(), Unit = "Sở Y tế", Version = 1, At = TimeProvider.System.GetUtcNow(),
        };
        var id = Guid.CreateVersion7();

        await here.PublishAsync(message, id);

        Assert.Equal(message, await heard.FirstAsync());
        Assert.Equal(id, Assert.Single(heard.MessageIds));
        Assert.Empty(notHeard.Messages);
    }

    [Fact]
    public async Task The_token_issuer_publishes_the_key_that_its_tokens_are_signed_with()
    {
        var tokens = await servers.Tokens;
        using var client = new HttpClient();
        var discovered = await client.GetFromJsonAsync<JsonObject>(new Uri($"{tokens.Authority}/.well-known/openid-configuration"), TestContext.Current.CancellationToken);
        var keys = await client.GetFromJsonAsync<JsonObject>(new Uri((string)discovered!["jwks_uri"]!), TestContext.Current.CancellationToken);

        Assert.Equal(tokens.Authority, (string?)discovered["issuer"]);
        Assert.Equal("tests", (string?)keys!["keys"]![0]!["kid"]);
        Assert.Equal(3, tokens.Token(["auditor"]).Split('.').Length);
    }
}
