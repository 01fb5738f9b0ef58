namespace Opaline.KeyManagement;

internal static class RootKeyFile
{
    public static RootKey Open(KeyOptions options) => throw new KeyUnavailableException($"No root key in {options.Folder}.");
}
