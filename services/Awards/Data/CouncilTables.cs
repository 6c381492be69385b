using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Data;

/// <summary>Tables of the council's sessions, of consultations and of revocations: no unit learns of them from the journal (section B).</summary>
internal static class CouncilTables
{
    private const int NameLength = 20;
    private const int SubjectLength = 200;
    private const int HashLength = 64;

    /// <summary>
    /// Whatever would tell later in which order papers came in, down to the dead rows in the files of the tables, goes when nobody votes
    /// any more. Nobody else votes, casts or counts while this is looked at.
    /// </summary>
    internal const string LockPapersSql = "lock table ballot_papers_to_hand_out, ballot_papers, ballot_box in access exclusive mode";

    /// <inheritdoc cref="LockPapersSql"/>
    internal const string SweepPapersSql = """
        do $$ begin
          if not exists (select from ballot_papers_to_hand_out) and not exists (select from ballot_papers) and not exists (select from ballot_box) then
            truncate ballot_papers_to_hand_out, ballot_papers, ballot_box;
          end if;
        end $$
        """;

    internal static void MapCouncil(this ModelBuilder model)
    {
        model.Entity<Council>(council =>
        {
            council.ToTable("councils");
            council.KeptFromUnits();
            council.Property(c => c.Id).ValueGeneratedNever();
            council.Property(c => c.Code).HasMaxLength(AwardsDbContext.CodeLength).UseCollation(AwardsDbContext.ByCodePoint);
            council.Property(c => c.RowVersion).IsRowVersion();
            council.HasIndex(c => c.Code).IsUnique();
            council.HasMany(c => c.Memberships).WithOne().HasForeignKey(m => m.CouncilId);
        });
        model.Entity<CouncilMembership>(membership =>
        {
            membership.ToTable("council_members");
            membership.KeptFromUnits();
            membership.Property(m => m.Id).ValueGeneratedNever();
            membership.Property(m => m.Subject).HasMaxLength(SubjectLength);
            membership.Property(m => m.Unit).HasMaxLength(AwardsDbContext.CodeLength);
            membership.Property(m => m.Role).HasConversion<string>().HasMaxLength(NameLength);
            membership.Ignore(m => m.Terms);
            membership.HasIndex(m => new { m.CouncilId, m.Subject, m.From }).IsUnique();
        });
        MapSessions(model);
        MapPapers(model);
        MapConsultations(model);
        model.Entity<Revocation>(revocation =>
        {
            revocation.ToTable("revocations");
            revocation.KeptFromUnits();
            revocation.Property(r => r.Id).ValueGeneratedNever();
            revocation.Property(r => r.Season).HasMaxLength(AwardsDbContext.CodeLength);
            revocation.Property(r => r.Cluster).HasMaxLength(AwardsDbContext.CodeLength);
            revocation.Property(r => r.Unit).HasMaxLength(AwardsDbContext.CodeLength);
            revocation.Property(r => r.Ground).HasMaxLength(AwardsDbContext.CodeLength);
            revocation.Property(r => r.State).HasConversion<string>().HasMaxLength(NameLength);
            revocation.Property(r => r.RowVersion).IsRowVersion();
            revocation.HasOne<Ballot>().WithMany().HasForeignKey(r => r.BallotId).OnDelete(DeleteBehavior.Restrict);
            revocation.HasIndex(r => r.BallotId).IsUnique().HasFilter("state <> 'Rejected'"); // of two proposed at once, one stands
            revocation.HasIndex(r => r.Season);
        });
    }

    private static void MapSessions(ModelBuilder model)
    {
        model.Entity<CouncilSession>(session =>
        {
            session.ToTable("council_sessions");
            session.KeptFromUnits();
            session.Property(s => s.Id).ValueGeneratedNever();
            session.Property(s => s.Council).HasMaxLength(AwardsDbContext.CodeLength);
            session.Property(s => s.Season).HasMaxLength(AwardsDbContext.CodeLength);
            session.Property(s => s.Kind).HasConversion<string>().HasMaxLength(NameLength);
            session.Property(s => s.RowVersion).IsRowVersion();
            session.HasOne<Council>().WithMany().HasForeignKey(s => s.CouncilId).OnDelete(DeleteBehavior.Restrict);
            session.HasMany(s => s.Items).WithOne().HasForeignKey(i => i.SessionId);
            session.HasIndex(s => s.Season);
            session.OwnsMany(s => s.Attendances, attendance =>
            {
                attendance.ToTable("council_attendances");
                attendance.KeptFromUnits();
                attendance.WithOwner().HasForeignKey("SessionId");
                attendance.HasKey("SessionId", nameof(Attendance.Subject));
                attendance.Property(a => a.Subject).HasMaxLength(SubjectLength).ValueGeneratedNever();
                attendance.Property(a => a.Kind).HasConversion<string>().HasMaxLength(NameLength);
            });
        });
        model.Entity<AgendaItem>(item =>
        {
            item.ToTable("agenda_items");
            item.KeptFromUnits();
            item.Property(i => i.Id).ValueGeneratedNever();
            item.Property(i => i.State).HasConversion<string>().HasMaxLength(NameLength);
            item.Property(i => i.Unit).HasMaxLength(AwardsDbContext.CodeLength);
            item.Property(i => i.Tally).StoredAsJson();
            item.HasOne<Nomination>().WithMany().HasForeignKey(i => i.NominationId).OnDelete(DeleteBehavior.Restrict);
            item.HasIndex(i => new { i.SessionId, i.Position }).IsUnique();
        });
    }

