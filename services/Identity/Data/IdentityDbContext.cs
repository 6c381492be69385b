using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Identity.Data;

public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : DbContext(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<FailedAttempts> FailedAttempts => Set<FailedAttempts>();
    public DbSet<StoredKey> Keys => Set<StoredKey>();

    /// <summary>What OpenIddict knows of a client: its secret's hash, what it may ask for.</summary>
    public DbSet<OpenIddictEntityFrameworkCoreApplication> Clients => Set<OpenIddictEntityFrameworkCoreApplication>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(account =>
        {
            account.Property(a => a.Id).HasMaxLength(64).ValueGeneratedNever();
            account.Property(a => a.Kind).HasConversion<string>().HasMaxLength(10);
            account.Property(a => a.Name).HasMaxLength(200);
            account.Property(a => a.Unit).HasMaxLength(64);
            account.Property(a => a.PasswordHash).HasMaxLength(200).NotJournalled();
            account.Property(a => a.PreviousSecretHash).HasMaxLength(200).NotJournalled();
            account.Property(a => a.Stamp).NotJournalled();
            account.Property(a => a.SearchText).HasMaxLength(300).NotJournalled();
            account.Property(a => a.RowVersion).IsRowVersion();
        });

        modelBuilder.Entity<FailedAttempts>(failed =>
        {
            failed.ToTable("failed_attempts");
            failed.NotJournalled();
            failed.HasKey(f => new { f.AccountId, f.Source });
            failed.Property(f => f.AccountId).HasMaxLength(64);
            failed.Property(f => f.Source).HasMaxLength(64);
            failed.HasOne<Account>().WithMany().HasForeignKey(f => f.AccountId);
        });

        modelBuilder.Entity<StoredKey>(key =>
        {
            key.Property(k => k.Id).ValueGeneratedNever();
            key.Property(k => k.Purpose).HasConversion<string>().HasMaxLength(20);
            key.Property(k => k.Material).NotJournalled();
            key.HasIndex(k => new { k.Purpose, k.CreatedAt });
        });

        modelBuilder.UseOpenIddict();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("clients").NotJournalled();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("scopes");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization>().ToTable("authorizations").NotJournalled();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreToken>().ToTable("tokens").NotJournalled();

        modelBuilder.AddServiceTables();
    }
}
