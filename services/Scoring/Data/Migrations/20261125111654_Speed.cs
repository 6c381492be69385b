using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Scoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class Speed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A draft's lines are written again and again: half a page left free keeps the new version beside the old one, without the index.
            migrationBuilder.Sql("alter table score_lines set (fillfactor = 50)");
            migrationBuilder.Sql("alter table score_sheets set (fillfactor = 70)");
            migrationBuilder.Sql("alter table score_lines alter column derivation set compression lz4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("alter table score_lines alter column derivation set compression default");
            migrationBuilder.Sql("alter table score_sheets reset (fillfactor)");
            migrationBuilder.Sql("alter table score_lines reset (fillfactor)");
        }
    }
}
