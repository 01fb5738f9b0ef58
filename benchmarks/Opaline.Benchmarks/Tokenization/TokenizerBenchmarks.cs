using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Opaline.Tokenization;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>One value of each kind by its default: the canonical form of a written value, and the token of a canonical one.</summary>
[MemoryDiagnoser]
[MinColumn]
public class TokenizerBenchmarks
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private ITokenizer _tokenizer = null!;
    private string _written = "";
    private string _canonical = "";

    [Params(ValueKind.Email, ValueKind.Phone, ValueKind.Name, ValueKind.Ip, ValueKind.Card, ValueKind.Uuid, ValueKind.Integer)]
    public ValueKind Kind { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        FieldKeys keys = new(
            "default",
            1,
            1,
            (algorithm, key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, [], Encoding.UTF8.GetBytes(algorithm)));
        _tokenizer = TokenFormat.DefaultFor(Kind).CreateTokenizer(keys);
        _written = Kind switch
        {
            ValueKind.Email => "Ann.Lee@Example.com",
            ValueKind.Phone => "+43 1 58858-0123",
            ValueKind.Name => "Ann Lee",
            ValueKind.Ip => "192.168.17.42",
            ValueKind.Card => "4111 1111 1111 1111",
            ValueKind.Uuid => "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
            _ => "1234567890123",
        };
        _canonical = _tokenizer.Canonical(_written)!;
    }

    [GlobalCleanup]
    public void Cleanup() => _tokenizer.Dispose();

    [Benchmark]
    public string Canonical() => _tokenizer.Canonical(_written)!;

    [Benchmark]
    public string Tokenize() => _tokenizer.Tokenize(_canonical)!;
}
