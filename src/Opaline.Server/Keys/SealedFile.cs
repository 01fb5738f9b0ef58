using Opaline.KeyManagement;

namespace Opaline.Server.Keys;

/// <summary>A secret of the server in the key folder, wrapped by the root key; made when it is first needed.</summary>
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
            return await root.UnwrapAsync(WrappedKey.Parse(await File.ReadAllBytesAsync(path, cancellationToken)), context, cancellationToken);
        }
        catch (KeyUnavailableException exception) when (exception.Failure is KeyFailure.DoesNotOpen or KeyFailure.Malformed)
        {
            throw new KeyUnavailableException(
                exception.Failure, $"{path} was not wrapped by this root key, or is damaged. Restore the key folder as a whole.", exception);
        }
    }
}
