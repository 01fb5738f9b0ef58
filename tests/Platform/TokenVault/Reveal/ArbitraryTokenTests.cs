using CsCheck;
using Opaline.Access;
using Opaline.TokenVault;

namespace Opaline.Platform.Tests.TokenVault.Reveal;

/// <summary>Whatever stands in a request to reveal, it is answered or refused by the one exception, and nothing comes out that nobody put in.</summary>
public sealed class ArbitraryTokenTests
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    private static readonly Caller Admin = new(VaultFixture.Acme, "admin", "it", Role.Admin);

    private static readonly Gen<string> Formed = Gen.Select(
        Gen.OneOf("sub", "em", "txt", "ph", "ip", "cc", "ib"),
        Gen.OneOf(Gen.Int[1, 400], Gen.Int[1, 999_999]),
        Gen.String[Gen.Int[0, 31].Select(i => Digits[i]), 26, 26],
        (prefix, version, code) => $"{prefix}{version}_{(code[0] > '7' ? "0" : code[..1])}{code[1..]}");

    private static readonly Gen<string> Token = Gen.Frequency((9, Gen.OneOf(Gen.String, Formed.Select(t => t[1..]), Formed.Select(t => t + "0"), Gen.String[Gen.Char['0', 'z'], 20, 36])), (1, Formed));

    private static readonly Gen<string> Reason = Gen.Frequency((3, Gen.Const("Support ticket OPS-1234")), (1, Gen.String));

    [Fact]
    public async Task Arbitrary_requests_are_answered_or_refused_and_nothing_else_is_thrown()
    {
        await using VaultFixture fixture = new();
        fixture.RevealLimits.ValuesPerHour = 1_000_000;
        await fixture.StoreAsync(["ann"], VaultFixture.Email(0, "ann@example.com"));
        RevealService reveals = fixture.Reveals;
        int answered = 0;
        await Gen.Select(Token.Array[0, 3], Reason).SampleAsync(
            async request =>
            {
                try
                {
                    IReadOnlyList<RevealedValue> values = await reveals.RevealAsync(Admin, request.Item1, request.Item2, CancellationToken.None);
                    Interlocked.Increment(ref answered);
                    return values.Count == request.Item1.Length && values.All(v => v.Value is null);
                }
                catch (RevealRefusedException refused)
                {
                    return refused.Code is RevealRefusedException.InvalidBatch or RevealRefusedException.InvalidReason or RevealRefusedException.InvalidToken;
                }
            },
            iter: LongRuns.Times(100_000, 50),
            threads: 2);
        Assert.True(answered > 100, "Hardly any request was well-formed.");
    }
}
