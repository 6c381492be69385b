using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ThiDua.Awards.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "award_history",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    year = table.Column<int>(type: "integer", nullable: false),
                    winner = table.Column<string>(type: "text", nullable: false),
                    leader = table.Column<string>(type: "text", nullable: true),
                    members = table.Column<string>(type: "jsonb", nullable: true),
                    ranks = table.Column<string>(type: "jsonb", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_award_history", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "award_policies",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    valid_from = table.Column<DateOnly>(type: "date", nullable: false),
                    valid_to = table.Column<DateOnly>(type: "date", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    basis = table.Column<string>(type: "text", nullable: false),
                    switches = table.Column<string>(type: "jsonb", nullable: false),
                    thresholds = table.Column<string>(type: "jsonb", nullable: false),
                    registered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    registered_by = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_award_policies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exclusions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    type = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ground = table.Column<string>(type: "text", nullable: true),
                    document = table.Column<string>(type: "text", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: true),
                    to = table.Column<DateOnly>(type: "date", nullable: true),
                    placed_by = table.Column<string>(type: "text", nullable: false),
                    placed_by_name = table.Column<string>(type: "text", nullable: false),
                    placed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_exclusions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "government_flag_proposals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    proposal = table.Column<string>(type: "jsonb", nullable: false),
                    drawn_up_by = table.Column<string>(type: "text", nullable: false),
                    drawn_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_government_flag_proposals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    subject = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    headers = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    stored_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.subject, x.key });
                });

            migrationBuilder.CreateTable(
                name: "inbox_messages",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox_messages", x => x.message_id);
                });

            migrationBuilder.CreateTable(
                name: "journal",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    actor_name = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    roles = table.Column<string[]>(type: "text[]", nullable: false),
                    action = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    trace_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    subjects = table.Column<string[]>(type: "text[]", nullable: false),
                    changes = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_journal", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "known_clusters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false),
                    leader = table.Column<string>(type: "text", nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_clusters", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "known_results",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    facts = table.Column<string>(type: "jsonb", nullable: true),
                    is_reopened = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_results", x => x.cluster_id);
                });

            migrationBuilder.CreateTable(
                name: "known_seasons",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    year = table.Column<int>(type: "integer", nullable: false),
                    phase = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_seasons", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "known_units",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_units", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "nomination_lists",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    result_version = table.Column<int>(type: "integer", nullable: false),
                    policy_id = table.Column<Guid>(type: "uuid", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    first = table.Column<string>(type: "text", nullable: true),
                    fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    facts = table.Column<string>(type: "jsonb", nullable: false),
                    derivation = table.Column<string>(type: "jsonb", nullable: false),
                    drawn_up_by = table.Column<string>(type: "text", nullable: false),
                    drawn_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_nomination_lists", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outbox_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    body = table.Column<string>(type: "jsonb", nullable: false),
                    trace_parent = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    not_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "nominations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    award = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    tied = table.Column<string[]>(type: "text[]", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    derivation = table.Column<string>(type: "jsonb", nullable: false),
                    sort_key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_nominations", x => x.id);
                    table.ForeignKey(
                        name: "fk_nominations_nomination_lists_list_id",
                        column: x => x.list_id,
                        principalTable: "nomination_lists",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ballots",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    nomination_id = table.Column<Guid>(type: "uuid", nullable: false),
                    list_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    cluster = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    award = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    members = table.Column<int>(type: "integer", nullable: false),
                    yes = table.Column<int>(type: "integer", nullable: false),
                    needed = table.Column<int>(type: "integer", nullable: false),
                    passed = table.Column<bool>(type: "boolean", nullable: false),
                    policy_version = table.Column<int>(type: "integer", nullable: false),
                    recorded_by = table.Column<string>(type: "text", nullable: false),
                    recorded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ballots", x => x.id);
                    table.ForeignKey(
                        name: "fk_ballots_nominations_nomination_id",
                        column: x => x.nomination_id,
                        principalTable: "nominations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_award_history_season_cluster_year",
                table: "award_history",
                columns: new[] { "season", "cluster", "year" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_award_policies_season",
                table: "award_policies",
                column: "season");

            migrationBuilder.CreateIndex(
                name: "ix_award_policies_version",
                table: "award_policies",
                column: "version",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ballots_list_id",
                table: "ballots",
                column: "list_id");

            migrationBuilder.CreateIndex(
                name: "ix_ballots_nomination_id_award",
                table: "ballots",
                columns: new[] { "nomination_id", "award" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ballots_season",
                table: "ballots",
                column: "season");

            migrationBuilder.CreateIndex(
                name: "ix_exclusions_season_unit",
                table: "exclusions",
                columns: new[] { "season", "unit" });

            migrationBuilder.CreateIndex(
                name: "ix_government_flag_proposals_season_version",
                table: "government_flag_proposals",
                columns: new[] { "season", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_stored_at",
                table: "idempotency_keys",
                column: "stored_at");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_messages_received_at",
                table: "inbox_messages",
                column: "received_at");

            migrationBuilder.CreateIndex(
                name: "ix_journal_subjects",
                table: "journal",
                column: "subjects")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_journal_trace_id",
                table: "journal",
                column: "trace_id");

            migrationBuilder.CreateIndex(
                name: "ix_known_clusters_season_code",
                table: "known_clusters",
                columns: new[] { "season", "code" });

            migrationBuilder.CreateIndex(
                name: "ix_known_results_season_code",
                table: "known_results",
                columns: new[] { "season", "code" });

            migrationBuilder.CreateIndex(
                name: "ix_nomination_lists_cluster_id",
                table: "nomination_lists",
                column: "cluster_id",
                unique: true,
                filter: "state <> 'Superseded'");

            migrationBuilder.CreateIndex(
                name: "ix_nomination_lists_cluster_id_version",
                table: "nomination_lists",
                columns: new[] { "cluster_id", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_nomination_lists_season_cluster",
                table: "nomination_lists",
                columns: new[] { "season", "cluster" });

            migrationBuilder.CreateIndex(
                name: "ix_nominations_list_id_award_position",
                table: "nominations",
                columns: new[] { "list_id", "award", "position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_nominations_season_sort_key",
                table: "nominations",
                columns: new[] { "season", "sort_key" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "award_history");

            migrationBuilder.DropTable(
                name: "award_policies");

            migrationBuilder.DropTable(
                name: "ballots");

            migrationBuilder.DropTable(
                name: "exclusions");

            migrationBuilder.DropTable(
                name: "government_flag_proposals");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "inbox_messages");

            migrationBuilder.DropTable(
                name: "journal");

            migrationBuilder.DropTable(
                name: "known_clusters");

            migrationBuilder.DropTable(
                name: "known_results");

            migrationBuilder.DropTable(
                name: "known_seasons");

            migrationBuilder.DropTable(
                name: "known_units");

            migrationBuilder.DropTable(
                name: "outbox_messages");

            migrationBuilder.DropTable(
                name: "nominations");

            migrationBuilder.DropTable(
                name: "nomination_lists");
        }
    }
}
