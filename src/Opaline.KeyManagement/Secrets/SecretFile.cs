using System.Security.Cryptography;

namespace Opaline.KeyManagement;

/// <summary>Files that hold one secret, such as a passphrase, a PIN or an access token, read without leaving copies.</summary>
internal static class SecretFile
{
    private const int MaxSize = 1 << 20;

    /// <summary>The content without line breaks at its end.</summary>
    /// <exception cref="KeyUnavailableException">The file cannot be read or is empty.</exception>
    public static SecretBytes Read(string path, string what)
    {
        Span<byte> content;
        try
        {
            content = ReadAll(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyUnavailableException(KeyFailure.Configuration, $"{what} '{path}' cannot be read.", e);
        }
        try
        {
            Span<byte> secret = content.TrimEnd("\r\n"u8);
            return secret.IsEmpty
                ? throw new KeyUnavailableException(KeyFailure.Configuration, $"{what} '{path}' is empty.")
                : SecretBytes.TakeFrom(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>The whole content, in a pinned buffer that the caller zeroes.</summary>
    public static byte[] ReadAll(string path)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        // Pipes and the files of /proc tell no length.
        if (length is 0 or > MaxSize)
            length = MaxSize;
        byte[] content = GC.AllocateArray<byte>((int)length, pinned: true);
        int read = 0;
        while (read < content.Length && RandomAccess.Read(file, content.AsSpan(read), read) is var more && more > 0)
            read += more;
        if (read == content.Length)
            return content;
        byte[] exact = GC.AllocateArray<byte>(read, pinned: true);
        content.AsSpan(0, read).CopyTo(exact);
        CryptographicOperations.ZeroMemory(content);
        return exact;
    }
}
