using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Opaline.Tokenization;
using Org.BouncyCastle.Crypto.Fpe;
using Org.BouncyCastle.Crypto.Parameters;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>FF1 under a key of 256 bits and a fixed tweak of 7 bytes, beside Bouncy Castle's: time and allocation of one text.</summary>
[MemoryDiagnoser]
[MinColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class Ff1Benchmarks
{
    private const int Count = 4_096;

    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly byte[] _tweak = [0, 1, 2, 3, 4, 5, 6];
    private readonly FpeFf1Engine _engine = new();
    private Ff1 _cipher = null!;
    private byte[] _bytes = null!;
    private byte[] _outputBytes = null!;
    private ushort[] _digits = null!;
    private ushort[] _output = null!;
    private ushort[] _many = null!;
    private ushort[] _manyOutput = null!;

    /// <summary>Decimal digits of a text.</summary>
    [Params(10, 16, 30)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _cipher = new Ff1(_key, 10);
        _engine.Init(true, new FpeParameters(new KeyParameter(_key), 10, _tweak));
        _digits = [.. Enumerable.Range(0, Length).Select(i => (ushort)(i % 10))];
        _bytes = [.. _digits.Select(digit => (byte)digit)];
        _many = [.. Enumerable.Range(0, Count * Length).Select(i => (ushort)(i * 7 % 10))];
        _output = new ushort[Length];
        _outputBytes = new byte[Length];
        _manyOutput = new ushort[Count * Length];
        Single();
        BouncyCastle();
        if (!_output.SequenceEqual(_outputBytes.Select(digit => (ushort)digit)))
            throw new InvalidOperationException("The two implementations disagree.");
    }

    [Benchmark(Baseline = true)]
    public int BouncyCastle() => _engine.ProcessBlock(_bytes, 0, Length, _outputBytes, 0);

    [Benchmark]
    public void Single() => _cipher.Encrypt(_tweak, _digits, _output);

    [Benchmark(OperationsPerInvoke = Count)]
    public void Batch() => _cipher.Encrypt(Ff1Tweaks.Same(_tweak), Length, _many, _manyOutput);
}
