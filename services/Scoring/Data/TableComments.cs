using Microsoft.EntityFrameworkCore;

namespace ThiDua.Scoring.Data;

/// <summary>Góp ý: what the agency or a member says of a draft table. It is never changed, and stays when the draft is.</summary>
public sealed class TableComment
{
    public required Guid Id { get; init; }
    public required Guid TableId { get; init; }

    /// <summary>Unit whose head says it; null: the agency.</summary>
    public required string? Unit { get; init; }

    public required string Text { get; init; }
    public required string By { get; init; }
    public required string ByName { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Table of the comments.</summary>
internal static class TableCommentTables
{
    internal static void MapTableComments(this ModelBuilder model) => model.Entity<TableComment>(comment =>
    {
        comment.ToTable("table_comments");
        comment.Property(row => row.Id).ValueGeneratedNever();
        comment.HasOne<CriteriaTableVersion>().WithMany().HasForeignKey(row => row.TableId).OnDelete(DeleteBehavior.Restrict);
        comment.HasIndex(row => new { row.TableId, row.Id });
    });
}
