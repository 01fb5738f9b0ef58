using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Opaline.Storage;

/// <summary>Lets <c>dotnet ef migrations add</c> see the model; never used by a server.</summary>
internal sealed class PostgresMigrationContextFactory : IDesignTimeDbContextFactory<PostgresMigrationContext>
{
    public PostgresMigrationContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresMigrationContext>().UseNpgsql("Host=localhost;Database=design").Options);
}
