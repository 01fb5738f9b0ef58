using System.Reflection;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;

namespace Opaline.KeyManagement;

/// <summary>
/// Pkcs11Interop loads the vendor's library by <c>dlopen</c> of <c>libdl</c>, a name that only development packages bring. This leads it to the one that
/// every glibc has.
/// </summary>
internal static class NativeLoader
{
    private static readonly Lazy<bool> Prepared = new(Redirect);

    public static void Prepare() => _ = Prepared.Value;

    private static bool Redirect()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Pkcs11Exception).Assembly, Resolve);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The host has done so itself.
            return false;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out nint handle) ? handle : 0;
}
