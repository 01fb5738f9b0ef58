using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Opaline.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    [DbContext(typeof(ControlContext))]
    [Migration("20261126010000_LedgerBalance")]
    public partial class LedgerBalance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (string statement in ControlTables.CreateBalances)
                migrationBuilder.Sql(statement);
        }
    }
}
