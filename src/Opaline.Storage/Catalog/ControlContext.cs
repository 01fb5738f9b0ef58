using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Opaline.Storage;

/// <summary>The catalog's and OpenIddict's tables. The hot tables stand in its migrations, but are used by plain SQL.</summary>
public sealed class ControlContext(DbContextOptions<ControlContext> options) : DbContext(options)
{
    /// <summary>A context that writes inside the transaction. Its <c>SaveChanges</c> commits nothing by itself.</summary>
    public static ControlContext ForWriting(ControlTransaction transaction) => throw new NotSupportedException();

    /// <summary>A context that reads from a connection of <see cref="IControlStore.ReadAsync{T}"/>.</summary>
    public static ControlContext ForReading(DbConnection connection) => throw new NotSupportedException();
}
