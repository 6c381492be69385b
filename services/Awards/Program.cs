using ThiDua.Awards.Data;
using ThiDua.Awards.Endpoints;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("awards");
builder.AddDatabase<AwardsDbContext>("awardsdb");
builder.AddMessaging<AwardsDbContext>(typeof(Program).Assembly);

var app = builder.Build();

if (await app.MigrateIfAskedAsync<AwardsDbContext>(args, SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<AwardsDbContext>(api =>
{
    api.MapAwardPolicies();
    api.MapExclusions();
    api.MapAwardHistory();
    api.MapRotationSignals();
    api.MapNominations();
    api.MapBallots();
    api.MapGovernmentFlagProposals();
    api.MapConfirmations();
}, AwardsDbContext.LedAsync);

app.Run();

static async Task SeedAsync(IServiceProvider services, AwardsDbContext db, CancellationToken ct)
{
    await DefaultPolicy.SeedAsync(services, db, ct);
    await ConfirmationTables.SeedAsync(db, ct);
}
