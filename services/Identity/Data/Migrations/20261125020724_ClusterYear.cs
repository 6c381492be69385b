using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Identity.Data.Migrations
{
    /// <inheritdoc />
    public partial class ClusterYear : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "scopes",
                table: "journal",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.CreateIndex(
                name: "ix_journal_scopes",
                table: "journal",
                column: "scopes")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_journal_scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "journal");
        }
    }
}
