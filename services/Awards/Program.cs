using ThiDua.Awards.Data;
using ThiDua.Awards.Endpoints;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("awards");
builder.AddDatabase<AwardsDbContext>("awardsdb");
builder.AddMessaging<AwardsDbContext>(typeof(Program).Assembly);
builder.Services.AddReadings(AwardsReadings.All);

var app = builder.Build();

if (await app.MigrateIfAskedAsync<AwardsDbContext>(args, DefaultPolicy.SeedAsync, ConfirmationTables.SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<AwardsDbContext>(api =>
{
    api.MapAwardPolicies();
    api.MapExclusions();
    api.MapExclusionDecisions();
    api.MapAwardHistory();
    api.MapRotationSignals();
    api.MapNominations();
    api.MapBallots();
    api.MapCouncils();
    api.MapCouncilSessions();
    api.MapCouncilCounts();
    api.MapSecretBallots();
    api.MapPublicComments();
    api.MapRevocations();
    api.MapGovernmentFlagProposals();
    api.MapConfirmations();
    api.MapDossiers();
}, AwardsDbContext.LedAsync);

app.Run();
