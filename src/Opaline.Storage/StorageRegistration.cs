using Microsoft.Extensions.DependencyInjection;

namespace Opaline.Storage;

/// <summary>Adds the embedded stores.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds <see cref="IControlStore"/>, <see cref="IEventStore"/>, <see cref="CatalogStore"/>, <see cref="PublicClock"/> and a scoped,
    /// reading <see cref="ControlContext"/>. The stores open when they are first asked for and refuse damaged files then:
    /// resolve <see cref="IEventStore"/> before serving.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions>? configure = null) => throw new NotSupportedException();
}
