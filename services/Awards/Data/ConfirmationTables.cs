using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>Tables of the confirmations (F-26), and the topics that the product comes with.</summary>
internal static class ConfirmationTables
{
    internal const int CodeLength = 60;

    internal static void MapConfirmations(this ModelBuilder model)
    {
        model.Entity<ConfirmationTopic>(topic =>
        {
            topic.ToTable("confirmation_topics").HasKey(t => new { t.Code, t.ValidFrom });
            topic.Property(t => t.Code).HasMaxLength(CodeLength).UseCollation("C");
        });
        model.Entity<TopicProvider>(provider =>
        {
            provider.ToTable("topic_providers");
            provider.Property(p => p.Id).ValueGeneratedNever();
            provider.Property(p => p.Topic).HasMaxLength(CodeLength).UseCollation("C");
            provider.Property(p => p.Provider).HasMaxLength(CodeLength).UseCollation("C");
            provider.HasIndex(p => new { p.Topic, p.Provider, p.ValidFrom }).IsUnique();
        });
        model.Entity<Confirmation>(confirmation =>
        {
            confirmation.ToTable("confirmations");
            confirmation.Property(c => c.Id).ValueGeneratedNever();
            confirmation.Property(c => c.Season).HasMaxLength(CodeLength);
            confirmation.Property(c => c.Unit).HasMaxLength(CodeLength).UseCollation("C");
            confirmation.Property(c => c.Topic).HasMaxLength(CodeLength).UseCollation("C");
            confirmation.Property(c => c.Provider).HasMaxLength(CodeLength);
            confirmation.HasIndex(c => new { c.Season, c.Unit, c.Topic, c.Version }).IsUnique();
            confirmation.HasIndex(c => new { c.Season, c.Unit, c.Topic }).HasFilter("is_current").IsUnique(); // of two said at once, one wins
        });
    }

    /// <summary>Puts the topics that the product comes with into an empty table; what is there is left as it is.</summary>
    internal static async Task SeedAsync(IServiceProvider services, AwardsDbContext db, CancellationToken ct)
    {
        if (await db.Topics.AnyAsync(ct))
        {
            return;
        }

        using var stream = typeof(ConfirmationTables).Assembly.GetManifestResourceStream("confirmation-topics.json")
            ?? throw new InvalidOperationException("confirmation-topics.json is not in the assembly.");
        var json = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(json);
        db.AddRange(JsonSerializer.Deserialize<List<ConfirmationTopic>>(stream, json)!);
    }
}
