using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opaline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(ControlContext))]
    [Migration("20261126030000_ReleaseReuse")]
    public partial class ReleaseReuse : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (string statement in HotTables.Reuse)
                migrationBuilder.Sql(statement);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (string statement in HotTables.DropReuse)
                migrationBuilder.Sql(statement);
        }
    }
}
