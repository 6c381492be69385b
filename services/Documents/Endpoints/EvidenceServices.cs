using ThiDua.Documents.Data;

namespace ThiDua.Documents.Endpoints;

/// <summary>What the service needs for evidence.</summary>
internal static class EvidenceServices
{
    public static void AddEvidence(this IServiceCollection services)
    {
        services.AddSingleton<Staging>();
        services.AddSingleton(ContentStore.Of);
        services.AddSingleton<MalwareScanner>();
        services.AddSingleton<QuarantineState>();
        services.AddScoped<EvidenceIntake>();
        services.AddScoped<UploadFinisher>();
        services.AddScoped<DocumentViews>();
        services.AddHostedService<AbandonedFiles>();
        services.AddHostedService<EvidenceHousekeeping>();
        services.AddHostedService<ScanWorker>();
        services.AddHealthChecks().AddCheck<StorageCheck>("storage").AddCheck<ScannerCheck>("scanner");
    }
}
