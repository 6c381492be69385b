using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Clusters.Data.Migrations
{
    /// <inheritdoc />
    public partial class Dividing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "cluster_leaderships");

            migrationBuilder.DropTable(
                name: "cluster_proposals");
        }
    }
}
