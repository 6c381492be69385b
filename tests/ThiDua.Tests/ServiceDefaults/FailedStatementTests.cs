using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ThiDua.Awards.Data;
using ThiDua.ServiceDefaults;
using ThiDua.Tests.Support;

namespace ThiDua.Tests.ServiceDefaults;

public sealed class FailedStatementTests(ServiceHost<AwardsDbContext> host) : IClassFixture<ServiceHost<AwardsDbContext>>
{
    [Theory]
    [InlineData(null, "[]")] // refused when it runs
    [InlineData("test", "{ broken")] // refused when its values are read
    public async Task What_the_database_refused_spoils_nothing_that_comes_after_it(string? action, string changes)
    {
        // Npgsql prepares a statement when it comes for the fifth time on a connection: whichever that is, it may be the refused one.
        for (var before = 0; before < 6; before++)
        {
            host.Services.GetRequiredService<NpgsqlDataSource>().Clear();
            for (var good = 0; good < before; good++)
            {
                Assert.Equal(1, await AddAsync("test", "[]"));
            }

            await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(action, changes));
            for (var good = 0; good < 8; good++)
            {
                Assert.Equal(1, await AddAsync("test", "[]"));
            }
        }
    }

    // In a transaction of its own, as a request does it.
    private Task<int> AddAsync(string? action, string changes) => host.WithDatabaseAsync(async db =>
    {
        var ct = TestContext.Current.CancellationToken;
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(new JournalEntry { At = TimeProvider.System.GetUtcNow(), Actor = "a", ActorName = "A", Roles = [], Action = action!, Subjects = [], Changes = changes });
        var saved = await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return saved;
    });
}
