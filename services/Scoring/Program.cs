using Microsoft.AspNetCore.OpenApi;
using ThiDua.Scoring.Data;
using ThiDua.Scoring.Domain;
using ThiDua.Scoring.Endpoints;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("scoring");
builder.Services.Configure<OpenApiOptions>("v1", InputBody.DescribeRatio);
builder.AddDatabase<ScoringDbContext>("scoringdb");
builder.AddMessaging<ScoringDbContext>(typeof(Program).Assembly);
builder.Services.AddSingleton<AdoptedTables>().AddSingleton<WrittenRankings>();
builder.Services.AddSingleton(new SheetCounts()).AddReadings(ScoringReadings.All);
builder.Services.AddSingleton(new WorkbookSeal(builder.Configuration)); // made now: without its key the service does not start
builder.Services.AddSingleton(builder.Configuration.GetSection("Lint").Get<LintSettings>() ?? new LintSettings());

var app = builder.Build();
if (await app.MigrateIfAskedAsync<ScoringDbContext>(args, IndicatorTables.SeedAsync, LegalRegister.SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<ScoringDbContext>(api =>
{
    api.MapCriteriaTables();
    api.MapTableVotes();
    api.MapTableComments();
    api.MapPublishedResults();
    api.MapResultWorkbooks();
    api.MapScoreSheets();
    api.MapSheetWorkbooks();
    api.MapSheetReview();
    api.MapRankings();
    api.MapExplanations();
    api.MapIndicators();
}, ClusterScope.LedAsync);
app.Run();
