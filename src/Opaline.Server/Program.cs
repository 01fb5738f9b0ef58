using Microsoft.AspNetCore.Hosting.Server;
using Opaline.KeyManagement;
using Opaline.Server;
using Opaline.Server.Authentication;
using Opaline.Server.Configuration;
using Opaline.Server.Demo;
using Opaline.Storage;

try
{
    DemoArguments demo = DemoArguments.Parse(args);
    await using WebApplication app = await OpalineServer.OpenAsync(demo.Others, builder =>
    {
        if (demo.Run)
        {
            builder.Services.AddHostedService(services => new DemoService(
                demo,
                services.GetRequiredService<FirstStart>().CredentialsPath,
                services.GetRequiredService<IServer>(),
                services.GetRequiredService<IHostApplicationLifetime>(),
                services.GetRequiredService<TimeProvider>()));
        }
    });
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (Exception refusal) when (refusal is ConfigurationException or KeyUnavailableException or StorageFailureException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
