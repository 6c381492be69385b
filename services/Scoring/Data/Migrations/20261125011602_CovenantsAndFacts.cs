using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Scoring.Data.Migrations
{
    /// <inheritdoc />
    public partial class CovenantsAndFacts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "minutes_document",
                table: "criteria_tables",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "minutes_reason",
                table: "criteria_tables",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "covenants",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "text", nullable: false),
                    clauses = table.Column<string>(type: "jsonb", nullable: false),
                    agreement_by = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covenants", x => x.cluster_id);
                });

            migrationBuilder.CreateTable(
                name: "official_facts",
                columns: table => new
                {
                    season = table.Column<string>(type: "text", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    fact = table.Column<string>(type: "text", nullable: false),
                    completed = table.Column<int>(type: "integer", nullable: true),
                    assigned = table.Column<int>(type: "integer", nullable: true),
                    late = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_official_facts", x => new { x.season, x.unit, x.fact });
                });

            migrationBuilder.CreateTable(
                name: "table_votes",
                columns: table => new
                {
                    table_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: false),
                    agree = table.Column<bool>(type: "boolean", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true),
                    by = table.Column<string>(type: "text", nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_table_votes", x => new { x.table_id, x.cluster_id, x.unit });
                    table.ForeignKey(
                        name: "fk_table_votes_criteria_tables_table_id",
                        column: x => x.table_id,
                        principalTable: "criteria_tables",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "covenants");

            migrationBuilder.DropTable(
                name: "official_facts");

            migrationBuilder.DropTable(
                name: "table_votes");

            migrationBuilder.DropColumn(
                name: "minutes_document",
                table: "criteria_tables");

            migrationBuilder.DropColumn(
                name: "minutes_reason",
                table: "criteria_tables");
        }
    }
}
