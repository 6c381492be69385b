using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Clusters.Data.Migrations
{
    /// <inheritdoc />
    public partial class ClusterYear : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "continues",
                table: "seasons",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "scopes",
                table: "journal",
                type: "text[]",
                nullable: false,
                defaultValue: new string[0]);

            migrationBuilder.AddColumn<DateOnly>(
                name: "joined_on",
                table: "cluster_members",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.CreateTable(
                name: "activities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    review = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    planned_on = table.Column<DateOnly>(type: "date", nullable: false),
                    host = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    held_on = table.Column<DateOnly>(type: "date", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    minutes = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    evidence = table.Column<string>(type: "jsonb", nullable: false),
                    cancelled_because = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activities", x => x.id);
                    table.ForeignKey(
                        name: "fk_activities_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_types",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false),
                    label = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false, collation: "vi-x-icu"),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    basis = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_types", x => new { x.code, x.valid_from });
                });

            migrationBuilder.CreateTable(
                name: "attendance_records",
                columns: table => new
                {
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    attended = table.Column<int>(type: "integer", nullable: false),
                    called = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attendance_records", x => new { x.season, x.unit });
                });

            migrationBuilder.CreateTable(
                name: "citations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    source_key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false, collation: "C"),
                    source_label = table.Column<string>(type: "text", nullable: false),
                    path = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    provision = table.Column<string>(type: "text", nullable: true),
                    quote = table.Column<string>(type: "text", nullable: true),
                    issued_on = table.Column<DateOnly>(type: "date", nullable: true),
                    holds_from = table.Column<DateOnly>(type: "date", nullable: false),
                    holds_to = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_citations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "cluster_depths",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    result_version = table.Column<int>(type: "integer", nullable: false),
                    figures = table.Column<string>(type: "jsonb", nullable: false),
                    computed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_depths", x => x.cluster_id);
                });

            migrationBuilder.CreateTable(
                name: "cluster_leaderships",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    leader = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    deputy = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    method = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    document = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    votes = table.Column<string>(type: "jsonb", nullable: true),
                    members = table.Column<int>(type: "integer", nullable: false),
                    next_in_turn = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_leaderships", x => x.id);
                    table.ForeignKey(
                        name: "fk_cluster_leaderships_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "cluster_proposals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    min = table.Column<int>(type: "integer", nullable: false),
                    max = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    clusters = table.Column<string>(type: "jsonb", nullable: false),
                    unplaced = table.Column<string>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_proposals", x => x.id);
                    table.ForeignKey(
                        name: "fk_cluster_proposals_seasons_season",
                        column: x => x.season,
                        principalTable: "seasons",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "contacts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    holder = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    name = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_contacts", x => x.id);
                    table.ForeignKey(
                        name: "fk_contacts_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "covenants",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covenants", x => x.id);
                    table.ForeignKey(
                        name: "fk_covenants_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "decided_awards",
                columns: table => new
                {
                    nomination_id = table.Column<Guid>(type: "uuid", nullable: false),
                    award = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    passed = table.Column<bool>(type: "boolean", nullable: false),
                    revoked = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decided_awards", x => new { x.nomination_id, x.award });
                });

            migrationBuilder.CreateTable(
                name: "decided_results",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_name = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reopened_version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decided_results", x => x.cluster_id);
                });

            migrationBuilder.CreateTable(
                name: "former_members",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    joined_on = table.Column<DateOnly>(type: "date", nullable: false),
                    left_on = table.Column<DateOnly>(type: "date", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_former_members", x => x.id);
                    table.ForeignKey(
                        name: "fk_former_members_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_former_members_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "holidays",
                columns: table => new
                {
                    date = table.Column<DateOnly>(type: "date", nullable: false),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    label = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    basis = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_holidays", x => x.date);
                });

            migrationBuilder.CreateTable(
                name: "legal_instruments",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    number = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    title = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    issuer = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    issued_on = table.Column<DateOnly>(type: "date", nullable: true),
                    in_force_from = table.Column<DateOnly>(type: "date", nullable: false),
                    in_force_to = table.Column<DateOnly>(type: "date", nullable: true),
                    claimed_in_force_to = table.Column<DateOnly>(type: "date", nullable: true),
                    dates_verified = table.Column<bool>(type: "boolean", nullable: false),
                    dates_note = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    family = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    replaced_by = table.Column<string>(type: "jsonb", nullable: false),
                    amends = table.Column<string>(type: "jsonb", nullable: false),
                    transitions = table.Column<string>(type: "jsonb", nullable: false),
                    fragments = table.Column<string>(type: "jsonb", nullable: false),
                    source = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_instruments", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "obligations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    recipient = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    occasion = table.Column<int>(type: "integer", nullable: false),
                    first_due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    met_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    cut_off_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    released_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    released_reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_obligations", x => x.id);
                    table.ForeignKey(
                        name: "fk_obligations_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "registrations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    targets = table.Column<string>(type: "jsonb", nullable: false),
                    titles = table.Column<string>(type: "jsonb", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    submitted_by = table.Column<string>(type: "text", nullable: true),
                    submitted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_registrations", x => x.id);
                    table.ForeignKey(
                        name: "fk_registrations_seasons_season",
                        column: x => x.season,
                        principalTable: "seasons",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_registrations_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reorganisations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    effective_on = table.Column<DateOnly>(type: "date", nullable: false),
                    document = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    document_date = table.Column<DateOnly>(type: "date", nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reorganisations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "report_facts",
                columns: table => new
                {
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    late = table.Column<string>(type: "jsonb", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_report_facts", x => new { x.season, x.unit });
                });

            migrationBuilder.CreateTable(
                name: "reports",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    draft = table.Column<string>(type: "jsonb", nullable: false),
                    versions = table.Column<string>(type: "jsonb", nullable: false),
                    steps = table.Column<string>(type: "jsonb", nullable: false),
                    submitted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reports", x => x.id);
                    table.ForeignKey(
                        name: "fk_reports_seasons_season",
                        column: x => x.season,
                        principalTable: "seasons",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sheet_histories",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    steps = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sheet_histories", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "unit_identifiers",
                columns: table => new
                {
                    value = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unit_identifiers", x => x.value);
                    table.ForeignKey(
                        name: "fk_unit_identifiers_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "webhooks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    url = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    event_types = table.Column<string>(type: "jsonb", nullable: false),
                    secret = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    previous_secret = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    previous_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    enabled = table.Column<bool>(type: "boolean", nullable: false),
                    disabled_because = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhooks", x => x.id);
                    table.ForeignKey(
                        name: "fk_webhooks_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "activity_attendance",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    activity_id = table.Column<Guid>(type: "uuid", nullable: false),
                    entries = table.Column<string>(type: "jsonb", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    recorded_by = table.Column<string>(type: "text", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_activity_attendance", x => new { x.activity_id, x.number });
                    table.ForeignKey(
                        name: "fk_activity_attendance_activities_activity_id",
                        column: x => x.activity_id,
                        principalTable: "activities",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "covenant_parts",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    covenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    clauses = table.Column<string>(type: "jsonb", nullable: false),
                    hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    drafted_by = table.Column<string>(type: "text", nullable: false),
                    drafted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    in_force_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covenant_parts", x => new { x.covenant_id, x.number });
                    table.ForeignKey(
                        name: "fk_covenant_parts_covenants_covenant_id",
                        column: x => x.covenant_id,
                        principalTable: "covenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "covenant_signatures",
                columns: table => new
                {
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    covenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    part = table.Column<int>(type: "integer", nullable: false),
                    signed_by = table.Column<string>(type: "text", nullable: false),
                    signed_by_name = table.Column<string>(type: "text", nullable: false),
                    signed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covenant_signatures", x => new { x.covenant_id, x.unit, x.hash });
                    table.ForeignKey(
                        name: "fk_covenant_signatures_covenants_covenant_id",
                        column: x => x.covenant_id,
                        principalTable: "covenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "covenant_waivers",
                columns: table => new
                {
                    part = table.Column<int>(type: "integer", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    covenant_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    document = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    noted_by = table.Column<string>(type: "text", nullable: false),
                    noted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_covenant_waivers", x => new { x.covenant_id, x.part, x.unit });
                    table.ForeignKey(
                        name: "fk_covenant_waivers_covenants_covenant_id",
                        column: x => x.covenant_id,
                        principalTable: "covenants",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "decided_standings",
                columns: table => new
                {
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    total = table.Column<decimal>(type: "numeric", nullable: true),
                    rank = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_decided_standings", x => new { x.cluster_id, x.unit });
                    table.ForeignKey(
                        name: "fk_decided_standings_decided_results_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "decided_results",
                        principalColumn: "cluster_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "obligation_extensions",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    obligation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    to = table.Column<DateOnly>(type: "date", nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    document = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    by = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_obligation_extensions", x => new { x.obligation_id, x.number });
                    table.ForeignKey(
                        name: "fk_obligation_extensions_obligations_obligation_id",
                        column: x => x.obligation_id,
                        principalTable: "obligations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reorganised_units",
                columns: table => new
                {
                    side = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    reorganisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    share = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reorganised_units", x => new { x.reorganisation_id, x.side, x.position });
                    table.ForeignKey(
                        name: "fk_reorganised_units_reorganisations_reorganisation_id",
                        column: x => x.reorganisation_id,
                        principalTable: "reorganisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reorganised_units_units_unit",
                        column: x => x.unit,
                        principalTable: "units",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reminders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    obligation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    kind = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    owed_to = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    occurrence = table.Column<int>(type: "integer", nullable: false),
                    channel = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    recipient = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    recipient_unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true, collation: "C"),
                    webhook_id = table.Column<Guid>(type: "uuid", nullable: true),
                    planned_for = table.Column<DateOnly>(type: "date", nullable: false),
                    planned_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    superseded_because = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reminders", x => x.id);
                    table.ForeignKey(
                        name: "fk_reminders_obligations_obligation_id",
                        column: x => x.obligation_id,
                        principalTable: "obligations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reminders_webhooks_webhook_id",
                        column: x => x.webhook_id,
                        principalTable: "webhooks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reminder_attempts",
                columns: table => new
                {
                    number = table.Column<int>(type: "integer", nullable: false),
                    reminder_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    to = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    outcome = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    detail = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reminder_attempts", x => new { x.reminder_id, x.number });
                    table.ForeignKey(
                        name: "fk_reminder_attempts_reminders_reminder_id",
                        column: x => x.reminder_id,
                        principalTable: "reminders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_journal_scopes",
                table: "journal",
                column: "scopes")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_activities_cluster_id_review",
                table: "activities",
                columns: new[] { "cluster_id", "review" },
                unique: true,
                filter: "state = 'Held' and review is not null");

            migrationBuilder.CreateIndex(
                name: "ix_activities_season_cluster_id",
                table: "activities",
                columns: new[] { "season", "cluster_id" });

            migrationBuilder.CreateIndex(
                name: "ix_citations_number_id",
                table: "citations",
                columns: new[] { "number", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_citations_source_source_key",
                table: "citations",
                columns: new[] { "source", "source_key" });

            migrationBuilder.CreateIndex(
                name: "ix_cluster_depths_season",
                table: "cluster_depths",
                column: "season");

            migrationBuilder.CreateIndex(
                name: "ix_cluster_leaderships_cluster_code_season",
                table: "cluster_leaderships",
                columns: new[] { "cluster_code", "season" });

            migrationBuilder.CreateIndex(
                name: "ix_cluster_leaderships_cluster_id",
                table: "cluster_leaderships",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_cluster_proposals_season",
                table: "cluster_proposals",
                column: "season");

            migrationBuilder.CreateIndex(
                name: "ix_contacts_holder_unit_email",
                table: "contacts",
                columns: new[] { "holder", "unit", "email" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_contacts_unit",
                table: "contacts",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_covenants_cluster_id",
                table: "covenants",
                column: "cluster_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_covenants_season_cluster",
                table: "covenants",
                columns: new[] { "season", "cluster" });

            migrationBuilder.CreateIndex(
                name: "ix_decided_awards_unit",
                table: "decided_awards",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_decided_standings_unit",
                table: "decided_standings",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_former_members_cluster_id",
                table: "former_members",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_former_members_unit",
                table: "former_members",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_obligations_cluster_id_unit_kind_recipient_occasion",
                table: "obligations",
                columns: new[] { "cluster_id", "unit", "kind", "recipient", "occasion" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_obligations_due_on_id",
                table: "obligations",
                columns: new[] { "due_on", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_obligations_season_unit",
                table: "obligations",
                columns: new[] { "season", "unit" });

            migrationBuilder.CreateIndex(
                name: "ix_registrations_season_unit_number",
                table: "registrations",
                columns: new[] { "season", "unit", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_registrations_unit",
                table: "registrations",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_reminders_next_attempt_at",
                table: "reminders",
                column: "next_attempt_at",
                filter: "state in ('Planned', 'Sending')");

            migrationBuilder.CreateIndex(
                name: "ix_reminders_obligation_id_due_on_occurrence_channel_recipient",
                table: "reminders",
                columns: new[] { "obligation_id", "due_on", "occurrence", "channel", "recipient", "recipient_unit", "webhook_id" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_reminders_season_unit",
                table: "reminders",
                columns: new[] { "season", "unit" });

            migrationBuilder.CreateIndex(
                name: "ix_reminders_webhook_id",
                table: "reminders",
                column: "webhook_id");

            migrationBuilder.CreateIndex(
                name: "ix_reorganised_units_unit",
                table: "reorganised_units",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_reports_season_unit_kind",
                table: "reports",
                columns: new[] { "season", "unit", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sheet_histories_cluster_id",
                table: "sheet_histories",
                column: "cluster_id");

            migrationBuilder.CreateIndex(
                name: "ix_unit_identifiers_unit",
                table: "unit_identifiers",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_webhooks_unit",
                table: "webhooks",
                column: "unit");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "activity_attendance");

            migrationBuilder.DropTable(
                name: "activity_types");

            migrationBuilder.DropTable(
                name: "attendance_records");

            migrationBuilder.DropTable(
                name: "citations");

            migrationBuilder.DropTable(
                name: "cluster_depths");

            migrationBuilder.DropTable(
                name: "cluster_leaderships");

            migrationBuilder.DropTable(
                name: "cluster_proposals");

            migrationBuilder.DropTable(
                name: "contacts");

            migrationBuilder.DropTable(
                name: "covenant_parts");

            migrationBuilder.DropTable(
                name: "covenant_signatures");

            migrationBuilder.DropTable(
                name: "covenant_waivers");

            migrationBuilder.DropTable(
                name: "decided_awards");

            migrationBuilder.DropTable(
                name: "decided_standings");

            migrationBuilder.DropTable(
                name: "former_members");

            migrationBuilder.DropTable(
                name: "holidays");

            migrationBuilder.DropTable(
                name: "legal_instruments");

            migrationBuilder.DropTable(
                name: "obligation_extensions");

            migrationBuilder.DropTable(
                name: "registrations");

            migrationBuilder.DropTable(
                name: "reminder_attempts");

            migrationBuilder.DropTable(
                name: "reorganised_units");

            migrationBuilder.DropTable(
                name: "report_facts");

            migrationBuilder.DropTable(
                name: "reports");

            migrationBuilder.DropTable(
                name: "sheet_histories");

            migrationBuilder.DropTable(
                name: "unit_identifiers");

            migrationBuilder.DropTable(
                name: "activities");

            migrationBuilder.DropTable(
                name: "covenants");

            migrationBuilder.DropTable(
                name: "decided_results");

            migrationBuilder.DropTable(
                name: "reminders");

            migrationBuilder.DropTable(
                name: "reorganisations");

            migrationBuilder.DropTable(
                name: "obligations");

            migrationBuilder.DropTable(
                name: "webhooks");

            migrationBuilder.DropIndex(
                name: "ix_journal_scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "continues",
                table: "seasons");

            migrationBuilder.DropColumn(
                name: "scopes",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "joined_on",
                table: "cluster_members");
        }
    }
}
