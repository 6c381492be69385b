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
builder.Services.AddSingleton<ContentStore>();
builder.Services.AddHostedService<AbandonedFiles>();
builder.AddPapers();
builder.Services.AddHealthChecks().AddCheck<StorageCheck>("storage");

var app = builder.Build();

if (await app.MigrateIfAskedAsync<DocumentsDbContext>(args))
{
    return;
}

app.UseServiceDefaults();
app.UseMiddleware<UploadIntake>();
app.MapApi<DocumentsDbContext>(api => api.MapDocuments(), DocumentsDbContext.LedAsync);

app.Run();
