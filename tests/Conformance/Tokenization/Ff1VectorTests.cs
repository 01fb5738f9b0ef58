using System.Text.Json;
using Opaline.Tokenization;

namespace Opaline.Conformance.Tests.Tokenization;

/// <summary>
/// C2SP/wycheproof, aes_ff1_*: texts in an alphabet, or lists of digits. Some valid ones have a domain below a million, so the core is held
/// to them, and the public type to the rest.
/// </summary>
public class Ff1VectorTests
{
    [Fact]
    public void Every_vector_of_every_file_is_encrypted_and_decrypted_or_refused_as_it_says()
    {
        foreach (string file in Vectors.Files("ff1", "aes_ff1_*.json"))
        {
            int valid = 0;
            int total = 0;
            foreach ((JsonElement group, JsonElement test) in Vectors.Wycheproof(file))
            {
                total++;
                bool accepted = IsAccepted(group, test, $"{file}, vector {test.Id()}.");
                Assert.True(accepted == test.IsValid(), $"{file}, vector {test.Id()}.");
                valid += accepted ? 1 : 0;
            }
            Assert.True(valid > 1_000 && total > valid, file);
            TestContext.Current.SendDiagnosticMessage($"{file}: {valid} of {total} vectors are valid.");
        }
    }

    /// <summary>Whether key and message are accepted; then every way to encrypt and decrypt has given the vector's result.</summary>
    private static bool IsAccepted(JsonElement group, JsonElement test, string name)
    {
        byte[] key = test.Bytes("key");
        byte[] tweak = test.Bytes("tweak");
        int radix = group.GetProperty("radix").GetInt32();
        if (Digits(group, test.GetProperty("msg")) is not { } message)
            return false;
        if (key.Length is not (16 or 24 or 32))
        {
            Assert.Throws<ArgumentException>("key", () => new Ff1(key, radix));
            return false;
        }
        using Ff1Core core = new(key, radix);
        ushort[] output = new ushort[message.Length];
        try
        {
            core.Run(tweak, message, output, inverse: false);
        }
        catch (ArgumentException)
        {
            return false;
        }
        ushort[]? expected = Digits(group, test.GetProperty("ct"));
        Assert.True(expected is not null && output.AsSpan().SequenceEqual(expected), name);
        core.Run(tweak, output, output, inverse: true);
        Assert.True(output.AsSpan().SequenceEqual(message), name);
        CheckMany(core, tweak, message, expected, name);
        CheckPublic(key, radix, tweak, message, expected, name);
        return true;
    }

    private static void CheckMany(Ff1Core core, byte[] tweak, ushort[] message, ushort[] expected, string name)
    {
        ushort[] many = [.. message, .. expected, .. message];
        core.RunMany(Ff1Tweaks.Same(tweak), message.Length, many, many, inverse: false);
        Assert.True(many.AsSpan(0, message.Length).SequenceEqual(expected) && many.AsSpan(2 * message.Length).SequenceEqual(expected), name);
        core.RunMany(Ff1Tweaks.Each([.. tweak, .. tweak, .. tweak], tweak.Length), message.Length, many, many, inverse: true);
        Assert.True(many.AsSpan().SequenceEqual([.. message, .. expected, .. message]), name);
    }

    private static void CheckPublic(byte[] key, int radix, byte[] tweak, ushort[] message, ushort[] expected, string name)
    {
        using Ff1 cipher = new(key, radix, maxLength: 512);
        ushort[] output = new ushort[message.Length];
        if (Ff1.DomainSize(radix, message.Length) < Ff1.MinDomain)
        {
            Assert.Throws<DomainTooSmallException>(() => cipher.Encrypt(tweak, message, output));
            return;
        }
        cipher.Encrypt(tweak, message, output);
        Assert.True(output.AsSpan().SequenceEqual(expected), name);
        cipher.Decrypt(tweak, output, output);
        Assert.True(output.AsSpan().SequenceEqual(message), name);
    }

    /// <summary>The digits of a text or of a list, or null where a character or number is no digit at all.</summary>
    private static ushort[]? Digits(JsonElement group, JsonElement text)
    {
        if (text.ValueKind == JsonValueKind.Array)
        {
            int[] numbers = [.. text.EnumerateArray().Select(number => number.GetInt32())];
            return Array.TrueForAll(numbers, number => number is >= 0 and <= ushort.MaxValue) ? [.. numbers.Select(number => (ushort)number)] : null;
        }
        Alphabet alphabet = new(group.GetProperty("alphabet").GetString());
        string characters = text.GetString()!;
        ushort[] digits = new ushort[characters.Length];
        return alphabet.TryRead(characters, digits) ? digits : null;
    }
}
