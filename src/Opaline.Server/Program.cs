using Opaline.KeyManagement;
using Opaline.Server;
using Opaline.Server.Configuration;
using Opaline.Storage;

try
{
    await using WebApplication app = await OpalineServer.OpenAsync(args);
    await app.RunAsync();
    return 0;
}
catch (Exception refusal) when (refusal is ConfigurationException or KeyUnavailableException or StorageFailureException)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
