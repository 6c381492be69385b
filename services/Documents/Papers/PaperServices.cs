using Microsoft.Extensions.Options;

namespace ThiDua.Documents.Papers;

/// <summary>What papers need from the service: settings that are checked at start, one converter, one signer.</summary>
public static class PaperServices
{
    public static void AddPapers(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConverterSettings>().BindConfiguration("Documents:Converter").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConverterSettings>, ConverterSettingsValidator>();
        builder.Services.AddOptions<SigningSettings>().BindConfiguration("Documents:Signing").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SigningSettings>, SigningSettingsValidator>();
        builder.Services.AddSingleton<PdfConverter>();
        builder.Services.AddSingleton<PaperSigner>();
        builder.Services.AddHostedService<SignerAtStart>();
        builder.Services.AddSingleton<PaperTemplates>();
        builder.Services.AddScoped<PaperPress>();
        builder.Services.AddScoped<PaperArchive>();
        builder.Services.AddHostedService<PaperJobWorker>();
    }
}
