using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Opaline.Storage;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model; never used by a server.</summary>
internal sealed class ControlContextFactory : IDesignTimeDbContextFactory<ControlContext>
{
    public ControlContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ControlContext>().UseSqlite("Data Source=:memory:").Options);
}
