using Opaline.KeyManagement;
using Opaline.Server;
using Opaline.Server.Configuration;
using Opaline.Server.Demo;
using Opaline.Storage;

try
{
    DemoArguments demo = DemoArguments.Parse(args);
    await using WebApplication app = await OpalineServer.OpenAsync(demo.Others, builder =>
    {
        if (demo.Run)
            builder.AddDemo(demo);
    });
    await app.RunAsync();
    // A demo that failed has set it.
    return Environment.ExitCode;
}
catch (Exception refusal) when (refusal is ConfigurationException or KeyUnavailableException or StorageFailureException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
