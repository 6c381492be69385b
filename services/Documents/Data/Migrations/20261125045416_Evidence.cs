using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Documents.Data.Migrations
{
    /// <inheritdoc />
    public partial class Evidence : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_evidence_season_unit_criterion_sha256",
                table: "evidence");

            migrationBuilder.AddColumn<string>(
                name: "type",
                table: "known_seasons",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "year",
                table: "known_seasons",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "content_deleted_at",
                table: "evidence",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "malware",
                table: "evidence",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "scan",
                table: "evidence",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "NotScanned");

            migrationBuilder.AddColumn<string>(
                name: "scan_fault",
                table: "evidence",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "scanned_at",
                table: "evidence",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "text_date",
                table: "evidence",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "text_issuer",
                table: "evidence",
                type: "character varying(300)",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "text_number",
                table: "evidence",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "content_removals",
                columns: table => new
                {
                    sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_content_removals", x => x.sha256);
                });

            migrationBuilder.CreateTable(
                name: "evidence_uploads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    criterion = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    file_name = table.Column<string>(type: "character varying(180)", maxLength: 180, nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    paper_number = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    paper_date = table.Column<DateOnly>(type: "date", nullable: true),
                    paper_issuer = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    received = table.Column<long>(type: "bigint", nullable: false),
                    announced = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: true),
                    sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: true),
                    text_number = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    text_date = table.Column<DateOnly>(type: "date", nullable: true),
                    text_issuer = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    created_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    evidence_id = table.Column<Guid>(type: "uuid", nullable: true),
                    refused_with = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    refusal = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evidence_uploads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "retention_periods",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    years = table.Column<int>(type: "integer", nullable: true),
                    basis = table.Column<string>(type: "text", nullable: false),
                    doubt = table.Column<string>(type: "text", nullable: true),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_periods", x => new { x.code, x.valid_from });
                });

            migrationBuilder.CreateIndex(
                name: "ix_evidence_season_unit_criterion_sha256",
                table: "evidence",
                columns: new[] { "season", "unit", "criterion", "sha256" },
                unique: true,
                filter: "state in ('Stored', 'Quarantined')");

            migrationBuilder.CreateIndex(
                name: "ix_evidence_sha256",
                table: "evidence",
                column: "sha256");

            migrationBuilder.CreateIndex(
                name: "ix_evidence_stored_at",
                table: "evidence",
                column: "stored_at",
                filter: "state = 'Quarantined'");

            migrationBuilder.CreateIndex(
                name: "ix_evidence_uploads_expires_at",
                table: "evidence_uploads",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_evidence_uploads_season_unit",
                table: "evidence_uploads",
                columns: new[] { "season", "unit" },
                filter: "state = 'Receiving'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "content_removals");

            migrationBuilder.DropTable(
                name: "evidence_uploads");

            migrationBuilder.DropTable(
                name: "retention_periods");

            migrationBuilder.DropIndex(
                name: "ix_evidence_season_unit_criterion_sha256",
                table: "evidence");

            migrationBuilder.DropIndex(
                name: "ix_evidence_sha256",
                table: "evidence");

            migrationBuilder.DropIndex(
                name: "ix_evidence_stored_at",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "type",
                table: "known_seasons");

            migrationBuilder.DropColumn(
                name: "year",
                table: "known_seasons");

            migrationBuilder.DropColumn(
                name: "content_deleted_at",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "malware",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "scan",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "scan_fault",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "scanned_at",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "text_date",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "text_issuer",
                table: "evidence");

            migrationBuilder.DropColumn(
                name: "text_number",
                table: "evidence");

            migrationBuilder.CreateIndex(
                name: "ix_evidence_season_unit_criterion_sha256",
                table: "evidence",
                columns: new[] { "season", "unit", "criterion", "sha256" },
                unique: true,
                filter: "withdrawn_at is null");
        }
    }
}
