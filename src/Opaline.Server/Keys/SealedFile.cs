using Opaline.KeyManagement;

namespace Opaline.Server.Keys;

/// <summary>A secret of the server in the key folder, wrapped by the primary version of the root key; made when it is first needed.</summary>
internal static class SealedFile
{
    /// <summary>The secret; the caller disposes of it.</summary>
    /// <param name="root">The root key.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="purpose">What it is for; bound into the wrapping.</param>
    /// <param name="make">Makes it when the file is not there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyUnavailableException">The file is there, but this root key does not open it.</exception>
    public static async Task<SecretBytes> OpenAsync(IRootKey root, string path, string purpose, Func<SecretBytes> make, CancellationToken cancellationToken)
    {
        KeyContext context = new(purpose);
        if (!File.Exists(path))
        {
            SecretBytes made = make();
            WrappedKey wrapped = await root.WrapAsync(made, context, cancellationToken);
            DurableFile.Create(path, wrapped.ToBytes());
            return made;
        }

        try
        {
            WrappedKey stored = WrappedKey.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            SecretBytes secret = await root.UnwrapAsync(stored, context, cancellationToken);
            // After a rotation of the root key the older version will be destroyed: nothing may be left under it. The server asks again now and then.
            WrappedKey again = await root.WrapAsync(secret, context, cancellationToken);
            if (again.Version != stored.Version)
                DurableFile.Write(path, again.ToBytes());
            return secret;
        }
        catch (KeyUnavailableException exception) when (exception.Failure is KeyFailure.DoesNotOpen or KeyFailure.Malformed)
        {
            throw new KeyUnavailableException(
                exception.Failure, $"{path} was not wrapped by this root key, or is damaged. Restore the key folder as a whole.", exception);
        }
    }
}
