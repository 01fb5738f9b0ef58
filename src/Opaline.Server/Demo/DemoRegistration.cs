using Microsoft.AspNetCore.Hosting.Server;
using Opaline.Server.Authentication;

namespace Opaline.Server.Demo;

/// <summary>Adds the demo to a server.</summary>
internal static class DemoRegistration
{
    public static void AddDemo(this WebApplicationBuilder builder, DemoArguments arguments)
    {
        // Its progress and its table are the output; the log keeps to warnings.
        builder.Configuration.AddInMemoryCollection([new("Logging:LogLevel:Default", "Warning")]);
        builder.Services.AddHostedService(provider => new DemoService(
            arguments,
            provider.GetRequiredService<FirstStart>().CredentialsPath,
            provider.GetRequiredService<IServer>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
