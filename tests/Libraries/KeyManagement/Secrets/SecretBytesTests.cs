using System.Reflection;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Secrets;

public class SecretBytesTests
{
    /// <summary>What a member that gives bytes or text may be called: its name says that they are encrypted, or that they are the secret.</summary>
    private static readonly string[] s_honestNames = ["Expose", "Wrap", "Rewrap", "Seal", "Derive", "WriteClear", "WriteSealed"];

    /// <summary>Texts and bytes of secret types that are no secret.</summary>
    private static readonly string[] s_public = ["Tenant", "KeyId", "Warning", "Path", "Id", "Salt"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_disposed_secret_is_zeroed_and_exposes_nothing(bool resident)
    {
        SecretBytes secret = SecretBytes.Create(40, (byte)7, static (bytes, value) => bytes.Fill(value), resident);
        byte[] buffer = (byte[])typeof(SecretBytes).GetField("_buffer", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(secret)!;
        Assert.Equal(40, buffer.Count(b => b == 7));
        Assert.Equal(40, secret.Expose().Length);
        secret.Dispose();
        Assert.DoesNotContain((byte)7, buffer);
        Assert.Throws<ObjectDisposedException>(() => secret.Expose().Length);
        secret.Dispose();
    }

    [Fact]
    public void A_secret_that_was_taken_is_gone_from_where_it_was()
    {
        byte[] source = [1, 2, 3];
        using SecretBytes secret = SecretBytes.TakeFrom(source);
        Assert.Equal([0, 0, 0], source);
        Assert.Equal([1, 2, 3], secret.Expose().ToArray());
    }

    [Fact]
    public void Random_secrets_differ_and_empty_ones_are_refused()
    {
        using SecretBytes one = SecretBytes.Random(32);
        using SecretBytes two = SecretBytes.Random(32, resident: true);
        Assert.NotEqual(one.Expose().ToArray(), two.Expose().ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretBytes.Random(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretBytes.Random(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SecretBytes.TakeFrom([]));
    }

    [Fact]
    public void A_resident_secret_begins_on_a_page_of_its_own()
    {
        byte[] buffer = ResidentMemory.Allocate(5, out int start);
        nint address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(buffer, start);
        Assert.Equal(0, address % Environment.SystemPageSize);
        Assert.True(start + Environment.SystemPageSize <= buffer.Length);
        ResidentMemory.Release(buffer, start, 5);
    }

    [Fact]
    public void Memory_of_resident_secrets_is_locked_and_left_out_of_core_dumps()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells how a page is kept.");
        byte[] buffer = ResidentMemory.Allocate(5, out int start);
        long address = System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(buffer, start);
        string flags = FlagsOf(address);
        ResidentMemory.Release(buffer, start, 5);
        Assert.Contains(" dd", flags, StringComparison.Ordinal);
        Assert.DoesNotContain(" dd", FlagsOf(address), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_holds_a_secret_prints_itself()
    {
        // A record would print its members, and a ToString invites a log line.
        Assert.All(SecretTypes(), t => Assert.Null(t.GetMethod("ToString", BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)));
        Assert.All(SecretTypes(), t => Assert.Null(t.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)));
    }

    [Fact]
    public void No_member_of_a_secret_type_gives_text_or_copied_bytes_unless_its_name_says_so()
    {
        Type[] types = [.. SecretTypes()];
        Assert.Contains(typeof(SecretBytes), types);
        Assert.Contains(typeof(TenantKeys), types);
        Assert.Contains(typeof(SubjectKeyPage), types);
        Assert.Contains(typeof(RootKeyFile), types);
        string[] silent = [.. types.SelectMany(Members).Where(m => Copies(m.Gives) && !IsHonest(m.Name)).Select(m => $"{m.Of.Name}.{m.Name}")];
        Assert.Empty(silent);
    }

    [Fact]
    public void A_member_that_copies_silently_would_be_noticed()
    {
        Assert.Contains(Members(typeof(Careless)), m => Copies(m.Gives) && !IsHonest(m.Name));
        Assert.True(Copies(typeof(Task<byte[]>)));
        Assert.False(Copies(typeof(SecretBytes)));
    }

    /// <summary>Every type of the library that holds a secret, directly or through another.</summary>
    private static HashSet<Type> SecretTypes()
    {
        Type[] all = [.. typeof(SecretBytes).Assembly.GetTypes().Where(t => t is { IsInterface: false, IsEnum: false } && t.Name[0] != '<')];
        HashSet<Type> secret = [typeof(SecretBytes)];
        while (all.Any(t => !secret.Contains(t) && Fields(t).Any(f => Mentions(f.FieldType, secret)) && secret.Add(t)))
        {
        }
        return secret;
    }

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static bool Mentions(Type type, HashSet<Type> secret) =>
        secret.Contains(type) || (type.HasElementType && Mentions(type.GetElementType()!, secret)) || type.GenericTypeArguments.Any(a => Mentions(a, secret));

    private static IEnumerable<(Type Of, string Name, Type Gives)> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (MethodInfo method in type.GetMethods(all).Where(m => !m.IsPrivate && m.Name[0] != '<'))
        {
            string name = method.Name.Replace("get_", "", StringComparison.Ordinal);
            yield return (type, name, method.ReturnType);
            foreach (ParameterInfo parameter in method.GetParameters().Where(p => p.IsOut))
                yield return (type, parameter.Name!, parameter.ParameterType.GetElementType()!);
        }
    }

    private static bool Copies(Type gives)
    {
        if (gives == typeof(string) || gives == typeof(byte[]) || gives == typeof(char[]) || gives == typeof(ReadOnlyMemory<byte>) || gives == typeof(Memory<byte>))
            return true;
        return (gives.FullName?.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal) ?? false) && gives.GenericTypeArguments.Any(Copies);
    }

    private static bool IsHonest(string name) =>
        s_public.Contains(name) || s_honestNames.Any(honest => name.StartsWith(honest, StringComparison.OrdinalIgnoreCase));

    /// <summary>The VmFlags of the mapping that an address lies in.</summary>
    private static string FlagsOf(long address)
    {
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (dash > 0 && dash < blank && long.TryParse(line.AsSpan(0, dash), System.Globalization.NumberStyles.HexNumber, null, out long from))
                inside = address >= from && address < long.Parse(line.AsSpan(dash + 1, blank - dash - 1), System.Globalization.NumberStyles.HexNumber, null);
            else if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException("The address lies in no mapping.");
    }

    private sealed class Careless
    {
        private readonly SecretBytes _secret = SecretBytes.Random(1);

        internal byte[] Bytes => _secret.Expose().ToArray();
    }
}
