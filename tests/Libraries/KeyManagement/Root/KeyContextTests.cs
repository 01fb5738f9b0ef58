using CsCheck;
using Opaline.KeyManagement;

namespace Opaline.Libraries.Tests.KeyManagement.Root;

public class KeyContextTests
{
    [Fact]
    public void Two_contexts_are_never_bound_by_the_same_bytes_or_pairs()
    {
        Gen<string> part = Gen.OneOf("a", "ab", "b", "a\0", "\0a", "1");
        Gen<KeyContext> context = Gen.Select(part, Gen.OneOf(part, Gen.Const("")), Gen.Int[0, 3]).Select((p, t, v) => new KeyContext(p, t, v));
        Gen.Select(context, context).Sample((one, two) =>
        {
            Assert.Equal(one == two, one.ToAssociatedData().SequenceEqual(two.ToAssociatedData()));
            Assert.Equal(one == two, Pairs(one) == Pairs(two));
        });
    }

    [Fact]
    public void Purpose_is_needed_and_version_is_not_negative()
    {
        Assert.Throws<ArgumentException>(() => new KeyContext(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyContext("a", "", -1));
    }

    private static string Pairs(KeyContext context) => string.Join(';', context.ToEncryptionContext().OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}"));
}
