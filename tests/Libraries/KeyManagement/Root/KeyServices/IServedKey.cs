using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root.KeyServices;

/// <summary>A root key in a key service that runs in this process, and what an administrator of the service may do there.</summary>
internal interface IServedKey : IAsyncDisposable
{
    IRootKey Root { get; }

    KeyServiceServer Server { get; }

    /// <summary>Disables a version in the service.</summary>
    void Disable(string version);

    /// <summary>Destroys a version, as when its time is over.</summary>
    void Destroy(string version);

    /// <summary>Lets the service accept this access token only.</summary>
    void Accept(string token);

    /// <summary>Gives this access token to the client.</summary>
    void Hand(string token);

    /// <summary>The same service, asked for a key that it does not have.</summary>
    IRootKey Missing();
}
