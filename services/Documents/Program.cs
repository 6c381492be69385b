using Microsoft.Extensions.Options;
using ThiDua.Documents;
using ThiDua.Documents.Data;
using ThiDua.Documents.Endpoints;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("documents");
builder.AddDatabase<DocumentsDbContext>("documentsdb");
builder.AddMessaging<DocumentsDbContext>(typeof(Program).Assembly);

builder.Services.AddOptions<DocumentsSettings>().BindConfiguration("Documents").ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<DocumentsSettings>, DocumentsSettingsValidator>();
builder.Services.AddEvidence();

var app = builder.Build();

if (await app.MigrateIfAskedAsync<DocumentsDbContext>(args, RetentionRegister.SeedAsync))
{
    return;
}

app.UseServiceDefaults();
app.MapApi<DocumentsDbContext>(api =>
{
    api.MapDocuments();
    api.MapUploads();
    api.MapRetention();
}, DocumentsDbContext.LedAsync);
app.UseMiddleware<UploadIntake>(); // after what refuses a request as such
app.UseMiddleware<UploadPartIntake>();

app.Run();
