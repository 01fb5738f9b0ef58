using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Opaline.KeyManagement;
using Opaline.Tokenization;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>
/// An event with five personal fields: e-mail address and name by AES-SIV, phone and card by FF1, IP address by ipcrypt-pfx. Canonical values alone;
/// and values as they are written, with the whole event sealed once.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class EventBenchmarks
{
    private static readonly (ValueKind Kind, string Written)[] Fields =
    [
        (ValueKind.Email, "Ann.Lee@Example.com"),
        (ValueKind.Phone, "+43 1 58858-0123"),
        (ValueKind.Name, "Ann Lee"),
        (ValueKind.Ip, "192.168.17.42"),
        (ValueKind.Card, "4111 1111 1111 1111"),
    ];

    private readonly ITokenizer[] _tokenizers = new ITokenizer[Fields.Length];
    private readonly string[] _written = [.. Fields.Select(f => f.Written)];
    private readonly string[] _canonical = new string[Fields.Length];
    private readonly string[] _tokens = new string[Fields.Length];
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(SealedBox.KeySize);
    private byte[] _event = [];

    [GlobalSetup]
    public void Setup()
    {
        FieldKeys keys = new(
            "default",
            1,
            1,
            (algorithm, key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, key, [], Encoding.UTF8.GetBytes(algorithm)));
        for (int i = 0; i < Fields.Length; i++)
        {
            _tokenizers[i] = TokenFormat.DefaultFor(Fields[i].Kind).CreateTokenizer(keys);
            _canonical[i] = _tokenizers[i].Canonical(_written[i])!;
            _tokens[i] = _tokenizers[i].Tokenize(_canonical[i])!;
        }
        _event = Encoding.UTF8.GetBytes(string.Join('\n', _written));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (ITokenizer tokenizer in _tokenizers)
            tokenizer.Dispose();
    }

    [Benchmark]
    public int CanonicalValues()
    {
        int length = 0;
        for (int i = 0; i < _tokenizers.Length; i++)
            length += _tokenizers[i].Tokenize(_canonical[i])!.Length;
        return length;
    }

    [Benchmark]
    public int ParsedAndSealed()
    {
        int length = SealedBox.Seal(_key, _event, "subject"u8).Length;
        for (int i = 0; i < _tokenizers.Length; i++)
            length += _tokenizers[i].Tokenize(_tokenizers[i].Canonical(_written[i])!)!.Length;
        return length;
    }

    [Benchmark]
    public int Revealed()
    {
        int length = 0;
        for (int i = 0; i < _tokenizers.Length; i++)
            length += _tokenizers[i].Reveal(_tokens[i])!.Length;
        return length;
    }
}
