using Microsoft.EntityFrameworkCore;

namespace Opaline.Storage;

/// <summary>The same model under the name by which PostgreSQL's migrations are found; nothing else uses it.</summary>
internal sealed class PostgresMigrationContext(DbContextOptions<PostgresMigrationContext> options) : ControlContext(options);
