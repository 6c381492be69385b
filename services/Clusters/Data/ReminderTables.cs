using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of reminders: the log with its attempts, the addresses, the webhooks.</summary>
internal static class ReminderTables
{
    private const int NameLength = 300;
    private const int WordLength = 20;
    private const int TextLength = 1000;
    private const int AddressesLength = 4000;

    internal static void MapReminders(this ModelBuilder model)
    {
        model.Entity<Reminder>(reminder =>
        {
            reminder.ToTable("reminders");
            reminder.Property(r => r.Id).ValueGeneratedNever();
            ClustersDbContext.Code(reminder.Property(r => r.Season));
            ClustersDbContext.Code(reminder.Property(r => r.Unit!));
            ClustersDbContext.Code(reminder.Property(r => r.RecipientUnit!));
            reminder.Property(r => r.Unit).IsRequired(false);
            reminder.Property(r => r.RecipientUnit).IsRequired(false);
            reminder.Property(r => r.Kind).HasConversion<string>().HasMaxLength(NameLength);
            reminder.Property(r => r.OwedTo).HasConversion<string>().HasMaxLength(NameLength);
            reminder.Property(r => r.Channel).HasConversion<string>().HasMaxLength(WordLength);
            reminder.Property(r => r.Recipient).HasConversion<string>().HasMaxLength(WordLength);
            reminder.Property(r => r.State).HasConversion<string>().HasMaxLength(WordLength);
            reminder.Property(r => r.SupersededBecause).HasConversion<string>().HasMaxLength(WordLength);
            reminder.Property(r => r.RowVersion).IsRowVersion();
            reminder.HasOne<Obligation>().WithMany().HasForeignKey(r => r.ObligationId).OnDelete(DeleteBehavior.Restrict);
            reminder.HasOne<Webhook>().WithMany().HasForeignKey(r => r.WebhookId).OnDelete(DeleteBehavior.Restrict);

            // Whoever plans at the same time: nothing is planned twice.
            reminder.HasIndex(r => new { r.ObligationId, r.DueOn, r.Occurrence, r.Channel, r.Recipient, r.RecipientUnit, r.WebhookId }).IsUnique().AreNullsDistinct(false);
            reminder.HasIndex(r => new { r.Season, r.Unit });
            reminder.HasIndex(r => r.NextAttemptAt).HasFilter("state in ('Planned', 'Sending')");
            reminder.OwnsMany(r => r.Attempts, attempt =>
            {
                attempt.ToTable("reminder_attempts");
                attempt.WithOwner().HasForeignKey("ReminderId");
                attempt.HasKey("ReminderId", nameof(Attempt.Number));
                attempt.Property(a => a.Number).ValueGeneratedNever();
                attempt.Property(a => a.To).HasMaxLength(AddressesLength);
                attempt.Property(a => a.Outcome).HasConversion<string>().HasMaxLength(WordLength);
                attempt.Property(a => a.Detail).HasMaxLength(TextLength);
            });
        });

        model.Entity<Contact>(contact =>
        {
            contact.ToTable("contacts");
            contact.Property(c => c.Id).ValueGeneratedNever();
            ClustersDbContext.Code(contact.Property(c => c.Unit!));
            contact.Property(c => c.Unit).IsRequired(false);
            contact.Property(c => c.Holder).HasConversion<string>().HasMaxLength(WordLength);
            contact.Property(c => c.Name).HasMaxLength(NameLength);
            contact.Property(c => c.Email).HasMaxLength(EmailAddress.MaximumLength);
            contact.Property(c => c.RowVersion).IsRowVersion();
            contact.HasOne<Unit>().WithMany().HasForeignKey(c => c.Unit).OnDelete(DeleteBehavior.Restrict);
            contact.HasIndex(c => new { c.Holder, c.Unit, c.Email }).IsUnique().AreNullsDistinct(false);
        });

        model.Entity<Webhook>(webhook =>
        {
            webhook.ToTable("webhooks");
            webhook.Property(w => w.Id).ValueGeneratedNever();
            ClustersDbContext.Code(webhook.Property(w => w.Unit!));
            webhook.Property(w => w.Unit).IsRequired(false);
            webhook.Property(w => w.Url).HasMaxLength(TextLength);
            webhook.Property(w => w.Secret).HasMaxLength(TextLength).NotJournalled();
            webhook.Property(w => w.PreviousSecret).HasMaxLength(TextLength).NotJournalled();
            webhook.Property(w => w.DisabledBecause).HasMaxLength(TextLength);
            webhook.Property(w => w.RowVersion).IsRowVersion();
            ClustersDbContext.AsJson(webhook.Property(w => w.EventTypes), []);
            webhook.HasOne<Unit>().WithMany().HasForeignKey(w => w.Unit).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
