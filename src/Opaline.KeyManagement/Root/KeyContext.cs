using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Opaline.KeyManagement;

/// <summary>
/// What a wrapped key belongs to. It is bound into the wrapping (associated data, AWS's encryption context), is no secret, and is needed again to
/// unwrap: a tenant's keys do not open as another's, and a signing key not as a tenant's.
/// </summary>
public sealed record KeyContext
{
    private const string Label = "opaline/v1/wrapped";

    /// <summary>Makes a context.</summary>
    /// <param name="purpose">What the key is for, such as <c>tenant-keys</c>.</param>
    /// <param name="tenant">Whose it is; empty for the installation's own.</param>
    /// <param name="version">Version of the wrapped key, at least 0.</param>
    public KeyContext(string purpose, string tenant = "", int version = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        Purpose = purpose;
        Tenant = tenant;
        Version = version;
    }

    /// <summary>What the key is for.</summary>
    public string Purpose { get; }

    /// <summary>Whose it is, or empty.</summary>
    public string Tenant { get; }

    /// <summary>Version of the wrapped key.</summary>
    public int Version { get; }

    /// <summary>One string of bytes for one context: every part goes in with its length.</summary>
    internal byte[] ToAssociatedData()
    {
        byte[] purpose = Encoding.UTF8.GetBytes(Purpose);
        byte[] tenant = Encoding.UTF8.GetBytes(Tenant);
        byte[] numbers = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(numbers, purpose.Length);
        BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(4), tenant.Length);
        BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(8), Version);
        return [.. Encoding.ASCII.GetBytes(Label), .. numbers, .. purpose, .. tenant];
    }

    /// <summary>The same as the pairs of AWS's encryption context, which its logs show.</summary>
    internal Dictionary<string, string> ToEncryptionContext()
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal)
        {
            ["opaline-purpose"] = Purpose,
            ["opaline-version"] = Version.ToString(CultureInfo.InvariantCulture),
        };
        if (Tenant.Length > 0)
            pairs["opaline-tenant"] = Tenant;
        return pairs;
    }
}
