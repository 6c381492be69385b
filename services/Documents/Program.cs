using Microsoft.Extensions.Options;
using ThiDua.Documents;
using ThiDua.Documents.Data;
using ThiDua.Documents.Endpoints;
using ThiDua.Documents.Papers;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("documents");
builder.AddDatabase<DocumentsDbContext>("documentsdb");
builder.AddMessaging<DocumentsDbContext>(typeof(Program).Assembly);

builder.Services.AddOptions<DocumentsSettings>().BindConfiguration("Documents").ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<DocumentsSettings>, DocumentsSettingsValidator>();
builder.Services.AddEvidence();
builder.Services.AddReadings(DocumentsReadings.All);
builder.AddPapers();

var app = builder.Build();

if (await app.MigrateIfAskedAsync<DocumentsDbContext>(args, SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<DocumentsDbContext>(
    api =>
    {
        api.MapDocuments();
        api.MapUploads();
        api.MapRetention();
        api.MapStatistics();
        api.MapPapers();
        api.MapPaperTemplates();
        api.MapPaperLetterheads();
        api.MapPaperJobs();
        api.MapPaperVerifications();
    },
    DocumentsDbContext.LedAsync);
app.UseMiddleware<UploadIntake>(); // after what refuses a request as such
app.UseMiddleware<UploadPartIntake>();

app.Run();

static async Task SeedAsync(IServiceProvider services, DocumentsDbContext db, CancellationToken ct)
{
    await FactTables.SeedAsync(services, db, ct);
    await RetentionRegister.SeedAsync(services, db, ct);
    await ContentReferences.DescribeAsync(db, ct);
}
