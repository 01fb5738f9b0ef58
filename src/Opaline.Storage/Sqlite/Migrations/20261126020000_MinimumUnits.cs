using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opaline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MinimumUnits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(name: "MinimumUnits", table: "dataset", type: "INTEGER", nullable: false, defaultValue: 1);
        }
    }
}
