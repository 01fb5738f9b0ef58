using BenchmarkDotNet.Attributes;
using Opaline.Tokenization;

namespace Opaline.Benchmarks.Tokenization;

/// <summary>
/// FF1 on numbers of radix 2: 64-bit ids and the 122 free bits of UUIDs; and the other ciphers of tokens. Time and allocation of one value.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class TokenCipherBenchmarks
{
    private const int Count = 4_096;

    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly byte[] _tweak = [0, 1, 2, 3, 4, 5, 6];
    private readonly byte[] _tweaks = new byte[Count * 7];
    private readonly ulong[] _ids = [.. Enumerable.Range(0, Count).Select(i => (ulong)i)];
    private readonly UInt128[] _uuids = [.. Enumerable.Range(0, Count).Select(i => (UInt128)i << 80)];
    private Ff1 _cipher = null!;
    private IpcryptPrefix _prefix = null!;
    private IpcryptDeterministic _deterministic = null!;
    private JoinKey _join = null!;
    private BeaconKey _beacon = null!;
    private UInt128 _uuid = 1;
    private UInt128 _address = ((UInt128)0xffff << 32) | 0xc0000201;
    private UInt128 _addressSix = UInt128.MaxValue / 3;

    [GlobalSetup]
    public void Setup()
    {
        _cipher = new Ff1(_key, 2);
        _prefix = new IpcryptPrefix(_key);
        _deterministic = new IpcryptDeterministic(_key);
        _join = new JoinKey([.. _key, .. _key], "acme");
        _beacon = new BeaconKey(_key, 32);
    }

    [Benchmark]
    public void UuidSingle() => _uuid = _cipher.Encrypt(_tweak, _uuid, 122);

    [Benchmark(OperationsPerInvoke = Count)]
    public void UuidBatch() => _cipher.Encrypt(Ff1Tweaks.Same(_tweak), 122, _uuids, _uuids);

    [Benchmark(OperationsPerInvoke = Count)]
    public void IdBatch() => _cipher.Encrypt(Ff1Tweaks.Same(_tweak), 64, _ids, _ids);

    [Benchmark(OperationsPerInvoke = Count)]
    public void IdBatchEachTweak() => _cipher.Encrypt(Ff1Tweaks.Each(_tweaks, 7), 64, _ids, _ids);

    [Benchmark]
    public void IpcryptPrefixFour() => _address = _prefix.Encrypt(_address);

    [Benchmark]
    public void IpcryptPrefixSix() => _addressSix = _prefix.Encrypt(_addressSix);

    [Benchmark]
    public UInt128 IpcryptDeterministic() => _deterministic.Encrypt(_address);

    [Benchmark]
    public JoinId JoinIdOfEmail() => _join.Compute(TokenKind.Email, "jane.doe@mail.example.org");

    [Benchmark]
    public ulong BeaconOfEmail() => _beacon.Compute(TokenKind.Email, "jane.doe@mail.example.org");
}
