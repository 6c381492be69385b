using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Clusters.Data.Migrations
{
    /// <inheritdoc />
    public partial class Succession : Migration
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

            migrationBuilder.AddColumn<DateOnly>(
                name: "joined_on",
                table: "cluster_members",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.CreateTable(
                name: "decided_awards",
                columns: table => new
                {
                    nomination_id = table.Column<Guid>(type: "uuid", nullable: false),
                    award = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    season = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    unit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false, collation: "C"),
                    passed = table.Column<bool>(type: "boolean", nullable: false),
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
                name: "ix_reorganised_units_unit",
                table: "reorganised_units",
                column: "unit");

            migrationBuilder.CreateIndex(
                name: "ix_unit_identifiers_unit",
                table: "unit_identifiers",
                column: "unit");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "decided_awards");

            migrationBuilder.DropTable(
                name: "decided_standings");

            migrationBuilder.DropTable(
                name: "former_members");

            migrationBuilder.DropTable(
                name: "reorganised_units");

            migrationBuilder.DropTable(
                name: "unit_identifiers");

            migrationBuilder.DropTable(
                name: "decided_results");

            migrationBuilder.DropTable(
                name: "reorganisations");

            migrationBuilder.DropColumn(
                name: "continues",
                table: "seasons");

            migrationBuilder.DropColumn(
                name: "joined_on",
                table: "cluster_members");
        }
    }
}
