using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opaline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(ControlContext))]
    [Migration("20261126040000_SubjectRights")]
    public partial class SubjectRights : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("ALTER TABLE dataset ADD COLUMN ErasedRows TEXT NOT NULL DEFAULT 'Delete'");
            foreach (string statement in ControlTables.SubjectRights)
                migrationBuilder.Sql(statement);
        }
    }
}
