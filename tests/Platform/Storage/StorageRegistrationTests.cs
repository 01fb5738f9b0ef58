using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore.Models;
using Opaline.Storage;

namespace Opaline.Platform.Tests.Storage;

public class StorageRegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_option_out_of_range_is_refused_naming_its_key()
    {
        await using EmbeddedStores stores = new(configure: o => o.TickSeconds = 0);
        OptionsValidationException refusal = Assert.Throws<OptionsValidationException>(() => stores.Control);
        Assert.Contains("Opaline:Storage:TickSeconds", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_written_by_the_writer_is_read_by_a_scope()
    {
        await using EmbeddedStores stores = new();
        await stores.Control.WriteAsync(
            tx =>
            {
                using ControlContext context = ControlContext.ForWriting(tx);
                context.Applications.Add(new OpenIddictEntityFrameworkCoreApplication { Id = "1", ClientId = "analyst" });
                return context.SaveChanges();
            },
            Token);
        await using AsyncServiceScope scope = stores.Services.CreateAsyncScope();
        ControlContext reading = scope.ServiceProvider.GetRequiredService<ControlContext>();
        Assert.Equal("analyst", (await reading.Applications.SingleAsync(Token)).ClientId);
    }

    [Fact]
    public async Task A_scope_cannot_write_past_the_writer()
    {
        await using EmbeddedStores stores = new();
        Assert.False(stores.Control.Failed);
        await using AsyncServiceScope scope = stores.Services.CreateAsyncScope();
        ControlContext reading = scope.ServiceProvider.GetRequiredService<ControlContext>();
        reading.Applications.Add(new OpenIddictEntityFrameworkCoreApplication { Id = "1", ClientId = "analyst" });
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => reading.SaveChangesAsync(Token));
    }

    [Fact]
    public async Task The_model_has_no_change_that_the_migrations_lack()
    {
        await using EmbeddedStores stores = new();
        Assert.False(stores.Control.Failed);
        await using AsyncServiceScope scope = stores.Services.CreateAsyncScope();
        Assert.False(scope.ServiceProvider.GetRequiredService<ControlContext>().Database.HasPendingModelChanges());
    }
}
