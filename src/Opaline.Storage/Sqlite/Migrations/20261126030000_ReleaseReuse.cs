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
            foreach (string statement in ControlTables.Reuse)
                migrationBuilder.Sql(statement);
        }
    }
}