    // No foreign keys: checking one would leave a mark of the voter's transaction on the row that is referred to.
    private static void MapPapers(ModelBuilder model)
    {
        model.Entity<PaperToHandOut>(paper =>
        {
            paper.ToTable("ballot_papers_to_hand_out").HasKey(p => new { p.ItemId, p.Token });
            paper.Property(p => p.Token).HasMaxLength(HashLength);
            paper.NotJournalled();
        });
        model.Entity<BallotPaper>(paper =>
        {
            paper.ToTable("ballot_papers").HasKey(p => new { p.ItemId, p.Hash });
            paper.Property(p => p.Hash).HasMaxLength(HashLength);
            paper.NotJournalled();
        });
        model.Entity<PaperGiven>(given =>
        {
            given.ToTable("ballot_papers_given").HasKey(g => new { g.ItemId, g.Round, g.Subject });
            given.KeptFromUnits();
            given.Property(g => g.Subject).HasMaxLength(SubjectLength);
        });
        model.Entity<BoxedPaper>(paper =>
        {
            paper.ToTable("ballot_box");
            paper.Property(p => p.Id).ValueGeneratedNever();
            paper.Property(p => p.Choice).HasConversion<string>().HasMaxLength(NameLength);
            paper.HasIndex(p => p.ItemId);
            paper.NotJournalled();
        });
        model.Entity<CountedPaper>(paper =>
        {
            paper.ToTable("counted_papers");
            paper.Property(p => p.Id).ValueGeneratedNever();
            paper.Property(p => p.Choice).HasConversion<string>().HasMaxLength(NameLength);
            paper.HasIndex(p => new { p.ItemId, p.Round });
            paper.NotJournalled();
        });
    }

    private static void MapConsultations(ModelBuilder model)
    {
        model.Entity<KnownHolidays>(holidays =>
        {
            holidays.ToTable("working_day_calendars").HasKey(c => c.Code);
            holidays.Property(c => c.Code).HasMaxLength(NameLength);
            holidays.Property(c => c.Days).StoredAsJson();
            holidays.NotJournalled(); // their journal is kept where they come from
        });
        model.Entity<Consultation>(consultation =>
        {
            consultation.ToTable("public_comments");
            consultation.KeptFromUnits();
            consultation.Property(c => c.Id).ValueGeneratedNever();
            consultation.Property(c => c.Season).HasMaxLength(AwardsDbContext.CodeLength);
            consultation.Property(c => c.State).HasConversion<string>().HasMaxLength(NameLength);
            consultation.Property(c => c.RowVersion).IsRowVersion();
            consultation.HasIndex(c => c.Season);
            consultation.OwnsMany(c => c.Units, unit =>
            {
                unit.ToTable("consulted_units");
                unit.KeptFromUnits();
                unit.WithOwner().HasForeignKey("ConsultationId");
                unit.HasKey("ConsultationId", nameof(ConsultedUnit.NominationId));
                unit.Property(u => u.NominationId).ValueGeneratedNever();
                unit.Property(u => u.Unit).HasMaxLength(AwardsDbContext.CodeLength);
                unit.Property(u => u.Cluster).HasMaxLength(AwardsDbContext.CodeLength);
            });
            consultation.OwnsMany(c => c.Comments, comment =>
            {
                comment.ToTable("comments_received");
                comment.KeptFromUnits();
                comment.WithOwner().HasForeignKey("ConsultationId");
                comment.HasKey(c => c.Id);
                comment.Property(c => c.Id).ValueGeneratedNever();
                comment.Property(c => c.Unit).HasMaxLength(AwardsDbContext.CodeLength);
            });
        });
    }
}
