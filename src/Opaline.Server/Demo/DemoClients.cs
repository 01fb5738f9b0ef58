using System.Text.Json;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Server.Demo;

/// <summary>The first start's clients: the demo does nothing that a user of the API could not do.</summary>
internal sealed class DemoClients : IDisposable
{
    private DemoClients(OpalineClient admin, OpalineClient ingest, OpalineClient analyst) => (Admin, Ingest, Analyst) = (admin, ingest, analyst);

    public OpalineClient Admin { get; }

    public OpalineClient Ingest { get; }

    public OpalineClient Analyst { get; }

    /// <exception cref="DemoException">The file is not there or lacks a role.</exception>
    public static async Task<DemoClients> OpenAsync(HttpClient http, string credentialsFile, CancellationToken cancellationToken)
    {
        if (!File.Exists(credentialsFile))
            throw new DemoException($"{credentialsFile} is not there: it is written at the first start on an empty data folder. Run the demo on a new one.");
        IReadOnlyList<CredentialDocument> credentials;
        try
        {
            await using FileStream file = File.OpenRead(credentialsFile);
            credentials = await JsonSerializer.DeserializeAsync<IReadOnlyList<CredentialDocument>>(file, OpalineJson.Options, cancellationToken) ?? [];
        }
        catch (JsonException damaged)
        {
            throw new DemoException($"{credentialsFile} is damaged.", damaged);
        }

        OpalineClient Of(string role) =>
            credentials.FirstOrDefault(c => c.Role == role) is { } found
                ? new OpalineClient(http, new OpalineCredentials(found.ClientId, found.ClientSecret))
                : throw new DemoException($"{credentialsFile} has no client of the role {role}.");
        return new DemoClients(Of("admin"), Of("ingest"), Of("analyst"));
    }

    public void Dispose()
    {
        Admin.Dispose();
        Ingest.Dispose();
        Analyst.Dispose();
    }
}
