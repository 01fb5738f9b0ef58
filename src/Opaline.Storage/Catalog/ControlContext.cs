using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OpenIddict.EntityFrameworkCore.Models;

namespace Opaline.Storage;

/// <summary>The catalog's and OpenIddict's tables. The hot tables stand in its migrations, but are used by plain SQL.</summary>
public class ControlContext : DbContext
{
    /// <summary>A context of either engine.</summary>
    public ControlContext(DbContextOptions<ControlContext> options)
        : base(options)
    {
    }

    // EF finds the migrations of an engine by the type of the context.
    private protected ControlContext(DbContextOptions options)
        : base(options)
    {
    }

    /// <summary>The registered clients.</summary>
    public DbSet<OpenIddictEntityFrameworkCoreApplication> Applications => Set<OpenIddictEntityFrameworkCoreApplication>();

    internal DbSet<DatasetRow> Datasets => Set<DatasetRow>();

    /// <summary>A context that writes inside the transaction. Its <c>SaveChanges</c> commits nothing by itself.</summary>
    public static ControlContext ForWriting(ControlTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ControlContext context = ForReading(transaction.Connection);
        context.Database.UseTransaction(transaction.Transaction);
        // The group commit has a savepoint of its own around every work.
        context.Database.AutoSavepointsEnabled = false;
        return context;
    }

    /// <summary>A context that reads from a connection of <see cref="IControlStore.ReadAsync{T}"/>.</summary>
    public static ControlContext ForReading(DbConnection connection)
    {
        DbContextOptionsBuilder<ControlContext> builder = new();
        return new((connection is NpgsqlConnection ? builder.UseNpgsql(connection) : builder.UseSqlite(connection)).Options);
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.UseOpenIddict();
        modelBuilder.Entity<DatasetRow>(dataset =>
        {
            dataset.ToTable("dataset");
            dataset.HasIndex(d => new { d.Tenant, d.Name }).IsUnique();
            dataset.HasMany(d => d.Fields).WithOne().HasForeignKey(f => f.DatasetId);
            dataset.HasMany(d => d.Metrics).WithOne().HasForeignKey(m => m.DatasetId);
        });
        modelBuilder.Entity<FieldRow>(field =>
        {
            field.ToTable("field");
            field.HasIndex(f => new { f.DatasetId, f.Name }).IsUnique();
        });
        modelBuilder.Entity<MetricRow>(metric =>
        {
            metric.ToTable("metric");
            metric.HasKey(m => new { m.DatasetId, m.Name });
        });
    }
}
