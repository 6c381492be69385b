using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThiDua.Clusters.Data.Migrations
{
    /// <inheritdoc />
    public partial class Law : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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

            migrationBuilder.CreateIndex(
                name: "ix_citations_number_id",
                table: "citations",
                columns: new[] { "number", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_citations_source_source_key",
                table: "citations",
                columns: new[] { "source", "source_key" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "citations");

            migrationBuilder.DropTable(
                name: "legal_instruments");
        }
    }
}
