using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Opaline.Client;
using Opaline.Client.Contracts;

namespace Opaline.Libraries.Tests.Client.Receipts;

public sealed class ErasureReceiptTests : IDisposable
{
    private const string Header = """{"alg":"ES256","kid":"k","typ":"opaline-erasure-receipt+jws"}""";

    private static readonly DateTime Day = new(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly ErasureReceiptDocument Document = new(
        1, "e1", "default", "sub323_x", "events", Day, Day, Day, new Dictionary<string, string> { ["events"] = "delete" }, Day.AddDays(30));

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Receipt_says_what_was_signed()
    {
        ErasureReceiptDocument read = ErasureReceipt.Verify("  " + Sign(Header, Payload()) + "\n", Pem());
        Assert.Equivalent(Document, read);
    }

    [Fact]
    public void Receipt_of_another_key_does_not_hold()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Sign(Header, Payload()), other.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void Every_changed_character_breaks_it()
    {
        string receipt = Sign(Header, Payload());
        string pem = Pem();
        for (int i = 0; i < receipt.Length; i++)
        {
            // The last digit of base64url has bits that mean nothing.
            if (receipt[i] == '.' || i == receipt.Length - 1 || receipt[i + 1] == '.')
                continue;
            char changed = receipt[i] == 'A' ? 'B' : 'A';
            Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(string.Concat(receipt.AsSpan(0, i), [changed], receipt.AsSpan(i + 1)), pem));
        }
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"opaline-erasure-receipt+jws"}""")]
    [InlineData("""{"alg":"HS256","typ":"opaline-erasure-receipt+jws"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"}""")]
    [InlineData("""{"alg":["ES256"],"typ":"opaline-erasure-receipt+jws"}""")]
    [InlineData("[]")]
    [InlineData("x")]
    public void Signature_of_something_else_is_no_receipt(string header) =>
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Sign(header, Payload()), Pem()));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"version":2}""")]
    public void Receipt_of_another_form_is_refused(string payload) =>
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Sign(Header, Encoding.UTF8.GetBytes(payload)), Pem()));

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void Key_that_is_none_is_refused(string pem) =>
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Sign(Header, Payload()), pem));

    [Fact]
    public void Key_of_another_curve_is_refused()
    {
        using ECDsa larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(Sign(Header, Payload()), larger.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void Arbitrary_text_is_refused_and_nothing_else_is_thrown()
    {
        string pem = Pem();
        string head = Encode(Encoding.UTF8.GetBytes(Header));
        Gen<string> part = Gen.OneOf(Gen.String[0, 20], Gen.Byte.Array[0, 70].Select(Encode), Gen.Const(head));
        Gen.Select(part, part, part, (a, b, c) => $"{a}.{b}.{c}").Sample(
            text => Assert.Throws<ErasureReceiptException>(() => ErasureReceipt.Verify(text, pem)), iter: LongRuns.Times(5_000, 100));
    }

    private string Pem() => _key.ExportSubjectPublicKeyInfoPem();

    private static byte[] Payload() => JsonSerializer.SerializeToUtf8Bytes(Document, OpalineJson.Options);

    private string Sign(string header, byte[] payload)
    {
        string message = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(payload)}";
        return $"{message}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(message), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
