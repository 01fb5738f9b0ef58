using BenchmarkDotNet.Attributes;
using Opaline.Tokenization;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>
/// AES-SIV of an e-mail address with two parts of associated data under a key of 512 bits, beside one composed of Bouncy Castle's parts.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class AesSivBenchmarks
{
    private readonly byte[] _key = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];
    private readonly byte[] _email = "jane.doe@mail.example.de"u8.ToArray();
    private readonly byte[][] _associatedData = ["email"u8.ToArray(), "acme"u8.ToArray()];
    private byte[] _output = null!;
    private ComposedSiv _composed = null!;
    private AesSiv _siv = null!;
    private SivHeader _header = null!;

    [GlobalSetup]
    public void Setup()
    {
        _composed = new ComposedSiv(_key);
        _siv = new AesSiv(_key);
        _header = _siv.Header(_associatedData);
        _output = new byte[AesSiv.IvSize + _email.Length];
        _composed.Encrypt(_email, _associatedData, _output);
        if (!_output.SequenceEqual(_siv.Encrypt(_email, _associatedData)))
            throw new InvalidOperationException("The two implementations disagree.");
    }

    [Benchmark(Baseline = true)]
    public void BouncyCastleComposed() => _composed.Encrypt(_email, _associatedData, _output);

    [Benchmark]
    public void UnderHeader() => _siv.Encrypt(_header, _email, _output);

    [Benchmark]
    public byte[] WithAssociatedData() => _siv.Encrypt(_email, _associatedData);
}
