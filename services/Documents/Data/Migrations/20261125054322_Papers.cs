using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Documents.Data.Migrations
{
    /// <inheritdoc />
    public partial class Papers : Migration
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

            migrationBuilder.CreateTable(
                name: "letterheads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    profile = table.Column<string>(type: "jsonb", nullable: false),
                    registered_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_letterheads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "paper_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    kinds = table.Column<string[]>(type: "text[]", nullable: false),
                    clusters = table.Column<string[]>(type: "text[]", nullable: false),
                    format = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    letterhead = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    signer = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    cluster_letterhead = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    total = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    started_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    archive = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paper_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "paper_renditions",
                columns: table => new
                {
                    docx = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    pdf = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paper_renditions", x => x.docx);
                });

            migrationBuilder.CreateTable(
                name: "paper_templates",
                columns: table => new
                {
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    uploaded_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    uploaded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paper_templates", x => new { x.kind, x.version });
                });

            migrationBuilder.CreateTable(
                name: "papers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    award = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    letterhead = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    letterhead_version = table.Column<int>(type: "integer", nullable: false),
                    signer = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    signer_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    secretary_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    agency = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    fingerprint = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    content = table.Column<string>(type: "jsonb", nullable: false),
                    template_version = table.Column<int>(type: "integer", nullable: false),
                    template_sha256 = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    hash = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    docx = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: false),
                    warnings = table.Column<string>(type: "jsonb", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    abbreviation = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    letters = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    year = table.Column<int>(type: "integer", nullable: true),
                    number = table.Column<int>(type: "integer", nullable: true),
                    symbol = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    date = table.Column<DateOnly>(type: "date", nullable: true),
                    signature = table.Column<string>(type: "jsonb", nullable: true),
                    drafted_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    drafted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    issued_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    issued_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    signed_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    withdrawn_by = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    withdrawn_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    withdrawn_because = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    superseded_by = table.Column<Guid>(type: "uuid", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_papers", x => x.id);
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

            migrationBuilder.CreateTable(
                name: "paper_job_items",
                columns: table => new
                {
                    job_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: true),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    award = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    paper_id = table.Column<Guid>(type: "uuid", nullable: true),
                    docx = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: true),
                    pdf = table.Column<string>(type: "character(64)", fixedLength: true, maxLength: 64, nullable: true),
                    failure_code = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    failure_reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_paper_job_items", x => new { x.job_id, x.position });
                    table.ForeignKey(
                        name: "fk_paper_job_items_paper_jobs_job_id",
                        column: x => x.job_id,
                        principalTable: "paper_jobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
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

            migrationBuilder.CreateIndex(
                name: "ix_known_facts_cluster_id",
                table: "known_facts",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_known_facts_season_kind",
                table: "known_facts",
                columns: new[] { "season", "kind" });

            migrationBuilder.CreateIndex(
                name: "ix_letterheads_code_version",
                table: "letterheads",
                columns: new[] { "code", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_paper_job_items_waiting",
                table: "paper_job_items",
                columns: new[] { "job_id", "position" },
                filter: "state = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_paper_jobs_open",
                table: "paper_jobs",
                column: "id",
                filter: "state in ('Queued', 'Running')");

            migrationBuilder.CreateIndex(
                name: "ix_papers_abbreviation_letters_year_number",
                table: "papers",
                columns: new[] { "abbreviation", "letters", "year", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_papers_hash",
                table: "papers",
                column: "hash");

            migrationBuilder.CreateIndex(
                name: "ix_papers_season_id",
                table: "papers",
                columns: new[] { "season", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_papers_subject",
                table: "papers",
                column: "subject",
                unique: true,
                filter: "state in ('Issued', 'Signed')");

            migrationBuilder.CreateIndex(
                name: "ix_papers_subject_fingerprint",
                table: "papers",
                columns: new[] { "subject", "fingerprint" },
                unique: true,
                filter: "state in ('Draft', 'Issued', 'Signed')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "content_removals");

            migrationBuilder.DropTable(
                name: "evidence_uploads");

            migrationBuilder.DropTable(
                name: "known_facts");

            migrationBuilder.DropTable(
                name: "letterheads");

            migrationBuilder.DropTable(
                name: "paper_job_items");

            migrationBuilder.DropTable(
                name: "paper_renditions");

            migrationBuilder.DropTable(
                name: "paper_templates");

            migrationBuilder.DropTable(
                name: "papers");

            migrationBuilder.DropTable(
                name: "retention_periods");

            migrationBuilder.DropTable(
                name: "paper_jobs");

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
