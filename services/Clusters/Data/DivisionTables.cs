using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>The tables of dividing a province and of looking over it: proposals, how leaders were selected, and what Scoring told of results.</summary>
internal static class DivisionTables
{
    private const int TextLength = 1000;

    internal static void MapDivision(this ModelBuilder model)
    {
        model.Entity<ClusterProposal>(proposal =>
        {
            proposal.ToTable("cluster_proposals");
            proposal.Property(p => p.Id).ValueGeneratedNever();
            ClustersDbContext.Code(proposal.Property(p => p.Season));
            proposal.Property(p => p.State).HasConversion<string>().HasMaxLength(10);
            ClustersDbContext.AsJson(proposal.Property(p => p.Clusters), []);
            ClustersDbContext.AsJson(proposal.Property(p => p.Unplaced), []);
            proposal.Property(p => p.RowVersion).IsRowVersion();
            proposal.HasOne<Season>().WithMany().HasForeignKey(p => p.Season).OnDelete(DeleteBehavior.Restrict);
        });

        model.Entity<ClusterLeadership>(leadership =>
        {
            leadership.ToTable("cluster_leaderships");
            leadership.Property(l => l.Id).ValueGeneratedNever();
            ClustersDbContext.Code(leadership.Property(l => l.Season));
            ClustersDbContext.Code(leadership.Property(l => l.ClusterCode));
            ClustersDbContext.Code(leadership.Property(l => l.Leader));
            ClustersDbContext.Code(leadership.Property(l => l.Deputy));
            leadership.Property(l => l.Method).HasConversion<string>().HasMaxLength(10);
            leadership.Property(l => l.Document).HasMaxLength(TextLength);
            leadership.Property(l => l.Reason).HasMaxLength(TextLength);
            leadership.Property(l => l.NextInTurn).HasMaxLength(BusinessCode.MaximumLength);
            ClustersDbContext.AsJson(leadership.Property(l => l.Votes!), new Dictionary<string, string>());
            leadership.Property(l => l.Votes).IsRequired(false);
            leadership.Ignore(l => l.VotesForLeader);
            leadership.HasOne<Cluster>().WithMany().HasForeignKey(l => l.ClusterId).OnDelete(DeleteBehavior.Restrict);
            leadership.HasIndex(l => new { l.ClusterCode, l.Season });
        });

        // A copy of what Scoring told.
        model.Entity<ClusterDepth>(depth =>
        {
            depth.ToTable("cluster_depths");
            depth.HasKey(d => d.ClusterId);
            depth.Property(d => d.ClusterId).ValueGeneratedNever();
            ClustersDbContext.Code(depth.Property(d => d.Season));
            ClustersDbContext.AsJson(depth.Property(d => d.Figures), new DepthFigures(0, 0, 0, 0, 0, 0, 0, null, null, null, []));
            depth.HasIndex(d => d.Season);
            depth.NotJournalled();
        });
    }
}
