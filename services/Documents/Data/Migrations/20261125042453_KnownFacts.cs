using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Documents.Data.Migrations
{
    /// <inheritdoc />
    public partial class KnownFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "known_facts",
                columns: table => new
                {
                    kind = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: true),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_facts", x => new { x.kind, x.key });
                });

            migrationBuilder.CreateIndex(
                name: "ix_known_facts_cluster_id",
                table: "known_facts",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_known_facts_season_kind",
                table: "known_facts",
                columns: new[] { "season", "kind" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "known_facts");
        }
    }
}
