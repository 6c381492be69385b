using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Documents.Data.Migrations
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

            migrationBuilder.CreateTable(
                name: "known_results",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    decided = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_results", x => x.cluster_id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_journal_scopes",
                table: "journal",
                column: "scopes")
                .Annotation("Npgsql:IndexMethod", "gin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_results");

            migrationBuilder.DropIndex(
                name: "ix_journal_scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "journal");
        }
    }
}
