using ThiDua.Clusters.Data;
using ThiDua.Clusters.Endpoints;
using ThiDua.Clusters.Messaging;
using ThiDua.ServiceDefaults;
using ThiDua.Spreadsheets;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("clusters");
builder.AddDatabase<ClustersDbContext>("clustersdb");
builder.AddMessaging<ClustersDbContext>(typeof(Program).Assembly);
builder.AddReminders("clustersdb");
builder.Services.AddHostedService<ReportFactsClock>();
builder.Services.AddReadings(ClustersReadings.All);
builder.Services.AddSingleton(new WorkbookSeal(builder.Configuration)); // made now: without its key the service does not start

var app = builder.Build();
if (await app.MigrateIfAskedAsync<ClustersDbContext>(args, SeedData.ApplyAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<ClustersDbContext>(api =>
{
    api.MapLevels();
    api.MapRules();
    api.MapLegalInstruments();
    api.MapCitations();
    api.MapUnitCategories();
    api.MapUnits();
    api.MapUnitWorkbooks();
    api.MapSeasons();
    api.MapClusters();
    api.MapClusterWorkbooks();
    api.MapSimilarity();
    api.MapClusterProposals();
    api.MapLeaderships();
    api.MapProvinceOverview();
    api.MapObligations();
    api.MapReminders();
    api.MapContacts();
    api.MapWebhooks();
    api.MapReports();
    api.MapHolidays();
    api.MapReorganisations();
    api.MapUnitIdentifiers();
    api.MapUnitRecords();
    api.MapRegistrations();
    api.MapCovenants();
    api.MapActivityTypes();
    api.MapActivities();
}, ClustersDbContext.LedAsync);
app.Run();
