using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Scoring.Data.Migrations
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

            migrationBuilder.AddColumn<string>(
                name: "proposed_by",
                table: "criteria_tables",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "cluster_indicators",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    result_version = table.Column<int>(type: "integer", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    facts = table.Column<string>(type: "jsonb", nullable: false),
                    computed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_indicators", x => new { x.cluster_id, x.result_version });
                });

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
                name: "indicator_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    basis = table.Column<string>(type: "text", nullable: false),
                    thresholds = table.Column<string>(type: "jsonb", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    registered_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_indicator_rules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "legal_instruments",
                columns: table => new
                {
                    code = table.Column<string>(type: "text", nullable: false),
                    fact = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_instruments", x => x.code);
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
                name: "table_comments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    table_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "text", nullable: true),
                    text = table.Column<string>(type: "text", nullable: false),
                    by = table.Column<string>(type: "text", nullable: false),
                    by_name = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_table_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_table_comments_criteria_tables_table_id",
                        column: x => x.table_id,
                        principalTable: "criteria_tables",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
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

            migrationBuilder.CreateIndex(
                name: "ix_journal_scopes",
                table: "journal",
                column: "scopes")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_indicator_rules_version",
                table: "indicator_rules",
                column: "version",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_table_comments_table_id_id",
                table: "table_comments",
                columns: new[] { "table_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cluster_indicators");

            migrationBuilder.DropTable(
                name: "covenants");

            migrationBuilder.DropTable(
                name: "indicator_rules");

            migrationBuilder.DropTable(
                name: "legal_instruments");

            migrationBuilder.DropTable(
                name: "official_facts");

            migrationBuilder.DropTable(
                name: "table_comments");

            migrationBuilder.DropTable(
                name: "table_votes");

            migrationBuilder.DropIndex(
                name: "ix_journal_scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "minutes_document",
                table: "criteria_tables");

            migrationBuilder.DropColumn(
                name: "minutes_reason",
                table: "criteria_tables");

            migrationBuilder.DropColumn(
                name: "proposed_by",
                table: "criteria_tables");
        }
    }
}
