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

builder.Services.AddSingleton<PaperTemplates>();
builder.Services.AddScoped<PaperPress>();
builder.Services.AddScoped<PaperArchive>();
builder.Services.AddHostedService<PaperJobWorker>();
builder.Services.AddSingleton<PdfConverter>();
builder.Services.AddSingleton<PaperSigner>();
builder.Services.AddSingleton<ContentStore>();
builder.Services.AddHostedService<AbandonedFiles>();
builder.AddPapers();
builder.Services.AddHealthChecks().AddCheck<StorageCheck>("storage");

var app = builder.Build();

if (await app.MigrateIfAskedAsync<DocumentsDbContext>(args, FactTables.SeedAsync))
if (await app.MigrateIfAskedAsync<DocumentsDbContext>(args, RetentionRegister.SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.UseMiddleware<UploadIntake>();
app.MapApi<DocumentsDbContext>(
    api =>
    {
        api.MapDocuments();
        api.MapStatistics();
        api.MapPapers();
        api.MapPaperTemplates();
        api.MapPaperLetterheads();
        api.MapPaperJobs();
        api.MapPaperVerifications();
    },
    DocumentsDbContext.LedAsync);
app.UseMiddleware<UploadPartIntake>();
app.MapApi<DocumentsDbContext>(api =>
{
    api.MapDocuments();
    api.MapUploads();
    api.MapRetention();
}, DocumentsDbContext.LedAsync);
app.UseMiddleware<UploadIntake>(); // after what refuses a request as such
app.UseMiddleware<UploadPartIntake>();

app.Run();
