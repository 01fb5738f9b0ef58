using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opaline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(ControlContext))]
    [Migration("20261127010000_TokenFormats")]
    public partial class TokenFormats : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(name: "TokenFormatJson", table: "field", type: "TEXT", nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "TokenFormatJson", table: "field");
        }
    }
}
