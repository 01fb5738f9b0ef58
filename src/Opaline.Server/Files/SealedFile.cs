using System.Security.Cryptography;
using System.Text;
using Opaline.KeyManagement;

namespace Opaline.Server.Files;

/// <summary>A secret of the server in the key folder, sealed under the root key; made when it is first needed.</summary>
internal static class SealedFile
{
    /// <summary>The secret; the caller zeroes it.</summary>
    /// <param name="root">The root key.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="purpose">What it is for; bound into the seal.</param>
    /// <param name="make">Makes it when the file is not there.</param>
    /// <exception cref="KeyUnavailableException">The file is there, but this root key does not open it.</exception>
    public static byte[] Open(RootKey root, string path, string purpose, Func<byte[]> make)
    {
        byte[] bound = Encoding.ASCII.GetBytes(purpose);
        if (!File.Exists(path))
        {
            byte[] made = make();
            DurableFile.Create(path, root.Seal(made, bound));
            return made;
        }

        try
        {
            return root.Unseal(File.ReadAllBytes(path), bound);
        }
        catch (CryptographicException exception)
        {
            throw new KeyUnavailableException(
                $"{path} was not sealed under this root key, or is damaged. Restore the key folder as a whole.", exception);
        }
    }
}
